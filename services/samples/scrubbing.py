"""Where a sample is named without a foreign key: in facts of lines, patterns, views, the record.

A number that is free again may be given to somebody else: nothing may still stand for it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import (
    Activity,
    AuditEntry,
    Conversation,
    Device,
    OfficeSetting,
    Person,
    RosterPattern,
    SavedView,
    Shift,
    table_of,
)
from services import on_call
from services.samples.reach import Gone, chunks, ids_of

_PEOPLE = frozenset({"engineer_id", "from_engineer_id", "supporter_id", "to", "chosen"})
_TICKETS = frozenset({"other_id", "ticket_id"})
_activities = table_of(Activity)


def scrub(session: Session, gone: Gone) -> None:
    people, tickets = set(ids_of(gone, "people")), set(ids_of(gone, "tickets"))
    _lines(session, people, tickets)
    _drafts(session, people, tickets)
    _patterns(session, people, set(ids_of(gone, "shifts")))
    _views(session, people)
    _muted(session, people)
    _record(session, gone)


def without(detail: Any, people: Collection[int], tickets: Collection[int]) -> Any:
    """The facts but for numbers of samples."""
    match detail:
        case dict():
            return {
                name: without(value, people, tickets)
                for name, value in detail.items()
                if not _names(name, value, people, tickets)
            }
        case list():
            return [without(each, people, tickets) for each in detail]
    return detail


def _names(name: str, value: Any, people: Collection[int], tickets: Collection[int]) -> bool:
    if not isinstance(value, int):
        return False
    return (name in _PEOPLE and value in people) or (name in _TICKETS and value in tickets)


def _lines(session: Session, people: set[int], tickets: set[int]) -> None:
    """No line before the first of a sample can know one."""
    first = session.scalar(
        select(func.min(Activity.id)).where(
            Activity.ticket_id.in_(tickets) | Activity.actor_id.in_(people)
        )
    )
    rows = session.execute(
        select(_activities.c.id, _activities.c.detail).where(
            _activities.c.id >= (first or 0),
            _activities.c.detail.is_not(None),
            _activities.c.ticket_id.not_in(tickets),
        )
    )
    for row in rows.all():
        kept = without(row.detail, people, tickets)
        if kept != row.detail:
            change = update(_activities).where(_activities.c.id == row.id)
            session.execute(change.values(detail=kept or None))


def _drafts(session: Session, people: set[int], tickets: set[int]) -> None:
    """A talk about what is gone is over."""
    for talk in session.scalars(select(Conversation).where(Conversation.name.is_not(None))):
        of_sample = talk.ticket_id in tickets or talk.person_id in people
        if of_sample or without(talk.draft, people, tickets) != talk.draft:
            talk.name, talk.step, talk.draft = None, None, {}
    session.flush()


def _patterns(session: Session, people: set[int], shifts: set[int]) -> None:
    for pattern in session.scalars(select(RosterPattern)):
        pattern.people = [each for each in pattern.people if each not in people]
        pattern.days = [None if each in shifts else each for each in pattern.days]
        pattern.is_active = pattern.is_active and bool(pattern.people)
    session.flush()


def _views(session: Session, people: set[int]) -> None:
    """A saved list no longer asks for who is gone."""
    numbers = {str(each) for each in people}
    for view in session.scalars(select(SavedView)):
        asked = view.query.get("engineer", [])
        kept = [each for each in asked if each not in numbers]
        if kept != asked:
            others = {name: value for name, value in view.query.items() if name != "engineer"}
            view.query = {**others, "engineer": kept} if kept else others
    session.flush()


def _muted(session: Session, people: set[int]) -> None:
    row = session.get(OfficeSetting, on_call.MUTED)
    if row is not None:
        row.value = {name: at for name, at in row.value.items() if int(name) not in people}
        session.flush()


def _record(session: Session, gone: Gone) -> None:
    """What was done to a sample stays in the record, under its name."""
    named: dict[str, str] = {}
    for table, kinds, model in (
        ("people", ("person", "code"), Person),
        ("shifts", ("shift",), Shift),
    ):
        rows = session.execute(
            select(model.id, model.name).where(model.id.in_(ids_of(gone, table)))
        )
        named |= {f"{kind}:{row.id}": row.name or "" for row in rows.all() for kind in kinds}
    rows = session.execute(
        select(Device.code, Device.name).where(Device.id.in_(ids_of(gone, "devices")))
    )
    named |= {f"device:{row.code}": row.name for row in rows}
    _rename(session, named)


def _rename(session: Session, named: Mapping[str, str]) -> None:
    subjects: Iterable[str] = named
    for part in chunks(subjects):
        for row in session.scalars(select(AuditEntry).where(AuditEntry.subject.in_(part))):
            row.subject = f"sample:{named[row.subject]}"[:120]
    session.flush()
