"""Signing in and out of duty: who is there is what dispatch goes by (F8, D1's first form)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from domain.permissions import Permission, demand
from domain.refusals import NotPermitted
from models import Conversation, Engineer
from services import dispatching, queries
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk


LASTS_A_SHIFT = timedelta(hours=36)
"""So long the window of own words (48 hours, wechat-platform §5) must still be open."""


def is_reachable_for_shift(desk: "Desk") -> bool:
    """Whether the actor typed something lately: a press alone may open one minute only."""
    talk = desk.session.get(Conversation, desk.actor.id)
    if talk is None or talk.heard_at is None or talk.heard_left < 1:
        return False
    ends_at = talk.heard_at + desk.rules.reach.limits.message_for
    return ends_at - desk.now > LASTS_A_SHIFT


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
