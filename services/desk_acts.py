"""What the desk itself does with a ticket: give it to somebody, to the best, note, correct (F8)."""

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from domain import dispatch
from domain.deadlines import IN_HAND_KINDS
from domain.dispatch import Receipt
from domain.lifecycle import Action, Status, next_status
from domain.permissions import Permission, Role
from domain.refusals import NotFound, Refusal
from models import Engineer, Person, Ticket
from services import clocks, correcting, dispatching, notes, notices, queries, targets, undoing
from services.records import end_hold, permitted
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

_WORKERS = (Role.ENGINEER, Role.VENDOR)


class ReasonMissing(Refusal):
    """Somebody else than dispatch's first choice is given work only with a word why (F8)."""

    text_key = "desk_act.reason_missing"


class SameEngineer(Refusal):
    """The ticket is with this engineer already."""

    text_key = "desk_act.same_engineer"


class NobodyFree(Refusal):
    """Dispatch finds nobody for it now; the desk may still name somebody."""

    text_key = "desk_act.nobody_free"


def assign_to(
    desk: "Desk", ticket_id: int, engineer_id: int, reason: str | None = None
) -> TicketView:
    """Give a ticket to this engineer, whoever had it; it can be undone for some seconds (C §7)."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    action = Action.ASSIGN if ticket.status is Status.NEW else Action.REASSIGN
    next_status(ticket.status, action)
    engineer = _worker(desk, engineer_id)
    if ticket.assignee_id == engineer.id:
        raise SameEngineer(engineer=engineer.name)
    dispatching.decide_alone(session)
    ranking = ranked(desk, ticket)
    if ranking.chosen not in (None, engineer.id) and not (reason or "").strip():
        raise ReasonMissing()
    _give(desk, ticket, engineer.id, ranking, reason=(reason or "").strip() or None)
    return queries.view(session, ticket)


def dispatch_best(desk: "Desk", ticket_id: int) -> TicketView:
    """Give a waiting ticket to whom dispatch would choose now; NobodyFree if it finds nobody."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    next_status(ticket.status, Action.ASSIGN)
    dispatching.decide_alone(session)
    ranking = ranked(desk, ticket)
    if ranking.chosen is None:
        raise NobodyFree(number=ticket.number)
    _give(desk, ticket, ranking.chosen, ranking)
    return queries.view(session, ticket)


def add_note(desk: "Desk", ticket_id: int, words: str) -> TicketView:
    """Words for those who work here; whoever is mentioned is told by WeChat (C §11)."""
    return notes.add_note(desk, ticket_id, words)


def correct(desk: "Desk", ticket_id: int, **facts: str | int | None) -> TicketView:
    """What the desk knows better by now: category, impact, urgency, place, contact, device."""
    return correcting.correct(desk, ticket_id, facts)


def works_on_tickets(session: Session, person_id: int) -> bool:
    """Whether somebody takes assignments."""
    card = session.get(Engineer, person_id)
    return card is not None and card.person.is_active and bool(card.person.roles & set(_WORKERS))


def hand_on(desk: "Desk", ticket: Ticket, engineer_id: int, **detail: Any) -> None:
    """From one shift to the next, as both have signed: nobody is ranked, nobody takes it back."""
    session, former = desk.session, take_back(desk, ticket)
    dispatching.assign(
        session,
        ticket,
        engineer_id,
        desk.rules,
        desk.now,
        action=Action.REASSIGN,
        actor_id=desk.actor.id,
        from_engineer_id=former,
        **detail,
    )
    targets.refresh(session, ticket, desk.rules)
    _tell_requester(desk, ticket)


def ranked(desk: "Desk", ticket: Ticket) -> Receipt:
    """How dispatch sees everybody for this ticket now; its `chosen` is the first choice."""
    found, _ = dispatching.candidates(desk.session, ticket.requester_id, desk.now)
    job = dispatching.job_of(ticket, dispatching.gave_back(desk.session, ticket))
    others = [each for each in found if each.id != ticket.assignee_id]
    return dispatch.choose(job, others, desk.rules.max_open_tickets)


def _worker(desk: "Desk", engineer_id: int) -> Person:
    """Somebody who takes assignments; NotFound for anybody else."""
    if not works_on_tickets(desk.session, engineer_id):
        raise NotFound()
    return desk.session.get_one(Person, engineer_id)


def _give(
    desk: "Desk", ticket: Ticket, engineer_id: int, ranking: Receipt, reason: str | None = None
) -> None:
    session, now = desk.session, desk.now
    before = undoing.picture(session, ticket, engineer_id)
    action = Action.ASSIGN
    detail: dict[str, Any] = {"reason": reason}
    if ticket.status is not Status.NEW:
        action = Action.REASSIGN
        detail["from_engineer_id"] = take_back(desk, ticket)
    dispatching.assign(
        session,
        ticket,
        engineer_id,
        desk.rules,
        now,
        action=action,
        actor_id=desk.actor.id,
        receipt=Receipt(engineer_id, ranking.scores, ranking.left_out),
        **detail,
    )
    targets.refresh(session, ticket, desk.rules)
    tell_of_change(desk, ticket, detail.get("from_engineer_id"))
    undoing.hold_back(session, ticket, before, now)


def take_back(desk: "Desk", ticket: Ticket) -> int | None:
    """Out of the hands of who has it."""
    former = ticket.assignee_id
    dispatching.release(desk.session, former, ticket.priority)
    clocks.stop(desk.session, ticket.id, IN_HAND_KINDS)
    end_hold(ticket)
    targets.resume(desk.session, ticket, desk.rules, desk.now)
    return former


def tell_of_change(desk: "Desk", ticket: Ticket, former_id: int | None) -> None:
    """Who had it need not go on; who waits was promised somebody else."""
    if former_id is None:
        return
    session = desk.session
    engineer = session.get_one(Person, ticket.assignee_id)
    notices.tell(
        session,
        former_id,
        "desk_told.given_to_other",
        desk.now,
        ticket=ticket,
        is_urgent=True,
        engineer=engineer.name,
        symptom=ticket.symptom,
    )
    _tell_requester(desk, ticket)


def _tell_requester(desk: "Desk", ticket: Ticket) -> None:
    engineer = desk.session.get_one(Person, ticket.assignee_id)
    notices.tell(
        desk.session,
        ticket.requester_id,
        "notice.engineer_changes",
        desk.now,
        ticket=ticket,
        engineer=engineer.name,
        phone=engineer.reached_by,
    )
