"""Sources of alarms: made with a secret that is shown once, changed, muted, shut (F4, H-56)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from domain import alerts as rules_of
from domain.alerts import AlertKind, Heard, OnRecovery, Severity
from domain.category import Category
from domain.permissions import Permission, demand
from domain.priority import Priority
from domain.refusals import NotFound, Refusal
from models import AlertSource, Person
from services import audit
from services.alerts import keys, reading
from services.alerts.hearing import locked_source
from services.speakers import speaker_of

if TYPE_CHECKING:
    from services.desk import Desk

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MUTED_AT_MOST = timedelta(days=7)
DEFAULT_GROUPS: Mapping[AlertKind, tuple[str, ...]] = {
    AlertKind.ALERTMANAGER: (rules_of.NAME,),
    AlertKind.ZABBIX: ("host",),
    AlertKind.GENERIC: (rules_of.NAME,),
}


class SlugTaken(Refusal):
    """Another source has this address."""

    text_key = "alert_source.refusal.slug_taken"


class NobodyResponsible(Refusal):
    """Tickets need somebody with a department and a number."""

    text_key = "alert_source.refusal.profile_missing"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the admin says of a source."""

    name: str
    category: Category
    place: str
    priority: Priority
    responsible_id: int
    recovery_words: str
    told_id: int | None = None
    fingerprint_fields: tuple[str, ...] = ()
    group_fields: tuple[str, ...] = (rules_of.NAME,)
    opens_from: Severity | None = Severity.WARNING
    on_recovery: OnRecovery = OnRecovery.RESOLVE
    window_minutes: int = 60
    reopen_minutes: int = 30
    addresses: tuple[str, ...] = ()
    is_active: bool = True


_CALLED = {"name": "source_name", "kind": "source_kind", "is_active": "source_active"}
"""What the record of changes calls them: people have names and are active, too."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How one alarm of a sample would be taken."""

    heard: Heard
    fingerprint: str
    group: str
    priority: Priority
    is_opening: bool


def make(desk: "Desk", slug: str, kind: AlertKind, said: Settings, key: bytes) -> tuple[int, str]:
    """A new source, and its secret, which is shown once."""
    demand(desk.actor.roles, Permission.ALERT_MANAGE)
    _demand_responsible(desk, said)
    if desk.session.scalar(select(AlertSource.id).where(AlertSource.slug == slug)) is not None:
        raise SlugTaken(slug=slug)
    secret = keys.new_secret()
    source = AlertSource(
        slug=slug,
        kind=kind,
        secret_hash=keys.hash_of(secret),
        sealed=_sealed(kind, key, secret),
        ending=secret[-keys.ENDING :],
        created_by_id=desk.actor.id,
        created_at=desk.now,
        **_columns(said),
    )
    desk.session.add(source)
    desk.session.flush()
    _audit(desk, "monitoring.make", source, None)
    return source.id, secret


def change(desk: "Desk", source_id: int, said: Settings) -> None:
    demand(desk.actor.roles, Permission.ALERT_MANAGE)
    _demand_responsible(desk, said)
    source = locked_source(desk.session, source_id)
    before = _facts(source)
    for name, value in _columns(said).items():
        setattr(source, name, value)
    _audit(desk, "monitoring.change", source, before)


def renew(desk: "Desk", source_id: int, key: bytes) -> str:
    """Another secret; the one before opens nothing from now on."""
    demand(desk.actor.roles, Permission.ALERT_MANAGE)
    source = locked_source(desk.session, source_id)
    before, secret = _facts(source), keys.new_secret()
    source.secret_hash, source.ending = keys.hash_of(secret), secret[-keys.ENDING :]
    source.sealed = _sealed(source.kind, key, secret)
    _audit(desk, "monitoring.renew", source, before)
    return secret


def mute(desk: "Desk", source_id: int, hours: int) -> None:
    """Its alarms are kept and open nothing until then; 0: heard again (H-56)."""
    demand(desk.actor.roles, Permission.ALERT_HANDLE)
    source = locked_source(desk.session, source_id)
    before = _facts(source)
    until = desk.now + min(timedelta(hours=hours), MUTED_AT_MOST) if hours else None
    source.muted_until = until
    _audit(desk, "monitoring.mute", source, before)


def one(desk: "Desk", source_id: int) -> AlertSource:
    demand(desk.actor.roles, Permission.ALERT_MANAGE)
    source = desk.session.get(AlertSource, source_id)
    if source is None:
        raise NotFound()
    return source


def listed(desk: "Desk") -> list[AlertSource]:
    """Every one, by name; for the list's filter too."""
    demand(desk.actor.roles, Permission.ALERT_READ)
    return list(
        desk.session.scalars(select(AlertSource).order_by(AlertSource.name, AlertSource.id))
    )


def tried(source: AlertSource, sent: Any) -> tuple[Tried, ...]:
    """How a sample would be taken; nothing is kept. Unreadable if it cannot be."""
    return tuple(_tried(source, heard) for heard in reading.read(source.kind, sent))


def _tried(source: AlertSource, heard: Heard) -> Tried:
    opens = rules_of.opens_ticket(heard.severity, source.opens_from)
    return Tried(
        heard,
        rules_of.fingerprint(heard, source.fingerprint_fields)[:12],
        rules_of.group_title(heard, source.group_fields),
        rules_of.priority_of_alarm(heard.severity, source.priority),
        is_opening=heard.is_firing and opens,
    )


def _demand_responsible(desk: "Desk", said: Settings) -> None:
    person = desk.session.get(Person, said.responsible_id)
    if person is None or not person.is_active or speaker_of(person).missing:
        raise NobodyResponsible()


def _sealed(kind: AlertKind, key: bytes, secret: str) -> str | None:
    """Only who signs needs the secret itself to be known here."""
    return keys.seal(key, secret) if kind is AlertKind.GENERIC else None


def _columns(said: Settings) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(said).items()
    }


def _facts(source: AlertSource) -> dict[str, Any]:
    names: Sequence[str] = (*Settings.__dataclass_fields__, "slug", "kind", "ending")
    facts = {_CALLED.get(name, name): getattr(source, name) for name in names}
    return {**facts, "muted_until": audit.told(source.muted_until)}


def _audit(desk: "Desk", action: str, source: AlertSource, before: dict[str, Any] | None) -> None:
    audit.done_by(desk, action, f"alert_source:{source.id}", before, _facts(source))
