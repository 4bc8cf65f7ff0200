"""The list of devices as desk and admin look through it, and one that is changed (A1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from domain.category import Category
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from models import Device, Person
from services import audit, devices
from services.devices import NewDevice

if TYPE_CHECKING:
    from services.desk import Desk

MOST_SHOWN = 50
COUNTED_TO = 1000
FACTS = ("name", "description", "category", "place", "owner_id", "is_active")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which devices; retired ones only if asked for."""

    words: str = ""
    category: Category | None = None
    is_retired: bool = False
    after: str = ""  # the code of the last one of the page before


@dataclass(frozen=True, slots=True)
class Row:
    """One device of the list, with whose it is."""

    id: int
    code: str
    name: str
    category: Category
    place: str
    owner: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Page:
    """By code; `after` leads on, if there is more. `count` stops at COUNTED_TO."""

    rows: tuple[Row, ...]
    after: str | None
    count: int


def page(desk: "Desk", wanted: Wanted) -> Page:
    """One page along uq_devices_code, from where the last one ended."""
    demand(desk.actor.roles, Permission.DEVICE_MANAGE)
    conditions = _conditions(wanted)
    beyond = [Device.code > wanted.after] if wanted.after else []
    rows = desk.session.execute(
        select(Device, Person.name.label("owner"))
        .join(Person, Person.id == Device.owner_id, isouter=True)
        .where(*conditions, *beyond)
        .order_by(Device.code)
        .limit(MOST_SHOWN + 1)
    ).all()
    shown = tuple(map(_row, rows[:MOST_SHOWN]))
    some = select(Device.id).where(*conditions).limit(COUNTED_TO + 1).subquery()
    count = desk.session.scalar(select(func.count()).select_from(some)) or 0
    return Page(shown, shown[-1].code if len(rows) > MOST_SHOWN else None, count)


def one(desk: "Desk", code: str) -> tuple[Device, str]:
    """The device, and the name of whose it is; NotFound for a code that none has."""
    demand(desk.actor.roles, Permission.DEVICE_MANAGE)
    device = devices.get(desk.session, code)
    if device is None:
        raise NotFound()
    return device, devices.owners(desk.session).get(device.owner_id or 0, "")


def facts_of(device: Device) -> dict[str, Any]:
    return {name: getattr(device, name) for name in FACTS}


def change(desk: "Desk", code: str, wanted: Mapping[str, Any]) -> None:
    """Its code stays: it is printed on the case."""
    device, _ = one(desk, code)
    before = facts_of(device)
    devices.change(desk.session, device, **wanted)
    audit.done_by(desk, "devices.change", f"device:{device.code}", before, facts_of(device))


def add(desk: "Desk", new: NewDevice) -> str:
    """Answers its code as it is kept; CodeTaken if another has it."""
    demand(desk.actor.roles, Permission.DEVICE_MANAGE)
    device = devices.add(desk.session, new, desk.now)
    audit.done_by(desk, "devices.add", f"device:{device.code}", None, facts_of(device))
    return device.code


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Device.is_active.is_(not wanted.is_retired)]
    if wanted.category is not None:
        found.append(Device.category == wanted.category)
    for word in wanted.words.split()[:5]:
        found.append(
            or_(
                Device.code.startswith(word.upper(), autoescape=True),
                Device.name.contains(word, autoescape=True),
                Device.place.contains(word, autoescape=True),
            )
        )
    return found


def _row(row: Any) -> Row:
    device: Device = row.Device
    return Row(
        device.id,
        device.code,
        device.name,
        device.category,
        device.place,
        row.owner,
        device.is_active,
    )
