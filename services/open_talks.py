"""Talks that wait for the desk or are held by it, as the switchboard looks after them (W1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.sentence import Say
from models import Conversation, EndedBy, Holder, Person, Takeover
from services import notices, takeover_rows, talks
from services.holders import Held

if TYPE_CHECKING:
    from services.desk import Rules

_LISTED = 30  # wishes that one message to the desk names
_ANNOUNCED_AGAIN = 1
"""In `records_tries` of somebody whom no clerk has taken yet: the desk was told a second time."""


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """Somebody who waits for a clerk, or talks with one."""

    takeover_id: int
    openid: str
    is_following: bool
    held: Held
    asked_at: datetime
    is_matter_known: bool
    is_announced_again: bool
    last_sign: datetime | None  # the newest line that was fetched


def with_the_desk(session: Session) -> Sequence[OpenTalk]:
    """Everybody whom the bot does not hold; served by the index of open takeovers."""
    rows = session.execute(
        select(Takeover, Conversation, Person)
        .join(Conversation, Conversation.person_id == Takeover.person_id)
        .join(Person, Person.id == Takeover.person_id)
        .where(Takeover.ended_at.is_(None), Conversation.holder != Holder.BOT)
        .order_by(Takeover.asked_at, Takeover.id)
    )
    return [_open_talk(session, talk, row, person) for talk, row, person in rows]


def _open_talk(session: Session, talk: Takeover, row: Conversation, person: Person) -> OpenTalk:
    is_served = row.holder is Holder.CLERK
    held = Held(
        person.id,
        row.holder,
        row.held_since,
        row.held_until,
        row.kf_account,
        row.ticket_id,
        row.clerk_id,
    )
    return OpenTalk(
        talk.id,
        person.openid or "",
        person.is_following,
        held,
        talk.asked_at,
        talk.words is not None,
        not is_served and talk.records_tries == _ANNOUNCED_AGAIN,
        talks.last_sign(session, talk.id) if is_served else None,
    )


def announce_again(session: Session, takeover_id: int, now: datetime) -> bool:
    """The platform's queue does not show them: the desk hears of it, once."""
    done = session.execute(
        update(Takeover)
        .where(
            Takeover.id == takeover_id,
            Takeover.ended_at.is_(None),
            Takeover.began_at.is_(None),
            Takeover.records_tries != _ANNOUNCED_AGAIN,
        )
        .values(records_tries=_ANNOUNCED_AGAIN),
        execution_options={"synchronize_session": False},
    )
    if getattr(done, "rowcount", 0) != 1:
        return False
    talk = session.get_one(Takeover, takeover_id)
    takeover_rows.tell_desk(session, talk, "notice.still_wanted", now)
    return True


# --- what was wished off hours -------------------------------------------------------------------


def has_wishes(session: Session) -> bool:
    return session.scalar(_wishes().limit(1)) is not None


def tell_at_opening(session: Session, rules: "Rules", now: datetime) -> int:
    """The desk is open: it gets the list, and those who asked are told; answers how many."""
    if not rules.hours.is_open(now):
        return 0
    wishes: list[Takeover] = list(
        session.scalars(_wishes().with_for_update(of=Takeover, skip_locked=True))
    )
    for talk in wishes:
        talk.ended_at, talk.ended_by = now, EndedBy.HOURS
        _tell_person(session, talk, rules, now)
    session.flush()
    for first in range(0, len(wishes), _LISTED):
        people = [_wish(session, talk) for talk in wishes[first : first + _LISTED]]
        notices.tell_desk(session, "notice.wishes", now, people=people)
    return len(wishes)


def _wishes() -> Select[Any]:
    return (
        select(Takeover)
        .join(Conversation, Conversation.person_id == Takeover.person_id)
        .where(Takeover.ended_at.is_(None), Conversation.holder == Holder.BOT)
        .order_by(Takeover.asked_at, Takeover.id)
    )


def _tell_person(session: Session, talk: Takeover, rules: "Rules", now: datetime) -> None:
    button = (notices.button(Command.HUMAN),) if rules.takeover.is_there else ()
    notices.tell(
        session, talk.person_id, "notice.desk_opened", now, buttons=button, words=talk.words or None
    )


def _wish(session: Session, talk: Takeover) -> Say:
    facts = talks.about(session, talk)
    return Say("notice.wish", {**facts, "at": talk.asked_at})
