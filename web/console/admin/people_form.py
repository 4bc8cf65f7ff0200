"""The form of one person: its fields, and what they say as facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.category import Category
from domain.office import WORKERS
from domain.permissions import Role
from domain.sentence import Say
from services import roster_words
from services.people_card import Card
from services.roster_words import LEVELS, WordUnknown
from web.forms import Field, Filled

_TEXTS = {
    "name": 40,
    "staff_number": 20,
    "department": 60,
    "office": 80,
    "phone": 24,
    "extension": 12,
}
_MOST_AREAS = 20
_LONGEST_AREA = 40
STAFF_ROLES = tuple(role for role in Role if role is not Role.REQUESTER)
FLAG = "1"


def fields(teams: Sequence[tuple[int, str]]) -> tuple[Field, ...]:
    """All fields; a role and a skill is a box each."""
    flags = [f"role_{role.value}" for role in STAFF_ROLES]
    flags += [f"skill_{kind.value}" for kind in Category]
    return (
        *(Field(name, most, is_required=name == "name") for name, most in _TEXTS.items()),
        Field("team_id", 10, choices=[str(number) for number, _ in teams]),
        Field("level", 1, choices=[str(level) for level in LEVELS]),
        Field("areas", 600),
        *(Field(flag, 1, choices=(FLAG,)) for flag in [*flags, "is_on_duty"]),
    )


def blank(role: str = "") -> Filled:
    """For somebody new."""
    known = {f"role_{each.value}" for each in STAFF_ROLES}
    return Filled({f"role_{role}": FLAG} if f"role_{role}" in known else {})


def filled_with(card: Card) -> Filled:
    """As the person is now."""
    facts = card.facts
    values = {name: str(facts[name] or "") for name in _TEXTS}
    values["team_id"] = str(facts["team_id"] or "")
    values["level"] = str(facts.get("level") or "1")
    values["areas"] = "、".join(facts.get("areas") or ())
    values |= {f"role_{role.value}": FLAG for role in card.roles}
    values |= {f"skill_{kind.value}": FLAG for kind in card.skills}
    values["is_on_duty"] = FLAG if facts.get("is_on_duty") else ""
    return Filled(values)


def facts_of(filled: Filled) -> Mapping[str, Any]:
    """What the form says; what is wrong with it stands in its problems then."""
    roles = frozenset(role for role in STAFF_ROLES if filled[f"role_{role.value}"])
    facts: dict[str, Any] = {name: filled[name] or None for name in _TEXTS}
    facts["phone"] = _phone(filled)
    facts["team_id"] = int(filled["team_id"]) if filled["team_id"] else None
    facts["roles"] = roles | {Role.REQUESTER}
    if roles & WORKERS:
        facts["level"] = int(filled["level"] or 1)
        facts["skills"] = frozenset(kind for kind in Category if filled[f"skill_{kind.value}"])
        facts["areas"] = _areas(filled)
        facts["is_on_duty"] = bool(filled["is_on_duty"])
    return facts


def _phone(filled: Filled) -> str | None:
    typed = filled["phone"]
    try:
        return roster_words.phone_of(typed) if typed else None
    except WordUnknown:
        filled.problems["phone"] = Say("import.no_phone", {"word": typed})
        return None


def _areas(filled: Filled) -> list[str]:
    areas = list(roster_words.parts_of(filled["areas"]))
    if len(areas) > _MOST_AREAS:
        filled.problems["areas"] = Say("import.too_many_areas", {"most": _MOST_AREAS})
    if any(len(area) > _LONGEST_AREA for area in areas):
        filled.problems["areas"] = Say("import.too_long", {"most": _LONGEST_AREA})
    return areas
