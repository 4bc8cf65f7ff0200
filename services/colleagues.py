"""Who is meant by a name, if only one person can be: whose fault somebody else reports (F1)."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Person, table_of
from nlp.initials import initials_of

_people = table_of(Person)
_KNOWN = select(
    _people.c.name,
    _people.c.department,
    func.coalesce(_people.c.phone, _people.c.extension).label("reached_by"),
).where(_people.c.is_active)


@dataclass(frozen=True, slots=True)
class Known:
    """What the directory says of a colleague."""

    department: str | None
    reached_by: str | None


def named(session: Session, name: str, department: str | None = None) -> Known | None:
    """Nobody, if several are called so: a wrong number is worse than none."""
    # Served by ix_people_initials.
    found = session.execute(
        _KNOWN.where(_people.c.initials == initials_of(name), _people.c.name == name).limit(9)
    ).all()
    if department and len(found) > 1:
        found = [row for row in found if row.department == department]
    if len(found) != 1 or _is_another(found[0].department, department):
        return None
    return Known(found[0].department, found[0].reached_by)


def _is_another(known: str | None, said: str | None) -> bool:
    """财务部 and 财务 are one; a person of another department is another person."""
    if not known or not said:
        return False
    return known not in said and said not in known
