"""The rows of a list as they are drawn: each once, for everybody who sees it the same (T12)."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from markupsafe import Markup

from domain.numbers import desk_day
from services.listing_rows import Listed
from web.console import queue_words
from web.console.queue_address import FIXED, Asked
from web.drawn import Drawings

_drawings = Drawings(3000)  # of one or two KB each
_TEMPLATE = "console/queue_row.html"
_HANGS_ON_MORE = "result_due"  # the cell says, too, whether the calendar of that day is published


def drawer(asked: Asked, now: datetime) -> Callable[[Listed], Markup]:
    """Draws a row as this list shows it now."""
    columns = (*FIXED, *asked.columns) if asked.is_table else ()
    day, template = desk_day(now), current_app.jinja_env.get_template(_TEMPLATE)

    def fresh(row: Listed) -> str:
        return template.render(row=row, columns=columns, now=now, say=queue_words)

    def draw(row: Listed) -> Markup:
        if _HANGS_ON_MORE in columns:
            return Markup(fresh(row))
        return _drawings.get((row, columns, day, _time_left(row, now)), lambda: fresh(row))

    return draw


def _time_left(row: Listed, now: datetime) -> tuple[str, int]:
    """What the countdown says, and how it looks."""
    minutes = int((row.clock[1] - now).total_seconds() / 60) if row.clock else 0
    return queue_words.level(row, now), minutes
