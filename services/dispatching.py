"""Who gets a ticket: candidates as the rule sees them, the choice, and its stored receipt (F8)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, bindparam, func, or_, select, text, type_coerce, update
from sqlalchemy.orm import Session

from domain import dispatch
from domain.category import Category
from domain.commands import Command
from domain.dispatch import LOAD_POINTS, PRIORITY_WEIGHT, Candidate, Job, Receipt, Score
from domain.lifecycle import Action, Status
from domain.permissions import Permission
from domain.priority import Priority, Urgency
from domain.refusals import NotFound
from domain.sentence import Button, Fact, Say, Word
from models import Activity, Engineer, Person, Ticket, table_of
from services import clocks, notices, queries
from services.notices import button
from services.records import act, end_hold, permitted
from services.views import Colleague, Moved, PersonView

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
    session: Session, requester_id: int, category: Category | None = None
) -> tuple[list[Candidate], dict[int, Any]]:
    """Who is on duty and knows the category, or every engineer, as the rule sees them."""
    connection = session.connection()
    if category is None:
        rows = connection.execute(_CANDIDATES).all()
    elif category is Category.OTHER:
        rows = connection.execute(_ON_DUTY).all()
    else:
        rows = connection.execute(_SKILLED, {"having": f"%,{category.value},%"}).all()
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
        is_reachable=_is_reachable(row),
        last_assigned_at=row.last_assigned_at,
        knows_requester=knows_requester,
    )


def _is_reachable(row: Any) -> bool:
    """Of whom a notice did not get through, dispatch waits for the next word (W2)."""
    return row.openid is not None and row.is_following and row.unreached_since is None


def choose(
    session: Session, job: Job, requester_id: int, rules: "Rules"
) -> tuple[Receipt, dict[int, Any]]:
    """The receipt; where nobody fits, it names everybody who might have, with the reason."""
    decide_alone(session)
    found, rows = candidates(session, requester_id, job.category)
    receipt = dispatch.choose(job, found, rules.max_open_tickets)
    if receipt.chosen is None:
        found, rows = candidates(session, requester_id)
        receipt = dispatch.choose(job, found, rules.max_open_tickets)
    return receipt, rows


def choose_and_take(
    session: Session, job: Job, requester_id: int, rules: "Rules", now: datetime
) -> tuple[Receipt, dict[int, Any]]:
    """Choose an engineer and put the ticket on their hands, waiting for nobody else's decision."""
    if session.connection().dialect.name == "postgresql":
        found, rows = candidates(session, requester_id, job.category)
        receipt = dispatch.choose(job, found, rules.max_open_tickets)
        taken = _take_first_free(session, receipt, found, job.priority, now)
        if taken is not None:
            return replace(receipt, chosen=taken), rows
    receipt, rows = choose(session, job, requester_id, rules)
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
    taken: int | None = session.connection().execute(_TAKE_FIRST_FREE, values).scalar()
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
    receipt, _ = choose(session, job_of(ticket, excluded), ticket.requester_id, rules)
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
    **detail: Any,
) -> None:
    """Put the ticket into an engineer's hands and start the clock of their answer (F9)."""
    kept = receipt.as_dict() if receipt else None
    act(
        session,
        ticket,
        action,
        actor_id=actor_id,
        now=now,
        engineer_id=engineer_id,
        receipt=kept,
        **detail,
    )
    ticket.assignee_id = engineer_id
    ticket.assigned_at = now
    ticket.responded_at = None
    ticket.response_due_at = rules.targets.response_due_at(now)
    take(session, engineer_id, ticket.priority, now)
    clocks.start_answering(session, ticket, rules.targets, now)
    notices.queue(session, [assignment_notice(ticket, engineer_id, now)])


def assignment_notice(ticket: Ticket, engineer_id: int, now: datetime) -> dict[str, Any]:
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
    )
    page = notices.page_of(ticket.number)
    say = Say("notice.assigned", facts, assignment_buttons(ticket.number), page)
    return notices.row(engineer_id, say, now, ticket_id=ticket.id, is_urgent=True)


def assignment_facts(
    *, category: Category, urgency: Urgency, is_again: bool, **facts: Fact
) -> dict[str, Fact]:
    """What the engineer must know to decide; keys as in `notice.assigned`."""
    return {
        **facts,
        "category": Word(f"category.{category.value}"),
        "urgent": Word("urgency.high") if urgency is Urgency.HIGH else None,
        "urgency": Word(f"urgency.{urgency.value}"),  # a template's field is never empty
        "again": Word("notice.again") if is_again else None,
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


# --- what engineers do --------------------------------------------------------------------------


def decline(desk: "Desk", ticket_id: int, reason: str) -> Moved:
    """Before accepting: the next candidate gets it."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_DECLINE)
    return _give_back(desk, ticket, Action.DECLINE, reason)


def transfer(desk: "Desk", ticket_id: int, reason: str, to: int | None) -> Moved:
    """After accepting: to a named colleague, or to whom dispatch chooses."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_TRANSFER)
    if to is not None and to not in {each.id for each in colleagues(desk, ticket_id)}:
        raise NotFound()
    return _give_back(desk, ticket, Action.TRANSFER, reason, to=to)


def _give_back(
    desk: "Desk", ticket: Ticket, action: Action, reason: str, to: int | None = None
) -> Moved:
    session, now = desk.session, desk.now
    decide_alone(session)
    act(
        session,
        ticket,
        action,
        actor_id=desk.actor.id,
        now=now,
        reason=reason,
        to=to,
        from_engineer_id=ticket.assignee_id,
    )
    withdraw(session, ticket)
    clocks.stop(session, ticket.id)
    end_hold(ticket, now)
    session.flush()
    if to is not None:
        assign(session, ticket, to, desk.rules, now, actor_id=desk.actor.id)
    else:
        dispatch_ticket(
            session, ticket, desk.rules, now, excluded=gave_back(session, ticket) | {desk.actor.id}
        )
    session.flush()
    view = queries.view(session, ticket)
    _tell_of_change(desk, ticket, view.assignee)
    return Moved(view, view.assignee)


def _tell_of_change(desk: "Desk", ticket: Ticket, to: PersonView | None) -> None:
    """The requester was promised somebody else: nobody waits for who does not come."""
    notices.tell(
        desk.session,
        ticket.requester_id,
        "notice.engineer_changes",
        desk.now,
        ticket=ticket,
        engineer=to.name if to else None,
        phone=to.phone if to else None,
    )


def colleagues(desk: "Desk", ticket_id: int) -> tuple[Colleague, ...]:
    """Every other engineer, those to whom the ticket could go first, the best of them first."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_TRANSFER)
    found, _ = candidates(desk.session, ticket.requester_id)
    others = [each for each in found if each.id != desk.actor.id]
    job, most = job_of(ticket), desk.rules.max_open_tickets
    ranked = {s.engineer_id: n for n, s in enumerate(dispatch.choose(job, others, most).scores)}
    listed = [
        Colleague(each.id, each.name, each.open_tickets, dispatch.why_not(job, each, most))
        for each in others
    ]
    return tuple(sorted(listed, key=lambda each: (ranked.get(each.id, len(others)), each.id)))


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
        .where(Ticket.status == Status.NEW)
        .order_by(Ticket.priority, Ticket.opened_at)
        .limit(20)
        .with_for_update(skip_locked=True)
    )
    return sum(_offered_again(session, ticket, rules, now) for ticket in list(waiting))


def _offered_again(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> bool:
    """Without a second alarm when still nobody fits."""
    job = job_of(ticket, gave_back(session, ticket))
    receipt, _ = choose(session, job, ticket.requester_id, rules)
    if receipt.chosen is None:
        return False
    assign(session, ticket, receipt.chosen, rules, now, receipt=receipt)
    session.flush()
    return True
