"""Whose menu differs from the default: the tag that each person should have, and the one put on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from domain.permissions import Role
from models import Person

_WORKERS = (Role.ENGINEER, Role.VENDOR)
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Retag:
    """Somebody whose menu has to change."""

    person_id: int
    openid: str
    former: str | None
    wanted: str | None


def to_retag(session: Session, worker_tag: str) -> Sequence[Retag]:
    """People whose tag is not the one that their roles ask for."""
    roles = type_coerce(Person.roles, String)
    works = or_(*(roles.like(f"%,{role.value},%") for role in _WORKERS))
    is_wrong = or_(
        works & (Person.tag.is_(None) | (Person.tag != worker_tag)),
        ~works & Person.tag.is_not(None),
    )
    rows = session.execute(
        select(Person.id, Person.openid, Person.tag, Person.roles)
        .where(Person.openid.is_not(None), Person.is_following, is_wrong)
        .order_by(Person.id)
        .limit(_AT_ONCE)
    )
    return [
        Retag(row.id, row.openid or "", row.tag, worker_tag if row.roles & set(_WORKERS) else None)
        for row in rows
    ]


def tagged(session: Session, tags: Mapping[int, str | None]) -> None:
    """What the platform has put on."""
    for person_id, tag in tags.items():
        session.execute(
            update(Person).where(Person.id == person_id).values(tag=tag),
            execution_options={"synchronize_session": False},
        )
