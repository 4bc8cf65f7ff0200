"""People: what they say of themselves, who works here, and how staff are added."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from domain.category import Category
from domain.permissions import Role
from domain.speaker import Speaker
from models import Engineer, Person, table_of
from nlp.initials import initials_of
from services import conversations

PROFILE = ("name", "department", "office", "phone", "extension")
_LENGTHS = {
    name: getattr(Person, name).type.length  # the column cuts nothing silently: we do, and know it
    for name in PROFILE
}
_WORKERS = frozenset({Role.ENGINEER, Role.VENDOR})


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody whom the desk adds itself: staff, or a requester from a list."""

    name: str
    roles: frozenset[Role]
    phone: str | None = None
    department: str | None = None
    office: str | None = None
    extension: str | None = None
    skills: frozenset[Category] = frozenset()
    areas: tuple[str, ...] = ()
    level: int = 1
    openid: str | None = None
    staff_number: str | None = None


@cache
def _learning(*names: str) -> Update:
    people = table_of(Person)
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(people).where(people.c.id == bindparam("of_person")).values(values)


def learn(session: Session, actor: Speaker, facts: Mapping[str, str | None]) -> Speaker:
    """Keep what the person said of themselves; what they did not say stays."""
    said = {
        name: value.strip()[: _LENGTHS[name]]
        for name, value in facts.items()
        if name in PROFILE and value and value.strip() and value != getattr(actor, name)
    }
    if not said:
        return actor
    known = {**said, "initials": initials_of(said["name"])} if "name" in said else said
    session.connection().execute(_learning(*sorted(known)), {**known, "of_person": actor.id})
    return replace(actor, **said)  # type: ignore[arg-type]  # PROFILE names texts only


def add(session: Session, new: NewPerson, now: datetime) -> Person:
    """Make somebody known; engineers and vendors get their working card with it."""
    person = Person(
        name=new.name,
        initials=initials_of(new.name),
        staff_number=new.staff_number,
        roles=new.roles,
        phone=new.phone,
        department=new.department,
        office=new.office,
        extension=new.extension,
        openid=new.openid,
        is_following=True,
        created_at=now,
    )
    session.add(person)
    session.flush()
    if new.roles & _WORKERS:
        session.add(
            Engineer(
                person_id=person.id,
                level=new.level,
                skills=new.skills,
                areas=list(new.areas),
                is_on_duty=False,
                open_tickets=0,
                workload=0,
            )
        )
    if new.openid:
        session.flush()
        conversations.add(session, person.id)
    return person


def list_all(session: Session) -> Iterable[tuple[Person, Engineer | None]]:
    """Everybody with their working card, by id."""
    rows = session.execute(
        select(Person, Engineer)
        .join(Engineer, Engineer.person_id == Person.id, isouter=True)
        .order_by(Person.id)
    )
    return [(person, engineer) for person, engineer in rows]


def named(session: Session, name: str) -> Collection[Person]:
    """Everybody of this name."""
    return list(session.scalars(select(Person).where(Person.name == name).order_by(Person.id)))


def fill_initials(session: Session) -> int:
    """Those of people who were known before initials were kept; answers how many."""
    unfilled = session.scalars(
        select(Person).where(Person.initials.is_(None), Person.name.is_not(None))
    ).all()
    for person in unfilled:
        person.initials = initials_of(person.name)
    return len(unfilled)


def numbered(session: Session, staff_number: str) -> Person | None:
    """Whoever has this staff number."""
    return session.scalar(select(Person).where(Person.staff_number == staff_number))


def followed(session: Session, openid: str, *, is_following: bool) -> None:
    """Somebody followed the account, or left it."""
    session.execute(
        # Leaving takes tags and remark off; whoever comes back gets theirs again.
        update(Person)
        .where(Person.openid == openid)
        .values(is_following=is_following, tag=None, remark=None),
        execution_options={"synchronize_session": False},
    )
