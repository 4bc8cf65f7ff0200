"""Every try to deliver a notice, and what came of it (P6, R-008…R-010, R-055…R-061)."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain import delivery
from domain.delivery import Channel, Move, Tried, Verdict
from domain.sentence import Word
from models import Delivery, Notice, NoticeState, Outcome, Person, Ticket, table_of
from services import notices, outbox
from services.outbox import LEASE, Claimed

log = logging.getLogger(__name__)

ALARM = "notice.undelivered"

_notices, _tries = table_of(Notice), table_of(Delivery)
_mine = (
    _notices.c.id == bindparam("of_notice"),
    _notices.c.claim == bindparam("by"),
    _notices.c.state == NoticeState.CLAIMED,
)
_RENEW = update(_notices).where(*_mine).values(claimed_until=bindparam("until"))
_START = (
    insert(_tries)
    .values(
        notice_id=bindparam("notice_id"),
        channel=bindparam("channel"),
        outcome=Outcome.STARTED,
        started_at=bindparam("started_at"),
    )
    .returning(_tries.c.id)
)
_END = (
    update(_tries)
    .where(_tries.c.id == bindparam("of_try"))
    .values(
        outcome=bindparam("outcome"),
        errcode=bindparam("errcode"),
        error=bindparam("error"),
        ended_at=bindparam("ended_at"),
    )
)
_SETTLE = (
    update(_notices)
    .where(*_mine)
    .values(state=bindparam("state"), settled_at=bindparam("at"), claim=None, claimed_until=None)
)
_LATER = (
    update(_notices)
    .where(*_mine)
    .values(
        state=NoticeState.PENDING,
        next_try_at=bindparam("at"),
        claim=None,
        claimed_until=None,
    )
)
_HISTORY = select(
    func.count().filter(_tries.c.outcome == Outcome.UNCLEAR).label("unclear"),
    func.min(_tries.c.started_at).label("first_at"),
).where(_tries.c.notice_id == bindparam("of_notice"))
_STARTED = select(_tries.c.id, _tries.c.channel).where(
    _tries.c.notice_id == bindparam("of_notice"), _tries.c.outcome == Outcome.STARTED
)

_STATES = {
    Move.DONE: NoticeState.DELIVERED,
    Move.GIVE_UP: NoticeState.FAILED,
    Move.LEAVE_OPEN: NoticeState.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel answered to one try."""

    verdict: Verdict
    errcode: int | None = None
    error: str | None = None

    @property
    def outcome(self) -> Outcome:
        match self.verdict:
            case Verdict.ACCEPTED:
                return Outcome.ACCEPTED
            case Verdict.UNCLEAR:
                return Outcome.UNCLEAR
        return Outcome.UNSENT if self.errcode is None else Outcome.REFUSED


def start_try(session: Session, claimed: Claimed, channel: Channel, now: datetime) -> int | None:
    """Written before the request leaves; None if the claim has gone to somebody else (R-017)."""
    connection = session.connection()
    mine = {**_key(claimed), "until": now + LEASE}
    if connection.execute(_RENEW, mine).rowcount == 0:
        return None
    row = {"notice_id": claimed.id, "channel": channel, "started_at": now}
    try_id: int = connection.execute(_START, row).scalar_one()
    return try_id


def settle_try(
    session: Session,
    claimed: Claimed,
    try_id: int,
    channel: Channel,
    answer: Answer,
    now: datetime,
    *,
    is_last_channel: bool = True,
    dice: Callable[[], float] = random.random,
) -> Move | None:
    """Keep the answer and do what follows from it; None if the claim has gone (R-017)."""
    connection = session.connection()
    if connection.execute(_RENEW, {**_key(claimed), "until": now + LEASE}).rowcount == 0:
        return None
    end = {
        "of_try": try_id,
        "outcome": answer.outcome,
        "errcode": answer.errcode,
        "error": (answer.error or "")[:200] or None,
        "ended_at": now,
    }
    connection.execute(_END, end)
    tried = _tried(session, claimed, channel, answer.verdict, now, is_last_channel=is_last_channel)
    move = delivery.next_move(tried, now)
    _follow(session, claimed, move, answer.verdict, now, dice)
    log.info(
        "notice_tried notice=%s key=%s channel=%s verdict=%s errcode=%s move=%s",
        claimed.id,
        claimed.say.key,
        channel.value,
        answer.verdict.value,
        answer.errcode,
        move.value,
    )
    return move


def settle_accepted(session: Session, claimed: Claimed, try_id: int, now: datetime) -> None:
    """What nearly every try comes to: delivered; unless the claim has gone (R-017)."""
    connection = session.connection()
    done = {**_key(claimed), "state": NoticeState.DELIVERED, "at": now}
    if connection.execute(_SETTLE, done).rowcount == 0:
        return
    end = {
        "of_try": try_id,
        "outcome": Outcome.ACCEPTED,
        "errcode": 0,
        "error": None,
        "ended_at": now,
    }
    connection.execute(_END, end)
    log.info("notice_delivered notice=%s key=%s", claimed.id, claimed.say.key)


def give_up(session: Session, claimed: Claimed, verdict: Verdict, now: datetime) -> None:
    """No way to the person, or no words: that is the notice's fate, without a try (R-058)."""
    log.info("notice_given_up notice=%s key=%s", claimed.id, claimed.say.key)
    _follow(session, claimed, Move.GIVE_UP, verdict, now, random.random)


def recover(session: Session, now: datetime) -> int:
    """What dead or sleeping workers left: unsent again, or of unknown effect (R-008…R-010)."""
    left = outbox.left_behind(session, now)
    for claimed in left:
        started = session.connection().execute(_STARTED, {"of_notice": claimed.id}).all()
        if not started:
            session.connection().execute(_LATER, {**_key(claimed), "at": now})
        for each in started:
            lost = Answer(Verdict.UNCLEAR, error="worker lost")
            settle_try(session, claimed, each.id, each.channel, lost, now)
    return len(left)


def _key(claimed: Claimed) -> dict[str, Any]:
    return {"of_notice": claimed.id, "by": claimed.claim}


def _tried(
    session: Session,
    claimed: Claimed,
    channel: Channel,
    verdict: Verdict,
    now: datetime,
    *,
    is_last_channel: bool,
) -> Tried:
    unclear, first_at = 0, now
    if verdict is Verdict.UNCLEAR:
        history = session.connection().execute(_HISTORY, {"of_notice": claimed.id}).one()
        unclear, first_at = history.unclear, history.first_at or now
    return Tried(
        verdict, channel, claimed.tries, unclear, first_at, claimed.is_urgent, is_last_channel
    )


def _follow(
    session: Session,
    claimed: Claimed,
    move: Move,
    verdict: Verdict,
    now: datetime,
    dice: Callable[[], float],
) -> None:
    connection = session.connection()
    match move:
        case Move.OTHER_CHANNEL:
            return
        case Move.AGAIN:
            at = now + delivery.pause(claimed.tries, dice)
            connection.execute(_LATER, {**_key(claimed), "at": at})
        case Move.TOMORROW:
            at = delivery.next_midnight(now)
            connection.execute(_LATER, {**_key(claimed), "at": at})
        case _:
            connection.execute(_SETTLE, {**_key(claimed), "state": _STATES[move], "at": now})
    if move is Move.GIVE_UP:
        _alarm(session, claimed, verdict, now)


def _alarm(session: Session, claimed: Claimed, verdict: Verdict, now: datetime) -> None:
    """The desk hears of an urgent notice that did not arrive; never of one to itself (no loops)."""
    if not claimed.is_urgent or claimed.ticket_id is None:
        return
    if claimed.say.key == ALARM or claimed.recipient_id in notices.desk_people(session):
        return
    ticket = session.get_one(Ticket, claimed.ticket_id)
    person = session.get_one(Person, claimed.recipient_id)
    notices.tell_desk(
        session,
        ALARM,
        now,
        ticket=ticket,
        name=person.name,
        phone=person.reached_by,
        why=Word(f"undelivered.{verdict.value}"),
    )
