"""The desk's live list: views as tabs, filters, list or table, and what moves by itself (F8, E)."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from domain.permissions import Permission
from services import listing, listing_state, saved_views, undelivered
from services.desk import Desk
from services.listing_scope import sees_all
from services.listing_wanted import SIZES, Sort, View
from services.saved_views import Kept
from web import live
from web.acts import looking
from web.console import queue_address, queue_bulk, queue_words
from web.console.queue_address import COLUMNS, FIXED, SORTED_BY, Asked, with_cursor
from web.console.routes import pages
from web.page import needs, show

routes = pages("queue")

_PEOPLE_SHOWN = 5


@routes.get("/queue")
@needs(Permission.TICKET_LIST)
def queue() -> Response:
    asked = _asked()
    with looking() as desk:
        page = listing.page(desk, asked.wanted, is_detailed=asked.is_table)
        facts = {
            **_around(desk, asked),
            **_tools(desk, asked),
            "rows": page.rows,
            "news": 0,
            "after": with_cursor(asked, page.after),
            "before": with_cursor(asked, page.before),
            "mark": live.mark(_state(desk)),
        }
    return show("console/queue.html", **facts)


@routes.get("/queue/live")
@needs(Permission.TICKET_LIST)
def moved() -> Response:
    """The same rows where they stood, and how many others there are by now (C §2)."""
    asked, shown = _asked(), _shown_ids()
    with looking() as desk:
        return live.part(
            "console/queue_live.html", _state(desk), lambda: _moved(desk, asked, shown)
        )


def _moved(desk: Desk, asked: Asked, shown: list[int]) -> dict[str, Any]:
    is_first = asked.wanted.cursor is None
    newest = listing.first_ids(desk, asked.wanted) if is_first else ()
    return {
        **_around(desk, asked),
        "rows": listing.again(desk, asked.wanted, shown, is_detailed=asked.is_table),
        "news": len(set(newest) - set(shown)),
    }


def _state(desk: Desk) -> tuple[str, ...]:
    return listing_state.state(desk)


def _asked() -> Asked:
    otherwise = View.TODO
    return queue_address.read(request.args, otherwise)


def _shown_ids() -> list[int]:
    words = request.args.get("shown", "").split(".")[: listing.SHOWN_AGAIN]
    return [int(word) for word in words if word.isdigit() and len(word) < 10]


# --- what stands around the rows ------------------------------------------------------------------


def _around(desk: Desk, asked: Asked) -> dict[str, Any]:
    """What moves with the rows: tabs with counts, and who else waits."""
    return {
        "asked": asked,
        "now": desk.now,
        "tabs": _tabs(desk, asked),
        "say": queue_words,
        "columns": (*FIXED, *asked.columns),
        "sorted_by": SORTED_BY,
        "beside": _beside(desk, asked),
        "count": _count(desk, asked),
        "ticking": queue_words.ticking(),
    }


def _tabs(desk: Desk, asked: Asked) -> list[dict[str, Any]]:
    counts = listing_state.shared_counts(desk)
    is_saved = asked.saved is not None
    return [
        {
            "word": queue_words.view_word(view),
            "path": asked.tab(view),
            "count": _capped(counts[view]) if view in counts else "",
            "is_here": view is asked.wanted.view and not is_saved,
            "is_pressing": view in (View.LATE, View.SOON) and counts[view] > 0,
        }
        for view in View
    ] + [_saved_tab(each, asked) for each in saved_views.listed(desk)]


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


def _count(desk: Desk, asked: Asked) -> str:
    counted = listing_state.shared_counts(desk)
    if not asked.wanted.filters.count and asked.wanted.view in counted:
        return _capped(counted[asked.wanted.view])
    return _capped(listing.count(desk, replace(asked.wanted, cursor=None)))


def _beside(desk: Desk, asked: Asked) -> dict[str, Any]:
    """What needs the desk now and is no ticket: people who wait, notices that did not arrive."""
    if asked.wanted.view is not View.TODO or not desk.actor.could(Permission.NOTICE_READ):
        return {}
    waiting = listing_state.people_waiting(desk)
    return {
        "people": waiting[:_PEOPLE_SHOWN],
        "waiting": len(waiting),
        "undelivered": undelivered.count(desk.session, desk.now),
        "may_take": desk.actor.could(Permission.CONVERSATION_TAKE),
    }


def _tools(desk: Desk, asked: Asked) -> dict[str, Any]:
    """What narrows, sorts and keeps the list; it stands still while the rows move."""
    engineers = listing.engineers(desk) if sees_all(desk.actor) else ()
    kept = next((each for each in saved_views.listed(desk) if each.id == asked.saved), None)
    return {
        "filters": [each for each in queue_words.choices(asked, engineers) if each["choices"]],
        "chips": queue_words.chips(asked, engineers),
        "all_columns": COLUMNS,
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
    return queue_address.of_saved(kept.query, kept.id).lasting != asked.lasting
