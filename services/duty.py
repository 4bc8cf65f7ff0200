"""Signing in and out of duty: who is there is what dispatch goes by (F8, D1)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.refusals import NotPermitted
from domain.roster import Asked, Work
from models import Conversation, Duty, Engineer, Leave
from services import dispatching, duty_views, queries
from services.duty_views import DutyView
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk


LASTS_A_SHIFT = timedelta(hours=36)
"""So long the window of own words (48 hours, wechat-platform §5) must still be open."""

STILL_THERE = timedelta(hours=12)
"""Overtime may be so long, and the signature still belongs to its duty."""

EARLY = timedelta(hours=1)
"""Who signs in so long before a duty begins has signed in for it."""


def is_reachable_for_shift(desk: "Desk") -> bool:
    """Whether the actor typed something lately: a press alone may open one minute only."""
    talk = desk.session.get(Conversation, desk.actor.id)
    if talk is None or talk.heard_at is None or talk.heard_left < 1:
        return False
    ends_at = talk.heard_at + desk.rules.reach.limits.message_for
    return ends_at - desk.now > LASTS_A_SHIFT


def duties_now(desk: "Desk") -> tuple[DutyView, ...]:
    """The actor's duties that are under way or begin within the hour."""
    demand(desk.actor.roles, Permission.DUTY_SIGN)
    coming = duty_views.coming(desk.session, desk.actor.id, desk.now)
    return tuple(each for each in coming if each.begins_at <= desk.now + EARLY)


def sign_in(desk: "Desk") -> tuple[TicketView, ...]:
    """On duty, and what waited for somebody is offered again at once."""
    dispatching.decide_alone(desk.session)
    duties = duties_now(desk)
    engineer = _engineer(desk, is_on_roster=bool(duties))
    _back_from_leave(desk)
    _stamp_in(desk.session, duties, desk)
    if engineer is None:
        return ()
    engineer.signed_at = desk.now
    if _is_for_orders(desk, duties):
        engineer.is_on_duty = True
        desk.session.flush()
        dispatching.redispatch_waiting(desk.session, desk.rules, desk.now)
    return queries.waiting_for(desk.session, desk.actor)


def sign_out(desk: "Desk") -> int:
    """Off duty; tickets in hand stay in hand, and on call goes on until its end."""
    engineer = _engineer(desk, is_on_roster=bool(duties_now(desk)))
    for duty in _signed_in(desk):
        duty.signed_out_at = desk.now
    if engineer is not None:
        engineer.is_on_duty = False
        engineer.signed_at = desk.now
    return queries.count_in_hand(desk.session, desk.actor.id)


def is_signed_in(desk: "Desk") -> bool:
    """Whether dispatch may give the actor orders now."""
    engineer = desk.session.get(Engineer, desk.actor.id)
    return engineer is not None and engineer.is_on_duty


def _signed_in(desk: "Desk") -> list[Duty]:
    """What the actor signed in for and is not out of; on call ends by itself."""
    statement = select(Duty).where(
        # By ix_duties_person_id_ends_at: those under way or ended today.
        Duty.person_id == desk.actor.id,
        Duty.ends_at > desk.now - STILL_THERE,
        Duty.begins_at <= desk.now + EARLY,
        Duty.signed_in_at.is_not(None),
        Duty.signed_out_at.is_(None),
        Duty.work != Work.ON_CALL,
    )
    return list(desk.session.scalars(statement))


def _engineer(desk: "Desk", *, is_on_roster: bool) -> Engineer | None:
    """The actor's working card; who has none may only sign for a duty on the roster."""
    engineer = desk.session.get(Engineer, desk.actor.id, with_for_update={"of": Engineer})
    if engineer is None and not is_on_roster:
        raise NotPermitted(permission=Permission.DUTY_SIGN.value)
    return engineer


def _is_for_orders(desk: "Desk", duties: tuple[DutyView, ...]) -> bool:
    """Who is only on call gets what is urgent: ordinary work waits until the desk opens (F15)."""
    is_on_call_only = bool(duties) and all(each.work is Work.ON_CALL for each in duties)
    return not is_on_call_only or desk.rules.hours.is_open(desk.now)


def _stamp_in(session: Session, duties: tuple[DutyView, ...], desk: "Desk") -> None:
    for each in duties:
        duty = session.get_one(Duty, each.id)
        duty.signed_in_at = duty.signed_in_at or desk.now
        duty.signed_out_at = None


def _back_from_leave(desk: "Desk") -> None:
    """Who signs in is there: leave that was granted ends with it, and dispatch sees them again."""
    under_way = select(Leave.id).where(
        # By ix_leaves_person_id_ends_at.
        Leave.person_id == desk.actor.id,
        Leave.ends_at > desk.now,
        Leave.begins_at < desk.now,
        Leave.state == Asked.GRANTED,
    )
    desk.session.execute(
        update(Leave).where(Leave.id.in_(under_way)).values(ends_at=desk.now),
        execution_options={"synchronize_session": False},
    )
