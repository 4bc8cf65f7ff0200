"""Who acts, made of a person's row: one list of columns, one reading of them."""

from typing import Any

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
