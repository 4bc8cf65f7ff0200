"""The words of tickets for the search: report, contact, device, result, notes, who had it (C §13).

Not in it: talks and complaints, ratings and their comments; they are not for all who may list.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.lifecycle import Action
from domain.numbers import TICKET_PREFIX
from models import Activity, Device, Person, Resolution, Ticket
from nlp.search_words import LONGEST_TEXT, Said, words_of

# What these lines say may be read by whoever may list the ticket.
_TOLD = frozenset(
    {
        Action.AMEND,
        Action.PROGRESS,
        Action.HOLD,
        Action.DECLINE,
        Action.TRANSFER,
        Action.ASK_SUPPORT,
        Action.CANCEL,
        Action.REOPEN,
        Action.NOTE,
    }
)
_MOST_TOLD = 8_000  # characters of all lines together; the newest first


@dataclass(frozen=True, slots=True)
class Document:
    """A ticket's words, and the last line of its timeline that they know."""

    ticket_id: int
    tokens: str
    activity_id: int


def documents(session: Session, ids: Collection[int]) -> list[Document]:
    """In the order of their tickets, which is the order in which rows are locked."""
    newest = _newest(session, ids)  # first: what comes later is read again
    tickets = session.scalars(select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id)).all()
    lines, results = _by_ticket(session, Activity, ids), _by_ticket(session, Resolution, ids)
    names = _names(session, tickets)
    devices = _devices(session, tickets)
    return [
        Document(
            each.id,
            " ".join(words_of(_said(each, lines[each.id], results[each.id], names, devices))),
            newest[each.id],
        )
        for each in tickets
    ]


def _newest(session: Session, ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(Activity.ticket_id, func.max(Activity.id))
        .where(Activity.ticket_id.in_(ids))
        .group_by(Activity.ticket_id)
    )
    found = {ticket_id: newest for ticket_id, newest in session.execute(statement)}
    return defaultdict(int, found)


def _by_ticket(session: Session, model: Any, ids: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(select(model).where(model.ticket_id.in_(ids)).order_by(model.id)):
        found[row.ticket_id].append(row)
    return found


def _names(session: Session, tickets: Iterable[Ticket]) -> dict[int | None, str]:
    wanted = {who for each in tickets for who in (each.assignee_id, each.supporter_id) if who}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {person_id: name or "" for person_id, name in rows}


def _devices(session: Session, tickets: Iterable[Ticket]) -> dict[int | None, str]:
    wanted = {each.device_id for each in tickets if each.device_id}
    rows = session.execute(select(Device.id, Device.code, Device.name).where(Device.id.in_(wanted)))
    return {device_id: f"{code} {name}" for device_id, code, name in rows}


def _said(
    ticket: Ticket,
    lines: Collection[Activity],
    results: Collection[Resolution],
    names: dict[int | None, str],
    devices: dict[int | None, str],
) -> Said:
    return Said(
        texts=(
            ticket.number.removeprefix(TICKET_PREFIX),
            ticket.symptom,
            ticket.description,
            ticket.place,
            ticket.contact_department,
            ticket.contact_office,
            ticket.device or "",
            ticket.device_description or "",
            ticket.error_code or "",
            devices.get(ticket.device_id, ""),
            *(f"{each.action_taken} {' '.join(each.parts)}" for each in results),
            *_told(lines),
        ),
        names=(
            ticket.contact_name,
            names.get(ticket.assignee_id, ""),
            names.get(ticket.supporter_id, ""),
        ),
        phones=(ticket.contact_phone,),
        people=tuple(_involved(ticket, lines)),
    )


def _told(lines: Iterable[Activity]) -> list[str]:
    told, left = [], _MOST_TOLD
    for line in reversed(list(lines)):
        words = told_by(line)
        if words and left > 0:
            told.append(words[:LONGEST_TEXT])
            left -= len(words)
    return told


def told_by(line: Activity) -> str:
    """What somebody said with this act, if it is looked for; else nothing."""
    detail = line.detail or {}
    words = detail.get("words") or detail.get("reason") if line.action in _TOLD else None
    return words if isinstance(words, str) else ""


def _involved(ticket: Ticket, lines: Iterable[Activity]) -> set[int]:
    """All whom records.involves finds, and who has it now."""
    found = {ticket.assignee_id, ticket.supporter_id}
    found |= {line.actor_id for line in lines}
    found |= {(line.detail or {}).get("engineer_id") for line in lines}
    return {person for person in found if isinstance(person, int)}
