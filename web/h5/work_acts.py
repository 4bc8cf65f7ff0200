"""What an engineer does with an order: one tap, or a form that asks why, until when, to whom."""

from functools import partial

from flask import Response, abort

from domain.lifecycle import Action, next_status
from domain.permissions import Permission
from domain.refusals import NotPermitted
from services import orders
from services.desk import Desk
from web.acts import Led, looking, once
from web.forms import Filled, read_form
from web.h5.routes import PATH, pages
from web.page import needs, show
from web.work_forms import (
    FORMS,
    TAPPED,
    earliest,
    is_there,
    read_act,
    reason_of,
    times_moved,
    times_to_come,
)

LIST = "/work"
ORDER = f"{LIST}/<ticket:number>"
WORK = f"{PATH}{LIST}"
TAPS = tuple(TAPPED)

routes = pages("work_acts")


@routes.get(f"{ORDER}/<any(progress,hold,ask_support,transfer,decline):name>")
@needs(Permission.TICKET_READ)
def asked(number: str, name: str) -> Response:
    """The form; who may not send it does not get it either."""
    return _form(number, name, Filled())


@routes.post(f"{ORDER}/<name>")
@needs(Permission.TICKET_READ)
def done(number: str, name: str) -> Response:
    if name in TAPPED:
        read_form()
        return once(name, partial(_tapped, number, name))
    if name not in FORMS:
        abort(404)
    filled = read_act(name)
    if filled.problems:
        return _form(number, name, filled, 400)
    return once(name, partial(_done, number, name, filled), reason_of(filled))


def _tapped(number: str, name: str, desk: Desk) -> Led:
    ticket_id = desk.find(number).id
    TAPPED[name](desk, ticket_id)
    return Led(f"{WORK}/{number}?done={name}", ticket_id)


def _done(number: str, name: str, filled: Filled, desk: Desk) -> Led:
    form = FORMS[name]
    ticket_id = desk.find(number).id
    form.do(desk, ticket_id, filled)
    if form.leaves:
        return Led(f"{WORK}?done={name}")
    return Led(f"{WORK}/{number}?done={name}", ticket_id)


def _form(number: str, name: str, filled: Filled, status: int = 200) -> Response:
    form = FORMS[name]
    with looking() as desk:
        order = orders.order(desk, desk.find(number).id)
        next_status(order.ticket.status, Action(name))
        if Action(name) not in order.actions:
            raise NotPermitted(permission=name)
        colleagues = desk.colleagues(order.ticket.id) if form.asks_colleague else ()
        moved = times_moved(desk, order.ticket.id) if form.asks_until else {}
    return show(
        "work/act.html",
        status,
        ticket=order.ticket,
        name=name,
        title_key=f"work_page.act.{name}",
        ask_key=f"work_page.ask.{name}",
        form=form,
        filled=filled,
        times=times_to_come() if form.asks_until else (),
        moved=moved,
        able=tuple(filter(is_there, colleagues)),
        away=tuple(each for each in colleagues if not is_there(each)),
        earliest=earliest(),
    )
