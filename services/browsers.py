"""Where somebody is signed in: their browsers, at computers and in WeChat, each to be ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from domain.refusals import NotFound
from models import WebSession
from services.web_sessions import DESK_IDLE_FOR, IDLE_FOR, Via, mark_of

_AT_DESK = tuple(each.value for each in Via)
_SHORT = 24  # hexadecimal digits of a mark; enough to name one's own by
_MOST = 50


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser of the reader's."""

    mark: str
    via: str  # password, scan, wechat
    browser: str | None
    address: str | None
    since: datetime
    seen_at: datetime
    is_this: bool


def list_of(
    session: Session,
    person_id: int,
    token: str,
    now: datetime,
    idle_for: timedelta = DESK_IDLE_FOR,
) -> Sequence[SignedIn]:
    """Those that still open a page: this one first, then as they were seen last."""
    is_desk = WebSession.via.in_(_AT_DESK)
    statement = (
        select(WebSession)  # by ix_web_sessions_person_id
        .where(
            WebSession.person_id == person_id,
            WebSession.expires_at > now,
            or_(
                is_desk & (WebSession.seen_at > now - idle_for),
                ~is_desk & (WebSession.seen_at > now - IDLE_FOR),
            ),
        )
        .order_by(WebSession.seen_at.desc())
        .limit(_MOST)
    )
    found = [_view(each, mark_of(token)) for each in session.scalars(statement)]
    return sorted(found, key=lambda each: not each.is_this)


def end(session: Session, person_id: int, mark: str) -> None:
    """NotFound for one that is not theirs, or over."""
    for each in session.scalars(select(WebSession).where(WebSession.person_id == person_id)):
        if each.token_hash[:_SHORT] == mark:
            session.delete(each)
            return
    raise NotFound()


def end_others(session: Session, person_id: int, token: str, *, at_desks_only: bool = False) -> int:
    """Signed out everywhere but here; answers with how many browsers."""
    others = delete(WebSession).where(
        WebSession.person_id == person_id, WebSession.token_hash != mark_of(token)
    )
    if at_desks_only:
        others = others.where(WebSession.via.in_(_AT_DESK))
    return session.connection().execute(others).rowcount


def _view(row: WebSession, this: str) -> SignedIn:
    return SignedIn(
        row.token_hash[:_SHORT],
        row.via.partition(":")[0],
        row.browser,
        row.address,
        row.created_at,
        row.seen_at,
        row.token_hash == this,
    )
