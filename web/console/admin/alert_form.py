"""The form of a source of alarms: its fields, what they may hold, what they say (F4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.alerts import AlertKind, OnRecovery, Severity
from domain.category import Category
from domain.priority import Priority
from models import AlertSource
from services.alerts import sources
from services.alerts.keys import is_network
from services.alerts.sources import Settings
from web.console.admin.audit import number
from web.console.admin.people_form import FLAG
from web.forms import Field, Filled, read_form
from web.page import words

BY_HAND = "none"  # no alarm opens a ticket by itself
_PRIORITIES: Mapping[str, Priority] = {each.name.lower(): each for each in Priority}
_MOST_FIELDS, _MOST_NETWORKS, _FIELD = 10, 20, 64
_WEEK = 7 * 24 * 60  # minutes
_BREAKS = str.maketrans({"，": ",", "、": ",", "\n": ",", ";": ",", "；": ","})


def fields(staff: Sequence[tuple[int, str]]) -> tuple[Field, ...]:
    people = [str(person_id) for person_id, _ in staff]
    return (
        Field("name", 60, is_required=True),
        Field("category", 24, is_required=True, choices=[each.value for each in Category]),
        Field("place", 80, is_required=True),
        Field("priority", 10, is_required=True, choices=_PRIORITIES),
        Field("responsible_id", 10, is_required=True, choices=people),
        Field("told_id", 10, choices=people),
        Field("fingerprint_fields", 400),
        Field("group_fields", 400),
        Field("opens_from", 10, is_required=True, choices=[*_severities(), BY_HAND]),
        Field("on_recovery", 10, is_required=True, choices=[each.value for each in OnRecovery]),
        Field("recovery_words", 200, is_required=True),
        Field("window_minutes", 5, is_required=True),
        Field("reopen_minutes", 5, is_required=True),
        Field("addresses", 800),
        Field("is_active", 1, choices=(FLAG,)),
    )


def of_new(staff: Sequence[tuple[int, str]]) -> Filled:
    kinds = [each.value for each in AlertKind]
    filled = read_form(
        Field("slug", 40, is_required=True),
        Field("kind", 20, is_required=True, choices=kinds),
        *fields(staff),
    )
    if filled["slug"] and not sources.SLUG.fullmatch(filled["slug"]):
        filled.refuse("slug", "alert_source.refusal.slug")
    check(filled)
    return filled


def of_known(staff: Sequence[tuple[int, str]]) -> Filled:
    filled = read_form(*fields(staff))
    check(filled)
    return filled


def check(filled: Filled) -> None:
    for name, least in (("window_minutes", 1), ("reopen_minutes", 0)):
        value = filled[name]
        is_number = value.isascii() and value.isdecimal()
        if value and not (is_number and least <= int(value) <= _WEEK):
            filled.refuse(name, "alert_source.refusal.minutes")
    for name in ("fingerprint_fields", "group_fields"):
        listed = _listed(filled[name])
        if len(listed) > _MOST_FIELDS or any(len(each) > _FIELD for each in listed):
            filled.refuse(name, "alert_source.refusal.fields")
    networks = _listed(filled["addresses"])
    if len(networks) > _MOST_NETWORKS or not all(map(is_network, networks)):
        filled.refuse("addresses", "alert_source.refusal.addresses")


def settings(filled: Filled) -> Settings:
    """What was filled in; for a form without problems."""
    opens_from = filled["opens_from"]
    return Settings(
        name=filled["name"],
        category=Category(filled["category"]),
        place=filled["place"],
        priority=_PRIORITIES[filled["priority"]],
        responsible_id=int(filled["responsible_id"]),
        told_id=number(filled["told_id"]),
        recovery_words=filled["recovery_words"],
        fingerprint_fields=_listed(filled["fingerprint_fields"]),
        group_fields=_listed(filled["group_fields"]),
        opens_from=None if opens_from == BY_HAND else Severity(opens_from),
        on_recovery=OnRecovery(filled["on_recovery"]),
        window_minutes=int(filled["window_minutes"]),
        reopen_minutes=int(filled["reopen_minutes"]),
        addresses=_listed(filled["addresses"]),
        is_active=filled["is_active"] == FLAG,
    )


def usual(kind: AlertKind) -> Filled:
    """What a new source of this kind begins with."""
    return Filled(
        {
            "kind": kind.value,
            "category": Category.SERVER.value,
            "priority": Priority.URGENT.name.lower(),
            "group_fields": ", ".join(sources.DEFAULT_GROUPS[kind]),
            "opens_from": Severity.WARNING.value,
            "on_recovery": OnRecovery.RESOLVE.value,
            "recovery_words": words("alert_source.recovery_words_usual"),
            "window_minutes": "60",
            "reopen_minutes": "30",
            "is_active": FLAG,
        }
    )


def filled_of(source: AlertSource) -> Filled:
    """The form as the source is now."""
    return Filled(
        {
            "name": source.name,
            "category": source.category.value,
            "place": source.place,
            "priority": source.priority.name.lower(),
            "responsible_id": str(source.responsible_id),
            "told_id": str(source.told_id or ""),
            "fingerprint_fields": ", ".join(source.fingerprint_fields),
            "group_fields": ", ".join(source.group_fields),
            "opens_from": source.opens_from.value if source.opens_from else BY_HAND,
            "on_recovery": source.on_recovery.value,
            "recovery_words": source.recovery_words,
            "window_minutes": str(source.window_minutes),
            "reopen_minutes": str(source.reopen_minutes),
            "addresses": ", ".join(source.addresses),
            "is_active": FLAG if source.is_active else "",
        }
    )


def choices(staff: Sequence[tuple[int, str]]) -> dict[str, list[tuple[str, str]]]:
    """What the form's lists offer, in words."""
    people = [(str(person_id), name) for person_id, name in staff]
    return {
        "kind": [(each.value, words(f"alert.kind.{each.value}")) for each in AlertKind],
        "category": [(each.value, words(f"category.{each.value}")) for each in Category],
        "priority": [
            (name, words(f"priority.{each.name.lower()}")) for name, each in _PRIORITIES.items()
        ],
        "responsible_id": [("", words("admin.choose")), *people],
        "told_id": [("", words("alert_source.told_nobody")), *people],
        "opens_from": [
            *((name, words(f"alert_source.opens.{name}")) for name in _severities()),
            (BY_HAND, words("alert_source.opens.none")),
        ],
        "on_recovery": [
            (each.value, words(f"alert_source.recovery.{each.value}")) for each in OnRecovery
        ],
    }


def _severities() -> list[str]:
    return [each.value for each in reversed(Severity)]


def _listed(text: str) -> tuple[str, ...]:
    parts: Any = text.translate(_BREAKS).split(",")
    return tuple(dict.fromkeys(each.strip() for each in parts if each.strip()))
