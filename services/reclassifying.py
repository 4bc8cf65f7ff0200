"""Complex, urgent or ordinary: other promises hold from now on, with a word why (F14)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from domain.lifecycle import Action
from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Word
from domain.targets import Target, TargetRule, TargetState
from models import Ticket, TicketTarget
from services import notices, queries
from services.records import act, permitted
from services.target_clocks import is_running, owed, promise, promises_of, refresh
from services.target_rows import agreement_of, begins_with, case_of, minutes_of
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk, Rules

_LONGEST = 200  # characters of a reason


class ReasonMissing(Refusal):
    """Other promises hold only with a word why."""

    text_key = "targets.reason_missing"


class ClassifiedSo(Refusal):
    """The ticket is that already."""

    text_key = "targets.classified_so"


def reclassify(desk: "Desk", ticket_id: int, *, is_complex: bool, reason: str) -> TicketView:
    """Complex or ordinary; the requester hears what it means for them, and why (F14)."""
    session, now, reason = desk.session, desk.now, reason.strip()[:_LONGEST]
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_RECLASSIFY)
    if not reason:
        raise ReasonMissing()
    if ticket.is_complex is is_complex:
        raise ClassifiedSo(kind=kind_of(is_complex=is_complex))
    was_due = ticket.resolution_due_at
    ticket.is_complex = is_complex
    retarget(session, ticket, desk.rules, now)
    act(
        session,
        ticket,
        Action.RECLASSIFY,
        actor_id=desk.actor.id,
        now=now,
        is_complex=is_complex,
        reason=reason,
        was_due=was_due.isoformat(),
        due=ticket.resolution_due_at.isoformat(),
    )
    _tell(desk, ticket, reason)
    session.flush()
    return queries.view(session, ticket)


def _tell(desk: "Desk", ticket: Ticket, reason: str) -> None:
    notices.tell(
        desk.session,
        ticket.requester_id,
        "notice.reclassified",
        desk.now,
        ticket=ticket,
        symptom=ticket.symptom,
        kind=kind_of(is_complex=ticket.is_complex),
        reason=reason,
        due=ticket.resolution_due_at,
    )


def kind_of(*, is_complex: bool) -> Word:
    return Word("targets.rules.complex" if is_complex else "targets.rules.ordinary")


def retarget(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """What still runs gives way to what holds for such a ticket.

    It counts from when the old one began; where that would be over already, from now on. What was
    met or missed stays a fact.
    """
    session.flush()
    rule = agreement_of(ticket, rules).rule_for(case_of(ticket))
    for each in filter(is_running, owed(session, ticket)):
        target = rule.targets.get(each.kind)
        if target is not None and _is_same(each, target):
            each.rule, each.priority = rule.name, ticket.priority
            continue
        each.state = TargetState.DROPPED
        if target is not None:
            promise(session, ticket, rules, each.kind, target, now, began_at=each.began_at)
    _add_new(session, ticket, rules, rule, now)
    refresh(session, ticket, rules)


def _is_same(row: TicketTarget, target: Target) -> bool:
    return (row.within_minutes, row.runs) == (minutes_of(target.within), target.runs.value)


def _add_new(
    session: Session, ticket: Ticket, rules: "Rules", rule: TargetRule, now: datetime
) -> None:
    """What the former rule did not promise at all."""
    known = {each.kind for each in promises_of(session, ticket)}
    for kind, target in begins_with(rule) if known else ():
        if kind not in known:
            promise(session, ticket, rules, kind, target, now)
