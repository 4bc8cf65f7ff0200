"""The wall board: the whole desk at a glance, from four metres (O1's first form)."""

from typing import Any

from flask import Response

from domain.permissions import Permission
from services import listing, listing_state
from services.board import Board, Hour, board
from services.desk import Desk
from web import live
from web.acts import looking
from web.console import queue_words
from web.console.routes import pages
from web.page import needs, show

routes = pages("board")

_HIGH = 100  # units of the drawing's height
_WIDE = 40  # units of one hour


@routes.get("/board")
@needs(Permission.OVERVIEW_READ)
def wall() -> Response:
    with looking() as desk:
        facts = _facts(desk)
        state = live.mark(listing_state.state(desk))
    return show("console/board.html", state=state, **facts)


@routes.get("/board/live")
@needs(Permission.OVERVIEW_READ)
def moved() -> Response:
    with looking() as desk:
        state = listing_state.state(desk)
        return live.part("console/board_live.html", state, lambda: _facts(desk))


def _facts(desk: Desk) -> dict[str, Any]:
    now = board(desk)
    return {
        "board": now,
        "now": desk.now,
        "say": queue_words,
        "capped": _capped,
        "bars": _bars(now),
        "high": _HIGH,
        "wide": _WIDE,
    }


def _capped(count: int) -> str:
    return str(count) if count <= listing.COUNTED else f"{listing.COUNTED}+"


def _bars(now: Board) -> list[dict[str, Any]]:
    """The hours of the day as far as something happened, at least those of an office."""
    busy = [each.hour for each in now.hours if each.came or each.went]
    first, last = min([8, *busy]), max([18, *busy])
    top = max([1, *(max(each.came, each.went) for each in now.hours)])
    return [_bar(each, top) for each in now.hours if first <= each.hour <= last]


def _bar(hour: Hour, top: int) -> dict[str, Any]:
    return {
        "hour": hour.hour,
        "came": hour.came,
        "went": hour.went,
        "came_high": hour.came * _HIGH // top,
        "went_high": hour.went * _HIGH // top,
    }
