"""Who gets a ticket: candidates as the rule sees them, the choice, and its stored receipt (F8)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from domain import dispatch
from domain.category import Category
from domain.commands import Command
from domain.deadlines import DeadlineKind
from domain.dispatch import LOAD_POINTS, PRIORITY_WEIGHT, Candidate, Job, Receipt, Score
from domain.lifecycle import Action, Status
from domain.permissions import Permission
from domain.priority import Priority, Urgency
from domain.sentence import Button, Fact, Say, Word
from models import Activity, Deadline, Engineer, Person, Ticket, table_of
from services import clocks, notices, roster
from services.notices import button
from services.records import act, permitted
from services.speakers import is_reachable

if TYPE_CHECKING:
    from services.desk import Desk, Rules

_people, _engineers, _tickets = table_of(Person), table_of(Engineer), table_of(Ticket)

_CANDIDATES = (
    select(
        _people.c.id,
        _people.c.name,
        _people.c.openid,
        _people.c.phone,
        _people.c.extension,
        _people.c.is_following,
        _people.c.unreached_since,
        _engineers.c.skills,
        _engineers.c.areas,
        _engineers.c.level,
        _engineers.c.open_tickets,
        _engineers.c.workload,
        _engineers.c.is_on_duty,
        _engineers.c.last_assigned_at,
        roster.is_granted_at(_people.c.id, bindparam("at")).label("is_away"),
    )
    .join_from(_engineers, _people, _people.c.id == _engineers.c.person_id)
    .order_by(_people.c.id)
)
_ON_DUTY = _CANDIDATES.where(_engineers.c.is_on_duty)
_skills = type_coerce(_engineers.c.skills, String)
# Of a large team the few who know the thing; generalists have no skills listed.
_SKILLED = _ON_DUTY.where(or_(_skills == "", _skills.like(bindparam("having"))))
_SERVED_BY = (
    select(_tickets.c.assignee_id)
    .where(
        and_(_tickets.c.requester_id == bindparam("of_requester"), _tickets.c.status == "closed")
    )
    .order_by(_tickets.c.opened_at.desc())
    .limit(20)
)
_TAKE = (
    update(_engineers)
    .where(_engineers.c.person_id == bindparam("of_engineer"))
    .values(
        open_tickets=_engineers.c.open_tickets + 1,
        workload=_engineers.c.workload + bindparam("weight"),
        last_assigned_at=bindparam("at"),
    )
)
_RELEASE = (
    update(_engineers)
    .where(_engineers.c.person_id == bindparam("of_engineer"))
    .values(
        open_tickets=_engineers.c.open_tickets - 1,
        workload=_engineers.c.workload - bindparam("weight"),
    )
)

# Of engineers as good as the best, the first whom nobody else is being given work to right now and
# whose load is still what was seen. PostgreSQL; SQLite has one writer.
_TAKE_FIRST_FREE = text(
    """
    UPDATE engineers
    SET open_tickets = open_tickets + 1, workload = workload + :weight, last_assigned_at = :at
    WHERE person_id = (
        SELECT free.person_id
        FROM engineers AS free
        JOIN unnest(CAST(:ids AS integer[]), CAST(:seen AS integer[])) WITH ORDINALITY
            AS wanted (id, seen, place)
            ON free.person_id = wanted.id AND free.open_tickets = wanted.seen
        WHERE free.is_on_duty
        ORDER BY wanted.place
        LIMIT 1
        FOR UPDATE OF free SKIP LOCKED
    )
    RETURNING person_id
    """
)

# A row that changed since it was seen is not taken, and PostgreSQL keeps it locked all the same:
# whoever then waits for others' decisions must not hold it, for one of those may wait for it.
_BEFORE_TAKING = text("SAVEPOINT before_taking")
_NOTHING_TAKEN = text("ROLLBACK TO SAVEPOINT before_taking")

_ROSTER = 8101  # the number of the lock; nothing else in the database takes one of this kind
_ALONE = select(func.pg_advisory_xact_lock(_ROSTER))


# --- choosing ----------------------------------------------------------------------------------


def decide_alone(session: Session) -> None:
    """One dispatch decision at a time: two at once would both find the same engineer free.

    Whoever changes several engineers' counts asks before the first, so that no two wait for each
    other. SQLite has one writer anyway.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)


def candidates(
    session: Session, requester_id: int, now: datetime, category: Category | None = None
) -> tuple[list[Candidate], dict[int, Any]]:
    """Who is on duty and knows the category, or every engineer, as the rule sees them."""
    connection = session.connection()
    if category is None:
        rows = connection.execute(_CANDIDATES, {"at": now}).all()
    elif category is Category.OTHER:
        rows = connection.execute(_ON_DUTY, {"at": now}).all()
    else:
        having = f"%,{category.value},%"
        rows = connection.execute(_SKILLED, {"having": having, "at": now}).all()
    served = set(connection.execute(_SERVED_BY, {"of_requester": requester_id}).scalars())
    found = [_candidate(row, knows_requester=row.id in served) for row in rows]
    return found, {row.id: row for row in rows}


def _candidate(row: Any, *, knows_requester: bool) -> Candidate:
    return Candidate(
        id=row.id,
        name=row.name,
        skills=row.skills,
        areas=frozenset(row.areas),
        level=row.level,
        open_tickets=row.open_tickets,
        workload=row.workload,
        is_on_duty=row.is_on_duty,
        is_reachable=is_reachable(row),
        last_assigned_at=row.last_assigned_at,
        knows_requester=knows_requester,
        is_away=row.is_away,
    )


def choose(
    session: Session, job: Job, requester_id: int, rules: "Rules", now: datetime
) -> tuple[Receipt, dict[int, Any]]:
    """The receipt; where nobody fits, it names everybody who might have, with the reason."""
    decide_alone(session)
    found, rows = candidates(session, requester_id, now, job.category)
    receipt = dispatch.choose(job, found, rules.max_open_tickets)
    if receipt.chosen is None:
        found, rows = candidates(session, requester_id, now)
        receipt = dispatch.choose(job, found, rules.max_open_tickets)
    return receipt, rows


def choose_and_take(
    session: Session, job: Job, requester_id: int, rules: "Rules", now: datetime
) -> tuple[Receipt, dict[int, Any]]:
    """Choose an engineer and put the ticket on their hands, waiting for nobody else's decision."""
    if session.connection().dialect.name == "postgresql":
        found, rows = candidates(session, requester_id, now, job.category)
        receipt = dispatch.choose(job, found, rules.max_open_tickets)
        taken = _take_first_free(session, receipt, found, job.priority, now)
        if taken is not None:
            return replace(receipt, chosen=taken), rows
    receipt, rows = choose(session, job, requester_id, rules, now)
    if receipt.chosen is not None:
        take(session, receipt.chosen, job.priority, now)
    return receipt, rows


def _take_first_free(
    session: Session, receipt: Receipt, found: list[Candidate], priority: Priority, now: datetime
) -> int | None:
    """Whoever of the best is free of other decisions; None: those have to be waited for."""
    seen = {each.id: each.open_tickets for each in found}
    as_good = [each.engineer_id for each in receipt.scores if _is_as_good(each, receipt.scores[0])]
    if not as_good:
        return None
    values = {
        "ids": as_good,
        "seen": [seen[engineer_id] for engineer_id in as_good],
        "weight": PRIORITY_WEIGHT[priority],
        "at": now,
    }
    connection = session.connection()
    connection.execute(_BEFORE_TAKING)
    taken: int | None = connection.execute(_TAKE_FIRST_FREE, values).scalar()
    if taken is None:
        connection.execute(_NOTHING_TAKEN)
    return taken


def _is_as_good(score: Score, best: Score) -> bool:
    """Within one ticket's worth of the best: the best is being given one at this instant."""
    return score.total >= best.total + LOAD_POINTS


def take(session: Session, engineer_id: int, priority: Priority, now: datetime) -> None:
    """One more ticket on an engineer's hands."""
    weight = PRIORITY_WEIGHT[priority]
    session.connection().execute(_TAKE, {"of_engineer": engineer_id, "weight": weight, "at": now})


def release(session: Session, engineer_id: int | None, priority: Priority) -> None:
    """One ticket less."""
    if engineer_id is not None:
        weight = PRIORITY_WEIGHT[priority]
        session.connection().execute(_RELEASE, {"of_engineer": engineer_id, "weight": weight})


# --- moving a ticket ----------------------------------------------------------------------------


def job_of(ticket: Ticket, excluded: Collection[int] = ()) -> Job:
    return Job(ticket.category, ticket.place, ticket.priority, frozenset(excluded))


def dispatch_ticket(
    session: Session,
    ticket: Ticket,
    rules: "Rules",
    now: datetime,
    *,
    excluded: Collection[int] = (),
    preferred: int | None = None,
) -> bool:
    """Give a new ticket to the best engineer, or tell the desk that none fits; whether it went."""
    receipt, _ = choose(session, job_of(ticket, excluded), ticket.requester_id, rules, now)
    if preferred is not None and any(score.engineer_id == preferred for score in receipt.scores):
        receipt = replace(receipt, chosen=preferred)
    if receipt.chosen is None:
        nobody_free(session, ticket, receipt, now)
        return False
    assign(session, ticket, receipt.chosen, rules, now, receipt=receipt)
    return True


def assign(
    session: Session,
    ticket: Ticket,
    engineer_id: int,
    rules: "Rules",
    now: datetime,
    *,
    action: Action = Action.ASSIGN,
    actor_id: int | None = None,
    receipt: Receipt | None = None,
    called: int | None = None,
    **detail: Any,
) -> None:
    """Put the ticket into an engineer's hands and start the clock of their answer (F9).

    `called`: how many of those on call were called before them (F15).
    """
    kept = receipt.as_dict() if receipt else None
    act(
        session,
        ticket,
        action,
        actor_id=actor_id,
        now=now,
        engineer_id=engineer_id,
        receipt=kept,
        called=called,
        on_call=called is not None or None,
        **detail,
    )
    ticket.assignee_id = engineer_id
    if ticket.supporter_id == engineer_id:
        ticket.supporter_id = None  # who helped has it in hand now (F12)
    ticket.assigned_at = now
    ticket.responded_at = None
    take(session, engineer_id, ticket.priority, now)
    if called is None:
        clocks.start_answering(session, ticket, rules, now)
    else:
        clocks.start_calling(session, ticket, rules.targets, now, called + 1)
    is_called = called is not None
    notices.queue(session, [assignment_notice(ticket, engineer_id, now, is_called=is_called)])


def assignment_notice(
    ticket: Ticket, engineer_id: int, now: datetime, *, is_called: bool = False
) -> dict[str, Any]:
    facts = assignment_facts(
        number=ticket.number,
        symptom=ticket.symptom,
        place=ticket.place,
        contact=ticket.contact_name,
        phone=ticket.contact_phone,
        category=ticket.category,
        urgency=ticket.urgency,
        due=ticket.response_due_at,
        is_again=ticket.cycle > 1,
        is_called=is_called,
        wished=ticket.wished_words,
    )
    page = notices.page_of(ticket.number)
    say = Say("notice.assigned", facts, assignment_buttons(ticket.number), page)
    return notices.row(engineer_id, say, now, ticket_id=ticket.id, is_urgent=True)


def assignment_facts(
    *,
    category: Category,
    urgency: Urgency,
    is_again: bool,
    is_called: bool = False,
    wished: str | None = None,
    reporter: str | None = None,
    **facts: Fact,
) -> dict[str, Fact]:
    """What the engineer must know to decide; keys as in `notice.assigned`."""
    return {
        **facts,
        "category": Word(f"category.{category.value}"),
        "urgent": Word("urgency.high") if urgency is Urgency.HIGH else None,
        "urgency": Word(f"urgency.{urgency.value}"),  # a template's field is never empty
        "wished": wished,
        "reporter": reporter,  # who reports it for the contact
        "again": Word("notice.again") if is_again else None,
        "called": Word("notice.called") if is_called else None,
    }


def assignment_buttons(number: str) -> tuple[Button, ...]:
    return (
        button(Command.ACCEPT, number),
        button(Command.DECLINE, number),
        button(Command.PHOTOS, number),
    )


def nobody_free(session: Session, ticket: Ticket, receipt: Receipt, now: datetime) -> None:
    """The ticket stays in the desk's queue, and the desk hears why."""
    notices.tell_desk(
        session,
        "notice.nobody_free",
        now,
        ticket=ticket,
        symptom=ticket.symptom,
        place=ticket.place,
        reasons=left_out_lines(receipt),
    )


def left_out_lines(receipt: Receipt) -> tuple[Say, ...]:
    """Who could not take it, and why."""
    return tuple(
        Say("notice.left_out", {"name": name, "why": Word(f"left_out.{why}")})
        for name, why in receipt.left_out[:5]
    )


def withdraw(session: Session, ticket: Ticket) -> int | None:
    """Take the ticket out of its engineer's hands; answers whose they were."""
    engineer_id = ticket.assignee_id
    release(session, engineer_id, ticket.priority)
    ticket.assignee_id = None
    ticket.response_due_at = None
    return engineer_id


def gave_back(session: Session, ticket: Ticket) -> set[int]:
    """Who had this ticket in this cycle and gave it back or did not answer."""
    rows = session.execute(
        select(Activity.action, Activity.actor_id, Activity.detail)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action.in_(
                [Action.DECLINE, Action.TRANSFER, Action.REASSIGN, Action.QUEUE, Action.REOPEN]
            ),
        )
        .order_by(Activity.id)
    )
    found: set[int] = set()
    for action, actor_id, detail in rows:
        if action is Action.REOPEN:
            found.clear()
        elif (former := (detail or {}).get("from_engineer_id", actor_id)) is not None:
            found.add(former)
    return found


# --- reading the receipt, offering anew --------------------------------------------------------


def receipt(desk: "Desk", ticket_id: int) -> Say:
    """The newest dispatch receipt, part by part."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_READ_RECEIPT)
    detail = desk.session.scalar(
        select(Activity.detail)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN]),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    )
    kept = (detail or {}).get("receipt")
    if not kept or not kept["scores"]:
        return Say("receipt.by_hand", {"number": ticket.number})
    lines = tuple(_score_line(score) for score in kept["scores"][:3])
    return Say("receipt.scores", {"number": ticket.number, "lines": lines})


def _score_line(score: dict[str, Any]) -> Say:
    return Say(
        "receipt.line", {name: value for name, value in score.items() if name != "engineer_id"}
    )


def redispatch_waiting(session: Session, rules: "Rules", now: datetime) -> int:
    """Offer waiting tickets again, most urgent and oldest first; answers how many went."""
    decide_alone(session)
    waiting = session.scalars(
        select(Ticket)
        .where(Ticket.status == Status.NEW, *_may_go_now(rules, now))
        .order_by(Ticket.priority, Ticket.opened_at)
        .limit(20)
        .with_for_update(skip_locked=True)
    )
    return sum(_offered_again(session, ticket, rules, now) for ticket in list(waiting))


def _may_go_now(rules: "Rules", now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Off hours only what is urgent; what waits for the morning goes when its clock rings (F15)."""
    if not rules.hours.is_open(now):
        return (Ticket.priority == Priority.URGENT,)
    waits = exists().where(Deadline.ticket_id == Ticket.id, Deadline.kind == DeadlineKind.DISPATCH)
    return (~waits,)


def _offered_again(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> bool:
    """Without a second alarm when still nobody fits."""
    job = job_of(ticket, gave_back(session, ticket))
    receipt, _ = choose(session, job, ticket.requester_id, rules, now)
    if receipt.chosen is None:
        return False
    assign(session, ticket, receipt.chosen, rules, now, receipt=receipt)
    session.flush()
    return True
