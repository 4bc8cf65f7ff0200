"""What moves on an open list, worked out once for all who would see the same (C §2, T12).

Places and rows are shared for a moment: by all who see every ticket, and by the open tabs of each
reader who does not. What is told to one reader alone is taken from it last.
"""

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from domain.permissions import Relation
from domain.speaker import Speaker
from services import listing
from services.listing import COUNTED, Found, with_why
from services.listing_rows import Listed, rows_of
from services.listing_scope import relations_of, sees_all
from services.listing_state import state
from services.listing_wanted import View, Wanted
from services.shared_answers import shared_while

if TYPE_CHECKING:
    from services.desk import Desk

SHOWN_AGAIN = 100  # rows that a page may ask for anew

COUNTED_VIEWS = tuple(view for view in View if view is not View.ENDED)
_FOR_ALL = tuple(view for view in COUNTED_VIEWS if view is not View.MINE)

_MOVED = 2.0  # times SHARED_FOR: after something happened, a list is this old at most
_CALM = 10.0  # while nothing happened: what `state` does not know of shows within this

_ALL = "all"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Moving:
    """A list as somebody has it open: the same rows where they stood, and what is new above."""

    rows: tuple[Listed, ...]
    news: int
    mark: str  # of the rows: another one whenever one of them shows something else


@dataclass(frozen=True, slots=True)
class _Standing:
    """Who stands where in one list now; filled by whoever asks about another ticket."""

    first: tuple[Found, ...]
    places: dict[int, Found | None] = field(default_factory=dict)  # None: not in the list
    hidden: set[int] = field(default_factory=set)  # not in the list, and not to be seen


def moving(
    desk: "Desk", wanted: Wanted, shown: Sequence[int], *, is_detailed: bool = False
) -> Moving:
    """These tickets as they stand now: what left the list is marked, what is hidden is not there.

    It is at most two seconds old, and less for whoever may not see all: a right that was lost is
    lost at once.
    """
    asked = tuple(dict.fromkeys(shown))[:SHOWN_AGAIN]
    of = whose(desk.actor, wanted.view)
    found = shared_for(
        desk,
        ("moving", of, wanted, asked, is_detailed),
        lambda: _moving(desk, of, wanted, asked, is_detailed),
    )
    me = desk.actor.id
    if not any(row.watched_by for row in found.rows):
        return found
    rows = tuple(row.shown_to(me) for row in found.rows)
    return replace(found, rows=rows, mark=mark_of(rows))


def mark_of(rows: Iterable[Listed]) -> str:
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]


def whose(actor: Speaker, view: View | None = None) -> Hashable:
    """Readers of the same are told the same; NotPermitted for whoever has no lists.

    Rights are part of it: with another role somebody reads as somebody else.
    """
    relations = relations_of(actor)
    if Relation.ANY in relations and view is not View.MINE:
        return _ALL
    return actor.id, relations


def shared_for(desk: "Desk", key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """An answer for all whom `key` names, asked anew when something happened at the desk."""
    times = _MOVED if sees_all(desk.actor) else 0
    return shared_while(desk.session, state(desk), key, ask, times=times, at_most=_CALM)


def counts(desk: "Desk") -> dict[View, int]:
    """How many tickets each view has; whoever sees all has them counted once for everybody."""
    of = whose(desk.actor)
    if of != _ALL:
        return shared_for(desk, ("counts", of), lambda: listing.counts(desk, COUNTED_VIEWS))
    for_all = shared_for(desk, ("counts", of), lambda: listing.counts(desk, _FOR_ALL))
    mine = shared_for(
        desk,
        ("counts", whose(desk.actor, View.MINE)),
        lambda: listing.counts(desk, [View.MINE]),
    )
    return for_all | mine


def counted(desk: "Desk", wanted: Wanted) -> int:
    """How many rows a list has, counted no further than one above COUNTED."""
    bare = replace(wanted, cursor=None, size=COUNTED)
    key = ("count", whose(desk.actor, wanted.view), bare)
    return shared_for(desk, key, lambda: listing.count(desk, bare))


def _moving(
    desk: "Desk", of: Hashable, wanted: Wanted, asked: tuple[int, ...], is_detailed: bool
) -> Moving:
    is_first = wanted.cursor is None
    list_ = replace(wanted, cursor=None)
    standing = shared_for(
        desk, ("standing", of, list_, is_first), lambda: _standing(desk, list_, is_first)
    )
    _look(desk, list_, standing, asked)
    left = [each for each in asked if each not in standing.hidden]
    known = _rows(desk, left, is_detailed)
    rows = tuple(
        _placed(known[each], wanted, standing.places.get(each)) for each in left if each in known
    )
    news = len({each.id for each in standing.first} - set(asked))
    return Moving(rows, news, mark_of(rows))


def _standing(desk: "Desk", wanted: Wanted, is_first: bool) -> _Standing:
    first = listing.first(desk, wanted) if is_first else ()
    return _Standing(first, {each.id: each for each in first})


def _look(desk: "Desk", wanted: Wanted, standing: _Standing, asked: Collection[int]) -> None:
    """Finds those of which nobody has asked yet."""
    new = [each for each in asked if each not in standing.places]
    if not new:
        return
    found = {each.id: each for each in listing.among(desk, wanted, new)}
    gone = [each for each in new if each not in found]
    standing.hidden.update(set(gone) - listing.seen(desk, gone))
    standing.places.update({each: found.get(each) for each in new})


def _rows(desk: "Desk", ids: Collection[int], is_detailed: bool) -> dict[int, Listed]:
    """The rows of these tickets; whether somebody may see them is settled before."""
    known: dict[int, Listed] = shared_for(desk, ("rows", is_detailed), dict)
    new = [each for each in ids if each not in known]
    if new:
        known.update(rows_of(desk.session, new, desk.now, is_detailed=is_detailed))
    return known


def _placed(row: Listed, wanted: Wanted, place: Found | None) -> Listed:
    return replace(row, is_gone=True) if place is None else with_why(row, wanted, place)
