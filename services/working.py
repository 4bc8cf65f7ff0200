"""What engineers do with a ticket: accept, progress, hold, ask support, resolve (F9–F12)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import ANSWER_KINDS, DeadlineKind
from domain.escalation import Trigger
from domain.lifecycle import Action, Status
from domain.permissions import Permission, Role, Stand, demand, may
from domain.priority import Priority
from domain.refusals import AlreadyTaken, NotFound, NotYours
from domain.sentence import Fact, Facts
from domain.targets import WaitsFor
from domain.understanding import Truth
from models import Engineer, Person, Resolution, Ticket
from services import (
    calling,
    clocks,
    dispatching,
    escalating,
    merging,
    notices,
    queries,
    targets,
)
from services.notices import button
from services.readings import truth
from services.records import act, end_hold, has_had, locked, permitted, stand_of
from services.views import TicketView, WorkResult

if TYPE_CHECKING:
    from services.desk import Desk, Rules


def accept(desk: "Desk", ticket_id: int) -> TicketView:
    """The assignment becomes work; of two who press at once one gets it (P4)."""
    session, actor = desk.session, desk.actor
    demand(actor.roles, Permission.TICKET_ACCEPT, Stand(is_assigned=True))
    ticket = locked(session, ticket_id)
    if ticket.assignee_id != actor.id:
        _refuse_foreign(desk, ticket)
    if ticket.status is Status.IN_PROGRESS:
        return queries.view(session, ticket)  # pressed twice: accepted once
    act(session, ticket, Action.ACCEPT, actor_id=actor.id, now=desk.now)
    notices.accepted_by(session, ticket, desk.now)
    ticket.responded_at = desk.now
    clocks.stop(session, ticket.id, ANSWER_KINDS)
    targets.answered(session, ticket, desk.rules, desk.now)
    notices.tell(
        session,
        ticket.requester_id,
        "notice.engineer_coming",
        desk.now,
        ticket=ticket,
        engineer=actor.name,
        phone=actor.reached_by,
        symptom=ticket.symptom,
        due=ticket.resolution_due_at,
    )
    if ticket.priority is Priority.URGENT:
        calling.tell_answered(session, ticket, actor, desk.now)
    return queries.view(session, ticket)


def _refuse_foreign(desk: "Desk", ticket: Ticket) -> None:
    """Tell who has it, if the actor was ever asked; to others there may be no such ticket."""
    session, actor = desk.session, desk.actor
    may_read = may(actor.roles, Permission.TICKET_READ, stand_of(session, actor, ticket))
    if not may_read and not has_had(session, actor, ticket):
        raise NotFound()
    if ticket.status is Status.IN_PROGRESS and ticket.assignee_id is not None:
        holder = session.get_one(Person, ticket.assignee_id)
        raise AlreadyTaken(by=holder.name, at=ticket.responded_at, number=ticket.number)
    raise NotYours(number=ticket.number)


def arrive(desk: "Desk", ticket_id: int) -> TicketView:
    """On site: a progress note of its own kind."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_PROGRESS)
    act(
        desk.session,
        ticket,
        Action.PROGRESS,
        actor_id=desk.actor.id,
        now=desk.now,
        is_on_site=True,
    )
    targets.spoken_for(desk.session, ticket, desk.rules, desk.now, is_diagnosis=False)
    _tell_requester(desk, ticket, "notice.arrived", engineer=desk.actor.name)
    return queries.view(desk.session, ticket)


def progress(desk: "Desk", ticket_id: int, words: str) -> TicketView:
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_PROGRESS)
    act(desk.session, ticket, Action.PROGRESS, actor_id=desk.actor.id, now=desk.now, words=words)
    targets.spoken_for(desk.session, ticket, desk.rules, desk.now)
    _tell_requester(desk, ticket, "notice.progress", engineer=desk.actor.name, words=words)
    return queries.view(desk.session, ticket)


def hold(
    desk: "Desk",
    ticket_id: int,
    reason: str,
    until: datetime,
    waits_for: WaitsFor = WaitsFor.OTHER,
) -> TicketView:
    """Wait for somebody: the reason is told, the promises stand, a clock brings it back (F11)."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_HOLD)
    act(
        desk.session,
        ticket,
        Action.HOLD,
        actor_id=desk.actor.id,
        now=desk.now,
        reason=reason,
        until=until.isoformat(),
        waits_for=waits_for.value,
    )
    ticket.on_hold_since, ticket.hold_until = desk.now, until
    targets.spoken_for(desk.session, ticket, desk.rules, desk.now)
    targets.pause_and_move(
        desk.session, ticket, desk.rules, desk.now, reason, waits_for, until, desk.actor.id
    )
    clocks.start(desk.session, ticket.id, DeadlineKind.HOLD_ENDS, until)
    _tell_requester(
        desk, ticket, "notice.on_hold", reason=reason, until=until, due=ticket.resolution_due_at
    )
    return queries.view(desk.session, ticket)


def resume(desk: "Desk", ticket_id: int) -> TicketView:
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_RESUME)
    resume_ticket(desk.session, ticket, desk.actor.id, desk.rules, desk.now)
    return queries.view(desk.session, ticket)


def resume_ticket(
    session: Session, ticket: Ticket, actor_id: int | None, rules: "Rules", now: datetime
) -> None:
    """Work goes on: by hand, or by the clock of the hold."""
    act(session, ticket, Action.RESUME, actor_id=actor_id, now=now)
    end_hold(ticket)
    targets.resume(session, ticket, rules, now)
    clocks.stop(session, ticket.id, (DeadlineKind.HOLD_ENDS,))
    notices.tell(
        session,
        ticket.requester_id,
        "notice.resumed",
        now,
        ticket=ticket,
        due=ticket.resolution_due_at,
    )


def ask_support(desk: "Desk", ticket_id: int, need: str) -> TicketView:
    """A higher level joins where one is on duty; the desk hears in any case (F12)."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_ASK_SUPPORT)
    supporter = _higher_level(desk, ticket)
    act(
        desk.session,
        ticket,
        Action.ASK_SUPPORT,
        actor_id=desk.actor.id,
        now=desk.now,
        words=need,
        supporter_id=supporter.id if supporter else None,
    )
    if supporter is not None:
        ticket.supporter_id = supporter.id
    facts: Facts = {"engineer": desk.actor.name, "phone": desk.actor.reached_by, "need": need}
    if supporter is not None:
        notices.tell(
            desk.session,
            supporter.id,
            "notice.support_wanted",
            desk.now,
            ticket=ticket,
            is_urgent=True,
            buttons=(button(Command.SHOW, ticket.number),),
            known=facts,
            symptom=ticket.symptom,
            place=ticket.place,
        )
    notices.tell_desk(
        desk.session,
        "notice.support_asked",
        desk.now,
        ticket=ticket,
        buttons=(
            button(Command.GIVE_SUPPORT, ticket.number),
            button(Command.SHOW, ticket.number),
        ),
        supporter=supporter.name if supporter else None,
        known=facts,
    )
    if ticket.supporter_id is None:
        escalating.begin(desk.session, ticket, Trigger.SUPPORT, desk.rules, desk.now)
    return queries.view(desk.session, ticket)


def _higher_level(desk: "Desk", ticket: Ticket) -> Person | None:
    """The least loaded colleague of a higher level who is on duty, or a vendor."""
    own = desk.session.get(Engineer, desk.actor.id)
    level = own.level if own else 1
    rows = desk.session.scalars(
        select(Engineer)
        .where(Engineer.is_on_duty, Engineer.person_id != desk.actor.id)
        .order_by(Engineer.workload, Engineer.person_id)
    )
    fit = [each for each in rows if each.level > level or Role.VENDOR in each.person.roles]
    skilled = [each for each in fit if ticket.category in each.skills]
    chosen = next(iter(skilled or fit), None)
    return chosen.person if chosen else None


def resolve(desk: "Desk", ticket_id: int, result: WorkResult) -> TicketView:
    """The result goes into the form, and the requester is asked whether it is solved (F10, F16)."""
    session, now, actor = desk.session, desk.now, desk.actor
    ticket = permitted(session, actor, ticket_id, Permission.TICKET_RESOLVE)
    dispatching.decide_alone(session)
    act(session, ticket, Action.RESOLVE, actor_id=actor.id, now=now, words=result.action_taken)
    ticket.resolved_at = now
    ticket.responded_at = ticket.responded_at or now  # solved on the phone: answered, too (F7)
    session.add(
        Resolution(
            ticket_id=ticket.id,
            cycle=ticket.cycle,
            engineer_id=actor.id,
            cause=result.cause,
            action_taken=result.action_taken[:500],
            minutes=result.minutes,
            is_on_site=result.is_on_site,
            parts=list(result.parts),
            reported_at=now,
        )
    )
    dispatching.release(session, ticket.assignee_id, ticket.priority)
    targets.solved(session, ticket, desk.rules, now)
    clocks.stop(session, ticket.id)
    after = desk.rules.targets
    clocks.start(
        session, ticket.id, DeadlineKind.CONFIRM_REMINDER, now + after.remind_confirm_within
    )
    clocks.start(session, ticket.id, DeadlineKind.AUTO_CLOSE, now + after.auto_close_within)
    truth.learn(session, ticket_id, Truth.WORKED, category=ticket.category, by_id=actor.id, now=now)
    tell_resolved(desk, ticket, "notice.resolved", result.action_taken)
    merging.tell_resolved(desk, ticket, result.action_taken)
    session.flush()
    dispatching.redispatch_waiting(session, desk.rules, now)
    return queries.view(session, ticket)


def tell_resolved(desk: "Desk", ticket: Ticket, key: str, action_taken: str) -> None:
    """Ask the requester: solved or not?"""
    engineer = desk.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    notices.tell(
        desk.session,
        ticket.requester_id,
        key,
        desk.now,
        ticket=ticket,
        buttons=(
            button(Command.CONFIRM, ticket.number),
            button(Command.REOPEN, ticket.number),
        ),
        symptom=ticket.symptom,
        engineer=engineer.name if engineer else None,
        action=action_taken,
    )


def _tell_requester(desk: "Desk", ticket: Ticket, key: str, **facts: Fact) -> None:
    notices.tell(desk.session, ticket.requester_id, key, desk.now, ticket=ticket, known=facts)
