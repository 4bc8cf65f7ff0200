"""Off hours: those on call are called one after the other, the rest waits for the morning (F15)."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import ANSWER_KINDS, DeadlineKind
from domain.escalation import ROUNDS
from domain.lifecycle import Action, Status
from domain.priority import Priority
from domain.sentence import Say
from domain.speaker import Speaker
from models import Activity, Deadline, Notice, Person, Ticket
from services import clocks, dispatching, escalating, notices, on_call
from services.clocks import Due
from services.notices import button
from services.records import act
from services.views import Called, PersonView

if TYPE_CHECKING:
    from services.desk import Rules

log = logging.getLogger(__name__)

LOOKED_AGAIN_AFTER = timedelta(minutes=5)
"""So long people may take to sign in, once the desk is open, before it hears what nobody has."""

_CALL = "call"  # what led to it, as the timeline says
_TOLD_AGAIN_AFTER = timedelta(minutes=30)


# --- what becomes of a ticket that nobody has -----------------------------------------------------


def give_out(
    session: Session,
    ticket: Ticket,
    rules: "Rules",
    now: datetime,
    *,
    excluded: Collection[int] = (),
    preferred: int | None = None,
    step: int = 0,
) -> None:
    """In service hours to the best; off hours to whoever is on call, or in the morning.

    `step`: how many were called for it already.
    """
    if rules.hours.is_open(now):
        dispatching.dispatch_ticket(
            session, ticket, rules, now, excluded=excluded, preferred=preferred
        )
    elif ticket.priority is not Priority.URGENT:
        wait_for_morning(session, ticket, rules, now)
    elif step:
        _call_from(session, ticket, step, rules, now)
    else:
        call(session, ticket, rules, now)


def wait_for_morning(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """It is given out when the desk opens."""
    opens_at = rules.hours.next_opening(now)
    clocks.start(session, ticket.id, DeadlineKind.DISPATCH, opens_at)


# --- the chain ------------------------------------------------------------------------------------


def call(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> Called:
    """Wake whoever comes first; one person wakes nobody all night (H-56)."""
    if not on_call.is_silenced(session, ticket.requester_id, now):
        return _call_from(session, ticket, 0, rules, now)
    if ticket.status is Status.NEW:
        wait_for_morning(session, ticket, rules, now)
    notices.tell_desk(
        session,
        "notice.call_silenced",
        now,
        ticket=ticket,
        symptom=ticket.symptom,
        contact=ticket.contact_name,
        phone=ticket.contact_phone,
    )
    log.warning("call_silenced ticket=%s", ticket.number)
    return _nobody(rules, now, is_silenced=True)


def call_next(session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due) -> None:
    """The act of a CALL_OUT clock: whoever was called did not answer."""
    called = _call_from(session, ticket, due.step, rules, now)
    if called.person is not None and not called.is_on_call:
        return
    notices.tell(
        session,
        ticket.requester_id,
        "notice.call_goes_on" if called.person else "notice.nobody_answers",
        now,
        ticket=ticket,
        symptom=ticket.symptom,
        engineer=called.person.name if called.person else None,
        phone=called.person.phone if called.person else None,
        opens=called.opens_at,
        desk_phone=rules.desk_phone or None,
    )


def step_of(session: Session, ticket: Ticket) -> int:
    """How many were called for it so far; 0 if nobody is being called."""
    step = session.scalar(
        select(Deadline.step).where(
            Deadline.ticket_id == ticket.id, Deadline.kind == DeadlineKind.CALL_OUT
        )
    )
    return step or 0


def _call_from(
    session: Session, ticket: Ticket, step: int, rules: "Rules", now: datetime
) -> Called:
    """The next of the chain, again from its beginning; after some rounds the morning is left."""
    dispatching.decide_alone(session)
    people = chain_for(session, ticket, now)
    if not people or step >= ROUNDS * len(people):
        return _given_up(session, ticket, rules, now)
    person = session.get_one(Person, people[step % len(people)])
    is_on_call = on_call.may_hold(session, person.id)
    if is_on_call:
        _put_into_hands(session, ticket, person, step, rules, now)
    else:
        _ask_above(session, ticket, person, step, rules, now)
    log.info("on_call_called ticket=%s person=%s step=%d", ticket.number, person.id, step)
    seen = PersonView(person.id, person.name or "", person.reached_by)
    within = rules.targets.on_call_answer_within
    minutes = int(within.total_seconds() // 60)
    opens_at = rules.hours.next_opening(now)
    return Called(seen, is_on_call, opens_at=opens_at, answer_minutes=minutes)


def chain_for(session: Session, ticket: Ticket, now: datetime) -> list[int]:
    """Everybody who may be called for it: not who reported it, nor who said no."""
    left_out = {*_refused_by(session, ticket), ticket.requester_id}
    return [each for each in on_call.chain(session, ticket.category, now) if each not in left_out]


def _refused_by(session: Session, ticket: Ticket) -> set[int]:
    """Who said no in this cycle: they are not asked again."""
    rows = session.execute(
        select(Activity.action, Activity.actor_id)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action.in_([Action.DECLINE, Action.TRANSFER, Action.REOPEN]),
        )
        .order_by(Activity.id)
    )
    found: set[int] = set()
    for action, actor_id in rows:
        if action is Action.REOPEN:
            found.clear()
        elif actor_id is not None:
            found.add(actor_id)
    return found


def _put_into_hands(
    session: Session, ticket: Ticket, person: Person, step: int, rules: "Rules", now: datetime
) -> None:
    """Somebody who can come has the ticket; whoever had it need not answer any more."""
    former = ticket.assignee_id
    if former == person.id:
        _call_again(session, ticket, person, step, rules, now)
        return
    if former is None:
        dispatching.assign(session, ticket, person.id, rules, now, called=step)
        return
    dispatching.release(session, former, ticket.priority)
    dispatching.assign(
        session,
        ticket,
        person.id,
        rules,
        now,
        action=Action.REASSIGN,
        called=step,
        from_engineer_id=former,
    )
    notices.tell(
        session,
        former,
        "notice.taken_away",
        now,
        ticket=ticket,
        is_urgent=True,
        symptom=ticket.symptom,
    )


def _call_again(
    session: Session, ticket: Ticket, person: Person, step: int, rules: "Rules", now: datetime
) -> None:
    """Nobody else can be called: the same one hears it once more."""
    act(session, ticket, Action.REMIND, actor_id=None, now=now, engineer_id=person.id)
    clocks.start_calling(session, ticket, rules.targets, now, step + 1)
    notices.queue(session, [dispatching.assignment_notice(ticket, person.id, now, is_called=True)])


def _ask_above(
    session: Session, ticket: Ticket, person: Person, step: int, rules: "Rules", now: datetime
) -> None:
    """A lead or the head finds somebody; whoever was called may still answer."""
    escalating.note(session, ticket, _CALL, person.id, now, called=step)
    clocks.start_calling(session, ticket, rules.targets, now, step + 1)
    notices.tell(
        session,
        person.id,
        "notice.call_above",
        now,
        ticket=ticket,
        is_urgent=True,
        buttons=(
            button(Command.TAKE_CHARGE, ticket.number),
            button(Command.SHOW, ticket.number),
        ),
        symptom=ticket.symptom,
        place=ticket.place,
        contact=ticket.contact_name,
        contact_phone=ticket.contact_phone,
        tried=_tried(session, ticket) or None,
    )


def _tried(session: Session, ticket: Ticket) -> tuple[Say, ...]:
    """Who was called in vain, to be rung up."""
    details = session.scalars(
        select(Activity.detail)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN]),
        )
        .order_by(Activity.id)
    )
    ids = [each["engineer_id"] for each in details if each and "called" in each]
    rows = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return tuple(
        Say("notice.ring_up_line", {"name": rows[each].name, "phone": rows[each].reached_by})
        for each in dict.fromkeys(ids)
    )


def _given_up(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> Called:
    """Nobody can be called, or nobody answers: that is said, and the morning is waited for."""
    former = ticket.assignee_id
    if ticket.status is Status.ASSIGNED and former is not None:
        act(session, ticket, Action.QUEUE, actor_id=None, now=now, from_engineer_id=former)
        dispatching.withdraw(session, ticket)
    clocks.stop(session, ticket.id, ANSWER_KINDS)
    if ticket.status is Status.NEW:
        wait_for_morning(session, ticket, rules, now)
    notices.tell_desk(
        session,
        "notice.nobody_answered",
        now,
        ticket=ticket,
        symptom=ticket.symptom,
        place=ticket.place,
        contact=ticket.contact_name,
        phone=ticket.contact_phone,
        tried=_tried(session, ticket) or None,
    )
    return _nobody(rules, now)


def _nobody(rules: "Rules", now: datetime, *, is_silenced: bool = False) -> Called:
    opens_at = rules.hours.next_opening(now)
    return Called(None, False, is_silenced, opens_at, rules.desk_phone)


def called_above(session: Session, ticket: Ticket) -> list[int]:
    """Leads and heads who were called for it: they hear that somebody has it."""
    details = session.scalars(
        select(Activity.detail).where(
            Activity.ticket_id == ticket.id, Activity.action == Action.ESCALATE
        )
    )
    ids = [each["engineer_id"] for each in details if each and each.get("ladder") == _CALL]
    return list(dict.fromkeys(ids))


def tell_answered(session: Session, ticket: Ticket, who: Speaker, now: datetime) -> None:
    """Whoever was called above hears that somebody has it: they may go back to sleep."""
    for person_id in called_above(session, ticket):
        if person_id != who.id:
            notices.tell(
                session,
                person_id,
                "notice.call_answered",
                now,
                ticket=ticket,
                is_urgent=True,
                engineer=who.name,
                phone=who.reached_by,
                symptom=ticket.symptom,
            )


# --- the morning ----------------------------------------------------------------------------------


def give_out_in_the_morning(
    session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due
) -> None:
    """The act of a DISPATCH clock: the desk is open, people are signing in."""
    if not rules.hours.is_open(now):
        wait_for_morning(session, ticket, rules, now)  # the process was down all day
        return
    excluded = dispatching.gave_back(session, ticket)
    job = dispatching.job_of(ticket, excluded)
    receipt, _ = dispatching.choose(session, job, ticket.requester_id, rules, now)
    if receipt.chosen is not None:
        dispatching.assign(session, ticket, receipt.chosen, rules, now, receipt=receipt)
    elif due.step == 0:
        again_at = now + LOOKED_AGAIN_AFTER
        clocks.start(session, ticket.id, DeadlineKind.DISPATCH, again_at, step=1)
    else:
        _tell_what_waits(session, now)


def _tell_what_waits(session: Session, now: datetime) -> None:
    """One word for all that came in at night and nobody has; the queue shows each."""
    desk = notices.desk_people(session)
    if not desk or _was_told(session, desk[0], now):
        return
    waiting = session.scalars(
        select(Ticket)
        .where(Ticket.status == Status.NEW)
        .order_by(Ticket.priority, Ticket.opened_at)
    ).all()
    lines = tuple(
        Say("notice.waits_line", {"number": each.number, "symptom": each.symptom})
        for each in waiting[:5]
    )
    notices.tell_desk(session, "notice.morning_waits", now, count=len(waiting), tickets=lines)


def _was_told(session: Session, person_id: int, now: datetime) -> bool:
    # Served by ix_notices_recipient_id_id.
    recent = select(Notice.id).where(
        Notice.recipient_id == person_id,
        Notice.text_key == "notice.morning_waits",
        Notice.created_at > now - _TOLD_AGAIN_AFTER,
    )
    return session.scalar(recent.limit(1)) is not None
