"""A promise is at risk, or broken: the requester hears it first, and why; then the ladder (F11)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from domain.commands import Command
from domain.escalation import Trigger
from domain.lifecycle import Status
from domain.sentence import Fact, Say
from domain.targets import TargetKind
from models import Person, Ticket, TicketTarget
from services import clock_why, escalating, notices, targets
from services.clocks import Due
from services.notices import button
from services.target_clocks import is_running, owed, refresh

if TYPE_CHECKING:
    from services.desk import Rules


def at_risk(session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due) -> None:
    """The act of TARGET_AT_RISK: said once of each promise, before it breaks."""
    running = sorted(filter(is_running, owed(session, ticket)), key=_due_at)
    if not running or running[0].warned_at is not None or running[0].due_at <= now:
        return
    running[0].warned_at = now
    _tell(session, ticket, running[0], "notice.promise_at_risk", now)
    escalating.begin(session, ticket, Trigger.AT_RISK, rules, now)


def broken(session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due) -> None:
    """The act of TARGET_DUE: all that is over by now is missed, and one word says so."""
    over = [each for each in owed(session, ticket) if is_running(each) and each.due_at <= now]
    targets.reckon_talks(session, ticket, rules)
    for each in over:
        targets.missed(session, ticket, each)
    refresh(session, ticket, rules)
    if not over:
        return
    said = min(over, key=lambda each: (each.kind is TargetKind.RESPONSE, each.due_at))
    _tell(session, ticket, said, "notice.promise_missed", now)
    is_late = said.kind is not TargetKind.RESPONSE
    escalating.begin(session, ticket, Trigger.LATE if is_late else Trigger.UNANSWERED, rules, now)


def _due_at(promise: TicketTarget) -> datetime:
    return promise.due_at


def _tell(session: Session, ticket: Ticket, promise: TicketTarget, key: str, now: datetime) -> None:
    """That an assignment is not answered the requester hears by who comes instead (F9)."""
    if promise.kind is TargetKind.RESPONSE and ticket.status is not Status.NEW:
        return
    notices.tell(
        session,
        ticket.requester_id,
        key,
        now,
        ticket=ticket,
        buttons=(
            button(Command.URGE, ticket.number),
            button(Command.WHY_DUE, ticket.number),
        ),
        symptom=ticket.symptom,
        what=clock_why.what_of(promise),
        due=promise.due_at,
        why=_why(session, ticket),
    )


def _why(session: Session, ticket: Ticket) -> Say:
    """What it hangs on, in words for who waits."""
    engineer = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    supporter = session.get(Person, ticket.supporter_id) if ticket.supporter_id else None
    facts: dict[str, Fact] = {
        "engineer": engineer.name if engineer else None,
        "supporter": supporter.name if supporter else None,
    }
    return Say(f"promise_why.{ticket.status.value}", facts)
