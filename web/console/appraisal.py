"""What counts for oneself in a month, and one's own side of it; nobody who rated is named (R3)."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from domain.months import Month
from domain.permissions import Permission, Stand, may
from services import appraisal, appraisal_sums
from services.desk import Desk
from web.acts import Led, looking, once
from web.console import satisfaction_words as say
from web.console.address_parts import month_of
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show, words
from web.site import site

routes = pages("appraisal", "/appraisal")

HOME = f"{PATH}/appraisal"
_MOST = 300  # facts of one month
_IS_HEAD = Stand(is_impartial=True)
_ABOUT_ME = Stand(is_about_me=True)


@routes.get("")
@needs(Permission.APPRAISAL_READ)
def mine() -> Response:
    return _page(asked_month())


@routes.post("/<int:fact_id>/answer")
@needs(Permission.APPRAISAL_ANSWER)
def answered(fact_id: int) -> Response:
    """Once, in time; the head decides."""
    month = asked_month()
    filled = read_form(Field("words", appraisal.WORDS_LIMIT, is_required=True))
    if filled.problems:
        return _page(month, filled, fact_id, 400)

    def do(desk: Desk) -> Led:
        appraisal.answer(desk, fact_id, filled["words"])
        return Led(f"{HOME}?month={month}&said=answered#fact-{fact_id}")

    return once("appraisal_answer", do, filled["words"])


def asked_month() -> Month:
    try:
        return month_of(request.args.get("month", ""), site().now())
    except ValueError:
        raise BadRequest() from None


@routes.app_template_global("reads_all_appraisal")
def is_head() -> bool:
    """Whether all facts are theirs to read: a deputy has only what is to be decided."""
    return may(reader().roles, Permission.APPRAISAL_READ, _IS_HEAD)


def around(month: Month) -> dict[str, Any]:
    """What both pages have: their month, and the words for points."""
    later = month.moved(1)
    return {
        "month": month,
        "earlier": month.moved(-1),
        "later": later if later <= Month.of(site().now()) else None,
        "home": HOME,
        "say": say.facts(),
        "limit": appraisal.WORDS_LIMIT,
    }


def _page(
    month: Month, filled: Filled | None = None, at: int | None = None, status: int = 200
) -> Response:
    with looking() as desk:
        facts = _facts(desk, month)
    said = request.args.get("said", "")
    return show(
        "console/appraisal.html",
        status,
        filled=filled,
        at=at,
        told=words(f"appraisal_page.said.{said}") if said == "answered" else "",
        **facts,
        **around(month),
    )


def _facts(desk: Desk, month: Month) -> dict[str, Any]:
    waiting = len(appraisal.to_decide(desk))
    if not may(desk.actor.roles, Permission.APPRAISAL_READ, _ABOUT_ME):
        return {"facts": (), "months": (), "sums": None, "to_decide": waiting}
    months = appraisal_sums.my_months(desk, month)
    return {
        "facts": appraisal.mine(desk, str(month), _MOST),
        "months": months,
        "sums": months[-1][1],
        "to_decide": waiting,
    }
