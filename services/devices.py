"""Devices that carry a code on their case: found by it, added, changed, retired (A1's first form).

A code is kept in capitals: people type it as they like, and no two differ by their case only.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import OPEN_STATUSES, Status
from domain.speaker import Speaker
from models import Device, Person, Ticket, table_of
from services import queries
from services.views import DeviceView, TicketView

log = logging.getLogger(__name__)

SCENE = "dev:"
"""What a device's QR code sends before its code; with it a scene has at most 64 characters."""

CODE = re.compile(r"[0-9A-Z][0-9A-Z._-]{0,39}", re.ASCII)
"""What can be printed, typed and sent by a QR code: no blanks, no characters beyond ASCII."""

_devices, _tickets = table_of(Device), table_of(Ticket)
_BY_CODE = select(_devices).where(_devices.c.code == bindparam("of_code"))
_LAST = 5

# Served by ix_tickets_device_id.
_REPORTED = (
    select(_tickets.c.id)
    .where(
        _tickets.c.device_id == bindparam("of_device"),
        _tickets.c.requester_id == bindparam("of_person"),
        _tickets.c.status.in_([*OPEN_STATUSES, Status.RESOLVED]),
    )
    .order_by(_tickets.c.id.desc())
    .limit(1)
)


class CodeTaken(Exception):
    """Another device has this code."""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What is known of a device; `owner` is whose it is, if anybody's."""

    code: str
    name: str
    category: Category
    place: str
    description: str | None = None
    owner_id: int | None = None


def code_of(words: str) -> str | None:
    """The code that these words are, as it is kept; None if they cannot be one."""
    code = words.strip().upper()
    return code if CODE.fullmatch(code) else None


# --- asked in chat -----------------------------------------------------------------------------


def find(session: Session, code: str) -> DeviceView | None:
    """The device of exactly this code, in use or retired; capitals do not matter."""
    kept = code_of(code)
    if kept is None:
        return None
    row = session.connection().execute(_BY_CODE, {"of_code": kept}).first()
    return _view(row) if row else None


def _view(row: Any) -> DeviceView:
    return DeviceView(
        row.id, row.code, row.name, row.place, row.category, row.description, row.is_active
    )


def reported_on(session: Session, actor: Speaker, device_id: int) -> TicketView | None:
    """The actor's own newest ticket on this device that is not ended."""
    facts = {"of_device": device_id, "of_person": actor.id}
    ticket_id = session.connection().execute(_REPORTED, facts).scalar()
    return None if ticket_id is None else queries.ticket(session, actor, ticket_id)


# --- kept by the desk --------------------------------------------------------------------------


def add(session: Session, new: NewDevice, now: datetime) -> Device:
    """A device in use; CodeTaken if its code is another's."""
    code = code_of(new.code)
    if code is None:
        raise ValueError("not a device's code")
    if get(session, code) is not None:
        raise CodeTaken(code)
    device = Device(
        code=code,
        name=new.name,
        description=new.description,
        category=new.category,
        place=new.place,
        owner_id=new.owner_id,
        is_active=True,
        created_at=now,
    )
    session.add(device)
    session.flush()
    log.info("device_added device=%s", device.id)
    return device


def get(session: Session, code: str) -> Device | None:
    """The row of this code, for whoever changes it."""
    return session.scalar(select(Device).where(Device.code == (code_of(code) or "")))


def change(session: Session, device: Device, **facts: Any) -> None:
    """What is told of it is so from now on; tickets keep what was so when they were opened."""
    for name, value in facts.items():
        setattr(device, name, value)
    session.flush()
    log.info("device_changed device=%s facts=%s", device.id, ",".join(sorted(facts)))


def retire(session: Session, device: Device, *, is_active: bool = False) -> None:
    """Out of use: its code still says what it was, and opens no report. Or into use again."""
    device.is_active = is_active
    session.flush()
    log.info("device_retired device=%s is_active=%s", device.id, is_active)


def list_all(session: Session, *, with_retired: bool = False) -> list[Device]:
    """By place, then code: as one walks past them with a sheet of labels."""
    statement = select(Device).order_by(Device.place, Device.code)
    if not with_retired:
        statement = statement.where(Device.is_active)
    return list(session.scalars(statement))


def owners(session: Session) -> dict[int, str]:
    """The names of those who have a device."""
    rows = session.execute(
        select(Person.id, Person.name).join_from(Device, Person, Device.owner_id == Person.id)
    )
    return {person_id: name or "" for person_id, name in rows}


def last_tickets(session: Session, device_id: int) -> list[Ticket]:
    """What happened to this device lately, the newest first."""
    return list(
        session.scalars(
            select(Ticket)
            .where(Ticket.device_id == device_id)
            .order_by(Ticket.id.desc())
            .limit(_LAST)
        )
    )


def keep_qr(session: Session, device_id: int, url: str) -> None:
    """Its QR code was made: the platform gives 100,000 that never end, so each is made once."""
    session.get_one(Device, device_id).qr_url = url
