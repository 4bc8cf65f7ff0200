"""The remark beside a person in the WeChat backend: who it is, and which ticket is open (W1)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.numbers import short_number
from models import IS_UNENDED, Activity, Conversation, Holder, InboxMessage, Person, Ticket

LIMIT = 30  # characters (wechat-platform §10)
_NAME_LIMIT = 10
_SYMPTOM_AT_LEAST = 8
_BETWEEN = "·"
_CUT = "…"

_AT_A_TIME = 500
_LOOK_BACK = 200  # rows: on PostgreSQL a smaller id may be committed after a larger one


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to which activity and which message was looked at."""

    activity_id: int
    inbox_id: int


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person, the remark that they have, and what it should tell."""

    person_id: int
    openid: str
    remark: str
    name: str | None
    department: str | None
    number: str | None  # of the newest ticket under way
    symptom: str | None
    count: int  # of tickets under way


def remark_of(
    name: str | None,
    department: str | None,
    number: str | None = None,
    symptom: str | None = None,
    more: str = "",
) -> str:
    """`财务部王芳·0007打印机卡纸`, at most 30 characters; empty for who is known by nothing.

    The number is never cut, the name hardly ever; `more` says that there are other tickets.
    """
    name = _cut(_plain(name), _NAME_LIMIT)
    department, symptom = _plain(department), _plain(symptom)
    short = short_number(number) if number else ""
    if not short:
        return _cut(department, LIMIT - _length(name)) + name
    fixed = _length(name) + _length(_BETWEEN) + _length(short) + _length(more)
    who = _cut(department, LIMIT - fixed - min(_length(symptom), _SYMPTOM_AT_LEAST)) + name
    begun = f"{who}{_BETWEEN}{short}" if who else short
    return begun + _cut(symptom, LIMIT - _length(begun) - _length(more)) + more


def _plain(text: str | None) -> str:
    """One line without what cannot be seen."""
    line = "".join(letter if letter.isprintable() else " " for letter in text or "")
    return " ".join(line.split())


def _cut(text: str, most: int) -> str:
    if _length(text) <= most:
        return text
    while text and _length(text) > most - 1:
        text = text[:-1]
    return text + _CUT if text else ""


def _length(text: str) -> int:
    """Characters as most programs count them: one beyond the first plane is two."""
    return len(text.encode("utf-16-le")) // 2


# --- whose remark may be wrong -----------------------------------------------------------------


def present(session: Session) -> Cursor:
    """Behind everything that has happened."""
    return Cursor(
        session.scalar(select(func.max(Activity.id))) or 0,
        session.scalar(select(func.max(InboxMessage.id))) or 0,
    )


def touched(session: Session, cursor: Cursor) -> tuple[list[int], Cursor]:
    """Those whose tickets moved or who said something since, the newest first."""
    moved = session.execute(
        select(Activity.id, Activity.ticket_id)
        .where(Activity.id > cursor.activity_id - _LOOK_BACK)
        .order_by(Activity.id.desc())
    ).all()
    said = session.execute(
        select(InboxMessage.id, InboxMessage.openid)
        .where(InboxMessage.id > cursor.inbox_id - _LOOK_BACK)
        .order_by(InboxMessage.id.desc())
    ).all()
    people = (
        *_each(session, Ticket.id, Ticket.requester_id, [row.ticket_id for row in moved]),
        *_each(session, Person.openid, Person.id, [row.openid for row in said]),
    )
    return list(dict.fromkeys(people)), Cursor(
        max([cursor.activity_id, *(row.id for row in moved)]),
        max([cursor.inbox_id, *(row.id for row in said)]),
    )


def _each(session: Session, key: Any, person: Any, wanted: Sequence[Any]) -> Iterator[int]:
    """Whose each of these is, in their order. Not joined: SQLite would begin at all tickets."""
    known: dict[Any, int] = {}
    named = list(dict.fromkeys(wanted))
    for start in range(0, len(named), _AT_A_TIME):
        some = select(key, person).where(key.in_(named[start : start + _AT_A_TIME]))
        known |= {row[0]: row[1] for row in session.execute(some)}
    return (known[each] for each in named if each in known)


def with_clerks(session: Session) -> list[int]:
    """Those who wait for the desk or talk with it: somebody reads their remark now."""
    statement = (
        select(Conversation.person_id)
        .where(Conversation.holder != Holder.BOT)
        .order_by(Conversation.held_since.desc())
    )
    return list(session.scalars(statement))


def with_tickets(session: Session) -> list[int]:
    """Those who have a ticket under way, the newest first."""
    statement = (
        select(Ticket.requester_id)
        .where(IS_UNENDED)
        .group_by(Ticket.requester_id)
        .order_by(func.max(Ticket.id).desc())
    )
    return list(session.scalars(statement))


def after(session: Session, person_id: int, most: int) -> list[int]:
    """The next people by id; what an import or another process changed is found among them."""
    statement = select(Person.id).where(Person.id > person_id).order_by(Person.id).limit(most)
    return list(session.scalars(statement))


def bearers(session: Session, people: Collection[int]) -> Sequence[Bearer]:
    """Those of these people who follow the account, in the order given."""
    newest = (
        select(Ticket.requester_id, func.max(Ticket.id).label("id"), func.count().label("count"))
        .where(Ticket.requester_id.in_(people), IS_UNENDED)
        .group_by(Ticket.requester_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Person.id,
            Person.openid,
            Person.remark,
            Person.name,
            Person.department,
            Ticket.number,
            Ticket.symptom,
            func.coalesce(newest.c.count, 0).label("count"),
        )
        .join(newest, newest.c.requester_id == Person.id, isouter=True)
        .join(Ticket, Ticket.id == newest.c.id, isouter=True)
        .where(Person.id.in_(people), Person.openid.is_not(None), Person.is_following)
    )
    found = {row.id: Bearer(row.id, row.openid or "", row.remark or "", *row[3:]) for row in rows}
    return [found[person] for person in people if person in found]


def keep(session: Session, person_id: int, remark: str) -> None:
    """What the platform shows beside this person now."""
    session.execute(
        update(Person).where(Person.id == person_id).values(remark=remark or None),
        execution_options={"synchronize_session": False},
    )
