"""The form of a webhook: address, events, categories, places; a box for each choice."""

import re
from typing import Any

from domain.category import Category
from domain.outgoing import LONGEST
from domain.webhooks import CHOICES, Event
from services.webhooks.managing import Wish
from web.forms import Field, Filled, read_form

FLAG = "1"
_NAME, _PLACES = 60, 300
_MOST_PLACES, _LONGEST_PLACE = 20, 40
_BETWEEN = re.compile(r"[、，,;；\n]+")


def event_field(event: Event) -> str:
    return f"event_{event.value.replace('.', '_')}"


def category_field(category: Category) -> str:
    return f"category_{category.value}"


def read() -> Filled:
    """What was sent, with what is wrong in itself."""
    flags = [*map(event_field, CHOICES), *map(category_field, Category), "has_words"]
    filled = read_form(
        Field("name", _NAME, is_required=True),
        Field("url", LONGEST, is_required=True),
        Field("places", _PLACES),
        *(Field(flag, 1, choices=(FLAG,)) for flag in flags),
    )
    if not any(filled[event_field(each)] for each in CHOICES):
        filled.refuse("events", "webhook_page.refusal.no_event")
    places = _places_of(filled)
    if len(places) > _MOST_PLACES or any(len(each) > _LONGEST_PLACE for each in places):
        filled.refuse("places", "webhook_page.refusal.places")
    return filled


def wish_of(filled: Filled) -> Wish:
    return Wish(
        name=filled["name"],
        url=filled["url"],
        events=[each.value for each in CHOICES if filled[event_field(each)]],
        categories=[each.value for each in Category if filled[category_field(each)]],
        places=_places_of(filled),
        has_words=bool(filled["has_words"]),
    )


def _places_of(filled: Filled) -> list[str]:
    found = (each.strip() for each in _BETWEEN.split(filled["places"]))
    return list(dict.fromkeys(each for each in found if each))


def new() -> Filled:
    """What most receivers want."""
    return Filled({event_field(each): FLAG for each in CHOICES[:2]})


def of(hook: Any) -> Filled:
    """As the webhook stands."""
    values = {"name": hook.name, "url": hook.url, "places": "、".join(hook.places)}
    values |= {event_field(Event(each)): FLAG for each in hook.events}
    values |= {category_field(Category(each)): FLAG for each in hook.categories}
    return Filled({**values, "has_words": FLAG if hook.has_words else ""})


def choices() -> dict[str, Any]:
    """The boxes: field and key of what stands beside it."""
    return {
        "events": [(event_field(each), each.value, event_key(each)) for each in CHOICES],
        "categories": [(category_field(each), f"category.{each.value}") for each in Category],
    }


def event_key(event: Event) -> str:
    return f"webhook_page.event.{event.value.replace('.', '_')}"
