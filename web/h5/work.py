"""The engineer's pages: what waits, what is in hand, and one order with its acts (W2, F9)."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from domain.lifecycle import Action, Status
from domain.permissions import Permission
from services import orders
from services.orders import Order
from web.acts import looking
from web.forms import Filled
from web.h5.routes import PATH, pages
from web.h5.work_acts import LIST, ORDER, TAPS, WORK
from web.page import go, needs, show
from web.site import site
from web.work_forms import FORMS

DONE = (*TAPS, *FORMS, "result", "files")
"""What a page says was just done."""

routes = pages("work")


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of the order: a form of one tap, or the way to a page that asks something."""

    name: str
    path: str
    is_tap: bool
    is_first: bool  # what is most likely meant now

    @property
    def label(self) -> str:
        return f"work_page.act.{self.name}"


@routes.get(LIST)
@needs(Permission.TICKET_ACCEPT)
def mine() -> Response:
    with looking() as desk:
        work = orders.work(desk)
    return show("work/list.html", work=work, now=site().now(), **_done())


@routes.get(ORDER)
@needs(Permission.TICKET_READ)
def one(number: str) -> Response:
    return page(number, Filled())


def page(number: str, filled: Filled, status: int = 200) -> Response:
    """For whoever works here; who reported it has a page of their own."""
    with looking() as desk:
        order = orders.order(desk, desk.find(number).id)
    if not order.is_inside:
        return go(f"{PATH}/tickets/{number}")
    return show(
        "work/order.html",
        status,
        order=order,
        offers=offers(order),
        may_attach=Action.ATTACH in order.actions,
        filled=filled,
        now=site().now(),
        **_done(),
    )


def _done() -> dict[str, Any]:
    """The act that led here, and the key of the sentence that says so."""
    name = request.args.get("done", "")
    return {"done": name, "done_key": f"work_page.done.{name}"} if name in DONE else {"done": ""}


def offers(order: Order) -> tuple[Offer, ...]:
    """A button for each act that this reader has now, by the two tables."""
    path = f"{WORK}/{order.ticket.number}"
    names = [name for action in order.actions for name in _names(action, order)]
    first = next((name for name in _LIKELY if name in names), None)
    return tuple(
        Offer(name, f"{path}/{name}", name in TAPS, name == first)
        for name in sorted(names, key=_place)
    )


_LIKELY = ("accept", "resume", "arrive", "result")
_ORDER = (*_LIKELY, "progress", "hold", "ask_support", "transfer", "decline")


def _place(name: str) -> int:
    return _ORDER.index(name)


def _names(action: Action, order: Order) -> tuple[str, ...]:
    """The pages of an act; acts of the requester and the desk have theirs elsewhere."""
    if action is Action.RESOLVE:
        return ("result",)
    if action is Action.PROGRESS and order.ticket.status is Status.IN_PROGRESS:
        return ("progress",) if _has_arrived(order) else ("arrive", "progress")
    return (action.value,) if action.value in FORMS or action.value in TAPS else ()


def _has_arrived(order: Order) -> bool:
    """Since the work was taken on."""
    done = [each for each in order.entries if each.action in (Action.ACCEPT, Action.PROGRESS)]
    since = [n for n, each in enumerate(done) if each.action is Action.ACCEPT]
    return any(each.say.key.endswith(".arrive") for each in done[since[-1] if since else 0 :])
