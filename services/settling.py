"""What requesters do with tickets: urge, cancel, confirm, reopen, rate (F13, F16)."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Permission
from domain.rating import CHANGE_WITHIN
from domain.rating import Rating as Judged
from domain.refusals import AlreadyRated, NotRateable, TooLate
from domain.sentence import Facts, Page
from models import Activity, IntakeChannel, Person, Rating, Resolution, Ticket
from services import appraisal, calling, clocks, dispatching, follow_ups, notices, queries, targets
from services.notices import button
from services.records import act, end_hold, permitted
from services.views import Scores, TicketView, Urged

if TYPE_CHECKING:
    from services.desk import Desk, Rules

log = logging.getLogger(__name__)

URGED_AGAIN_WITHIN = timedelta(minutes=5)
"""A second urging within this time is answered, but the engineer is not disturbed again."""

_TO_FOLLOW_UP = Page("/console/follow-ups", "page.follow_ups")
_WORKED_ON = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)


def urge(desk: "Desk", ticket_id: int) -> Urged:
    """The engineer hears it, and so does the desk (F11)."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_URGE)
    is_again = _urged_lately(desk, ticket)
    act(
        desk.session,
        ticket,
        Action.URGE,
        actor_id=desk.actor.id,
        now=desk.now,
        is_again=is_again or None,
    )
    if not is_again:
        pass_on_urge(desk, ticket)
    return Urged(queries.view(desk.session, ticket), is_again)


def _urged_lately(desk: "Desk", ticket: Ticket) -> bool:
    """Counted from the last one that was passed on: who urges every minute is heard again too."""
    lately = exists().where(
        Activity.ticket_id == ticket.id,
        Activity.action == Action.URGE,
        Activity.detail.is_(None),
        Activity.happened_at > desk.now - URGED_AGAIN_WITHIN,
    )
    return bool(desk.session.scalar(select(lately)))


def pass_on_urge(desk: "Desk", ticket: Ticket) -> None:
    """To who has it in hand, and to the desk."""
    order = Command.ACCEPT if ticket.status is Status.ASSIGNED else Command.PROGRESS
    facts: Facts = {
        "symptom": ticket.symptom,
        "contact": ticket.contact_name,
        "phone": ticket.contact_phone,
    }
    notices.tell(
        desk.session,
        ticket.assignee_id,
        "notice.urged",
        desk.now,
        ticket=ticket,
        is_urgent=True,
        buttons=(button(order, ticket.number),),
        known=facts,
    )
    notices.tell_desk(desk.session, "notice.urged_desk", desk.now, ticket=ticket, known=facts)


def cancel(desk: "Desk", ticket_id: int, reason: str | None = None) -> TicketView:
    """The engineer need not come; the requester hears of it if it was not them."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_CANCEL)
    was_worked_on = ticket.status in _WORKED_ON
    dispatching.decide_alone(desk.session)
    act(desk.session, ticket, Action.CANCEL, actor_id=desk.actor.id, now=desk.now, reason=reason)
    targets.dropped(desk.session, ticket, desk.now)
    clocks.stop(desk.session, ticket.id)
    end_hold(ticket)
    if desk.actor.id != ticket.requester_id:
        notices.tell(
            desk.session,
            ticket.requester_id,
            "desk_told.cancelled",
            desk.now,
            ticket=ticket,
            symptom=ticket.symptom,
            reason=reason,
        )
    if was_worked_on:
        dispatching.release(desk.session, ticket.assignee_id, ticket.priority)
        notices.tell(
            desk.session,
            ticket.assignee_id,
            "notice.cancelled",
            desk.now,
            ticket=ticket,
            is_urgent=True,
            symptom=ticket.symptom,
            contact=ticket.contact_name,
        )
        desk.session.flush()
        dispatching.redispatch_waiting(desk.session, desk.rules, desk.now)
    return queries.view(desk.session, ticket)


def confirm(desk: "Desk", ticket_id: int) -> TicketView:
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_CONFIRM)
    if ticket.status is Status.CLOSED:
        return queries.view(desk.session, ticket)  # tapped twice: closed once
    close(desk.session, ticket, Action.CONFIRM, desk.actor.id, desk.rules, desk.now)
    notices.settled_by(desk.session, ticket, desk.now)
    notices.tell(
        desk.session,
        ticket.assignee_id,
        "notice.confirmed",
        desk.now,
        ticket=ticket,
        contact=ticket.contact_name,
    )
    return queries.view(desk.session, ticket)


def close(
    session: Session,
    ticket: Ticket,
    action: Action,
    actor_id: int | None,
    rules: "Rules",
    now: datetime,
) -> None:
    """Ended; a rating is reminded of once (F13)."""
    act(session, ticket, action, actor_id=actor_id, now=now)
    ticket.closed_at = now
    clocks.stop(session, ticket.id)
    if ticket.requester_id != ticket.assignee_id:
        remind_at = now + rules.targets.remind_rating_within
        clocks.start(session, ticket.id, DeadlineKind.RATING_REMINDER, remind_at)


def reopen(desk: "Desk", ticket_id: int, reason: str) -> TicketView:
    """Open again with its history; the same engineer comes back if they can (F16)."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_REOPEN)
    ended = ticket.closed_at or ticket.resolved_at
    if ended is not None and now - ended > desk.rules.targets.reopen_within:
        raise TooLate()
    former = ticket.assignee_id
    act(
        session,
        ticket,
        Action.REOPEN,
        actor_id=desk.actor.id,
        now=now,
        reason=reason,
        from_engineer_id=former,
    )
    notices.settled_by(session, ticket, now)
    ticket.cycle += 1
    ticket.assignee_id = ticket.response_due_at = None
    ticket.resolved_at = ticket.closed_at = ticket.responded_at = None
    clocks.stop(session, ticket.id)
    targets.begin(session, ticket, desk.rules, now)
    calling.give_out(session, ticket, desk.rules, now, preferred=former)
    session.flush()
    is_alarm = ticket.channel is IntakeChannel.MONITORING
    key = "notice.reopened_by_alarm" if is_alarm else "notice.reopened_desk"
    notices.tell_desk(session, key, now, ticket=ticket, symptom=ticket.symptom, reason=reason)
    return queries.view(session, ticket)


def rate(
    desk: "Desk", ticket_id: int, scores: Scores, channel: IntakeChannel = IntakeChannel.WECHAT
) -> TicketView:
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.RATING_GIVE)
    if ticket.status is not Status.CLOSED or _worked_on(session, ticket, desk.actor.id):
        raise NotRateable(number=ticket.number)
    if is_rated(session, ticket):
        raise AlreadyRated(number=ticket.number)
    judged = Judged(scores.speed, scores.attitude, scores.result, scores.comment or "")
    act(session, ticket, Action.RATE, actor_id=desk.actor.id, now=desk.now)
    rating = Rating(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        engineer_id=ticket.assignee_id,
        requester_id=desk.actor.id,
        speed=judged.speed,
        attitude=judged.attitude,
        result=judged.result,
        comment=judged.comment[:500] or None,
        rated_at=desk.now,
        channel=channel,
    )
    session.add(rating)
    session.flush()
    clocks.stop(session, ticket.id, (DeadlineKind.RATING_REMINDER,))
    _count(desk, ticket, rating, judged)
    return queries.view(session, ticket)


def _count(desk: "Desk", ticket: Ticket, rating: Rating, judged: Judged) -> None:
    """For whom it is about, and as a call back where it is low."""
    appraisal.count_rating(desk, rating)
    if judged.needs_follow_up:
        follow_ups.open_for(desk, rating)
        _ask_desk_to_follow_up(desk, ticket, judged)


def change_rating(
    desk: "Desk", ticket_id: int, scores: Scores, channel: IntakeChannel = IntakeChannel.WECHAT
) -> TicketView:
    """Once, while it is fresh; what was said first is kept, and AlreadyRated after that (F13)."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.RATING_GIVE)
    rating = session.scalar(
        select(Rating).where(Rating.ticket_id == ticket.id, Rating.cycle == ticket.cycle)
    )
    if rating is None:
        raise NotRateable(number=ticket.number)
    if rating.first is not None or desk.now - rating.rated_at > CHANGE_WITHIN:
        raise AlreadyRated(number=ticket.number)
    judged = Judged(scores.speed, scores.attitude, scores.result, scores.comment or "")
    rating.first = {
        "speed": rating.speed,
        "attitude": rating.attitude,
        "result": rating.result,
        "comment": rating.comment,
        "channel": rating.channel.value if rating.channel else None,
        "changed_at": desk.now.isoformat(),
    }
    rating.speed, rating.attitude, rating.result = judged.parts
    rating.comment = judged.comment[:500] or rating.comment
    rating.channel = channel
    session.flush()
    _count(desk, ticket, rating, judged)
    log.info("rating_changed ticket=%s", ticket.number)
    return queries.view(session, ticket)


def rating_to_change(desk: "Desk", ticket_id: int | None = None) -> TicketView | None:
    """This ticket of the actor's, or the one rated last, if its rating may still be changed."""
    statement = (
        select(Ticket)
        .join(Rating, and_(Rating.ticket_id == Ticket.id, Rating.cycle == Ticket.cycle))
        .where(
            Rating.requester_id == desk.actor.id,
            Rating.rated_at >= desk.now - CHANGE_WITHIN,
            Rating.first.is_(None),
        )
        .order_by(Rating.rated_at.desc(), Rating.id.desc())
        .limit(1)
    )
    if ticket_id is not None:
        statement = statement.where(Ticket.id == ticket_id)
    found = desk.session.scalar(statement)
    return queries.view(desk.session, found) if found else None


def comment(desk: "Desk", ticket_id: int, words: str) -> TicketView:
    """Scores count at once; a word why may follow them, and the desk reads it (F13)."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.RATING_GIVE)
    rating = session.scalar(
        select(Rating).where(Rating.ticket_id == ticket.id, Rating.cycle == ticket.cycle)
    )
    if rating is None:
        raise NotRateable(number=ticket.number)
    if rating.comment:
        raise AlreadyRated(number=ticket.number)
    rating.comment = words[:500]
    notices.tell_desk(
        session,
        "notice.rating_comment",
        desk.now,
        ticket=ticket,
        contact=ticket.contact_name,
        comment=words[:500],
    )
    return queries.view(session, ticket)


def _worked_on(session: Session, ticket: Ticket, person_id: int) -> bool:
    """Whether it is this person's own work; what the desk solved itself has no engineer."""
    solved = exists().where(
        Resolution.ticket_id == ticket.id,
        Resolution.cycle == ticket.cycle,
        Resolution.engineer_id == person_id,
    )
    return ticket.assignee_id == person_id or bool(session.scalar(select(solved)))


def is_rated(session: Session, ticket: Ticket) -> bool:
    """Whether this cycle has its rating."""
    rated = exists().where(Rating.ticket_id == ticket.id, Rating.cycle == ticket.cycle)
    return bool(session.scalar(select(rated)))


def _ask_desk_to_follow_up(desk: "Desk", ticket: Ticket, judged: Judged) -> None:
    """A low score is a call back by the desk, never only a figure (F13)."""
    engineer = desk.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    notices.tell_desk(
        desk.session,
        "notice.low_rating",
        desk.now,
        ticket=ticket,
        page=_TO_FOLLOW_UP,
        contact=ticket.contact_name,
        phone=ticket.contact_phone,
        engineer=engineer.name if engineer else None,
        speed=judged.speed,
        attitude=judged.attitude,
        result=judged.result,
        comment=judged.comment or None,
    )
