"""Who waits for the desk, who holds which talk, and what was talked lately (W1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission, demand
from models import Conversation, Holder, InboxMessage, Person, Takeover, Ticket
from services import clerks

if TYPE_CHECKING:
    from services.desk import Desk

LISTED = 100  # talks under way
ENDED = 10


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One talk with the desk, as a list shows it."""

    person_id: int
    name: str | None
    department: str | None
    words: str | None  # said last, or with which they asked
    since: datetime  # waits, is held, or ended
    clerk: str | None = None
    is_by_console: bool = False
    is_heard_last: bool = False  # the person spoke last: an answer is due
    place: int = 0  # in the queue, from 1
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkLists:
    """All talks of the desk, by who is to act."""

    waiting: tuple[TalkRow, ...]
    mine: tuple[TalkRow, ...]
    others: tuple[TalkRow, ...]
    wishes: tuple[TalkRow, ...]  # of the night: to be asked when the desk opens
    ended: tuple[TalkRow, ...]


def lists(desk: "Desk") -> TalkLists:
    """The longest waiting first; what ended, the newest first."""
    demand(desk.actor.roles, Permission.CONVERSATION_TAKE)
    under_way = _under_way(desk.session)
    ended = _ended(desk.session)
    tickets = _open_tickets(desk.session, [person.id for _, _, person in (*under_way, *ended)])
    waiting: list[TalkRow] = []
    mine: list[TalkRow] = []
    others: list[TalkRow] = []
    wishes: list[TalkRow] = []
    for talk, held, person in under_way:
        row = _row(desk.session, talk, held, person, tickets, len(waiting) + 1)
        if held.holder is Holder.WAITING:
            waiting.append(row)
        elif held.holder is Holder.BOT:
            wishes.append(row)
        elif held.clerk_id == desk.actor.id:
            mine.append(row)
        else:
            others.append(row)
    done = tuple(_ended_row(desk.session, talk, person, tickets) for talk, _, person in ended)
    return TalkLists(tuple(waiting), tuple(mine), tuple(others), tuple(wishes), done)


_Found = Sequence[tuple[Takeover, Conversation, Person]]


def _under_way(session: Session) -> _Found:
    """Served by ix_takeovers_open."""
    rows = session.execute(
        select(Takeover, Conversation, Person)
        .join(Conversation, Conversation.person_id == Takeover.person_id)
        .join(Person, Person.id == Takeover.person_id)
        .where(Takeover.ended_at.is_(None))
        .order_by(Takeover.asked_at, Takeover.id)
        .limit(LISTED)
    )
    return [(talk, held, person) for talk, held, person in rows]


def _ended(session: Session) -> _Found:
    """From the newest id backwards: a few steps find those that somebody held."""
    rows = session.execute(
        select(Takeover, Conversation, Person)
        .join(Conversation, Conversation.person_id == Takeover.person_id)
        .join(Person, Person.id == Takeover.person_id)
        .where(Takeover.ended_at.is_not(None), Takeover.began_at.is_not(None))
        .order_by(Takeover.id.desc())
        .limit(ENDED)
    )
    return [(talk, held, person) for talk, held, person in rows]


def _open_tickets(session: Session, people: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Served by ix_tickets_requester_id_opened_at."""
    statuses = (*OPEN_STATUSES, Status.RESOLVED)
    rows = session.execute(
        select(Ticket.requester_id, Ticket.number)
        .where(Ticket.requester_id.in_(set(people)), Ticket.status.in_(statuses))
        .order_by(Ticket.opened_at)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, number in rows:
        found[person_id] = (*found.get(person_id, ()), number)
    return found


def _row(
    session: Session,
    talk: Takeover,
    held: Conversation,
    person: Person,
    tickets: Mapping[int, tuple[str, ...]],
    place: int,
) -> TalkRow:
    last = last_heard(session, person.openid)
    said_at = clerks.last_said_at(session, talk.id)
    is_console = held.clerk_id is not None
    return TalkRow(
        person.id,
        person.name,
        person.department,
        (last.text if last else None) or talk.words,
        talk.asked_at if held.holder is not Holder.CLERK else talk.began_at or talk.asked_at,
        clerks.name_in(session, talk) if held.holder is Holder.CLERK else None,
        is_console,
        is_console and last is not None and (said_at is None or last.received_at > said_at),
        place if held.holder is Holder.WAITING else 0,
        tickets.get(person.id, ()),
    )


def _ended_row(
    session: Session, talk: Takeover, person: Person, tickets: Mapping[int, tuple[str, ...]]
) -> TalkRow:
    return TalkRow(
        person.id,
        person.name,
        person.department,
        talk.words,
        talk.ended_at or talk.asked_at,
        clerks.name_in(session, talk),
        tickets=tickets.get(person.id, ()),
    )


def last_heard(session: Session, openid: str | None) -> InboxMessage | None:
    """Their newest message, none of a complaint; the index that begins with the openid."""
    return session.scalar(
        select(InboxMessage)
        .where(
            InboxMessage.openid == openid,
            InboxMessage.event.is_(None),
            InboxMessage.is_confidential.is_(False),
            InboxMessage.kind.in_(KINDS),
        )
        .order_by(InboxMessage.id.desc())
        .limit(1)
    )


KINDS = ("text", "image", "voice", "video", "shortvideo", "location", "link", "unknown")
"""What is said in chat; acts on pages stand in the inbox as well."""
