"""The check list of a new desk: what is set up, and what still has to be done (C §25)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.permissions import Role
from domain.sentence import Fact
from models import AuditEntry, Device, Person, SampleKind, Team, TextOverride, Ticket
from services import checkup, office, skills, trial
from services.samples.marks import is_real, marked
from services.speakers import holds

_BY_HAND = ("menu", "templates", "backup")
"""What only somebody who looks outside of the database can know; they tick it off."""


_Found = dict[str, tuple[bool, dict[str, Fact]]]


class Stand(StrEnum):
    """How one step stands."""

    DONE = auto()
    OPEN = auto()
    ASIDE = auto()  # laid aside: somebody says that it needs no doing


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `facts` are what its sentences speak of."""

    name: str
    stand: Stand
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def is_by_hand(self) -> bool:
        return self.name in _BY_HAND


def steps(
    session: Session, public_url: str, desk_phone: str, missing_year: int | None
) -> tuple[Step, ...]:
    """In the order in which one does them."""
    found: _Found = {
        "phone": (bool(desk_phone), {}),
        "calendar": (missing_year is None, {"year": missing_year}),
        "address": (public_url.startswith("https://"), {"url": public_url}),
        **_account(session),
        **_people(session),
        **_set_up(session),
    }
    aside = office.laid_aside(session)
    return tuple(_step(name, *found.get(name, (False, {})), aside=aside) for name in ORDER)


ORDER = (
    "address",
    "callback",
    "menu",
    "templates",
    "clerk",
    "head",
    "engineers",
    "categories",
    "second_admin",
    "joined",
    "hours",
    "calendar",
    "phone",
    "team",
    "devices",
    "texts",
    "first_ticket",
    "trial",
    "backup",
)


def _step(name: str, is_done: bool, facts: Mapping[str, Fact], *, aside: frozenset[str]) -> Step:
    if is_done:
        return Step(name, Stand.DONE, facts)
    return Step(name, Stand.ASIDE if name in aside else Stand.OPEN, facts)


def _account(session: Session) -> _Found:
    heard: datetime | None = checkup.last_heard(session)
    return {"callback": (heard is not None, {"at": heard})}


def _people(session: Session) -> _Found:
    matrix = skills.matrix(session, but=marked(session, SampleKind.PERSON))
    apart = checkup.staff_apart(session)
    count = {role: _count(session, role) for role in Role}
    return {
        "clerk": (count[Role.DESK] > 0, {"count": count[Role.DESK]}),
        "head": (count[Role.HEAD] > 0, {"count": count[Role.HEAD]}),
        "second_admin": (count[Role.ADMIN] > 1, {"count": count[Role.ADMIN]}),
        "engineers": (bool(matrix.rows), {"count": len(matrix.rows)}),
        "categories": (bool(matrix.rows) and not matrix.gaps, {"count": len(matrix.gaps)}),
        "joined": (
            checkup.staff_count(session) > 0 and not apart.not_bound,
            {"count": len(apart.not_bound), "names": ", ".join(apart.not_bound[:6])},
        ),
    }


def _set_up(session: Session) -> _Found:
    looked_at = select(AuditEntry.id).where(AuditEntry.subject.startswith("setting:service."))
    return {
        "hours": (_has(session, looked_at), {}),
        "team": (_has(session, select(Team.id)), {}),
        "devices": (_has(session, _real(Device.id, SampleKind.DEVICE)), {}),
        "texts": (_has(session, select(TextOverride.key)), {}),
        "trial": (all(trial.has_passed(session)), {}),
        "first_ticket": (_has(session, _real(Ticket.id, SampleKind.TICKET)), {}),
    }


def _real(row_id: InstrumentedAttribute[int], kind: SampleKind) -> Select[Any]:
    """Of the desk's own: a sample is nothing that was set up."""
    return select(row_id).where(is_real(row_id, kind))


def _has(session: Session, rows: Select[Any]) -> bool:
    return session.execute(rows.limit(1)).first() is not None


def _count(session: Session, role: Role) -> int:
    statement = select(func.count()).select_from(Person).where(holds(role), Person.is_active)
    return session.scalar(statement) or 0
