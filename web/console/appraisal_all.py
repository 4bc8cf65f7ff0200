"""Everybody's month for the head: sums, facts, answers to decide, and the file for pay (R3, C4)."""

from collections.abc import Iterable
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from domain.appraisal import MOST_POINTS, NotToBeDecided
from domain.months import Month
from domain.permissions import Permission
from domain.refusals import NotFound, NotPermitted
from services import appraisal, appraisal_sums, teams
from services.appraisal import FactView
from services.appraisal_sums import Account, Sums
from services.desk import Desk
from web.acts import Led, looking, once
from web.console import promise_words
from web.console.address_parts import number_of
from web.console.appraisal import HOME, around, asked_month, is_head
from web.console.routes import pages
from web.console.satisfaction_file import XLSX, Row, sent, workbook
from web.forms import Field, Filled, read_form
from web.page import needs, show, words

routes = pages("appraisal_all", "/appraisal")

ALL = f"{HOME}/all"
_MOST = 300  # facts on the page; the file has all
_MOST_OF_FILE = 20_000
_AS_IT_WAS, _OTHERWISE, _NOT_AT_ALL = "uphold", "change", "strike"


@routes.get("/all")
@needs(Permission.APPRAISAL_DECIDE)
def everybody() -> Response:
    """A deputy finds the answers that wait for them, and nothing else."""
    return _page(asked_month())


@routes.post("/<int:fact_id>/decide")
@needs(Permission.APPRAISAL_DECIDE)
def decided(fact_id: int) -> Response:
    month = asked_month()
    filled = read_form(
        Field("then", 10, is_required=True, choices=(_AS_IT_WAS, _OTHERWISE, _NOT_AT_ALL)),
        Field("points", 5),
        Field("words", appraisal.WORDS_LIMIT, is_required=True),
    )
    with looking() as desk:
        fact = appraisal.one(desk, fact_id)
    points = _points(filled, fact)
    if filled.problems:
        return _page(month, filled, fact_id, 400)

    def do(desk: Desk) -> Led:
        appraisal.decide(desk, fact_id, points, filled["words"])
        return Led(f"{ALL}?month={month}&said=decided")

    return once("appraisal_decide", do, filled["words"])


def _points(filled: Filled, fact: FactView) -> int:
    """What it counts from now on; a problem of the form where that is no number."""
    if filled["then"] != _OTHERWISE:
        return 0 if filled["then"] == _NOT_AT_ALL else fact.points
    written = filled["points"].replace("\N{MINUS SIGN}", "-").removeprefix("+")
    digits = written.removeprefix("-")
    points = int(written) if digits.isascii() and digits.isdecimal() else None
    if points is None or abs(points) > MOST_POINTS:
        filled.refuse("points", "appraisal_page.bad_points")
        return fact.points
    return points


@routes.get("/all/export.xlsx")
@needs(Permission.APPRAISAL_DECIDE)
def export() -> Response:
    """What pay is made of: a line for each person, and each fact behind it."""
    month = asked_month()
    if not is_head():
        raise NotPermitted(permission=Permission.APPRAISAL_READ.value)
    with looking() as desk:
        accounts = appraisal_sums.accounts(desk, month, _number("team"))
        facts = appraisal.of_everybody(desk, str(month), _number("person"), _MOST_OF_FILE)
    chosen = {each.person_id for each in accounts}
    shown = [each for each in facts if each.person_id in chosen]
    sheets = {
        words("appraisal_page.file.sums"): list(_sum_rows(month, accounts)),
        words("appraisal_page.file.facts"): list(_fact_rows(shown)),
    }
    name = f"{words('appraisal_page.file.name')}-{month}"
    return sent(workbook(sheets), XLSX, name, f"appraisal-{month}", "xlsx")


# --- the page -------------------------------------------------------------------------------------


def _page(
    month: Month, filled: Filled | None = None, at: int | None = None, status: int = 200
) -> Response:
    with looking() as desk:
        facts = _facts(desk, month)
    if at is not None and at not in [fact.id for fact in facts["to_decide"]]:
        raise NotToBeDecided()
    said = request.args.get("said", "")
    return show(
        "console/appraisal_all.html",
        status,
        filled=filled,
        at=at,
        told=words(f"appraisal_page.said.{said}") if said == "decided" else "",
        all=ALL,
        most_points=MOST_POINTS,
        **facts,
        **around(month),
    )


def _facts(desk: Desk, month: Month) -> dict[str, Any]:
    to_decide = appraisal.to_decide(desk)
    if not is_head():
        if not to_decide:
            raise NotFound()
        return {"to_decide": to_decide}
    person, team = _number("person"), _number("team")
    accounts = appraisal_sums.accounts(desk, month, team)
    shown = appraisal.of_everybody(desk, str(month), person, _MOST) if person else ()
    return {
        "to_decide": to_decide,
        "accounts": accounts,
        "whole": sum((each.sums for each in accounts), Sums()),
        "person": person,
        "person_called": next((each.person for each in accounts if each.person_id == person), ""),
        "facts": shown,
        "team": team,
        "teams": [(each.id, each.name) for each in teams.listed(desk.session)],
    }


def _number(name: str) -> int | None:
    try:
        return number_of(request.args.get(name, ""))
    except ValueError:
        raise BadRequest() from None


# --- the file -------------------------------------------------------------------------------------

_OF_SUMS = (
    "month",
    "staff_number",
    "person",
    "team",
    "points",
    "ratings",
    "of_ratings",
    "complaints",
    "of_complaints",
    "waiting",
)
_OF_FACTS = (
    "person",
    "month",
    "kind",
    "speed",
    "attitude",
    "result",
    "words",
    "points_first",
    "points",
    "state",
    "answer",
    "decision",
    "made",
)


def _heading(names: Iterable[str]) -> Row:
    return [words(f"appraisal_page.file.{name}") for name in names]


def _sum_rows(month: Month, accounts: Iterable[Account]) -> Iterable[Row]:
    yield _heading(_OF_SUMS)
    for each in accounts:
        sums = each.sums
        yield [
            str(month),
            each.staff_number or "",
            each.person,
            each.team or "",
            sums.points,
            sums.ratings,
            sums.of_ratings,
            sums.complaints,
            sums.of_complaints,
            sums.waiting,
        ]


def _fact_rows(facts: Iterable[FactView]) -> Iterable[Row]:
    yield _heading(_OF_FACTS)
    for each in facts:
        yield [
            each.person,
            each.month,
            words(f"appraisal.kind.{each.kind.value}"),
            *(each.scores or (None, None, None)),
            each.words,
            each.points_first,
            each.points,
            words(f"appraisal.state.{each.state.value}"),
            each.answer or "",
            each.decision or "",
            promise_words.exact(each.made_at),
        ]
