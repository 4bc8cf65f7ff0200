"""What was said in a clerk's talk: fetched afterwards, kept once, shown with the ticket (W1)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from domain.lifecycle import LIFECYCLE, Action
from domain.sentence import Facts
from domain.takeover import KEPT_FOR, ON_THE_WAY, RUNNING_PULL, Pulls
from models import (
    Activity,
    InboxMessage,
    Person,
    Takeover,
    TalkLine,
    Ticket,
    table_of,
)
from models.inserting import insert_into
from services import clerks, targets
from services.records import act, locked

CLAIMED_FOR = timedelta(minutes=2)
"""Longer than one fetch takes; after it another process may try."""

_AROUND = timedelta(minutes=2)
"""Before and after the talk that is looked at: the clocks of two servers are not one."""

_SAME_MESSAGE = timedelta(seconds=10)
"""So far apart the platform may date a message in the queue and in its records."""

_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_MOST_AT_ONCE = 20
_MEDIA = {"image": "[image]", "voice": "[voice]", "video": "[video]", "shortvideo": "[video]"}
_lines = table_of(TalkLine)


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a talk."""

    account: str  # of the clerk, also where the person speaks
    is_clerk: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A talk whose records are to be fetched, or whose session is to be closed first."""

    takeover_id: int
    person_id: int
    openid: str
    account: str
    start: datetime
    end: datetime
    pulls: Pulls
    ended_at: datetime | None
    due_at: datetime


# --- fetching ------------------------------------------------------------------------------------


def due(session: Session, now: datetime) -> Sequence[Due]:
    """What is to be fetched now, the longest overdue first."""
    rows = session.execute(
        select(Takeover, Person.openid)
        .join(Person, Person.id == Takeover.person_id)
        .where(Takeover.records_due_at <= now, Person.openid.is_not(None))
        .order_by(Takeover.records_due_at)
        .limit(_MOST_AT_ONCE)
    )
    return [_due(talk, openid or "", now) for talk, openid in rows]


def _due(talk: Takeover, openid: str, now: datetime) -> Due:
    return Due(
        talk.id,
        talk.person_id,
        openid,
        talk.kf_account or "",
        talk.asked_at - _AROUND,
        min((talk.ended_at or now) + _AROUND, now),
        Pulls.of(talk.records_tries),
        talk.ended_at,
        talk.records_due_at or now,
    )


def claim(session: Session, each: Due, now: datetime) -> bool:
    """Whether this process fetches it: no other one tries for as long as that takes."""
    claimed = session.execute(
        update(Takeover)
        .where(Takeover.id == each.takeover_id, Takeover.records_due_at == each.due_at)
        .values(records_due_at=now + CLAIMED_FOR),
        execution_options={"synchronize_session": False},
    )
    return getattr(claimed, "rowcount", 0) == 1


def keep(session: Session, takeover_id: int, lines: Iterable[Line], now: datetime) -> int:
    """Keep what is new, and say when to ask again; answers how many lines were new."""
    talk = session.get_one(Takeover, takeover_id, with_for_update=True)
    found = sum(_insert(session, talk, *each) for each in _digested(_unknown(session, talk, lines)))
    _plan(talk, found, now)
    session.flush()
    if found:
        _count(session, talk)
    return found


def closed(session: Session, takeover_id: int, now: datetime) -> None:
    """The platform knows that the session is over: from now on only its words are missing."""
    talk = session.get_one(Takeover, takeover_id, with_for_update=True)
    if Pulls.of(talk.records_tries).owes_close:
        talk.records_tries = Pulls().kept
        pause = Pulls().pause
        talk.records_due_at = now + pause if pause else None


def refused(session: Session, takeover_id: int, now: datetime) -> None:
    """The platform will not tell: a try as good as an empty one."""
    talk = session.get_one(Takeover, takeover_id, with_for_update=True)
    _plan(talk, 0, now)


def put_off(session: Session, takeover_id: int, until: datetime) -> None:
    """The platform did not answer: no try at all."""
    session.execute(
        update(Takeover).where(Takeover.id == takeover_id).values(records_due_at=until),
        execution_options={"synchronize_session": False},
    )


def _plan(talk: Takeover, found: int, now: datetime) -> None:
    if talk.ended_at is None:
        talk.records_due_at = now + RUNNING_PULL
        return
    pulls = Pulls.of(talk.records_tries)
    if pulls.owes_close:
        talk.records_due_at = now
        return
    pulls = pulls.after(found)
    is_gone = now - talk.ended_at > KEPT_FOR
    talk.records_tries = pulls.kept
    talk.records_due_at = None if is_gone or pulls.pause is None else now + pulls.pause


def _unknown(session: Session, talk: Takeover, lines: Iterable[Line]) -> Iterator[Line]:
    """Without what the person said in the queue: the inbox has it already, each message once."""
    heard = _heard(session, talk)
    for line in lines:
        same = next((each for each in heard if _is_same(line, each)), None)
        if same is None:
            yield line
        else:
            heard.remove(same)


def _heard(session: Session, talk: Takeover) -> list[InboxMessage]:
    """What the person said in the queue, where it was transferred, or to a clerk at the console."""
    ended_at = talk.ended_at or talk.began_at or talk.asked_at
    until = _FAR if _is_written_here(talk) and talk.ended_at is None else ended_at + _AROUND
    openid = select(Person.openid).where(Person.id == talk.person_id).scalar_subquery()
    statement = select(InboxMessage).where(
        InboxMessage.openid == openid,
        InboxMessage.event.is_(None),
        InboxMessage.is_confidential.is_(False),
        InboxMessage.sent_at.between(talk.asked_at - _AROUND, until),
    )
    rows = session.scalars(statement.order_by(InboxMessage.sent_at, InboxMessage.id))
    return [each for each in rows if _is_of(talk, each.reply or {})]


def _is_of(talk: Takeover, reply: Mapping[str, Any]) -> bool:
    return "transfer" in reply or reply.get("held") == talk.id


def _is_written_here(talk: Takeover) -> bool:
    """By the console, where each word of both sides is kept at once."""
    return talk.kf_account is None and talk.clerk_id is not None


def _is_same(line: Line, heard: InboxMessage) -> bool:
    if line.is_clerk or abs(line.at - heard.sent_at) > _SAME_MESSAGE:
        return False
    return line.text == _MEDIA.get(heard.kind, heard.text)


def _digested(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """A digest for each; the same words twice in one second are two lines."""
    seen: Counter[Line] = Counter()
    for line in lines:
        seen[line] += 1
        told = "\0".join(
            (
                line.account,
                str(line.is_clerk),
                line.text,
                str(int(line.at.timestamp())),
                str(seen[line]),
            )
        )
        yield line, hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _insert(session: Session, talk: Takeover, line: Line, digest: str) -> int:
    values = {
        "takeover_id": talk.id,
        "is_clerk": line.is_clerk,
        "kf_account": line.account[:64],
        "text": line.text,
        "said_at": line.at,
        "digest": digest,
    }
    statement = insert_into(session, _lines).values(values).on_conflict_do_nothing()
    added = session.connection().execute(statement.returning(_lines.c.id))
    return int(added.scalar() is not None)


def last_sign(session: Session, takeover_id: int) -> datetime | None:
    """When somebody was last heard in a talk."""
    statement = select(func.max(TalkLine.said_at)).where(TalkLine.takeover_id == takeover_id)
    return session.scalar(statement)


# --- showing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Talk:
    """One takeover with all that was said, in order."""

    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    clerk: str | None
    lines: tuple[Line, ...]


def of_ticket(session: Session, ticket_id: int) -> tuple[Talk, ...]:
    """The talks about a ticket, oldest first; those whom nobody took are no talks."""
    statement = (
        select(Takeover)
        .where(
            Takeover.ticket_id == ticket_id,
            or_(Takeover.began_at.is_not(None), Takeover.kf_account.is_not(None)),
        )
        .order_by(Takeover.id)
    )
    return tuple(_talk(session, each) for each in session.scalars(statement))


def _talk(session: Session, talk: Takeover) -> Talk:
    clerk = clerks.name_in(session, talk) or talk.kf_account
    return Talk(talk.asked_at, talk.began_at, talk.ended_at, clerk, lines_of(session, talk))


def lines_of(session: Session, talk: Takeover) -> tuple[Line, ...]:
    """Everything said from the wish for a clerk to the end, whoever has kept it."""
    last = (talk.began_at or talk.ended_at or talk.asked_at) + ON_THE_WAY
    lines = [
        Line("", False, _MEDIA.get(each.kind, each.text), each.sent_at)
        for each in _heard(session, talk)
        if "held" in (each.reply or {}) or talk.asked_at <= each.sent_at <= last
    ]
    kept = select(TalkLine).where(TalkLine.takeover_id == talk.id).order_by(TalkLine.id)
    lines += [
        Line(each.kf_account, each.is_clerk, each.text, each.said_at)
        for each in session.scalars(kept)
    ]
    return tuple(sorted(lines, key=lambda each: each.at))


def record(session: Session, talk: Takeover, now: datetime) -> None:
    """The line in the ticket's timeline: one for each talk, with how much was said so far."""
    if talk.ticket_id is None:
        return
    ticket = locked(session, talk.ticket_id)
    if (ticket.status, Action.TALK) not in LIFECYCLE:
        return
    clerk = clerks.name_in(session, talk) or talk.kf_account
    act(
        session,
        ticket,
        Action.TALK,
        actor_id=talk.clerk_id,
        now=now,
        takeover_id=talk.id,
        clerk=clerk,
        words=clerk,
        began=(talk.began_at or talk.asked_at).isoformat(),
        ended=(talk.ended_at or now).isoformat(),
        lines=len(lines_of(session, talk)),
    )
    session.flush()
    targets.answered_in_talk(session, ticket, talk.began_at or now)


def _count(session: Session, talk: Takeover) -> None:
    """The timeline's line shows how much was said, however late it became known."""
    if talk.ticket_id is None:
        return
    statement = select(Activity).where(
        Activity.ticket_id == talk.ticket_id, Activity.action == Action.TALK
    )
    for line in session.scalars(statement):
        if (line.detail or {}).get("takeover_id") == talk.id:
            line.detail = {**(line.detail or {}), "lines": len(lines_of(session, talk))}


def about(session: Session, talk: Takeover) -> Facts:
    """Who wants the desk, how they are reached, what it is about, and which ticket is open."""
    person = session.get_one(Person, talk.person_id)
    ticket = session.get(Ticket, talk.ticket_id) if talk.ticket_id else None
    return {
        "contact": person.name,
        "department": person.department,
        "phone": person.reached_by,
        "words": talk.words or None,
        "open": ticket.number if ticket else None,
    }
