"""What the desk and the head do with a complaint on its page: each act a form (C2, C3)."""

import re
from collections.abc import Callable

from flask import Response, request

from domain.appraisal import MOST_POINTS
from domain.complaints import Verdict
from domain.permissions import Permission
from domain.sentence import Say
from models import Notice
from services import undelivered
from services.complaints import giving_away, handling, reading, submitting
from services.complaints.handling import Charge, ConcernsYou, Decision
from services.complaints.submitting import WORDS_LIMIT
from services.desk import Desk
from web import uploads
from web.acts import Led, looking, once
from web.console.complaints_guard import SEEN, guarded, led
from web.console.complaints_page import drawn
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, takes_photos
from web.uploads import PHOTOS

routes = pages("complaints_acts", "/complaints/<ticket:number>")

_PERSON = re.compile(r"person_(\d{1,9})", re.ASCII)
_POINTS = re.compile(r"points_(\d{1,9})", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,4}", re.ASCII)
_MOST_PEOPLE = 25
_CHARGE_LIMIT = 500  # characters of what somebody reads of an upheld complaint


@routes.post("/take")
@needs(Permission.COMPLAINT_VERIFY)
def take(number: str) -> Response:
    read_form(SEEN)
    return guarded(number, "take", handling.take)


# --- the desk verifies ----------------------------------------------------------------------------


@routes.post("/verify")
@needs(Permission.COMPLAINT_VERIFY)
def verify(number: str) -> Response:
    """Findings and whom they name; to the head at once, or later."""
    people = _numbered(_PERSON)
    filled = read_form(
        SEEN,
        Field("findings", WORDS_LIMIT, is_required=True, missing="complaint_act.findings_missing"),
        Field("report", 3, choices=("yes",)),
        *(Field(f"person_{each}", 3) for each in people),
    )
    if filled.problems:
        return drawn(number, filled, 400)
    name = "report" if filled["report"] else "verify"
    try:
        return guarded(number, name, _verifying(filled, people, is_reported=name == "report"))
    except ConcernsYou as no:
        filled.problems["findings"] = Say(no.text_key, no.facts)
        return drawn(number, filled, 400)


def _verifying(
    filled: Filled, people: tuple[int, ...], *, is_reported: bool
) -> Callable[[Desk, int], object]:
    def do(desk: Desk, complaint_id: int) -> None:
        handling.verify(desk, complaint_id, filled["findings"], people)
        if is_reported:
            handling.report(desk, complaint_id)

    return do


def _numbered(name: re.Pattern[str]) -> tuple[int, ...]:
    """The ids in the names of the fields that were sent: one field for each person."""
    found = (name.fullmatch(each) for each in request.form)
    return tuple(int(each[1]) for each in found if each)[:_MOST_PEOPLE]


# --- the head decides -----------------------------------------------------------------------------


@routes.post("/return")
@needs(Permission.COMPLAINT_DECIDE)
def give_back(number: str) -> Response:
    filled = read_form(
        SEEN,
        Field("wanted", WORDS_LIMIT, is_required=True, missing="complaint_act.wanted_missing"),
    )
    if filled.problems:
        return drawn(number, filled, 400)
    return guarded(
        number, "return", lambda desk, id: handling.give_back(desk, id, filled["wanted"])
    )


@routes.post("/decide")
@needs(Permission.COMPLAINT_DECIDE)
def decide(number: str) -> Response:
    people = _numbered(_POINTS)
    filled = read_form(
        SEEN,
        Field(
            "verdict",
            choices=tuple(Verdict),
            is_required=True,
            missing="complaint_act.verdict_missing",
        ),
        Field("measures", WORDS_LIMIT, is_required=True, missing="complaint_act.measures_missing"),
        *(Field(f"points_{each}", 5) for each in people),
        *(Field(f"words_{each}", _CHARGE_LIMIT) for each in people),
    )
    charges = _charges(number, filled, people)
    if filled.problems:
        return drawn(number, filled, 400)
    made = Decision(Verdict(filled["verdict"]), filled["measures"], charges)
    return guarded(number, "decide", lambda desk, id: handling.decide(desk, id, made))


def _charges(number: str, filled: Filled, people: tuple[int, ...]) -> dict[int, Charge]:
    """What counts for whom; points that were left empty are as the rules say."""
    with looking() as desk:
        complaint_id = reading.page(desk, number).complaint.id
        verdict = Verdict(filled["verdict"]) if filled["verdict"] else Verdict.UPHELD
        usual = desk.rules.complaints.points_of(verdict)
        charges = {}
        for each in people:
            _look_through(desk, complaint_id, filled, f"words_{each}")
            points = _points(filled, f"points_{each}", usual)
            charges[each] = Charge(points, filled[f"words_{each}"])
    return charges


def _look_through(desk: Desk, complaint_id: int, filled: Filled, name: str) -> None:
    """Whom it concerns reads these words: nothing in them tells who complained, or of what."""
    if told := giving_away.given_away(desk, complaint_id, filled[name]):
        filled.problems[name] = Say("complaint_act.gives_away", {"told": told})


def _points(filled: Filled, name: str, usual: int) -> int:
    typed = filled[name]
    if not typed:
        return usual
    points = int(typed) if _NUMBER.fullmatch(typed) else MOST_POINTS + 1
    if abs(points) > MOST_POINTS:
        filled.problems[name] = Say("complaint_act.points_unclear", {"most": MOST_POINTS})
    return points


# --- the desk tells, and writes down --------------------------------------------------------------


@routes.post("/feed-back")
@needs(Permission.COMPLAINT_FEED_BACK)
def feed_back(number: str) -> Response:
    filled = read_form(
        SEEN,
        Field("feedback", WORDS_LIMIT, is_required=True, missing="complaint_act.feedback_missing"),
    )
    if filled.problems:
        return drawn(number, filled, 400)
    return guarded(
        number, "feed_back", lambda desk, id: handling.feed_back(desk, id, filled["feedback"])
    )


@routes.post("/add")
@needs(Permission.COMPLAINT_ADD)
@takes_photos
def add(number: str) -> Response:
    """What the complainant says on the phone, or brings along; it overwrites nobody's work."""
    filled = read_form(Field("more", WORDS_LIMIT), files=(PHOTOS,))
    saved = uploads.taken(filled)
    if not filled["more"] and not saved:
        filled.refuse("more", "complaint_act.more_missing")
    if filled.problems:
        return drawn(number, filled, 400)

    def do(desk: Desk) -> Led:
        complaint_id = _open_to(desk, number)
        if filled["more"]:
            submitting.add(desk, complaint_id, filled["more"])
        for each in saved:
            submitting.keep_upload(desk, complaint_id, "image", each)
        return led(number, "add")

    return once("complaint_add", do)


@routes.post("/retry/<int(max=2147483647):notice_id>")
@needs(Permission.NOTICE_RETRY)
def retry(number: str, notice_id: int) -> Response:
    """A notice about it that did not get through, once more (P3)."""
    read_form()

    def do(desk: Desk) -> Led:
        complaint_id = _open_to(desk, number)
        notice = desk.session.get(Notice, notice_id)
        if notice is not None and notice.complaint_id == complaint_id:
            undelivered.retry(desk, notice_id)
        return led(number, "retry")

    return once("complaint_retry", do)


def _open_to(desk: Desk, number: str) -> int:
    """The complaint's id, for those who see to it."""
    return reading.page(desk, number).complaint.id
