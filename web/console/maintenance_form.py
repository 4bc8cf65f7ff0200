"""The form of one maintenance window: its fields, and what they say as a plan."""

from datetime import datetime
from typing import Any

from domain.calendar import CHINA
from domain.category import Category
from domain.maintenance import AHEAD_HOURS, TooFarAhead, demand_times
from domain.refusals import Refusal
from domain.sentence import Say
from services import roster_words
from services.maintenance import Window
from services.maintenance_planning import AREA_LIMIT, MOST_AREAS, TITLE_LIMIT, WORDS_LIMIT, Plan
from web.forms import Field, Filled, instant
from web.page import words
from web.site import site

RECORDED = (
    "title",
    "body",
    "categories",
    "areas",
    "starts_at",
    "until",
    "announce_at",
    "cancelled_at",
)
"""What of a change is shown, in the words of `maintenance.field`."""

AHEAD = tuple(str(hours) for hours in AHEAD_HOURS)
CATEGORIES = tuple(Category)
_FLAG = "1"
_BAD_TIME = "maintenance.bad_time"
_INSTANT = 16  # characters of 2026-11-24T10:30, as a browser sends them
FIELDS = (
    Field("title", TITLE_LIMIT, is_required=True, missing="maintenance.missing_title"),
    Field("words", WORDS_LIMIT, is_required=True, missing="maintenance.missing_words"),
    Field("starts_at", _INSTANT, is_required=True, missing="maintenance.missing_start"),
    Field("ends_at", _INSTANT, is_required=True, missing="maintenance.missing_end"),
    Field("areas", 600),
    Field("ahead", 3, choices=AHEAD),
    *(Field(f"kind_{each.value}", 1, choices=(_FLAG,)) for each in Category),
    Field("act", 8, choices=("preview", "keep")),
)


def filled_with(window: Window) -> Filled:
    """As the window is now."""
    values = {
        "title": window.title,
        "words": window.words,
        "starts_at": typed(window.starts_at),
        "ends_at": typed(window.ends_at),
        "areas": "、".join(window.areas),
        "ahead": str(window.ahead_hours),
        **{f"kind_{each.value}": _FLAG for each in window.categories},
    }
    return Filled(values)


def typed(at: datetime) -> str:
    """By the desk's own clock, as a browser's field has it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")


def plan_of(filled: Filled, window: Window | None) -> Plan | None:
    """What the form says; None, and what is wrong with it stands in its problems."""
    starts_at = instant(filled, "starts_at", _BAD_TIME)
    if window is not None and window.is_running:
        starts_at = window.starts_at
    ends_at, areas = instant(filled, "ends_at", _BAD_TIME), _areas(filled)
    if starts_at is None or ends_at is None or filled.problems:
        return None
    _check_times(filled, starts_at, ends_at)
    if filled.problems:
        return None
    return Plan(
        filled["title"],
        filled["words"],
        starts_at,
        ends_at,
        frozenset(each for each in Category if filled[f"kind_{each.value}"]),
        areas,
        int(filled["ahead"] or 0),
    )


def change_in_words(name: str, value: Any) -> str:
    """One side of a change, as the record of it keeps it."""
    if name == "categories":
        kinds = [words(f"category.{each}") for each in value or ()]
        return "、".join(kinds) or words("maintenance.everything")
    if name == "areas":
        return "、".join(value or ()) or words("maintenance.everywhere")
    return str(value) if value else "–"


def _check_times(filled: Filled, starts_at: datetime, ends_at: datetime) -> None:
    try:
        demand_times(starts_at, ends_at, site().now())
    except TooFarAhead as no:
        filled.refuse("starts_at", no.text_key)
    except Refusal as no:
        filled.refuse("ends_at", no.text_key)


def _areas(filled: Filled) -> tuple[str, ...]:
    areas = roster_words.parts_of(",".join(filled["areas"].split()))
    if len(areas) > MOST_AREAS:
        filled.problems["areas"] = Say("maintenance.areas_many", {"most": MOST_AREAS})
    elif any(len(area) > AREA_LIMIT for area in areas):
        filled.problems["areas"] = Say("maintenance.area_long", {"most": AREA_LIMIT})
    return areas
