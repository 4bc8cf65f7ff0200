"""How a list says things: views, choices, columns, and the time that is left."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from domain.category import Category
from domain.lifecycle import Status
from domain.priority import Priority
from models import IntakeChannel
from services.listing_rows import Clock, Duty, Listed
from services.listing_wanted import NOBODY, UNENDED, Sort, View, Why
from web.console.queue_address import PRIORITY_NAMES, Asked
from web.page import promised, spoken, words

DRAWINGS = {
    IntakeChannel.WECHAT: "message-circle",
    IntakeChannel.PHONE: "phone",
    IntakeChannel.WEB: "device-desktop",
    IntakeChannel.MONITORING: "robot",
}
MEDIA = {
    "image": "photo",
    "voice": "microphone",
    "video": "video",
    "shortvideo": "video",
    "location": "map-pin",
    "file": "file-text",
}
_DOTS = {Duty.ON: "on", Duty.OFF: "off", Duty.UNREACHED: "unreached"}


def view_word(view: View) -> str:
    return words(f"queue.view.{view.value}")


def status_word(status: Status) -> str:
    return words(f"status.{status.value}")


def priority_word(priority: Priority) -> str:
    return words(f"priority.{priority.name.lower()}")


def category_word(category: Category) -> str:
    return words(f"category.{category.value}")


def channel_word(channel: IntakeChannel) -> str:
    return words(f"queue.channel.{channel.value}")


def sort_word(sort: Sort) -> str:
    return words(f"queue.sort.{sort.value}")


def column_word(column: str) -> str:
    return words(f"queue.column.{column}")


def why_word(why: Why) -> str:
    return words(f"queue.why.{why.value}")


def duty_word(duty: Duty) -> str:
    return words(f"queue.duty.{_DOTS[duty]}")


def medium_word(kind: str) -> str:
    return words(f"medium.{'video' if kind == 'shortvideo' else kind}")


def clock_word(clock: Clock) -> str:
    return words(f"queue.clock.{clock.value}")


def left_words(due: datetime, now: datetime) -> str:
    """«12 分» to go, or past it; the script beside it goes on with the same words."""
    key = "queue.left.over" if due < now else "queue.left.left"
    return words(key, time=length_words(abs(due - now)))


def length_words(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return words("queue.left.days", days=days, hours=hours)
    if hours:
        return words("queue.left.hours", hours=hours, minutes=rest)
    return words("queue.left.minutes", minutes=rest)


def level(row: Listed, now: datetime) -> str:
    """How a countdown looks; its words say the same."""
    if row.clock is None or row.clock[0] is Clock.HELD:
        return "calm"
    if row.clock[1] < now:
        return "late"
    amber = row.amber_at
    return "amber" if amber is not None and amber <= now else "calm"


def ticking() -> dict[str, str]:
    """The words of a countdown with places for its numbers."""
    return {
        "left": words("queue.left.left", time="{}"),
        "over": words("queue.left.over", time="{}"),
        "days": words("queue.left.days", days="{d}", hours="{h}"),
        "hours": words("queue.left.hours", hours="{h}", minutes="{m}"),
        "minutes": words("queue.left.minutes", minutes="{m}"),
    }


def wished_words(row: Listed, as_told: Callable[[datetime], str] = spoken) -> str:
    """When somebody may come, by the calendar: «明天上午» is true on one day only."""
    begins, ends = row.wished_from, row.wished_until
    if begins is None and ends is None:
        return row.wished or ""
    facts = {"begins": begins and as_told(begins), "ends": ends and as_told(ends)}
    return words("queue.wished", **facts)


# --- filters --------------------------------------------------------------------------------------


def choices(asked: Asked, engineers: tuple[tuple[int, str], ...]) -> list[dict[str, Any]]:
    """The filters with all that may be chosen, and what is."""
    people = [(NOBODY, words("queue.filter.nobody")), *engineers]
    statuses = UNENDED if asked.wanted.view is not View.ENDED else _ended()
    offered: dict[str, list[tuple[Any, str]]] = {
        "status": [(each, status_word(each)) for each in statuses],
        "priority": [(name, priority_word(each)) for name, each in PRIORITY_NAMES.items()],
        "category": [(each, category_word(each)) for each in Category],
        "engineer": list(people),
        "channel": [(each, channel_word(each)) for each in IntakeChannel],
    }
    return [
        {
            "name": name,
            "label": words(f"queue.filter.{name}"),
            "choices": [(str(v), face, asked.has(name, v)) for v, face in pairs],
            "count": sum(asked.has(name, value) for value, _ in pairs),
        }
        for name, pairs in offered.items()
    ]


def _ended() -> tuple[Status, ...]:
    return tuple(status for status in Status if status not in UNENDED)


def chips(asked: Asked, engineers: tuple[tuple[int, str], ...]) -> list[tuple[str, str]]:
    """What the list is narrowed to: words, and the address without it."""
    names = {str(number): name for number, name in engineers}
    names[str(NOBODY)] = words("queue.filter.nobody")
    said: dict[str, Callable[[str], str]] = {
        "status": lambda value: status_word(Status(value)),
        "category": lambda value: category_word(Category(value)),
        "priority": lambda value: priority_word(PRIORITY_NAMES[value]),
        "engineer": lambda value: names.get(value, value),
        "channel": lambda value: channel_word(IntakeChannel(value)),
        "place": lambda value: words("queue.filter.place_is", place=value),
        "from": lambda value: words("queue.filter.from_is", day=value),
        "to": lambda value: words("queue.filter.to_is", day=value),
    }
    return [(said[name](value), asked.without(name, value)) for name, value in asked.chosen]


# --- cells of a table -----------------------------------------------------------------------------


def cell(row: Listed, column: str, now: datetime) -> str:
    """What a table, and a file of it, says of a ticket in this column."""
    match column:
        case "category":
            return category_word(row.category)
        case "priority":
            return priority_word(row.priority)
        case "status":
            return status_word(row.status)
        case "opened":
            return spoken(row.opened_at)
        case "due":
            return left_words(row.clock[1], now) if row.clock else ""
        case "result_due":
            return words("service_calendar.due", due=promised(row.resolution_due_at))
        case "changed":
            return spoken(row.changed_at) if row.changed_at else ""
        case "channel":
            return channel_word(row.channel)
        case "score":
            return str(row.score) if row.score is not None else ""
        case "wished":
            return wished_words(row)
    return _plain(row, column)


def _plain(row: Listed, column: str) -> str:
    facts = {
        "number": row.number,
        "symptom": row.symptom,
        "requester": row.contact_name,
        "department": row.contact_department,
        "place": row.place,
        "device": row.device or "",
        "engineer": row.engineer or "",
    }
    return facts[column]
