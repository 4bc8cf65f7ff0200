"""What an engineer does with an order: one tap, or a form that asks why, until when, to whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Response, abort

from domain.calendar import CHINA
from domain.lifecycle import Action, next_status
from domain.permissions import Permission
from domain.refusals import NotPermitted
from handlers.give_ticket_away import REASONS as WHY_GIVEN
from handlers.hold_ticket import REASONS as WHY_HELD
from handlers.hold_ticket import TIMES
from handlers.request_support import NEEDS
from nlp.when import read_when
from services import orders
from services.desk import Desk
from services.views import Colleague
from web.acts import Led, looking, once
from web.forms import Field, Filled, read_form
from web.h5.routes import PATH, pages
from web.page import needs, show, words
from web.site import site

LIST = "/work"
ORDER = f"{LIST}/<ticket:number>"
WORK = f"{PATH}{LIST}"
TAPS = ("accept", "arrive", "resume")
HELD_AT_MOST = timedelta(days=60)

_DISPATCH = "dispatch"
_NOT_THERE = frozenset({"declined", "off_duty", "unreachable"})
"""Beyond their skills or load a colleague may be asked, but not one who is not there."""

Act = Callable[[Desk, int, Filled], object]


@dataclass(frozen=True, slots=True)
class Form:
    """What an act asks: reasons to choose from, words, and for some more."""

    do: Act
    reasons: tuple[str, ...] = ()
    asks_until: bool = False
    asks_colleague: bool = False
    leaves: bool = False  # afterwards the ticket is somebody else's


def _reason(filled: Filled) -> str:
    """What was chosen, and what was said to it."""
    chosen = words(f"button.{filled['reason']}") if filled["reason"] else ""
    return ", ".join(filter(None, (chosen, filled["words"])))


def _until(filled: Filled) -> datetime | None:
    """The chosen time, or the one that was set by hand."""
    if filled["until"]:
        return read_when(words(f"button.{filled['until']}"), site().now())
    try:
        return datetime.fromisoformat(filled["until_at"]).replace(tzinfo=CHINA)
    except ValueError:
        return None


def _transfer(desk: Desk, ticket_id: int, filled: Filled) -> object:
    to = None if filled["to"] == _DISPATCH else int(filled["to"])
    return desk.transfer(ticket_id, _reason(filled), to)


def _hold(desk: Desk, ticket_id: int, filled: Filled) -> object:
    until = _until(filled)
    assert until is not None, "the form was checked"
    return desk.hold(ticket_id, _reason(filled), until)


FORMS: Mapping[str, Form] = {
    Action.PROGRESS.value: Form(lambda desk, id, filled: desk.progress(id, filled["words"])),
    Action.HOLD.value: Form(_hold, WHY_HELD, asks_until=True),
    Action.ASK_SUPPORT.value: Form(
        lambda desk, id, filled: desk.ask_support(id, _reason(filled)),
        NEEDS,
    ),
    Action.TRANSFER.value: Form(_transfer, WHY_GIVEN, asks_colleague=True, leaves=True),
    Action.DECLINE.value: Form(
        lambda desk, id, filled: desk.decline(id, _reason(filled)), WHY_GIVEN, leaves=True
    ),
}

_TAPPED: Mapping[str, Callable[[Desk, int], object]] = {
    "accept": lambda desk, id: desk.accept(id),
    "arrive": lambda desk, id: desk.arrive(id),
    "resume": lambda desk, id: desk.resume(id),
}

routes = pages("work_acts")


@routes.get(f"{ORDER}/<any(progress,hold,ask_support,transfer,decline):name>")
@needs(Permission.TICKET_READ)
def asked(number: str, name: str) -> Response:
    """The form; who may not send it does not get it either."""
    return _form(number, name, Filled())


@routes.post(f"{ORDER}/<name>")
@needs(Permission.TICKET_READ)
def done(number: str, name: str) -> Response:
    if name in _TAPPED:
        read_form()
        return once(name, partial(_tapped, number, name))
    if name not in FORMS:
        abort(404)
    filled = _read(name)
    if filled.problems:
        return _form(number, name, filled, 400)
    return once(name, partial(_done, number, name, filled), _reason(filled))


def _tapped(number: str, name: str, desk: Desk) -> Led:
    ticket_id = desk.find(number).id
    _TAPPED[name](desk, ticket_id)
    return Led(f"{WORK}/{number}?done={name}", ticket_id)


def _done(number: str, name: str, filled: Filled, desk: Desk) -> Led:
    form = FORMS[name]
    ticket_id = desk.find(number).id
    form.do(desk, ticket_id, filled)
    if form.leaves:
        return Led(f"{WORK}?done={name}")
    return Led(f"{WORK}/{number}?done={name}", ticket_id)


def _read(name: str) -> Filled:
    form = FORMS[name]
    fields = [Field("words", 400, is_required=not form.reasons)]
    if form.reasons:
        fields.append(Field("reason", choices=form.reasons))
    if form.asks_until:
        fields += [Field("until", choices=TIMES), Field("until_at", 16)]
    if form.asks_colleague:
        fields.append(Field("to", 12, is_required=True, missing="work_page.missing_colleague"))
    filled = read_form(*fields)
    _check(form, filled)
    return filled


def _check(form: Form, filled: Filled) -> None:
    if form.reasons and not _reason(filled):
        filled.refuse("reason", "work_page.missing_reason")
    if form.asks_until and not _is_to_come(_until(filled)):
        filled.refuse("until", "work_page.missing_until")
    if form.asks_colleague and filled["to"] != _DISPATCH and not filled["to"].isdecimal():
        filled.refuse("to", "work_page.missing_colleague")


def _is_to_come(until: datetime | None) -> bool:
    now = site().now()
    return until is not None and now < until <= now + HELD_AT_MOST


def _form(number: str, name: str, filled: Filled, status: int = 200) -> Response:
    form = FORMS[name]
    with looking() as desk:
        order = orders.order(desk, desk.find(number).id)
        next_status(order.ticket.status, Action(name))
        if Action(name) not in order.actions:
            raise NotPermitted(permission=name)
        colleagues = desk.colleagues(order.ticket.id) if form.asks_colleague else ()
    now = site().now()
    times = [each for each in TIMES if read_when(words(f"button.{each}"), now)]
    return show(
        "work/act.html",
        status,
        ticket=order.ticket,
        name=name,
        title_key=f"work_page.act.{name}",
        ask_key=f"work_page.ask.{name}",
        form=form,
        filled=filled,
        times=times if form.asks_until else (),
        able=tuple(filter(_is_there, colleagues)),
        away=tuple(each for each in colleagues if not _is_there(each)),
        earliest=now.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M"),
    )


def _is_there(colleague: Colleague) -> bool:
    return colleague.why_not not in _NOT_THERE
