"""Climbs the ladder: who hears of what is late, and again, until somebody sees to it (F11)."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar import CalendarRunsOut
from domain.commands import Command
from domain.deadlines import DeadlineKind
from domain.escalation import (
    Call,
    Hearer,
    Standing,
    Trigger,
    Way,
    is_graver,
    is_over,
    read_step,
    step_of,
)
from domain.lifecycle import OPEN_STATUSES, Action
from domain.permissions import Role
from domain.sentence import Fact, Say, Word
from models import Deadline, Person, Ticket
from services import clocks, notices, on_call
from services.clocks import Due
from services.notices import button
from services.records import act
from services.target_rows import agreement_of

if TYPE_CHECKING:
    from domain.escalation import Ladder
    from services.desk import Rules

log = logging.getLogger(__name__)

_LADDER = (DeadlineKind.LADDER,)


def begin(
    session: Session, ticket: Ticket, trigger: Trigger, rules: "Rules", now: datetime
) -> None:
    """Start at the foot, unless something as grave is being climbed for already."""
    running = current(session, ticket)
    if running is not None and not is_graver(trigger, running):
        return
    if trigger is Trigger.UNANSWERED and _is_called_for(session, ticket):
        return  # lead and head have their turn in the chain (F15)
    if ticket.status in OPEN_STATUSES:
        _go_on(session, ticket, trigger, 0, rules, now)


def current(session: Session, ticket: Ticket) -> Trigger | None:
    """What is being climbed for now."""
    step = session.scalar(
        select(Deadline.step).where(
            Deadline.ticket_id == ticket.id, Deadline.kind == DeadlineKind.LADDER
        )
    )
    return None if step is None else read_step(step)[0]


def _is_called_for(session: Session, ticket: Ticket) -> bool:
    clock = select(Deadline.id).where(
        Deadline.ticket_id == ticket.id, Deadline.kind == DeadlineKind.CALL_OUT
    )
    return session.scalar(clock) is not None


def is_for_support(session: Session, ticket: Ticket) -> bool:
    """Whether what is being climbed for is only that an engineer asked for help."""
    return current(session, ticket) is Trigger.SUPPORT


def stop(session: Session, ticket: Ticket) -> None:
    """Nobody else need hear of it."""
    clocks.stop(session, ticket.id, _LADDER)


def climb(session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due) -> None:
    """The act of a LADDER clock: this step, and the time of the next."""
    trigger, place = read_step(due.step)
    _take(session, ticket, trigger, place, rules, now)


def _go_on(
    session: Session, ticket: Ticket, trigger: Trigger, place: int, rules: "Rules", now: datetime
) -> None:
    """Take the step at once if it is due at once; else wind its clock."""
    calls = ladder_of(ticket, rules).calls(trigger, ticket.priority)
    stop(session, ticket)
    if place >= len(calls):
        return
    at = when(calls[place], rules, now)
    if at <= now:
        _take(session, ticket, trigger, place, rules, now)
    else:
        step = step_of(trigger, place)
        clocks.start(session, ticket.id, DeadlineKind.LADDER, at, step=step)


def when(call: Call, rules: "Rules", now: datetime) -> datetime:
    """The next step on its own clock: what may wait does not wake anybody (B5)."""
    runs = call.rung.runs
    try:
        if not call.after and not rules.hours.is_open(now, runs):
            return rules.hours.next_opening(now)
        return rules.hours.add(now, call.after, runs)
    except CalendarRunsOut:
        return now + call.after


def _take(
    session: Session, ticket: Ticket, trigger: Trigger, place: int, rules: "Rules", now: datetime
) -> None:
    """What was so when the clock was wound is looked at again before anybody is told (B4)."""
    calls = ladder_of(ticket, rules).calls(trigger, ticket.priority)
    if place >= len(calls) or is_over(calls[place].rung.until, standing_of(ticket, now)):
        return
    _tell(session, ticket, trigger, calls[place], now)
    _go_on(session, ticket, trigger, place + 1, rules, now)


def ladder_of(ticket: Ticket, rules: "Rules") -> "Ladder":
    """Of the version that the ticket was opened under."""
    return agreement_of(ticket, rules).ladder


def standing_of(ticket: Ticket, now: datetime) -> Standing:
    return Standing(ticket.status, ticket.resolution_due_at <= now, ticket.supporter_id is not None)


# --- telling --------------------------------------------------------------------------------------


def _tell(session: Session, ticket: Ticket, trigger: Trigger, call: Call, now: datetime) -> None:
    people = people_of(session, ticket, call.rung.hears)
    _note_each(session, ticket, trigger, call, now)
    facts = facts_of(session, ticket)
    for person_id in people:
        _tell_one(session, ticket, trigger, call, person_id, facts, now)
    if call.rung.way is Way.PHONE:
        _have_them_rung_up(session, ticket, people, now)
    log.info("ticket_escalated ticket=%s why=%s people=%d", ticket.number, trigger, len(people))


def _note_each(
    session: Session, ticket: Ticket, trigger: Trigger, call: Call, now: datetime
) -> None:
    """In the timeline: the desk as one, others by name."""
    noted: set[int] = set()
    for hearer in sorted(call.rung.hears):
        if hearer is Hearer.DESK:
            note(session, ticket, trigger.value, None, now)
            continue
        for person_id in _who(session, ticket, hearer):
            if person_id not in noted:
                note(session, ticket, trigger.value, person_id, now)
            noted.add(person_id)


def note(
    session: Session,
    ticket: Ticket,
    ladder: str,
    person_id: int | None,
    now: datetime,
    *,
    actor_id: int | None = None,
    **detail: Any,
) -> None:
    """Who heard of it, and may read the ticket from now on; None: the desk."""
    act(
        session,
        ticket,
        Action.ESCALATE,
        actor_id=actor_id,
        now=now,
        ladder=ladder,
        engineer_id=person_id,
        **detail,
    )


def people_of(session: Session, ticket: Ticket, hears: Iterable[Hearer]) -> list[int]:
    """Whoever that is for this ticket now, each once; where there is no lead, the head."""
    found: list[int] = []
    for hearer in sorted(hears):
        found += _who(session, ticket, hearer)
    return list(dict.fromkeys(found))


def _who(session: Session, ticket: Ticket, hearer: Hearer) -> list[int]:
    match hearer:
        case Hearer.ENGINEER:
            return [ticket.assignee_id] if ticket.assignee_id is not None else []
        case Hearer.DESK:
            return notices.desk_people(session)
        case Hearer.LEAD:
            return on_call.leads_of(session, ticket) or notices.holding(session, Role.HEAD)
        case Hearer.HEAD:
            return notices.holding(session, Role.HEAD) or notices.desk_people(session)


def facts_of(session: Session, ticket: Ticket) -> dict[str, Fact]:
    """What somebody must know who has heard nothing of it."""
    engineer = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    return {
        "symptom": ticket.symptom,
        "place": ticket.place,
        "contact": ticket.contact_name,
        "urgent": Word("priority.urgent") if ticket.priority == 1 else None,
        "engineer": engineer.name if engineer else None,
        "phone": engineer.reached_by if engineer else None,
        "due": ticket.resolution_due_at,
        "since": ticket.assigned_at or ticket.opened_at,
    }


def _tell_one(
    session: Session,
    ticket: Ticket,
    trigger: Trigger,
    call: Call,
    person_id: int,
    facts: Mapping[str, Fact],
    now: datetime,
) -> None:
    """The engineer is asked to work, the others to see to it."""
    is_engineer = person_id == ticket.assignee_id
    notices.tell(
        session,
        person_id,
        f"notice.ladder_engineer.{trigger}" if is_engineer else f"notice.ladder.{trigger}",
        now,
        ticket=ticket,
        is_urgent=call.rung.way is not Way.MESSAGE,
        buttons=(
            (button(Command.PROGRESS, ticket.number),)
            if is_engineer
            else (
                button(Command.TAKE_CHARGE, ticket.number),
                button(Command.SHOW, ticket.number),
            )
        ),
        known={**facts, "again": Word("notice.ladder_again") if call.is_again else None},
    )


def _have_them_rung_up(
    session: Session, ticket: Ticket, people: Iterable[int], now: datetime
) -> None:
    """The desk dials: a telephone is louder than a message."""
    rows = session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.id))
    lines = tuple(
        Say("notice.ring_up_line", {"name": each.name, "phone": each.reached_by}) for each in rows
    )
    if lines:
        notices.tell_desk(
            session,
            "notice.ring_up",
            now,
            ticket=ticket,
            symptom=ticket.symptom,
            people=lines,
        )
