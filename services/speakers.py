"""What a person's row says: who acts, and whether what we send gets through."""

from typing import Any

from sqlalchemy import ColumnElement, String, or_, type_coerce

from domain.permissions import Role
from domain.speaker import Speaker
from models import Person, table_of

_people = table_of(Person)
SPEAKER_COLUMNS = (
    _people.c.id,
    _people.c.openid,
    _people.c.roles,
    _people.c.name,
    _people.c.department,
    _people.c.office,
    _people.c.phone,
    _people.c.extension,
)


def speaker_of(person: Any) -> Speaker:
    """Of a `Person`, or of a row with these columns; people of the desk need no WeChat."""
    return Speaker(
        person.id,
        person.openid or "",
        person.roles,
        person.name,
        person.department,
        person.office,
        person.phone,
        person.extension,
    )


def holds(*roles: Role) -> ColumnElement[bool]:
    """Whether a `Person` has one of these roles: they stand as `,desk,engineer,` (EnumSet)."""
    kept = type_coerce(Person.roles, String)
    return or_(*(kept.like(f"%,{role.value},%") for role in roles))


def is_reachable(person: Any) -> bool:
    """As far as is known; of whom a notice did not get through, only their next word says (W2)."""
    return person.openid is not None and person.is_following and person.unreached_since is None
