"""The desk's live list: views as tabs, filters, list or table, and what moves by itself (F8, E)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from flask import Response, current_app, request
from werkzeug.datastructures import MultiDict

from domain.numbers import desk_day
from domain.permissions import Permission
from services import listing, listing_moving, listing_state, saved_views, undelivered
from services.desk import Desk
from services.listing_moving import Moving
from services.listing_scope import sees_all
from services.listing_wanted import SIZES, Sort, View
from services.saved_views import Kept
from services.shared_answers import is_behind, shared
from web import live
from web.acts import looking
from web.console import (
    alerts,
    complaints,
    follow_ups,
    maintenance,
    queue_address,
    queue_bulk,
    queue_layout,
    queue_rows,
    queue_words,
)
from web.console.queue_address import FIXED, SORTED_BY, Asked, with_cursor
from web.console.routes import pages
from web.drawn import Drawings
from web.page import needs, show
from web.short_way import rests_on

routes = pages("queue")

_SAME_FOR = 10  # seconds for which a drawing is given to others; its countdowns tick by themselves
_SAVED_FOR = 4  # seconds
_drawings = Drawings(60)  # of a hundred KB each

_NotTickets = tuple[tuple[tuple[str, datetime], ...], int]


@dataclass(frozen=True, slots=True)
class _Around:
    """What moves around the rows; with them it is all that the part shows."""

    counts: tuple[tuple[View, str], ...]
    count: str
    saved: tuple[Kept, ...]
    people: tuple[tuple[str, datetime], ...]  # who wait for a person of the desk
    undelivered: int
    may_take: bool
    may_register: bool


@routes.get("/queue")
@needs(Permission.TICKET_LIST)
def queue() -> Response:
    with looking() as desk:
        asked, widths = queue_layout.laid(desk, _asked())
        page = listing.page(desk, asked.wanted, is_detailed=asked.is_table)
        saved = _saved(desk, is_new=True)
        around = _around(desk, asked, saved)
        rows = Moving(page.rows, 0, listing_moving.mark_of(page.rows))
        facts = {
            **_drawn_with(desk, asked, widths),
            **_tools(desk, asked, saved),
            **{name: draw() for name, draw in _parts(desk, asked, widths, around, rows).items()},
            "rows": page.rows,
            "after": with_cursor(asked, page.after),
            "before": with_cursor(asked, page.before),
            "live_mark": live.whole(_mark(desk, asked, widths, around, rows)),
        }
    return show("console/queue.html", **facts)


@routes.get("/queue/live")
@needs(Permission.TICKET_LIST)
def moved() -> Response:
    """The same rows where they stood, and how many others there are by now (C §2).

    What would be shown is looked at whenever something happened at the desk (web/short_way.py), and
    it costs little: nearly all of it is known from others. Whoever has seen the same is answered
    304, whatever else happened; whoever has seen the same rows is sent what stands above them.
    """
    shown = _shown_ids()
    with looking() as desk:
        state = listing_state.state(desk)
        asked, widths = queue_layout.laid(desk, _asked())
        rows = listing_moving.moving(desk, asked.wanted, shown, is_detailed=asked.is_table)
        around = _around(desk, asked, _saved(desk))
        response = live.parts(
            "console/queue_live.html",
            _mark(desk, asked, widths, around, rows),
            lambda: _parts(desk, asked, widths, around, rows),
        )
        if not is_behind(desk.session):
            rests_on(state)
        return live.vouched(response, _others(desk))


def _others(desk: Desk) -> str:
    """How the parts of rail and strips stand, which have no need to ask for themselves then."""

    def ask() -> str:
        return live.marks(
            {
                **complaints.standing(desk),
                **follow_ups.standing(desk),
                **alerts.standing(desk),
                **maintenance.standing(desk),
            }
        )

    key = ("other parts", desk.actor.id, desk.actor.roles)
    return shared(desk.session, key, ask, times=live.VOUCHED_FOR)


def _mark(
    desk: Desk, asked: Asked, widths: dict[str, int], around: _Around, rows: Moving
) -> dict[str, str]:
    """Of all that each part shows, but for the time that is left: that ticks in the browser."""
    same = [asked.query, str(desk_day(desk.now))]
    return {
        "head": live.mark([*same, repr(around), rows.news]),
        "body": live.mark([*same, repr((asked.own, widths)), around.may_register, rows.mark]),
    }


def _parts(
    desk: Desk, asked: Asked, widths: dict[str, int], around: _Around, rows: Moving
) -> dict[str, Callable[[], str]]:
    """Each is drawn once for all who are shown the same within some seconds."""
    moment = int(desk.now.timestamp()) // _SAME_FOR
    drawn_with = _drawn_with(desk, asked, widths)
    facts = {**drawn_with, "around": around, "rows": rows.rows, "news": rows.news}
    made = _mark(desk, asked, widths, around, rows)

    def draw(part: str) -> Callable[[], str]:
        template = current_app.jinja_env.get_template(f"console/queue_{part}.html")
        return lambda: _drawings.get((part, made[part], moment), lambda: template.render(facts))

    return {part: draw(part) for part in made}


def _asked() -> Asked:
    return _read(request.query_string)


@lru_cache(500)
def _read(query: bytes) -> Asked:
    """An address is read once: its tab asks for it again every few seconds."""
    return queue_address.read(MultiDict(parse_qsl(query.decode("utf-8", "replace"))), View.TODO)


def _shown_ids() -> list[int]:
    words = request.args.get("shown", "").split(".")[: listing_moving.SHOWN_AGAIN]
    return [int(word) for word in words if word.isdigit() and len(word) < 10]


# --- what stands around the rows ------------------------------------------------------------------


def _saved(desk: Desk, *, is_new: bool = False) -> tuple[Kept, ...]:
    """Who has just kept one reads the page anew; colleagues see it within these seconds."""
    times = 0 if is_new else _SAVED_FOR
    key = ("saved", desk.actor.id)
    return shared(desk.session, key, lambda: saved_views.listed(desk), times=times)


def _around(desk: Desk, asked: Asked, saved: tuple[Kept, ...]) -> _Around:
    counts = listing_moving.counts(desk)
    people, stuck = _not_tickets(desk, asked)
    return _Around(
        counts=tuple((view, _capped(counts[view])) for view in counts),
        count=_count(desk, asked, counts),
        saved=saved,
        people=people,
        undelivered=stuck,
        may_take=desk.actor.could(Permission.CONVERSATION_TAKE),
        may_register=desk.actor.could(Permission.TICKET_OPEN_FOR_OTHER),
    )


def _drawn_with(desk: Desk, asked: Asked, widths: dict[str, int]) -> dict[str, Any]:
    return {
        "asked": asked,
        "now": desk.now,
        "say": queue_words,
        "columns": (*FIXED, *asked.columns),
        "widths": widths,
        "resized": queue_layout.RESIZED,
        "sorted_by": SORTED_BY,
        "ticking": queue_words.ticking(),
        "tabs_of": _tabs,
        "drawn_row": queue_rows.drawer(asked, desk.now),
    }


def _tabs(around: _Around, asked: Asked) -> list[dict[str, Any]]:
    counts, is_saved = dict(around.counts), asked.saved is not None
    return [
        {
            "word": queue_words.view_word(view),
            "path": asked.tab(view),
            "count": counts.get(view, ""),
            "is_here": view is asked.wanted.view and not is_saved,
            "is_pressing": view in (View.LATE, View.SOON) and counts[view] != "0",
        }
        for view in View
    ] + [_saved_tab(each, asked) for each in around.saved]


def _saved_tab(kept: Kept, asked: Asked) -> dict[str, Any]:
    return {
        "word": kept.name,
        "path": queue_address.of_saved(kept.query, kept.id).path,
        "count": "",
        "is_here": asked.saved == kept.id,
        "is_pressing": False,
        "owner": "" if kept.is_mine else kept.owner,
    }


def _capped(count: int) -> str:
    return str(count) if count <= listing.COUNTED else f"{listing.COUNTED}+"


def _count(desk: Desk, asked: Asked, counts: dict[View, int]) -> str:
    if not asked.wanted.filters.count and asked.wanted.view in counts:
        return _capped(counts[asked.wanted.view])
    return _capped(listing_moving.counted(desk, asked.wanted))


def _not_tickets(desk: Desk, asked: Asked) -> _NotTickets:
    """What needs the desk now and is no ticket: people who wait, notices that did not arrive."""
    if asked.wanted.view is not View.TODO or not desk.actor.could(Permission.NOTICE_READ):
        return (), 0
    return listing_moving.shared_for(desk, "not tickets", lambda: _waits(desk))


def _waits(desk: Desk) -> _NotTickets:
    return listing_state.people_waiting(desk), undelivered.count(desk.session, desk.now)


def _tools(desk: Desk, asked: Asked, saved: tuple[Kept, ...]) -> dict[str, Any]:
    """What narrows, sorts and keeps the list; it stands still while the rows move."""
    engineers = listing.engineers(desk) if sees_all(desk.actor) else ()
    kept = next((each for each in saved if each.id == asked.saved), None)
    return {
        "filters": [each for each in queue_words.choices(asked, engineers) if each["choices"]],
        "chips": queue_words.chips(asked, engineers),
        "all_columns": queue_layout.in_order(asked),
        "sizes": SIZES,
        "saved": kept,
        "is_changed": kept is not None and _is_changed(kept, asked),
        "may_share": saved_views.may_share(desk),
        "sees_all": sees_all(desk.actor),
        "sorts": [(each.value, queue_words.sort_word(each)) for each in Sort],
        "acts": queue_bulk.offered(desk),
    }


def _is_changed(kept: Kept, asked: Asked) -> bool:
    """Whether the list is another one by now than the view that it began as."""
    as_kept = queue_address.of_saved(kept.query, kept.id)
    has_others = asked.is_table and as_kept.columns != asked.columns
    return has_others or as_kept.lasting != asked.lasting
