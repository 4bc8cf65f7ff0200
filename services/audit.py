"""Who changed what: people, rules, texts and tokens, before and after, for good (Y1, C §23)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.calendar import CHINA
from models import AlertSource, ApiToken, AuditEntry, Person, Team, Webhook

if TYPE_CHECKING:
    from services.desk import Desk

ADDRESS = "audit_address"
"""Where a session notes from which address the acts of its transaction come."""

MOST_SHOWN = 50
_NUMBERS_SHOWN = 4  # at the end of a phone number, as people know it by
_PHONES = frozenset({"phone"})


@dataclass(frozen=True, slots=True)
class Change:
    """One fact as it was and as it is; None: there was none."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; without an actor it came from the command line."""

    id: int
    at: datetime
    actor: str | None
    action: str
    subject: str
    called: str  # the subject's name, as far as it has one
    address: str | None
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        """Whether there was nothing before."""
        return all(change.before is None for change in self.changes)

    @property
    def kind(self) -> str:
        return self.subject.partition(":")[0]

    @property
    def reference(self) -> str:
        return self.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: by whom, of what kind or of what exactly, since and until when."""

    actor_id: int | None = None
    kind: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None  # the id of the last entry of the page before


@dataclass(frozen=True, slots=True)
class Page:
    """The newest first; `below` leads on, if there is more."""

    entries: tuple[Entry, ...]
    below: int | None


def record(
    session: Session,
    *,
    actor_id: int | None,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
    address: str | None = None,
) -> None:
    """Keeps one act for good: what differs of two states, and nothing if they are the same."""
    if before is not None and after is not None:
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        if not names:
            return
        before = {name: before.get(name) for name in names}
        after = {name: after.get(name) for name in names}
    session.add(
        AuditEntry(
            happened_at=now,
            actor_id=actor_id,
            action=action,
            subject=subject[:120],
            before=_kept(before),
            after=_kept(after),
            address=address or session.info.get(ADDRESS),
        )
    )


def done_by(
    desk: "Desk",
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """The same of an act of whoever acts here and now."""
    record(
        desk.session,
        actor_id=desk.actor.id,
        action=action,
        subject=subject,
        before=before,
        after=after,
        now=desk.now,
    )


def _kept(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {
        name: masked(value) if name in _PHONES else _plain(value) for name, value in facts.items()
    }


def masked(phone: Any) -> str | None:
    """A number that whoever knows it knows again."""
    if not phone:
        return None
    digits = str(phone)
    shown = digits[:3] if len(digits) > 2 * _NUMBERS_SHOWN else ""
    return f"{shown}****{digits[-_NUMBERS_SHOWN:]}"


def told(at: datetime | None) -> str | None:
    """An instant as the record says it: by the desk's clock."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else None


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case frozenset() | set():
            return sorted(_plain(each) for each in value)
        case tuple() | list():
            return [_plain(each) for each in value]
    return value


# --- what is read ------------------------------------------------------------------------------


def history(session: Session, subject: str, most: int = 20) -> tuple[Entry, ...]:
    """What was done to one thing, the newest first; by ix_audit_entries_subject_id."""
    return _entries(session, [AuditEntry.subject == subject], most)


def page(session: Session, wanted: Wanted) -> Page:
    """One page of all entries, back along the primary key from where the last page ended."""
    found = _entries(session, _conditions(wanted), MOST_SHOWN + 1)
    shown = found[:MOST_SHOWN]
    return Page(shown, shown[-1].id if len(found) > MOST_SHOWN else None)


def actors(session: Session) -> list[tuple[int, str]]:
    """Everybody who ever changed something, by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(select(AuditEntry.actor_id).distinct()))
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name or "") for row in rows]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor_id is not None:
        found.append(AuditEntry.actor_id == wanted.actor_id)
    if wanted.kind:
        found.append(AuditEntry.subject.startswith(f"{wanted.kind}:", autoescape=True))
    if wanted.subject:
        found.append(AuditEntry.subject == wanted.subject)
    if wanted.since is not None:
        found.append(AuditEntry.happened_at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.happened_at < wanted.until)
    if wanted.below is not None:
        found.append(AuditEntry.id < wanted.below)
    return found


def _entries(
    session: Session, conditions: Iterable[ColumnElement[bool]], most: int
) -> tuple[Entry, ...]:
    rows = session.execute(
        select(AuditEntry, Person.name)
        .join(Person, Person.id == AuditEntry.actor_id, isouter=True)
        .where(*conditions)
        .order_by(AuditEntry.id.desc())
        .limit(most)
    ).all()
    names = _names(session, [row.AuditEntry.subject for row in rows])
    return tuple(_entry(row.AuditEntry, row.name, names) for row in rows)


def _entry(row: AuditEntry, actor: str | None, names: Mapping[str, str]) -> Entry:
    before, after = row.before or {}, row.after or {}
    changes = tuple(Change(name, before.get(name), after.get(name)) for name in {**before, **after})
    called = names.get(row.subject) or str(after.get("name") or before.get("name") or "")
    return Entry(
        row.id, row.happened_at, actor, row.action, row.subject, called, row.address, changes
    )


def _names(session: Session, subjects: Iterable[str]) -> dict[str, str]:
    """What those subjects are called that have a row of their own."""
    found: dict[str, str] = {}
    wanted = set(subjects)
    for kind, model in (
        ("person", Person),
        ("team", Team),
        ("token", ApiToken),
        ("alert_source", AlertSource),
        ("webhook", Webhook),
    ):
        ids = [each.partition(":")[2] for each in wanted if each.startswith(f"{kind}:")]
        numbers = [int(each) for each in ids if each.isdecimal()]
        if numbers:
            rows = session.execute(select(model.id, model.name).where(model.id.in_(numbers)))
            found |= {f"{kind}:{row.id}": row.name or "" for row in rows}
    return found
