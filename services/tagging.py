"""Whose menu differs from the default: the tag that each person should have, and the one put on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from domain.permissions import Role
from models import Person
from services.speakers import holds

AT_ONCE = 50  # people whom one call may tag (wechat-platform §7)

TagOf = Sequence[tuple[str, frozenset[Role]]]
"""Each tag with the roles that it is for; of several that fit a person the first counts."""


@dataclass(frozen=True, slots=True)
class Retag:
    """Somebody whose menu has to change."""

    person_id: int
    openid: str
    former: str | None
    wanted: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with whom a menu can be tried."""

    openid: str
    name: str | None


def to_retag(
    session: Session, tag_of: TagOf, but: Collection[int] = (), most: int = AT_ONCE
) -> Sequence[Retag]:
    """People whose tag is not the one that their roles ask for, `but` some left in peace."""
    wanted = _wanted(tag_of)
    rows = session.execute(
        select(Person.id, Person.openid, Person.tag, wanted.label("wanted"))
        .where(
            Person.openid.is_not(None),
            Person.is_following,
            wanted.is_distinct_from(Person.tag),
            Person.id.not_in(list(but)),
        )
        .order_by(Person.id)
        .limit(most)
    )
    return [Retag(row.id, row.openid or "", row.tag, row.wanted) for row in rows]


def tagged(session: Session, tags: Mapping[int, str | None]) -> None:
    """What the platform has put on."""
    for person_id, tag in tags.items():
        session.execute(
            update(Person).where(Person.id == person_id).values(tag=tag),
            execution_options={"synchronize_session": False},
        )


def forget(session: Session, tags: Collection[str] | None = None) -> None:
    """These tags, or all, are on nobody as far as we know: they are put on anew."""
    statement = update(Person).where(Person.tag.is_not(None)).values(tag=None)
    if tags is not None:
        statement = statement.where(Person.tag.in_(tags))
    session.execute(statement, execution_options={"synchronize_session": False})


def members(session: Session, tag_of: TagOf, each: int = 1) -> Mapping[str | None, list[Member]]:
    """Some of those who should have each tag, and under None of those who should have none."""
    wanted = _wanted(tag_of)
    found: dict[str | None, list[Member]] = {}
    for tag in (None, *(name for name, _ in tag_of)):
        rows = session.execute(
            select(Person.openid, Person.name)
            .where(
                Person.openid.is_not(None),
                Person.is_following,
                wanted.is_not_distinct_from(tag),
            )
            .order_by(Person.id)
            .limit(each)
        )
        found[tag] = [Member(row.openid or "", row.name) for row in rows]
    return found


def _wanted(tag_of: TagOf) -> ColumnElement[str | None]:
    return case(*((holds(*sorted(held)), tag) for tag, held in tag_of), else_=None)
