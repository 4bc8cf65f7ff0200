"""One person as the admin sees them: facts, working card, open work, ways in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound
from models import (
    ApiToken,
    BindCode,
    Credential,
    Engineer,
    Person,
    Team,
    Ticket,
    WebSession,
)

if TYPE_CHECKING:
    from services.desk import Desk

FACTS = ("name", "staff_number", "department", "office", "phone", "extension", "team_id", "roles")
CARD = ("level", "skills", "areas", "is_on_duty")
HELD = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
_WORK_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket in hand."""

    number: str
    symptom: str
    status: Status


@dataclass(frozen=True, slots=True)
class Seen:
    """A browser that is signed in."""

    via: str
    browser: str | None
    address: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """All of one person; engineers' facts are None for others."""

    id: int
    facts: dict[str, Any]  # by the names of FACTS, and of CARD for those who hold one
    team: str | None
    is_active: bool
    is_joined: bool
    is_following: bool
    created_at: datetime
    work: Sequence[Held]
    browsers: Sequence[Seen]
    code_until: datetime | None  # of a code to join with that was not used yet
    has_password: bool
    is_provisional: bool
    has_second_factor: bool
    tokens: Sequence[str]  # of machines that act as this person

    @property
    def name(self) -> str:
        return str(self.facts["name"] or "")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.facts["roles"])

    @property
    def skills(self) -> frozenset[Category]:
        return frozenset(self.facts.get("skills") or ())


def card(desk: "Desk", person_id: int) -> Card:
    """NotFound for a number that is nobody's."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    session, now = desk.session, desk.now
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound()
    code = session.scalar(select(BindCode.expires_at).where(BindCode.person_id == person_id))
    password = session.get(Credential, person_id)
    return Card(
        person.id,
        facts_of(person, session.get(Engineer, person_id)),
        session.scalar(select(Team.name).where(Team.id == person.team_id)),
        person.is_active,
        person.openid is not None,
        person.is_following,
        person.created_at,
        in_hand(session, person_id),
        _browsers(session, person_id, now),
        code if code and code > now else None,
        password is not None,
        bool(password and password.is_provisional),
        bool(password and password.totp_since),
        _tokens(session, person_id, now),
    )


def facts_of(person: Person, engineer: Engineer | None) -> dict[str, Any]:
    """What the admin may change of somebody, as it is."""
    found = {name: getattr(person, name) for name in FACTS}
    if engineer is not None:
        found |= {name: getattr(engineer, name) for name in CARD}
        found["areas"] = list(engineer.areas)
    return found


def in_hand(session: Session, person_id: int) -> list[Held]:
    """What somebody still owes work on, the oldest first.

    By ix_tickets_assignee_id_status_opened_at.
    """
    rows = session.execute(
        select(Ticket.number, Ticket.symptom, Ticket.status)
        .where(Ticket.assignee_id == person_id, Ticket.status.in_(HELD))
        .order_by(Ticket.id)
        .limit(_WORK_SHOWN)
    )
    return [Held(row.number, row.symptom, row.status) for row in rows]


def _browsers(session: Session, person_id: int, now: datetime) -> list[Seen]:
    rows = session.execute(
        select(WebSession.via, WebSession.browser, WebSession.address, WebSession.seen_at)
        .where(WebSession.person_id == person_id, WebSession.expires_at > now)
        .order_by(WebSession.seen_at.desc())
    )
    return [Seen(row.via.partition(":")[0], row.browser, row.address, row.seen_at) for row in rows]


def _tokens(session: Session, person_id: int, now: datetime) -> list[str]:
    rows = session.execute(
        select(ApiToken.name, ApiToken.expires_at)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id)
    )
    return [row.name for row in rows if row.expires_at is None or row.expires_at > now]
