"""Signing in and out of duty: who is there is what dispatch goes by (F8, D1's first form)."""

from typing import TYPE_CHECKING

from domain.permissions import Permission, demand
from domain.refusals import NotPermitted
from models import Engineer
from services import dispatching, queries
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk


def sign_in(desk: "Desk") -> tuple[TicketView, ...]:
    """On duty, and what waited for somebody is offered again at once."""
    dispatching.decide_alone(desk.session)
    _sign(desk, is_on_duty=True)
    desk.session.flush()
    dispatching.redispatch_waiting(desk.session, desk.rules, desk.now)
    return queries.waiting_for(desk.session, desk.actor)


def sign_out(desk: "Desk") -> int:
    """Off duty; tickets in hand stay in hand until they are passed on."""
    _sign(desk, is_on_duty=False)
    return queries.count_in_hand(desk.session, desk.actor.id)


def _sign(desk: "Desk", *, is_on_duty: bool) -> None:
    demand(desk.actor.roles, Permission.DUTY_SIGN)
    engineer = desk.session.get(Engineer, desk.actor.id, with_for_update={"of": Engineer})
    if engineer is None:
        raise NotPermitted(permission=Permission.DUTY_SIGN.value)
    engineer.is_on_duty = is_on_duty
    engineer.signed_at = desk.now
