"""A list as a file: its rows in order, read in pieces, no more than a file should hold."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from domain.permissions import Permission, demand
from services import listing
from services.listing_rows import Listed
from services.listing_wanted import Wanted

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

MOST = 50_000  # rows; whoever wants more wants another tool, or takes it in parts
_PIECE = 500  # rows of one statement, well within its time

Look = Callable[[], AbstractContextManager["Desk"]]


def is_long(desk: "Desk", wanted: Wanted, most: int) -> bool:
    """Whether the list has more rows than that."""
    demand(desk.actor.roles, Permission.TICKET_EXPORT)
    return listing.count(desk, _whole(wanted), most) > most


def begin(desk: "Desk", wanted: Wanted, most: int) -> bool:
    """Whether the file will hold the whole list; NotPermitted for whoever may not take it along."""
    is_whole = not is_long(desk, wanted, most)
    log.info("tickets_exported person=%s view=%s", desk.actor.id, wanted.view.value)
    return is_whole


def rows(look: Look, wanted: Wanted, most: int) -> Iterator[Listed]:
    """Each piece in a session of its own: a slow reader holds nothing open."""
    page = replace(_whole(wanted), size=_PIECE)
    left = most
    while left > 0:
        with look() as desk:
            demand(desk.actor.roles, Permission.TICKET_EXPORT)
            found = listing.page(desk, page, is_detailed=True)
        yield from found.rows[:left]
        left -= len(found.rows)
        if found.after is None:
            return
        page = replace(page, cursor=found.after)


def _whole(wanted: Wanted) -> Wanted:
    return replace(wanted, cursor=None)
