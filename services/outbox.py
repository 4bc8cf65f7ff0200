"""The outbox: who sends which notice next, under a claim that ends by itself (R-008, R-017)."""

import logging
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, literal_column, or_, select, update
from sqlalchemy.orm import Session

from domain.delivery import Wallet
from domain.quiet import AWAKE_FOR
from domain.sentence import Say, from_json
from models import Conversation, Holder, Notice, NoticeState, NoticeUrgency, Person, table_of
from services import quiet_hours
from services.notices import SAID_BY_CLERK

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than any exchange with the platform; after it somebody else may send."""

_notices, _people, _talks = table_of(Notice), table_of(Person), table_of(Conversation)
_earlier = _notices.alias("earlier")

# Written out, not bound: only then does a database see that its index of open notices serves.
_PENDING: Any = literal_column("'pending'")
_CLAIMED: Any = literal_column("'claimed'")
_HELD: Any = literal_column("'held'")


def _is_open(notices: Any) -> Any:
    return notices.c.state.in_([_PENDING, _CLAIMED])


def _may_be_said(notices: Any) -> Any:
    """While a clerk talks with a person the bot is silent, unless it is urgent (I7).

    So it is in hours in which the person wants none, unless they have just spoken (C §24).
    """
    is_urgent = notices.c.urgency == NoticeUrgency.URGENT
    is_clerks = notices.c.text_key == SAID_BY_CLERK
    is_free = or_(_talks.c.holder.is_(None), _talks.c.holder != Holder.CLERK)
    is_awake = or_(
        notices.c.recipient_id.not_in(bindparam("quiet", expanding=True)),
        _talks.c.heard_at > bindparam("awake_since"),
    )
    return or_(is_urgent, is_clerks, and_(is_free, is_awake))


_is_head = ~exists().where(
    _earlier.c.recipient_id == _notices.c.recipient_id,
    _earlier.c.id < _notices.c.id,
    _is_open(_earlier),
    _may_be_said(_earlier),
)
_SELECT = (
    select(
        _notices.c.id,
        _notices.c.recipient_id,
        _notices.c.ticket_id,
        _notices.c.say,
        _notices.c.urgency,
        _notices.c.tries,
        _notices.c.claim,
        _people.c.openid,
        _people.c.is_following,
        _notices.c.created_at,
        _talks.c.heard_at,
        _talks.c.heard_left,
        _talks.c.tapped_at,
        _talks.c.tapped_left,
        _talks.c.tapped_by,
    )
    .join_from(_notices, _people, _people.c.id == _notices.c.recipient_id)
    .join(_talks, _talks.c.person_id == _people.c.id, isouter=True)
)
_DUE = (
    _SELECT.where(
        _is_open(_notices),
        _notices.c.state == _PENDING,
        _notices.c.next_try_at <= bindparam("at"),
        _notices.c.valid_until > bindparam("at"),
        _may_be_said(_notices),
        _is_head,
    )
    .order_by(_notices.c.urgency.desc(), _notices.c.id)
    .limit(bindparam("most"))
)
_NEXT = _DUE.with_for_update(of=_notices, skip_locked=True)
_CLAIM = (
    update(_notices)
    .where(_notices.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=NoticeState.CLAIMED,
        claim=bindparam("by"),
        claimed_until=bindparam("until"),
        tries=_notices.c.tries + 1,
    )
)
_HAND_BACK = (
    update(_notices)
    .where(_notices.c.id == bindparam("of_notice"), _notices.c.claim == bindparam("by"))
    .values(state=NoticeState.PENDING, claim=None, claimed_until=None, tries=_notices.c.tries - 1)
)
_HAND_BACK_UNTIL = _HAND_BACK.values(next_try_at=bindparam("at"))
_is_held = _notices.c.state == _HELD
_is_over = and_(_notices.c.state == _PENDING, _notices.c.valid_until <= bindparam("at"))
_is_held_over = and_(_is_held, _notices.c.valid_until <= bindparam("at"))
_is_left = and_(_notices.c.state == _CLAIMED, _notices.c.claimed_until <= bindparam("at"))
_is_due_again = and_(_is_held, _notices.c.next_try_at <= bindparam("at"))
_EXPIRED = {"state": NoticeState.EXPIRED, "settled_at": bindparam("settled")}
_EXPIRE = (
    update(_notices).where(_is_open(_notices), _is_over).values(_EXPIRED),
    update(_notices).where(_is_held_over).values(_EXPIRED),
)
_DUE_AGAIN = update(_notices).where(_is_due_again).values(state=NoticeState.PENDING)
_STALE = select(_notices.c.id).where(_is_open(_notices), or_(_is_over, _is_left)).limit(1)
_HELD_STALE = select(_notices.c.id).where(or_(_is_held_over, _is_due_again)).limit(1)
_LEFT = _SELECT.where(_is_open(_notices), _is_left).with_for_update(of=_notices, skip_locked=True)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice in one worker's hands; `claim` must match whatever is written of it."""

    id: int
    claim: str
    recipient_id: int
    ticket_id: int | None
    say: Say
    is_urgent: bool
    tries: int  # with the one to come
    openid: str | None  # None: there is no way to them
    wallet: Wallet
    created_at: datetime

    @property
    def is_said_by_clerk(self) -> bool:
        return self.say.key == SAID_BY_CLERK


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether there is something to send, asked without a lock."""
    return session.connection().execute(_DUE, _asked(session, now, 1)).first() is not None


def is_stale(session: Session, now: datetime) -> bool:
    """Whether a notice has outlived its validity, or a claim or a wait its time."""
    connection = session.connection()
    return any(connection.execute(each, {"at": now}).first() for each in (_STALE, _HELD_STALE))


def claim(session: Session, now: datetime, most: int) -> list[Claimed]:
    """The next notices, urgent ones first; of each person only the oldest that is open."""
    connection = session.connection()
    rows = connection.execute(_NEXT, _asked(session, now, most)).all()
    if not rows:
        return []
    by = secrets.token_hex(16)
    ids = [row.id for row in rows]
    connection.execute(_CLAIM, {"ids": ids, "by": by, "until": now + LEASE})
    return [_claimed(row, by, row.tries + 1) for row in rows]


def _asked(session: Session, now: datetime, most: int) -> dict[str, Any]:
    quiet = list(quiet_hours.people_quiet(session, now))
    return {"at": now, "most": most, "quiet": quiet, "awake_since": now - AWAKE_FOR}


def hand_back(session: Session, unsent: Collection[Claimed], until: datetime | None = None) -> None:
    """What a worker will not send after all (R-016), or not before `until`."""
    rows = [{"of_notice": each.id, "by": each.claim} for each in unsent]
    if rows and until is not None:
        rows = [{**row, "at": until} for row in rows]
        session.connection().execute(_HAND_BACK_UNTIL, rows)
    elif rows:
        session.connection().execute(_HAND_BACK, rows)


def expire(session: Session, now: datetime) -> int:
    """What is past its validity is never said (P6), and who waited for a new day tries again."""
    connection, at = session.connection(), {"at": now, "settled": now}
    count = sum(connection.execute(statement, at).rowcount for statement in _EXPIRE)
    connection.execute(_DUE_AGAIN, {"at": now})
    if count:
        log.info("notices_expired count=%s", count)
    return count


def left_behind(session: Session, now: datetime) -> Sequence[Claimed]:
    """Notices whose worker did not come back in time, locked."""
    rows = session.connection().execute(_LEFT, {"at": now}).all()
    return [_claimed(row, row.claim, row.tries) for row in rows]


def _claimed(row: Any, by: str, tries: int) -> Claimed:
    return Claimed(
        id=row.id,
        claim=by,
        recipient_id=row.recipient_id,
        ticket_id=row.ticket_id,
        say=from_json(row.say),
        is_urgent=row.urgency is NoticeUrgency.URGENT,
        tries=tries,
        openid=row.openid if row.is_following else None,
        wallet=wallet_of(row),
        created_at=row.created_at,
    )


def wallet_of(row: Any) -> Wallet:
    """A person's windows as their conversation's row has them; nothing is known without one."""
    return Wallet(
        row.heard_at, row.heard_left or 0, row.tapped_at, row.tapped_left or 0, row.tapped_by
    )
