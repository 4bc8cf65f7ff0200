"""A maintenance window in words: when, what it touches, and the bulletin that tells of it."""

from datetime import datetime

from domain.calendar import CHINA
from domain.maintenance import Phase
from services.maintenance import Window
from web.page import words


def bulletin_of(window: Window) -> tuple[str, str]:
    """Title and body; times as the calendar has them, for it is read on other days."""
    key = window.phase.value if window.phase in (Phase.OVER, Phase.CANCELLED) else "coming"
    parts = [words("maintenance.told.scope", words=window.words), facts_of(window)]
    if window.phase is Phase.OVER:
        parts.insert(0, words("maintenance.told.restored", at=dated(window.ends_at)))
    elif window.phase is Phase.CANCELLED:
        parts.insert(0, words("maintenance.told.not_taking_place"))
    return words(f"maintenance.told.{key}", title=window.title), "\n\n".join(parts)


def facts_of(window: Window) -> str:
    what, where = what_of(window), where_of(window)
    return "\n".join(
        (
            words("maintenance.told.time", span=span_of(window)),
            words("maintenance.told.what", what=what, where=where),
        )
    )


def what_of(window: Window) -> str:
    """The kinds of things, by name."""
    kinds = [words(f"category.{each.value}") for each in window.categories]
    return "、".join(kinds) or words("maintenance.everything")


def where_of(window: Window) -> str | None:
    """The places; None: everywhere."""
    return "、".join(window.areas) or None


def span_of(window: Window) -> str:
    """From when until when; the day of the end only if it is another."""
    begins, ends = (at.astimezone(CHINA) for at in (window.starts_at, window.ends_at))
    is_same_day = begins.date() == ends.date()
    until = f"{ends.hour}:{ends.minute:02d}" if is_same_day else dated(ends)
    return words("maintenance.span", **{"from": dated(begins), "until": until})


def dated(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return words(
        "maintenance.when",
        month=local.month,
        day=local.day,
        weekday=words(f"service_calendar.weekday.{local.isoweekday()}"),
        time=f"{local.hour}:{local.minute:02d}",
    )
