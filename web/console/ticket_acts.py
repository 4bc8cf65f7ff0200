"""What the desk does with a ticket: one press, or a form that asks (F5, F8–F12, F16)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request

from domain.category import Category
from domain.escalation import Hearer
from domain.lifecycle import Action, ActionNotAllowed
from domain.permissions import Permission
from domain.priority import Impact, Urgency
from domain.refusals import NotFound, NotPermitted, Refusal
from domain.sentence import Say
from services import (
    desk_acts,
    merging,
    muting,
    settling,
    splitting,
    supporting,
    taking_charge,
    ticket_page,
)
from services.desk import Desk
from services.splitting import Part
from services.timeline import EntryKind
from web.acts import looking
from web.console.routes import PATH, pages
from web.console.ticket_guard import SEEN, guarded
from web.forms import Field, Filled, read_form
from web.page import needs, show
from web.work_forms import (
    FORMS,
    RESULT_FIELDS,
    TAPPED,
    earliest,
    is_there,
    read_act,
    reason_of,
    result_of,
    times_moved,
    times_to_come,
)

routes = pages("ticket_acts", "/tickets/<ticket:number>")

_NUMBER = re.compile(r"[A-Z]{1,6}\d{8}-\d{4,9}", re.ASCII)
_PHOTO = re.compile(r"photo_\d{1,9}", re.ASCII)
_PHOTOS = 30

Fill = Callable[[Desk, str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A form of the desk's own: its fields, what it does, what stands in it at first."""

    fields: tuple[Field, ...]
    do: Callable[[Desk, int, Filled], object]
    filled: Fill = lambda desk, number: {}


def _resolve(desk: Desk, ticket_id: int, filled: Filled) -> object:
    result = result_of(filled)
    assert result is not None, "the form was checked"
    return desk.resolve(ticket_id, result)


_CORRECTED = (
    "symptom",
    "category",
    "impact",
    "urgency",
    "place",
    "contact_name",
    "contact_department",
    "contact_phone",
    "contact_office",
    "device_code",
)


def _correct(desk: Desk, ticket_id: int, filled: Filled) -> object:
    """What was left empty stays as it is; but a device may be taken off."""
    facts: dict[str, str | int | None] = {name: filled[name] or None for name in _CORRECTED}
    return desk_acts.correct(desk, ticket_id, **{**facts, "device_code": filled["device_code"]})


def _as_known(desk: Desk, number: str) -> dict[str, str]:
    ticket, page = ticket_page.find(desk, number), ticket_page.page(desk, number)
    known = {name: getattr(ticket, name) for name in _CORRECTED if name != "device_code"}
    known["device_code"] = page.facts.device_code
    return {name: str(value) if value else "" for name, value in known.items()}


def _split(desk: Desk, ticket_id: int, filled: Filled) -> object:
    photos = tuple(int(each.removeprefix("photo_")) for each in _chosen_photos())
    part = Part(
        filled["symptom"],
        filled["words"],
        Category(filled["category"]),
        Urgency(filled["urgency"]),
        filled["place"],
        photos,
    )
    return splitting.split(desk, ticket_id, part)


def _chosen_photos() -> tuple[str, ...]:
    """The boxes that are ticked: one field for each photo."""
    return tuple(filter(_PHOTO.fullmatch, request.form))[:_PHOTOS]


def _to_be_split(desk: Desk, number: str) -> dict[str, str]:
    ticket = ticket_page.find(desk, number)
    said = [ticket.description, *_added_words(desk, number)]
    return {
        "words": "\n".join(said)[:1000],
        "place": ticket.place,
        "category": ticket.category.value,
        "urgency": ticket.urgency.value,
    }


def _added_words(desk: Desk, number: str) -> list[str]:
    lines = ticket_page.page(desk, number).lines
    entries = [line.entry for line in lines if line.entry and line.number is None]
    amended = [each for each in entries if each.say.key.endswith(".amend")]
    return [str(each.say.facts.get("words") or "") for each in amended]


def _other_kind(desk: Desk, number: str) -> str:
    """What the ticket is not yet."""
    return "ordinary" if ticket_page.find(desk, number).is_complex else "complex"


def _helper(filled: Filled) -> int:
    """Whom the list offered; NotFound for what is no number."""
    value = filled["helper"]
    if not (value.isascii() and value.isdigit()):
        raise NotFound()
    return int(value)


def _wanted(desk: Desk, number: str) -> str:
    """What the engineer asked for goes on to whoever helps."""
    return supporting.need_of(desk, ticket_page.find(desk, number)) or ""


_OTHER = Field("number", 24, is_required=True, missing="ticket_act.bad_number")
_CATEGORIES = tuple(each.value for each in Category)
_KINDS = ("complex", "ordinary")
_ABOVE = (Hearer.LEAD.value, Hearer.HEAD.value)

ASKING: Mapping[str, Asking] = {
    "resolve": Asking(RESULT_FIELDS, _resolve, lambda desk, number: {"where": "remote"}),
    "reopen": Asking(
        (Field("words", 400, is_required=True),),
        lambda desk, id, filled: desk.reopen(id, filled["words"]),
    ),
    "cancel": Asking(
        (Field("words", 400, is_required=True),),
        lambda desk, id, filled: settling.cancel(desk, id, filled["words"]),
    ),
    "reclassify": Asking(
        (
            Field("kind", choices=_KINDS, is_required=True),
            Field("words", 200, is_required=True),
        ),
        lambda desk, id, filled: desk.reclassify(
            id, is_complex=filled["kind"] == "complex", reason=filled["words"]
        ),
        lambda desk, number: {"kind": _other_kind(desk, number)},
    ),
    "correct": Asking(
        (
            Field("symptom", 200),
            Field("category", choices=_CATEGORIES),
            Field("impact", choices=tuple(each.value for each in Impact)),
            Field("urgency", choices=tuple(each.value for each in Urgency)),
            Field("place", 80),
            Field("contact_name", 40),
            Field("contact_department", 60),
            Field("contact_phone", 24),
            Field("contact_office", 80),
            Field("device_code", 40),
        ),
        _correct,
        _as_known,
    ),
    "give_support": Asking(
        (Field("helper", 12, is_required=True), Field("words", 400)),
        lambda desk, id, filled: desk.give_support(id, _helper(filled), filled["words"]),
        lambda desk, number: {"words": _wanted(desk, number)},
    ),
    "escalate": Asking(
        (
            Field("to", choices=_ABOVE, is_required=True),
            Field("words", 200, is_required=True),
        ),
        lambda desk, id, filled: taking_charge.escalate(
            desk, id, Hearer(filled["to"]), filled["words"]
        ),
        lambda desk, number: {"to": _ABOVE[0]},
    ),
    "quiet": Asking(
        (Field("words", 200, is_required=True),),
        lambda desk, id, filled: taking_charge.quiet(desk, id, filled["words"]),
    ),
    "merge": Asking((_OTHER,), lambda desk, id, filled: merging.merge(desk, id, filled["number"])),
    "link": Asking((_OTHER,), lambda desk, id, filled: merging.link(desk, id, filled["number"])),
    "split": Asking(
        (
            Field("symptom", 200, is_required=True),
            Field("words", 1000),
            Field("category", choices=_CATEGORIES, is_required=True),
            Field("urgency", choices=tuple(each.value for each in Urgency), is_required=True),
            Field("place", 80, is_required=True),
        ),
        _split,
        _to_be_split,
    ),
}

_PRESSED: Mapping[str, Callable[[Desk, int], object]] = {
    **TAPPED,
    "confirm": lambda desk, id: desk.confirm(id),
    "urge": lambda desk, id: desk.urge(id),
    "unmerge": merging.unmerge,
    "dispatch": desk_acts.dispatch_best,
    "take_charge": taking_charge.take_charge,
    "mute": muting.mute,
    "unmute": muting.unmute,
}


# --- one press ----------------------------------------------------------------------------------


@routes.post("/do/<name>")
@needs(Permission.TICKET_READ)
def pressed(number: str, name: str) -> Response:
    """The service judges whether this reader may."""
    if name not in _PRESSED:
        abort(404)
    read_form(SEEN)
    return guarded(number, name, _PRESSED[name])


@routes.post("/assign")
@needs(Permission.TICKET_DISPATCH)
def assign(number: str) -> Response:
    """Out of the panel at the side, or by the palette (F8)."""
    filled = read_form(SEEN, Field("engineer", 12, is_required=True), Field("reason", 200))
    if not (filled["engineer"].isascii() and filled["engineer"].isdigit()):
        abort(400)
    engineer_id, reason = int(filled["engineer"]), filled["reason"]

    def do(desk: Desk, ticket_id: int) -> object:
        return desk_acts.assign_to(desk, ticket_id, engineer_id, reason)

    return guarded(number, "assign", do, reason)


@routes.post("/unlink")
@needs(Permission.TICKET_LINK)
def unlink(number: str) -> Response:
    other = read_form(SEEN, _OTHER)["number"]
    return guarded(number, "unlink", lambda desk, id: merging.unlink(desk, id, other))


# --- a form -------------------------------------------------------------------------------------


@routes.get("/act/<name>")
@needs(Permission.TICKET_READ)
def asked(number: str, name: str) -> Response:
    """A page of its own, or what the ticket's page shows in a dialog."""
    if name not in FORMS and name not in ASKING:
        abort(404)
    with looking() as desk:
        filled = ASKING[name].filled(desk, number) if name in ASKING else {}
    filled.update({key: request.args[key] for key in ("number",) if key in request.args})
    return _form(number, name, Filled(filled))


@routes.post("/act/<name>")
@needs(Permission.TICKET_READ)
def done(number: str, name: str) -> Response:
    if name in FORMS:
        filled = read_act(name, SEEN)
        return _sent(number, name, filled, FORMS[name].do, reason_of)
    if name not in ASKING:
        abort(404)
    filled = _read(name)
    return _sent(number, name, filled, ASKING[name].do, lambda each: each["words"])


def _read(name: str) -> Filled:
    photos = _chosen_photos() if name == "split" else ()
    filled = read_form(SEEN, *ASKING[name].fields, *(Field(each, 4) for each in photos))
    if "number" in filled.values and not _NUMBER.fullmatch(filled["number"]):
        filled.refuse("number", "ticket_act.bad_number")
    if name == "resolve":
        result_of(filled)
    return filled


def _sent(
    number: str,
    name: str,
    filled: Filled,
    act: Callable[[Desk, int, Filled], object],
    text: Callable[[Filled], str],
) -> Response:
    if filled.problems:
        return _form(number, name, filled, 400)
    try:
        return guarded(number, name, lambda desk, id: act(desk, id, filled), text(filled))
    except (NotPermitted, ActionNotAllowed):
        raise
    except Refusal as no:
        if isinstance(no, NotFound) and "number" not in filled.values:
            raise
        _say_why(filled, no)
        return _form(number, name, filled, 400)


def _say_why(filled: Filled, no: Refusal) -> None:
    """A refusal that a field is to blame for stands at that field, with what was typed."""
    field = next((name for name in ("number", "device_code", "words") if name in filled.values), "")
    say = Say("ticket_act.not_found") if isinstance(no, NotFound) else Say(no.text_key, no.facts)
    filled.problems[field] = say


def _form(number: str, name: str, filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        page = ticket_page.page(desk, number)
        verb = next((each for each in page.verbs if each.name == name), None)
        if verb is None:
            raise NotPermitted(permission=name)
        if not verb.is_allowed:
            raise ActionNotAllowed(page.ticket.status, _action(name))
        form = FORMS.get(name)
        asks_colleague = form is not None and form.asks_colleague
        colleagues = desk.colleagues(page.ticket.id) if asks_colleague else ()
        helpers = desk.helpers(page.ticket.id) if name == "give_support" else ()
        asks_until = form is not None and form.asks_until
        moved = times_moved(desk, page.ticket.id) if asks_until else {}
    is_part = "HX-Request" in request.headers
    return show(
        "console/ticket/act_form.html" if is_part else "console/ticket/act.html",
        status,
        page=page,
        ticket=page.ticket,
        name=name,
        form=form,
        filled=filled,
        is_part=is_part,
        way=f"{PATH}/tickets/{number}",
        times=times_to_come() if form and form.asks_until else (),
        moved=moved,
        helpers=helpers,
        above=_ABOVE,
        able=tuple(filter(is_there, colleagues)),
        away=tuple(each for each in colleagues if not is_there(each)),
        earliest=earliest(),
        photos=_photos(page) if name == "split" else (),
        **_choices(),
    )


def _action(name: str) -> Action:
    return Action.ESCALATE if name == "quiet" else Action(name)


def _photos(page: ticket_page.TicketPage) -> Collection[Any]:
    entries = [line.entry for line in page.lines if line.entry and line.number is None]
    media = [each.attachment for each in entries if each.kind is EntryKind.MEDIA]
    return [each for each in media if each is not None and each.kind == "image" and each.has_file]


def _choices() -> dict[str, Any]:
    return {
        "categories": _CATEGORIES,
        "impacts": tuple(each.value for each in Impact),
        "urgencies": tuple(each.value for each in Urgency),
    }
