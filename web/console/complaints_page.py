"""One complaint, with everything that verifying and deciding need, in one view (C2, C3)."""

from typing import Any

from flask import Response, request

from domain.appraisal import MOST_POINTS
from domain.complaints import ComplaintAction, Concerned, Verdict
from domain.permissions import Permission
from domain.refusals import NotFound
from services.complaints import at_hand, due_why, giving_away, moved, reading
from services.complaints.at_hand import Candidate
from services.complaints.reading import ComplaintPage
from services.complaints.views import ComplaintView
from services.desk import Desk
from web import live
from web.acts import looking
from web.console import complaints_words, ticket_shown
from web.console.complaints import BASE
from web.console.routes import pages
from web.forms import Filled
from web.page import go, needs, reader, show
from web.site import site

routes = pages("complaints_page", "/complaints/<ticket:number>")

DONE = ("take", "verify", "report", "return", "decide", "feed_back", "add", "retry")


@routes.get("")
@needs(Permission.COMPLAINT_READ)
def one(number: str) -> Response:
    """For those who see to it; whoever complained has a page of their own."""
    try:
        return drawn(number)
    except NotFound:
        with looking() as desk:
            reading.own_page(desk, number)
        return go(f"/portal/complaints/{number}")


def drawn(number: str, filled: Filled | None = None, status: int = 200) -> Response:
    """The whole page; `filled`: words that could not be sent, and why."""
    with looking() as desk:
        complaint_id = reading.page(desk, number).complaint.id
    _note(complaint_id)
    with looking() as desk:
        facts = _facts(desk, number)
    done = request.args.get("done", "")
    if filled is not None and "findings" in filled.values:
        facts["ticked"] = set(filter(None, map(_ticked, filled.values)))
    return show(
        "console/complaints/one.html",
        status,
        filled=_begun(facts, filled or Filled()),
        done=done if done in DONE else "",
        **facts,
    )


def _ticked(name: str) -> int | None:
    number = name.removeprefix("person_")
    return int(number) if number != name and number.isdecimal() else None


def _begun(facts: dict[str, Any], filled: Filled) -> Filled:
    """What stands in the forms at first, but for what was typed."""
    complaint = facts["complaint"]
    known = {"findings": complaint.findings or "", "feedback": facts["draft"]}
    for person_id, (points, told) in facts["charges"].items():
        known |= {f"points_{person_id}": str(points), f"words_{person_id}": told}
    return Filled({**known, **filled.values}, filled.problems)


def _note(complaint_id: int) -> None:
    """A page that is read writes nothing, but for this: that somebody has opened it (P8)."""
    with site().database.transaction() as session:
        desk = Desk(session, site().now(), site().rules, reader())
        reading.note_reading(desk, complaint_id)


def _facts(desk: Desk, number: str) -> dict[str, Any]:
    page = reading.page(desk, number)
    complaint = page.complaint
    history, readers = complaints_words.history(page.events, page.concerned)
    seen = moved.newest_line(desk, complaint.id)
    head = _head(desk, page, seen)
    return {
        **head,
        "page": page,
        "hand": at_hand.at_hand(desk, complaint.id),
        "history": history,
        "readers": readers,
        "shown": ticket_shown,
        "head_mark": live.mark(_state(head)),
        **_asking(desk, page),
    }


def _asking(desk: Desk, page: ComplaintPage) -> dict[str, Any]:
    """What the forms of the page need, for who may send them."""
    complaint, actions = page.complaint, page.complaint.actions
    decides = ComplaintAction.DECIDE in actions
    verifies = ComplaintAction.VERIFY in actions
    people = at_hand.candidates(desk, complaint.id) if verifies else ()
    rules = desk.rules.complaints
    return {
        "candidates": [each for each in people if each.concerned],
        "staff": [each for each in people if not each.concerned],
        "ticked": {each.person.id for each in people if _is_named(each)},
        "found": [each for each in page.concerned if each.is_found],
        "verdicts": tuple(Verdict),
        "points": {each.value: rules.points_of(each) for each in Verdict},
        "most_points": MOST_POINTS,
        "charges": at_hand.charges(desk, complaint.id) if decides else {},
        "marks": giving_away.marks(desk, complaint.id) if decides else (),
        "draft": complaints_words.feedback_draft(complaint),
        "may_take": _may_take(desk, complaint),
    }


def _is_named(each: Candidate) -> bool:
    """Found before, or named by who complained: ticked until the desk says otherwise."""
    known = each.concerned
    return known is not None and (known.is_found or known.why is Concerned.NAMED)


def _may_take(desk: Desk, complaint: ComplaintView) -> bool:
    has_it = complaint.verifier is not None and complaint.verifier.id == desk.actor.id
    return ComplaintAction.TAKE in complaint.actions and not has_it


def _head(desk: Desk, page: ComplaintPage, seen: int) -> dict[str, Any]:
    """What moves by itself: status, time, and a word if somebody else moved it."""
    complaint = page.complaint
    return {
        "complaint": complaint,
        "was_objected": page.was_objected,
        "named": ", ".join(_names(page, Concerned.NAMED)),
        "due": due_why.due_of(desk, complaint.id),
        "news": len(moved.changes(desk, complaint.number, seen)),
        "seen": seen,
        "now": desk.now,
        "say": complaints_words,
        "way": f"{BASE}/{complaint.number}",
    }


def _names(page: ComplaintPage, why: Concerned) -> list[str]:
    return [each.person.name for each in page.concerned if each.why is why]


def _state(head: dict[str, Any]) -> tuple[object, ...]:
    minute = int(head["now"].timestamp() // 60)
    shown = (repr(head["complaint"]), head["was_objected"], head["named"], head["news"])
    return *shown, minute


@routes.get("/live")
@needs(Permission.COMPLAINT_READ)
def moved_since(number: str) -> Response:
    typed = request.args.get("seen", "")
    seen = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 12 else 0
    with looking() as desk:
        head = _head(desk, reading.page(desk, number), seen)
    return live.part("console/complaints/head.html", _state(head), lambda: head)
