"""A complainant's pages, in whichever area they are opened: write, follow, answer (C1, C4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request

from domain.complaints import OPEN_COMPLAINTS, ComplaintAction, ComplaintStatus, HandlingRating
from domain.rating import HIGHEST, LOWEST
from domain.sentence import Facts, Say
from models import IntakeChannel
from services.complaints import answering, progress, reading, submitting
from services.complaints.progress import Step
from services.complaints.submitting import MOST_PHOTOS, WORDS_LIMIT
from services.complaints.views import ComplaintView, EventView
from services.desk import Desk
from services.service_calendar import due_fact
from services.views import AttachmentView
from web import complaint_form as form
from web import live, uploads
from web.acts import Led, looking, once
from web.area import area
from web.forms import Field, Filled, read_form
from web.page import reader, said, show
from web.site import site

LISTED = 50
LISTED_AT_START = 5
PARTS = ("process", "outcome")
_SCORES = [str(score) for score in range(LOWEST, HIGHEST + 1)]
_RATING = (
    *(
        Field(part, 1, is_required=True, choices=_SCORES, missing="h5.rate.missing")
        for part in PARTS
    ),
    Field("comment", 500),
)
_REASON = Field(
    "reason", WORDS_LIMIT, is_required=True, missing="own_complaint.object.reason_missing"
)
_DONE = ("new", "add", "rate", "object", "withdraw")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said, and by whom of the desk; nobody: by the complainant."""

    at: datetime
    action: ComplaintAction
    say: Say
    clerk: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One complaint with all that its complainant's page shows."""

    complaint: ComplaintView
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]  # the newest first
    attachments: tuple[AttachmentView, ...]

    def may(self, action: str) -> bool:
        return ComplaintAction(action) in self.complaint.actions


def path_of(number: str = "") -> str:
    """Where it stands in the area under way; without a number the list."""
    return f"{area().path}/complaints/{number}" if number else f"{area().path}/complaints"


# --- write one -----------------------------------------------------------------------------------


def blank() -> Response:
    number = form.number_asked()
    return _form(form.known(number), form.offered(number))


def sent(channel: IntakeChannel) -> Response:
    filled = read_form(*form.FIELDS, files=(uploads.PHOTOS,))
    number = filled["ticket"]
    offered = form.offered(number if form.NUMBER.fullmatch(number) else "")
    contact = form.checked(filled, offered)
    photos = uploads.taken(filled)
    if filled.problems:
        return _form(filled, offered, 400)

    def do(desk: Desk) -> Led:
        made = form.submitted(desk, filled, contact, photos, channel)
        return Led(f"{path_of(made.number)}?done=new")

    return once("complain", do, filled["words"])


def _form(filled: Filled, offered: form.Offered, status: int = 200) -> Response:
    return show(
        f"{area().name}/complaint_new.html",
        status,
        filled=filled,
        offered=offered,
        is_named=reader().name is not None,
        other=form.OTHER,
        most=WORDS_LIMIT,
        most_files=MOST_PHOTOS,
        largest=uploads.LARGEST // _MEGABYTE,
    )


# --- follow them ---------------------------------------------------------------------------------


def listed() -> Response:
    with looking() as desk:
        found = reading.mine(desk, LISTED)
    return show(f"{area().name}/complaints.html", complaints=found, standing_of=standing)


def answered(desk: Desk) -> tuple[ComplaintView, ...]:
    """Those that wait for their complainant, for the start page."""
    found = reading.mine(desk, LISTED_AT_START)
    return tuple(each for each in found if each.status is ComplaintStatus.FED_BACK)


def page(number: str, filled: Filled | None = None, status: int = 200) -> Response:
    """The complainant's alone: whoever sees to it has a page of their own (P8)."""
    with looking() as desk:
        shown = _shown(desk, number)
    just_done = request.args.get("done", "")
    return show(
        f"{area().name}/complaint.html",
        status,
        just_done=just_done,
        done=_done(just_done, shown.complaint),
        most_files=MOST_PHOTOS - len(shown.attachments),
        largest=uploads.LARGEST // _MEGABYTE,
        **_facts(shown, filled or Filled()),
    )


def now(number: str) -> Response:
    """What moves by itself on the page: how far it has come, and what was said."""
    with looking() as desk:
        shown = _shown(desk, number)
    template = f"{area().name}/complaint_now.html"
    return live.part(template, _state(shown), lambda: _facts(shown, Filled()))


def _shown(desk: Desk, number: str) -> Shown:
    found = reading.own_page(desk, number)
    return Shown(
        found.complaint,
        progress.steps(desk, found.complaint),
        tuple(map(_line, filter(_says, reversed(found.events)))),
        found.attachments,
    )


def _facts(shown: Shown, filled: Filled) -> dict[str, object]:
    return {
        "shown": shown,
        "complaint": shown.complaint,
        "filled": filled,
        "standing_of": standing,
        "is_open": shown.complaint.status in OPEN_COMPLAINTS,
        "state": _state(shown),
        "parts": PARTS,
        "scores": _SCORES,
    }


def _state(shown: Shown) -> list[object]:
    """Whatever the part shows that may change."""
    complaint = shown.complaint
    return [
        complaint.status,
        complaint.due_at,
        _is_late(complaint),
        complaint.verifier and complaint.verifier.id,
        len(shown.lines),
        [each.state for each in shown.attachments],
    ]


def _says(event: EventView) -> bool:
    """A photo alone is shown with the others, not as a line."""
    return event.action is not ComplaintAction.ADD or "words" in event.detail


def _line(event: EventView) -> Line:
    is_own = event.who == reader().name
    facts: Facts = {
        "words": event.detail.get("words"),
        "process": event.detail.get("process"),
        "outcome": event.detail.get("outcome"),
    }
    is_rating = event.action is ComplaintAction.RATE
    say = Say("own_complaint.rated" if is_rating else "own_complaint.said", facts)
    return Line(event.at, event.action, say, None if is_own else event.who)


def standing(complaint: ComplaintView) -> str:
    """One sentence with its time; a promise that was not kept is not repeated."""
    is_late, due = _is_late(complaint), complaint.due_at
    facts: Facts = {
        "verifier": complaint.verifier.name if complaint.verifier else None,
        "due": None if is_late or due is None else due_fact(site().rules.hours, due),
        "late": Say("own_complaint.late") if is_late else None,
        "days": site().rules.complaints.close_within.days,
    }
    return said(Say(f"own_complaint.standing.{complaint.status.value}", facts))


def _is_late(complaint: ComplaintView) -> bool:
    return complaint.due_at is not None and complaint.due_at < site().now()


def _done(name: str, complaint: ComplaintView) -> str:
    """What the page says of the act that led to it; nothing for a name that is none."""
    if name not in _DONE:
        return ""
    if name == "new":
        return said(_registered(complaint))
    return said(Say(f"own_complaint.done.{name}", {"number": complaint.number}))


def _registered(complaint: ComplaintView) -> Say:
    """The number, who sees to it, and by when."""
    is_with_desk = complaint.status is ComplaintStatus.SUBMITTED
    due = complaint.due_at
    facts: Facts = {
        "number": complaint.number,
        "verifier": complaint.verifier.name if complaint.verifier else None,
        "due": due_fact(site().rules.hours, due) if due else None,
    }
    return Say("own_complaint.done.new" if is_with_desk else "own_complaint.done.new_head", facts)


# --- answer --------------------------------------------------------------------------------------


def add(number: str) -> Response:
    """Words, photos, or both."""
    with looking() as desk:
        had = len(reading.own_page(desk, number).attachments)
    filled = read_form(Field("words", WORDS_LIMIT), files=(uploads.PHOTOS,))
    form.check_room(filled, MOST_PHOTOS - had)
    photos = uploads.taken(filled)
    if not filled["words"] and not photos:
        filled.refuse("words", "h5.ticket.nothing_added")
    if filled.problems:
        return page(number, filled, 400)

    def do(desk: Desk, complaint: ComplaintView) -> None:
        if filled["words"]:
            submitting.add(desk, complaint.id, filled["words"])
        for saved in photos:
            submitting.keep_upload(desk, complaint.id, "image", saved)

    return _once(number, "add", do, filled["words"])


def rate(number: str) -> Response:
    """Process and outcome by stars, and a word why (C4)."""
    return _answered(number, "rate", *_RATING, do=_rate)


def _rate(desk: Desk, complaint: ComplaintView, filled: Filled) -> None:
    process, outcome = (int(filled[part]) for part in PARTS)
    answering.rate(desk, complaint.id, HandlingRating(process, outcome, filled["comment"]))


def object_to(number: str) -> Response:
    """Once, with a reason: it goes back to the head (C4)."""
    return _answered(number, "object", _REASON, do=_object)


def _object(desk: Desk, complaint: ComplaintView, filled: Filled) -> None:
    answering.object_to(desk, complaint.id, filled["reason"])


def withdraw(number: str) -> Response:
    return _answered(number, "withdraw", do=_withdraw)


def _withdraw(desk: Desk, complaint: ComplaintView, _: Filled) -> None:
    answering.withdraw(desk, complaint.id)


def _answered(
    number: str,
    act: str,
    *fields: Field,
    do: Callable[[Desk, ComplaintView, Filled], None],
) -> Response:
    with looking() as desk:
        reading.own_page(desk, number)  # nobody else learns whether their form was filled in well
    filled = read_form(*fields)
    if filled.problems:
        return page(number, filled, 400)
    text = filled["comment"] or filled["reason"]
    return _once(number, act, lambda desk, found: do(desk, found, filled), text)


def _once(
    number: str, act: str, do: Callable[[Desk, ComplaintView], None], text: str = ""
) -> Response:
    def done(desk: Desk) -> Led:
        do(desk, reading.own_page(desk, number).complaint)
        return Led(f"{path_of(number)}?done={act}")

    return once(f"complaint_{act}", done, text)
