"""Which device of the asset list somebody means: 财务部那台惠普, if only one can be meant (A1)."""

from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from domain.speaker import Speaker
from models import Device, Person, table_of
from nlp.devices import Meant
from services.views import DeviceView

_devices, _people = table_of(Device), table_of(Person)
_MOST = 50
"""Where more are there, nobody can tell them apart by a name."""

_KNOWN = (
    select(
        _devices.c.id,
        _devices.c.code,
        _devices.c.name,
        _devices.c.place,
        _devices.c.category,
        _devices.c.description,
        _devices.c.is_active,
        _devices.c.owner_id,
        _people.c.department,
    )
    .join_from(_devices, _people, _devices.c.owner_id == _people.c.id, isouter=True)
    .where(_devices.c.is_active)
    .order_by(_devices.c.id)
    .limit(_MOST)
)
_NEAR = (
    _devices.c.place.in_(bindparam("places", expanding=True)),
    _devices.c.owner_id == bindparam("owner"),
)
_OF_DEPARTMENT = (
    _devices.c.place.contains(bindparam("stem")),
    _people.c.department == bindparam("department"),
)
_KNOWN_NEAR = _KNOWN.where(or_(*_NEAR))
_KNOWN_OF_DEPARTMENT = _KNOWN.where(or_(*_NEAR, *_OF_DEPARTMENT))


def find(session: Session, actor: Speaker, meant: Meant) -> DeviceView | None:
    """By brand and kind of thing, where it is said to be, or where the actor sits."""
    statement = _KNOWN_OF_DEPARTMENT if meant.department else _KNOWN_NEAR
    asked = {
        "places": [place for place in (meant.place, actor.office) if place],
        "owner": actor.id,
        "stem": meant.stem,
        "department": meant.department,
    }
    rows = session.connection().execute(statement, asked).all()
    found = [row for row in rows if len(rows) < _MOST and _is_meant(row, actor, meant)]
    return _view(found[0]) if len(found) == 1 else None


def _is_meant(row: Any, actor: Speaker, meant: Meant) -> bool:
    named = f"{row.name} {row.description or ''}".lower()
    if not all(word in named for word in (meant.brand, meant.thing) if word):
        return False
    if meant.department:
        return bool(row.department == meant.department or meant.stem in row.place)
    if meant.place:
        return bool(row.place == meant.place)
    return bool(meant.brand or row.owner_id == actor.id)


def _view(row: Any) -> DeviceView:
    return DeviceView(
        row.id, row.code, row.name, row.place, row.category, row.description, row.is_active
    )
