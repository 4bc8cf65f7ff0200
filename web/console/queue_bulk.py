"""Several tickets at once: what will happen, how many, what came of each, taking it back (C §4)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Response, request

from domain.permissions import Permission
from domain.priority import Impact, Urgency
from domain.refusals import NotFound
from domain.sentence import Fact, Say, Word
from services import bulk, listing
from services.bulk import CHOICES, MOST, BulkAct, Given, Outcome
from services.desk import Desk
from services.listing_scope import sees_all
from web.acts import Led, looking, once
from web.console.queue_address import PATH, clean, encoded
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import go, needs, said, show, words
from web.site import site

routes = pages("queue_bulk")

_NUMBER = re.compile(r"[A-Z]{1,6}\d{8}-\d{4,9}")
_WORDS = 500
DRAWINGS = {
    BulkAct.DISPATCH: "bolt",
    BulkAct.ASSIGN: "user-check",
    BulkAct.URGE: "bell-ringing",
    BulkAct.NOTE: "note",
    BulkAct.URGENCY: "flame",
    BulkAct.IMPACT: "users",
    BulkAct.CATEGORY: "tag",
    BulkAct.CANCEL: "ban",
}
_SAYS_WORDS = (BulkAct.NOTE, BulkAct.CANCEL)
_MAY_SAY_WORDS = (BulkAct.ASSIGN,)


@dataclass(frozen=True, slots=True)
class Offered:
    """A button for what is picked."""

    name: str
    word: str
    drawing: str


def offered(desk: Desk) -> list[Offered]:
    return [Offered(act.value, act_word(act), DRAWINGS[act]) for act in bulk.acts_for(desk)]


def act_word(act: BulkAct) -> str:
    return words(f"bulk.act.{act.value}")


# --- what will happen -----------------------------------------------------------------------------


@routes.get("/queue/bulk")
@needs(Permission.TICKET_NOTE)
def preview() -> Response:
    act = _act_of(request.args.get("act", ""))
    numbers = _numbers(request.args.getlist("t"))
    if act is None or not numbers:
        return go(PATH)
    return _preview(act, numbers, _query(request.args.get("back", "")), Filled())


def _preview(
    act: BulkAct, numbers: list[str], back: str, filled: Filled, status: int = 200
) -> Response:
    with looking() as desk:
        rows = bulk.preview(desk, act, numbers)
        engineers = listing.engineers(desk) if sees_all(desk.actor) else ()
        facts = {
            "act": act,
            "title": act_word(act),
            "rows": rows,
            "count": sum(row.no is None for row in rows),
            "tickets": ",".join(row.ticket.number for row in rows if row.no is None),
            "back": back,
            "filled": filled,
            "engineers": [("", words("bulk.choose")), *((str(n), name) for n, name in engineers)],
            "choices": _choices(act),
            "needs_words": act in _SAYS_WORDS,
            "may_say_words": act in _MAY_SAY_WORDS,
            "limit": _WORDS,
            "why_not": why_not,
            "status_word": lambda each: words(f"status.{each.value}"),
        }
    return show("console/queue_bulk.html", status, **facts)


def _choices(act: BulkAct) -> list[tuple[str, str]]:
    if act not in CHOICES:
        return []
    pairs = [(each.value, _choice_word(each)) for each in CHOICES[act]]
    return [("", words("bulk.choose")), *pairs]


def _choice_word(choice: StrEnum) -> str:
    match choice:
        case Urgency():
            return words(f"urgency.{choice.value}")
        case Impact():
            return words(f"bulk.impact.{choice.value}")
    return words(f"category.{choice.value}")


def why_not(no: Any) -> str:
    """A refusal of one row, short: it stands in a table."""
    return said(Say(no.text_key, no.facts))


# --- doing it -------------------------------------------------------------------------------------


@routes.post("/queue/bulk")
@needs(Permission.TICKET_NOTE)
def run() -> Response:
    filled = read_form(
        Field("act", 20, is_required=True, choices=[each.value for each in BulkAct]),
        Field("tickets", 30 * MOST, is_required=True),
        Field("back", 2000),
        Field("engineer", 9),
        Field("choice", 24),
        Field("words", _WORDS),
    )
    act, numbers = _act_of(filled["act"]), _numbers(filled["tickets"].split(","))
    back = _query(filled["back"])
    if act is None or not numbers:
        return go(PATH)
    _check(act, filled)
    if filled.problems:
        return _preview(act, numbers, back, filled, 400)
    given = Given(_whole(filled["engineer"]), filled["choice"], filled["words"])

    def do(desk: Desk) -> Led:
        return Led(_done_path(act, bulk.run(desk, act, numbers, given), back))

    return once(f"bulk_{act.value}", do)


def _check(act: BulkAct, filled: Filled) -> None:
    if act is BulkAct.ASSIGN and not _whole(filled["engineer"]):
        filled.refuse("engineer", "bulk.missing_engineer")
    if act in CHOICES and filled["choice"] not in {each.value for each in CHOICES[act]}:
        filled.refuse("choice", "bulk.missing_choice")
    if act in _SAYS_WORDS and not filled["words"]:
        filled.refuse("words", "bulk.missing_words")


# --- what came of it ------------------------------------------------------------------------------


@routes.get("/queue/bulk/done")
@needs(Permission.TICKET_NOTE)
def done() -> Response:
    act = _act_of(request.args.get("act", ""))
    if act is None:
        return go(PATH)
    did, failed = _pairs("did"), _pairs("not")
    before = [(number, was) for number, was in did if was]
    facts: dict[str, Any] = {
        "act": act,
        "title": act_word(act),
        "did": [number for number, _ in did],
        "failed": _reasons(failed),
        "back": _query(request.args.get("back", "")),
        "before": ",".join(f"{number}:{was}" for number, was in before),
        "undoable": len(before) if not request.args.get("restored") else 0,
        "is_restored": bool(request.args.get("restored")),
    }
    return show("console/queue_bulk_done.html", **facts)


@routes.post("/queue/bulk/undo")
@needs(Permission.TICKET_CORRECT)
def undo() -> Response:
    filled = read_form(
        Field("act", 20, is_required=True, choices=[each.value for each in BulkAct]),
        Field("before", 60 * MOST, is_required=True),
        Field("back", 2000),
    )
    act, before = _act_of(filled["act"]), _read_pairs(filled["before"])
    if filled.problems or act is None:
        return go(PATH)
    known = {each.value for each in CHOICES.get(act, ())} | {"assigned"}
    before = [(number, was) for number, was in before if was in known]

    def do(desk: Desk) -> Led:
        outcomes = bulk.restore(desk, act, before)
        return Led(_done_path(act, outcomes, _query(filled["back"]), restored="yes"))

    return once(f"bulk_undo_{act.value}", do)


def _done_path(act: BulkAct, outcomes: tuple[Outcome, ...], back: str, **more: str) -> str:
    """The page says it again however often it is opened: all that it says stands in its address."""
    did = ",".join(f"{each.number}:{each.was}" for each in outcomes if not each.no)
    failed = ",".join(f"{each.number}:{each.no}" for each in outcomes if each.no)
    facts = {"act": act.value, "did": did, "not": failed, "back": back, **more}
    return f"{PATH}/bulk/done?{urlencode(facts)}"


def _pairs(name: str) -> list[tuple[str, str]]:
    return _read_pairs(request.args.get(name, ""))


def _read_pairs(value: str) -> list[tuple[str, str]]:
    pairs = [each.partition(":") for each in value.split(",")[:MOST]]
    return [(number, rest[:60]) for number, _, rest in pairs if _NUMBER.fullmatch(number)]


def _reasons(failed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    with looking() as desk:
        return [(number, _reason(key, _facts_of(desk, number))) for number, key in failed]


def _facts_of(desk: Desk, number: str) -> dict[str, Fact]:
    """What the sentences of refusals name: the ticket as it stands, if the reader may see it."""
    try:
        ticket = desk.find(number)
    except NotFound:
        return {}
    engineer = ticket.assignee.name if ticket.assignee else None
    return {"number": number, "engineer": engineer, "status": Word(f"status.{ticket.status}")}


def _reason(key: str, facts: dict[str, Fact]) -> str:
    """The sentence of a refusal; an address may say what it likes."""
    is_known = key.startswith(("refusal.", "desk_act.")) and site().texts.has(key)
    return words(key if is_known else "refusal.general", **facts)


def _act_of(name: str) -> BulkAct | None:
    return BulkAct(name) if name in {each.value for each in BulkAct} else None


def _numbers(given: list[str]) -> list[str]:
    return [each for each in dict.fromkeys(given) if _NUMBER.fullmatch(each)][:MOST]


def _query(value: str) -> str:
    """Of the list that was left, as far as it is one."""
    return encoded(clean(parse_qs(value[:2000])))


def _whole(value: str) -> int:
    return int(value) if value.isdigit() else 0
