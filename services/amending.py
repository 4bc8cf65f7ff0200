"""What a requester adds to an open ticket, or says is otherwise: place, number, device (F1)."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from domain import dispatch
from domain.dispatch import PRIORITY_WEIGHT, Receipt
from domain.lifecycle import Action, Status
from domain.permissions import Permission
from domain.sentence import Say
from models import Ticket
from services import audit, correcting, desk_acts, dispatching, notices, queries, targets, timeline
from services.records import permitted
from services.views import Amendment, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

_RECORDED = {"place": "place", "contact_phone": "phone", "device": "device_name"}
"""What the record of changes keeps of them, by the names that it has for such facts."""


def amend(desk: "Desk", ticket_id: int, words: str, told: Amendment | None = None) -> TicketView:
    """The words join the history, with what they change; the engineer is told once."""
    session = desk.session
    needed = Permission.TICKET_ATTACH if told is None else Permission.TICKET_AMEND
    ticket = permitted(session, desk.actor, ticket_id, needed)
    engineer_id = ticket.assignee_id
    changed = _changed(session, ticket, told or Amendment())
    before = {name: getattr(ticket, name) for name in changed}
    correcting.put(desk, ticket, changed, Action.AMEND, words=words)
    _record(desk, ticket, before, changed)
    if "place" in changed:
        _to_who_is_near(desk, ticket)
    if ticket.assignee_id == engineer_id:
        _tell(desk, ticket, words, before, changed)
    return queries.view(session, ticket)


def _changed(session: Session, ticket: Ticket, told: Amendment) -> dict[str, Any]:
    """The columns that are different now."""
    facts = {
        "place": told.place,
        "contact_phone": told.phone,
        "device": told.device if told.device_code is None else None,
        "device_code": told.device_code,
        "wished_words": told.wished.words if told.wished else None,
    }
    changed = correcting.changes(session, ticket, facts)
    if "device" in changed and told.device_code is None:
        changed |= {"device_id": None, "device_description": None}  # it is another than was known
    if told.wished is not None:
        changed |= {"wished_from": told.wished.begins, "wished_until": told.wished.ends}
    return changed


def _record(desk: "Desk", ticket: Ticket, before: dict[str, Any], after: dict[str, Any]) -> None:
    was, now = (
        {_RECORDED[name]: facts[name] for name in facts if name in _RECORDED}
        for facts in (before, after)
    )
    if now:
        audit.done_by(desk, "ticket.amend", f"ticket:{ticket.number}", was, now)


def _tell(
    desk: "Desk", ticket: Ticket, words: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    notices.tell(
        desk.session,
        ticket.assignee_id,
        "notice.amended",
        desk.now,
        ticket=ticket,
        contact=ticket.contact_name,
        words=words,
        changes=_lines(before, after) or None,
    )


def _lines(before: dict[str, Any], after: dict[str, Any]) -> tuple[Say, ...]:
    """Of the facts that whoever comes has to know; a wish stands in the words."""
    known = [name for name in after if name in _RECORDED]
    return timeline.changes_of(
        {name: before[name] for name in known}, {name: after[name] for name in known}
    )


# --- nobody has accepted yet ---------------------------------------------------------------------


def _to_who_is_near(desk: "Desk", ticket: Ticket) -> None:
    """Somebody else whose area the new place is gets what nobody has accepted (F8)."""
    if ticket.status is not Status.ASSIGNED or not desk.rules.hours.is_open(desk.now):
        return
    receipt = _ranked_anew(desk, ticket)
    areas = {score.engineer_id: score.area for score in receipt.scores}
    if receipt.chosen is None or areas[receipt.chosen] <= areas.get(ticket.assignee_id or 0, 0):
        return
    session, former = desk.session, desk_acts.take_back(desk, ticket)
    dispatching.assign(
        session,
        ticket,
        receipt.chosen,
        desk.rules,
        desk.now,
        action=Action.REASSIGN,
        receipt=receipt,
        from_engineer_id=former,
    )
    targets.refresh(session, ticket, desk.rules)
    desk_acts.tell_of_change(desk, ticket, former)


def _ranked_anew(desk: "Desk", ticket: Ticket) -> Receipt:
    """Who has it is judged as if they had not; alone, as every decision of dispatch."""
    session = desk.session
    dispatching.decide_alone(session)
    found, _ = dispatching.candidates(session, ticket.requester_id, desk.now)
    weight = PRIORITY_WEIGHT[ticket.priority]
    freed = [
        replace(each, open_tickets=each.open_tickets - 1, workload=each.workload - weight)
        if each.id == ticket.assignee_id
        else each
        for each in found
    ]
    job = dispatching.job_of(ticket, dispatching.gave_back(session, ticket))
    return dispatch.choose(job, freed, desk.rules.max_open_tickets)
