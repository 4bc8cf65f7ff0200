"""The trial of the way to WeChat and back, with which setting up ends (C §25).

Out: a notice like any other, through the outbox, whose fate is looked up. In: a word that the
admin sends to the account, heard only of who waits for it, for some minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.permissions import Permission, Role, demand
from domain.refusals import Refusal
from domain.sentence import Say
from models import Notice, NoticeState, OfficeSetting, Person
from services import notices, undelivered
from services.speakers import holds
from services.views import Undelivered

if TYPE_CHECKING:
    from services.desk import Desk

OUT, IN = "trial.out", "trial.in"
"""Keys of the settings that keep the last trial of each way."""

WAITS_FOR = timedelta(minutes=10)
_STAFF = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD, Role.ADMIN)


class NotJoined(Refusal):
    """Nothing can be sent to whom WeChat does not know here."""

    text_key = "way_trial.refusal.not_joined"


@dataclass(frozen=True, slots=True)
class Sent:
    """The last message that was sent as a trial, to whom, and how it stands."""

    notice: Undelivered
    created_at: datetime
    settled_at: datetime | None

    @property
    def has_arrived(self) -> bool:
        return self.notice.state == NoticeState.DELIVERED.value


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whose word is waited for and until when; when it came."""

    by_id: int
    until: datetime
    heard_at: datetime | None

    def is_on(self, now: datetime) -> bool:
        return self.heard_at is None and now < self.until


# --- out -----------------------------------------------------------------------------------------


def send(desk: "Desk", recipient_id: int) -> int:
    """To somebody who works here and has joined; answers the notice's id."""
    demand(desk.actor.roles, Permission.SETTING_MANAGE)
    session, now = desk.session, desk.now
    if recipient_id not in dict(recipients(session)):
        raise NotJoined()
    say = Say("way_trial.message", {"admin": desk.actor.name, "at": now})
    notices.queue(session, [notices.row(recipient_id, say, now, is_urgent=True)])
    newest = select(Notice.id).where(Notice.recipient_id == recipient_id)
    notice_id = session.scalars(newest.order_by(Notice.id.desc()).limit(1)).one()
    _keep(desk, OUT, {"notice": notice_id})
    return notice_id


def sent(session: Session) -> Sent | None:
    row = session.get(OfficeSetting, OUT)
    notice = session.get(Notice, row.value["notice"]) if row else None
    if notice is None:
        return None
    return Sent(undelivered.one(session, notice.id), notice.created_at, notice.settled_at)


def recipients(session: Session) -> list[tuple[int, str]]:
    """Everybody who works here and has joined."""
    rows = session.execute(
        select(Person.id, Person.name)
        .where(holds(*_STAFF), Person.is_active, Person.openid.is_not(None))
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name or "") for row in rows]


# --- in ------------------------------------------------------------------------------------------


def wait(desk: "Desk") -> Awaited:
    """From now on the admin's own word counts, and nobody else's."""
    demand(desk.actor.roles, Permission.SETTING_MANAGE)
    if not desk.actor.openid:
        raise NotJoined()
    until = desk.now + WAITS_FOR
    _keep(desk, IN, {"by": desk.actor.id, "until": until.isoformat(), "heard": None})
    return Awaited(desk.actor.id, until, None)


def awaited(session: Session) -> Awaited | None:
    row = session.get(OfficeSetting, IN)
    if row is None:
        return None
    heard = row.value["heard"]
    return Awaited(
        row.value["by"],
        datetime.fromisoformat(row.value["until"]),
        datetime.fromisoformat(heard) if heard else None,
    )


def heard(desk: "Desk") -> bool:
    """Whether the actor's word was waited for; then it has come."""
    waiting = awaited(desk.session)
    if waiting is None or waiting.by_id != desk.actor.id or not waiting.is_on(desk.now):
        return False
    value = {
        "by": desk.actor.id,
        "until": waiting.until.isoformat(),
        "heard": desk.now.isoformat(),
    }
    _keep(desk, IN, value)
    return True


def has_passed(session: Session) -> tuple[bool, bool]:
    """Whether a message got out, and whether a word came in."""
    out, waiting = sent(session), awaited(session)
    return out is not None and out.has_arrived, waiting is not None and waiting.heard_at is not None


def _keep(desk: "Desk", key: str, value: dict[str, Any]) -> None:
    row = desk.session.get(OfficeSetting, key, with_for_update=True)
    if row is None:
        row = OfficeSetting(key=key)
        desk.session.add(row)
    row.value, row.changed_at, row.changed_by_id = value, desk.now, desk.actor.id
    desk.session.flush()
