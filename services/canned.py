"""Words that are said often, with variables, and what they become for one ticket (K1, C §6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from domain.category import Category
from domain.permissions import Permission, demand, may
from domain.refusals import NotFound
from domain.sentence import Fact
from models import CannedReply, Ticket
from nlp.initials import initials_of
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

VARIABLES = ("requester", "number", "engineer", "symptom", "place", "due", "me")
MOST = 200  # that one person is shown

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Canned:
    """One of them, as it is listed."""

    id: int
    title: str
    shortcut: str
    text: str
    category: Category | None
    is_mine: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class NewCanned:
    """What somebody wrote; without a shortcut it gets its pinyin initials."""

    title: str
    text: str
    shortcut: str = ""
    category: Category | None = None
    is_shared: bool = False


def listed(desk: "Desk", category: Category | None = None) -> tuple[Canned, ...]:
    """Mine and everybody's that are in use; those for this category first."""
    demand(desk.actor.roles, Permission.CANNED_USE)
    found = _rows(desk, CannedReply.is_active.is_(True))
    return tuple(sorted(found, key=lambda each: (each.category is not category, each.shortcut)))


def managed(desk: "Desk") -> tuple[Canned, ...]:
    """Mine and everybody's, those out of use last."""
    demand(desk.actor.roles, Permission.CANNED_MANAGE)
    found = _rows(desk)
    return tuple(sorted(found, key=lambda each: (not each.is_active, each.is_mine, each.shortcut)))


def _rows(desk: "Desk", *conditions: ColumnElement[bool]) -> list[Canned]:
    # Served by ix_canned_replies_owner_id_shortcut.
    mine = or_(CannedReply.owner_id == desk.actor.id, CannedReply.owner_id.is_(None))
    statement = select(CannedReply).where(mine, *conditions).order_by(CannedReply.shortcut)
    return [_view(desk, each) for each in desk.session.scalars(statement.limit(MOST))]


def _view(desk: "Desk", row: CannedReply) -> Canned:
    return Canned(
        row.id,
        row.title,
        row.shortcut,
        row.text,
        row.category,
        row.owner_id == desk.actor.id,
        row.is_active,
    )


# --- filling in ---------------------------------------------------------------------------------


def facts_for(desk: "Desk", ticket: TicketView | Ticket, engineer: str | None) -> dict[str, Fact]:
    """What the variables stand for; None where this ticket has nothing to say."""
    return {
        "requester": ticket.contact_name or None,
        "number": ticket.number,
        "engineer": engineer,
        "symptom": ticket.symptom,
        "place": ticket.place,
        "due": ticket.resolution_due_at,
        "me": desk.actor.name,
    }


def unknown_in(text: str) -> tuple[str, ...]:
    """Names in braces that are no variables: nobody is sent «{requestr}»."""
    return tuple(name for name in _PLACE.findall(text) if name not in VARIABLES)


def left_open(text: str) -> tuple[str, ...]:
    """Variables that nothing was filled in for; such words are not sent (C §6)."""
    return tuple(dict.fromkeys(name for name in _PLACE.findall(text) if name in VARIABLES))


def filled(text: str, values: Mapping[str, str]) -> str:
    """With all that is known put in; what is not known stays in braces, to be seen."""
    return _PLACE.sub(lambda match: values.get(match[1]) or match[0], text)


# --- managing -----------------------------------------------------------------------------------


def add(desk: "Desk", new: NewCanned) -> Canned:
    demand(desk.actor.roles, Permission.CANNED_MANAGE)
    row = CannedReply(
        owner_id=None if new.is_shared else desk.actor.id,
        is_active=True,
        changed_at=desk.now,
        **_columns(new),
    )
    desk.session.add(row)
    desk.session.flush()
    return _view(desk, row)


def one(desk: "Desk", canned_id: int) -> Canned:
    """Mine or everybody's; NotFound for somebody else's own."""
    return _view(desk, _row(desk, canned_id))


def change(desk: "Desk", canned_id: int, new: NewCanned) -> Canned:
    row = _row(desk, canned_id)
    row.owner_id = None if new.is_shared else desk.actor.id
    row.changed_at = desk.now
    for name, value in _columns(new).items():
        setattr(row, name, value)
    desk.session.flush()
    return _view(desk, row)


def put_in_use(desk: "Desk", canned_id: int, *, is_active: bool) -> Canned:
    """Out of use it is kept, and may come back."""
    row = _row(desk, canned_id)
    row.is_active, row.changed_at = is_active, desk.now
    desk.session.flush()
    return _view(desk, row)


def _row(desk: "Desk", canned_id: int) -> CannedReply:
    demand(desk.actor.roles, Permission.CANNED_MANAGE)
    row = desk.session.get(CannedReply, canned_id)
    if row is None or row.owner_id not in (None, desk.actor.id):
        raise NotFound()
    return row


def _columns(new: NewCanned) -> dict[str, object]:
    return {
        "title": new.title,
        "text": new.text,
        "category": new.category,
        "shortcut": new.shortcut.lower() or shortcut_of(new.title),
    }


def shortcut_of(title: str) -> str:
    """The pinyin initials, as they are typed behind a slash."""
    return initials_of(title) or "0"


def may_use(desk: "Desk") -> bool:
    return may(desk.actor.roles, Permission.CANNED_USE)
