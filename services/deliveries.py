"""Every try to deliver a notice, and what came of it (P6, R-008…R-010, R-055…R-061)."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from counts import REPEATS
from domain import delivery
from domain.delivery import LIMITS, Channel, Move, Tried, Verdict, WindowLimits
from models import (
    Conversation,
    Delivery,
    Holder,
    Notice,
    NoticeState,
    NoticeUrgency,
    Outcome,
    table_of,
)
from services import outbox, reaching, reports, wallets
from services.notices import SAID_BY_CLERK
from services.outbox import LEASE, Claimed

log = logging.getLogger(__name__)

_notices, _tries, _talks = table_of(Notice), table_of(Delivery), table_of(Conversation)
_mine = (
    _notices.c.id == bindparam("of_notice"),
    _notices.c.claim == bindparam("by"),
    _notices.c.state == NoticeState.CLAIMED,
)
_RENEW = update(_notices).where(*_mine).values(claimed_until=bindparam("until"))
_is_with_clerk = exists().where(
    and_(_talks.c.person_id == _notices.c.recipient_id, _talks.c.holder == Holder.CLERK)
)
# Who holds the talk is asked again in the transaction that sends: the bot never speaks in a
# person's session with the desk, unless it is urgent (I7, R-090).
_BEGIN = _RENEW.where(
    or_(
        _notices.c.urgency == NoticeUrgency.URGENT,
        _notices.c.text_key == SAID_BY_CLERK,
        ~_is_with_clerk,
    )
)
_START = (
    insert(_tries)
    .values(
        notice_id=bindparam("notice_id"),
        channel=bindparam("channel"),
        outcome=Outcome.STARTED,
        started_at=bindparam("started_at"),
        parts=bindparam("parts"),
        is_repeat=bindparam("is_repeat"),
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
        request_id=bindparam("request_id"),
        message_id=bindparam("message_id"),
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
        state=bindparam("state"),
        next_try_at=bindparam("at"),
        claim=None,
        claimed_until=None,
    )
)
_HISTORY = select(
    func.count().filter(_tries.c.outcome == Outcome.UNCLEAR).label("unclear"),
    func.min(_tries.c.started_at).label("first_at"),
).where(_tries.c.notice_id == bindparam("of_notice"))
_STARTED = select(_tries.c.id, _tries.c.channel, _tries.c.started_at, _tries.c.parts).where(
    _tries.c.notice_id == bindparam("of_notice"), _tries.c.outcome == Outcome.STARTED
)
_HAS_BOUNCED = select(_tries.c.id).where(
    _tries.c.notice_id == bindparam("of_notice"), _tries.c.fate.is_not(None)
)

_ACTED = (
    select(_talks.c.heard_at, _talks.c.tapped_at)
    .where(_talks.c.person_id == bindparam("of_person"))
    .with_for_update()
)

_COUNTED = (Verdict.ACCEPTED, Verdict.UNCLEAR, Verdict.PARTLY)
_WINDOW = (Verdict.WINDOW_SHUT, Verdict.WINDOW_USED_UP)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel answered to one try."""

    verdict: Verdict
    errcode: int | None = None
    error: str | None = None
    request_id: str | None = None  # the platform's
    message_id: int | None = None  # that its report will carry

    @property
    def outcome(self) -> Outcome:
        match self.verdict:
            case Verdict.ACCEPTED:
                return Outcome.ACCEPTED
            case Verdict.UNCLEAR | Verdict.PARTLY:
                return Outcome.UNCLEAR
        return Outcome.UNSENT if self.errcode is None else Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class Begun:
    """One try under way."""

    id: int
    channel: Channel
    at: datetime
    parts: int = 1


def start_try(
    session: Session, claimed: Claimed, channel: Channel, now: datetime, *, parts: int = 1
) -> Begun | None:
    """Written before the request leaves; None if it may not leave any more (R-017, I7)."""
    connection = session.connection()
    if connection.execute(_BEGIN, {**_key(claimed), "until": now + LEASE}).rowcount == 0:
        outbox.hand_back(session, (claimed,))
        return None
    is_repeat = claimed.tries > 1 and _history(session, claimed).unclear > 0
    if is_repeat:
        REPEATS.labels(channel.value).inc()
    row = {
        "notice_id": claimed.id,
        "channel": channel,
        "started_at": now,
        "parts": parts,
        "is_repeat": is_repeat,
    }
    try_id: int = connection.execute(_START, row).scalar_one()
    return Begun(try_id, channel, now, parts)


def settle_try(
    session: Session,
    claimed: Claimed,
    begun: Begun,
    answer: Answer,
    now: datetime,
    *,
    is_last_channel: bool = True,
    limits: WindowLimits = LIMITS,
    dice: Callable[[], float] = random.random,
) -> Move | None:
    """Keep the answer and do what follows from it; None if the claim has gone (R-017)."""
    connection = session.connection()
    if connection.execute(_RENEW, {**_key(claimed), "until": now + LEASE}).rowcount == 0:
        return None
    connection.execute(_END, _ended(begun, answer, now))
    _pay(session, claimed, begun, answer.verdict, limits, now)
    tried = _tried(session, claimed, begun, answer.verdict, now, is_last_channel=is_last_channel)
    move = delivery.next_move(tried, now)
    _follow(session, claimed, move, now, dice, limits)
    log.info(
        "notice_tried notice=%s key=%s channel=%s verdict=%s errcode=%s move=%s",
        claimed.id,
        claimed.say.key,
        begun.channel.value,
        answer.verdict.value,
        answer.errcode,
        move.value,
    )
    return move


def settle_accepted(
    session: Session,
    claimed: Claimed,
    begun: Begun,
    answer: Answer,
    now: datetime,
    limits: WindowLimits = LIMITS,
) -> None:
    """What nearly every try comes to: delivered; unless the claim has gone (R-017)."""
    connection = session.connection()
    done = {**_key(claimed), "state": NoticeState.DELIVERED, "at": now}
    if connection.execute(_SETTLE, done).rowcount == 0:
        return
    connection.execute(_END, _ended(begun, answer, now))
    _pay(session, claimed, begun, Verdict.ACCEPTED, limits, now)
    if answer.message_id is not None:
        reports.match(session, answer.message_id, now)  # it may have been faster
    log.info("notice_delivered notice=%s key=%s", claimed.id, claimed.say.key)


def give_up(session: Session, claimed: Claimed, now: datetime) -> None:
    """No way to the person, or no words: that is the notice's fate, without a try (R-058)."""
    log.info("notice_given_up notice=%s key=%s", claimed.id, claimed.say.key)
    _follow(session, claimed, Move.GIVE_UP, now, random.random)


def hold(session: Session, claimed: Claimed, now: datetime, limits: WindowLimits = LIMITS) -> None:
    """No way that is worth a try: it waits for the person's next contact."""
    _follow(session, claimed, Move.HOLD, now, random.random, limits)


def wait(session: Session, claimed: Claimed, until: datetime) -> None:
    """The way is closed for now: no try is spent on it."""
    outbox.hand_back(session, (claimed,), until)


def has_bounced(session: Session, notice_id: int) -> bool:
    """Whether a template message of this notice was reported as not arrived (R-060)."""
    return session.connection().execute(_HAS_BOUNCED, {"of_notice": notice_id}).first() is not None


def recover(session: Session, now: datetime, limits: WindowLimits = LIMITS) -> int:
    """What dead or sleeping workers left: unsent again, or of unknown effect (R-008…R-010)."""
    left = outbox.left_behind(session, now)
    for claimed in left:
        started = session.connection().execute(_STARTED, {"of_notice": claimed.id}).all()
        if not started:
            again = {**_key(claimed), "state": NoticeState.PENDING, "at": now}
            session.connection().execute(_LATER, again)
        for each in started:
            begun = Begun(each.id, each.channel, each.started_at, each.parts)
            lost = Answer(Verdict.UNCLEAR, error="worker lost")
            settle_try(session, claimed, begun, lost, now, limits=limits)
    return len(left)


def _key(claimed: Claimed) -> dict[str, Any]:
    return {"of_notice": claimed.id, "by": claimed.claim}


def _ended(begun: Begun, answer: Answer, now: datetime) -> dict[str, Any]:
    return {
        "of_try": begun.id,
        "outcome": answer.outcome,
        "errcode": answer.errcode,
        "error": (answer.error or "")[:200] or None,
        "request_id": answer.request_id,
        "message_id": answer.message_id,
        "ended_at": now,
    }


def _pay(
    session: Session,
    claimed: Claimed,
    begun: Begun,
    verdict: Verdict,
    limits: WindowLimits,
    now: datetime,
) -> None:
    if begun.channel is not Channel.CUSTOM:
        return
    if verdict in _COUNTED:
        wallets.spend(session, claimed.recipient_id, begun.parts, limits, now)
    elif verdict in _WINDOW:
        wallets.correct(session, claimed.recipient_id, begun.at, limits, now)


def _history(session: Session, claimed: Claimed) -> Any:
    return session.connection().execute(_HISTORY, {"of_notice": claimed.id}).one()


def _tried(
    session: Session,
    claimed: Claimed,
    begun: Begun,
    verdict: Verdict,
    now: datetime,
    *,
    is_last_channel: bool,
) -> Tried:
    unclear, first_at = 0, now
    if verdict is Verdict.UNCLEAR:
        history = _history(session, claimed)
        unclear, first_at = history.unclear, history.first_at or now
    return Tried(verdict, begun.channel, claimed.tries, unclear, first_at, is_last_channel)


def _has_acted_since(
    session: Session, claimed: Claimed, now: datetime, limits: WindowLimits
) -> bool:
    """Whether the person opened a window after the claim; a turn under way is waited for."""
    row = session.connection().execute(_ACTED, {"of_person": claimed.recipient_id}).first()
    if row is None:
        return False
    heard_at = claimed.wallet.heard_at or now - limits.message_for
    tapped_at = claimed.wallet.tapped_at or now - limits.tap_for
    is_heard = row.heard_at is not None and row.heard_at > heard_at
    return is_heard or (row.tapped_at is not None and row.tapped_at > tapped_at)


def _follow(
    session: Session,
    claimed: Claimed,
    move: Move,
    now: datetime,
    dice: Callable[[], float],
    limits: WindowLimits = LIMITS,
) -> None:
    connection, key = session.connection(), _key(claimed)
    if move is Move.HOLD and _has_acted_since(session, claimed, now, limits):
        # Their turn did not see this one waiting, and it keeps its place before later ones.
        connection.execute(_LATER, {**key, "state": NoticeState.PENDING, "at": now})
        session.info["tells_somebody"] = True
        return
    match move:
        case Move.OTHER_CHANNEL:
            return
        case Move.AGAIN:
            at = now + delivery.pause(claimed.tries, dice)
            connection.execute(_LATER, {**key, "state": NoticeState.PENDING, "at": at})
        case Move.TOMORROW:
            at = delivery.next_midnight(now)
            connection.execute(_LATER, {**key, "state": NoticeState.HELD, "at": at})
        case Move.HOLD:
            never = reaching.NEVER
            connection.execute(_LATER, {**key, "state": NoticeState.HELD, "at": never})
        case Move.GIVE_UP:
            connection.execute(_SETTLE, {**key, "state": NoticeState.FAILED, "at": now})
        case Move.DONE:
            connection.execute(_SETTLE, {**key, "state": NoticeState.DELIVERED, "at": now})
    if move is Move.GIVE_UP or (move in (Move.HOLD, Move.TOMORROW) and claimed.is_urgent):
        reaching.alarm(session, [claimed.id], now)
