"""Facts of people, rules and devices in words, for forms, previews and the record of changes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from domain.calendar import CHINA
from domain.category import Category
from domain.permissions import Role
from services.audit import Change, Entry
from web.page import said, words
from web.site import site

_BETWEEN = "、"
_LINKS = {
    "person": "/console/admin/people/{}",
    "team": "/console/admin/teams/{}",
    "device": "/console/admin/devices/{}",
    "text": "/console/admin/texts/{}",
    "setting": "/console/admin/hours",
    "calendar": "/console/admin/calendar",
    "token": "/console/admin/tokens",
    "alert_source": "/console/admin/alerts/{}",
    "webhook": "/console/admin/webhooks",
    "agreement": "/console/admin/agreement/{}",
    "compensation": "/console/admin/compensations",
    "miss": "/console/tickets/{}",
    "shift": "/console/roster/shifts/{}",
    "maintenance": "/console/maintenance/{}",
    "pattern": "/console/roster/patterns/{}",
    "reading": "/console/admin/understanding/models",
    "word": "/console/admin/understanding/words",
}
KINDS = (
    "person",
    "alert_source",
    "team",
    "setting",
    "calendar",
    "text",
    "token",
    "webhook",
    "device",
    "import",
    "agreement",
    "compensation",
    "miss",
    "shift",
    "duty",
    "pattern",
    "reading",
    "word",
    "ticket",
    "maintenance",
)

said_of = said


def field(name: str) -> str:
    """What a fact is called."""
    key = f"admin.field.{name}"
    return words(key) if site().texts.has(key) else name


def value(name: str, kept: Any) -> str:
    """A fact as people read it, from a row or from the record."""
    if kept is None or kept in ("", [], frozenset()):
        return words("admin.value.none")
    if isinstance(kept, bool):
        return words("admin.value.yes" if kept else "admin.value.no")
    match name:
        case "roles":
            return roles(Role(each) for each in kept)
        case "events":
            return _BETWEEN.join(event(each) for each in kept)
        case "skills" | "categories":
            return categories(Category(each) for each in kept)
        case "category":
            return category(Category(kept))
        case "work":
            return words(f"roster_work.{kept}")
    if isinstance(kept, list | tuple | frozenset):
        return _BETWEEN.join(map(str, kept))
    return str(kept)


def role(each: Role) -> str:
    return words(f"cli.roles.{each.value}")


def roles(held: Iterable[Role], *, is_staff_only: bool = False) -> str:
    """In the order of the roles, whatever order they come in."""
    known = set(held)
    kept = [each for each in Role if each in known]
    if is_staff_only and len(kept) > 1:
        kept = [each for each in kept if each is not Role.REQUESTER]
    return _BETWEEN.join(map(role, kept))


def event(name: str) -> str:
    """What other systems are told of: ticket.opened in words."""
    return words(f"webhook_page.event.{name.replace('.', '_')}")


def category(each: Category) -> str:
    return words(f"category.{each.value}")


def categories(kept: Iterable[Category]) -> str:
    known = set(kept)
    return _BETWEEN.join(category(each) for each in Category if each in known)


def lines(changes: Sequence[Change]) -> list[tuple[str, str, str]]:
    """Each change: what it is called, as it was, as it is."""
    return [
        (field(each.name), value(each.name, each.before), value(each.name, each.after))
        for each in changes
    ]


# --- the record --------------------------------------------------------------------------------


def act(entry: Entry) -> str:
    """What was done: `person.leave` in words."""
    key = f"admin.act.{entry.action.replace('.', '_')}"
    return words(key) if site().texts.has(key) else entry.action


def kind(name: str) -> str:
    key = f"admin.kind.{name}"
    return words(key) if site().texts.has(key) else name


def subject(entry: Entry) -> str:
    """To what it was done, as it is called."""
    if entry.kind == "setting":
        return field(entry.reference.rpartition(".")[2])
    if entry.kind == "calendar":
        return entry.reference.partition(".")[2] or field(entry.reference)
    return entry.called or entry.reference


def link(entry: Entry) -> str:
    """Where that is looked after; empty if nowhere."""
    if entry.kind == "import":
        return ""
    return _LINKS.get(entry.kind, "").format(entry.reference)


def exact(at: datetime) -> str:
    """To the second, as a record says it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def via(how: str) -> str:
    """How a browser's person proved who they are."""
    return words(f"admin.via.{how}")


def day(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d")
