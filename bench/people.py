"""The people of the measured desk: requesters who are known, engineers who are on duty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bench.account import openid
from domain.category import Category
from domain.permissions import Role
from models import Conversation, Database, Engineer, Person
from nlp.initials import initials_of

ENGINEERS = 30
_FIRST_ENGINEER = 900_000  # the number of the first; requesters count from 0


def settle_in(url: str, requesters: int) -> None:
    """Put everybody into an empty, migrated database, each just heard of."""
    now = datetime.now(UTC)
    with _transaction(url) as session:
        for number in range(requesters):
            session.add(_person(number, "报修人", Role.REQUESTER, now))
        for place in range(ENGINEERS):
            person = _person(_FIRST_ENGINEER + place, "工程师", Role.ENGINEER, now)
            session.add(_engineer(place, person, now))
        session.flush()
        known = session.query(Person.id).order_by(Person.id).all()
        session.execute(insert(Conversation), [_conversation(row.id, now) for row in known])


def free_engineers(url: str) -> None:
    """Give every engineer an empty desk, so that each round of dispatching begins alike."""
    with _transaction(url) as session:
        session.execute(update(Engineer).values(open_tickets=0, workload=0))


@contextmanager
def _transaction(url: str) -> Iterator[Session]:
    database = Database(url)
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.dispose()


def _person(number: int, title: str, role: Role, now: datetime) -> Person:
    name = f"{title}{number}"
    return Person(
        openid=openid(number),
        name=name,
        initials=initials_of(name),
        department="财务部",
        office="三楼财务室",
        phone=f"138{number:08d}",
        roles=frozenset({role}),
        created_at=now,
    )


def _engineer(place: int, person: Person, now: datetime) -> Engineer:
    return Engineer(
        person=person,
        level=1 + place % 3,
        skills=frozenset(_skills(place)),
        areas=["三楼" if place % 2 else "A座"],
        is_on_duty=True,
        signed_at=now,
    )


def _skills(place: int) -> tuple[Category, ...]:
    """Every third engineer knows printers, and everybody one thing more."""
    own = list(Category)[place % len(Category)]
    return (own, Category.PRINTER) if place % 3 == 0 else (own,)


def _conversation(person_id: int, now: datetime) -> dict[str, Any]:
    return {"person_id": person_id, "draft": {}, "heard_at": now}
