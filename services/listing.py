"""Lists of tickets for those who work here: a page, where tickets stand, how many (C §1, C §2)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from domain.permissions import Permission
from domain.refusals import NotPermitted
from models import Engineer, Person, Ticket, table_of
from services.listing_branches import Branch, branches_of
from services.listing_rows import Listed, rows_of
from services.listing_scope import scope_of
from services.listing_wanted import RANKS, Cursor, Limits, View, Wanted, limits_at

if TYPE_CHECKING:
    from services.desk import Desk

COUNTED = 1000
"""No list is counted further: a count of all grows with the archive (performance.md §4)."""

_tickets, _people, _engineers = table_of(Ticket), table_of(Person), table_of(Engineer)


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows of a list, and the way on and back."""

    rows: tuple[Listed, ...]
    after: Cursor | None  # None: these are the last
    before: Cursor | None  # None: these are the first


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket's place in a list."""

    rank: int
    at: Any
    id: int


# --- a page ---------------------------------------------------------------------------------------


def page(desk: "Desk", wanted: Wanted, *, is_detailed: bool = False) -> ListPage:
    """The rows of one page, in order; NotPermitted for whoever has no lists."""
    places = _places(desk, wanted)
    has_more = len(places) > wanted.size
    places = places[: wanted.size]
    if wanted.cursor is not None and wanted.cursor.is_before:
        places.reverse()
    ids = [each.id for each in places]
    known = rows_of(desk.session, ids, desk.now, is_detailed=is_detailed)
    me = desk.actor.id
    rows = tuple(
        with_why(known[each.id], wanted, each).shown_to(me) for each in places if each.id in known
    )
    return ListPage(rows, *_ways(wanted, places, has_more=has_more))


def with_why(row: Listed, wanted: Wanted, place: Found) -> Listed:
    if wanted.view is not View.TODO:
        return row
    return replace(row, why=RANKS.get(place.rank // 10))


def _ways(
    wanted: Wanted, places: Sequence[Found], *, has_more: bool
) -> tuple[Cursor | None, Cursor | None]:
    if not places:
        return None, None
    first, last = places[0], places[-1]
    is_back = wanted.cursor is not None and wanted.cursor.is_before
    has_after = is_back or has_more
    has_before = has_more if is_back else wanted.cursor is not None
    after = Cursor(last.rank, last.at, last.id) if has_after else None
    before = Cursor(first.rank, first.at, first.id, is_before=True) if has_before else None
    return after, before


def first(desk: "Desk", wanted: Wanted) -> tuple[Found, ...]:
    """The tickets that the first page has now."""
    return tuple(_places(desk, replace(wanted, cursor=None))[: wanted.size])


def _places(desk: "Desk", wanted: Wanted) -> list[Found]:
    """One more than the page has, so that it is known whether there is another."""
    branches = branches_of(desk.session, wanted, desk.actor, limits_of(desk))
    is_down = wanted.is_descending or (wanted.view is View.ENDED and not _is_asked(wanted))
    if wanted.cursor is not None and wanted.cursor.is_before:
        is_down = not is_down
    parts = [
        _part(each, wanted.cursor, wanted.size + 1, is_down=is_down)
        for each in branches
        if _may_have(each, wanted.cursor, is_down=is_down)
    ]
    if not parts:
        return []
    rows = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = [rows.c.rank, rows.c.at, rows.c.id]
    statement = select(rows).order_by(*(_turned(each, is_down) for each in order))
    found = desk.session.execute(statement.limit(wanted.size + 1))
    return [Found(row.rank, row.at, row.id) for row in found]


def _is_asked(wanted: Wanted) -> bool:
    return wanted.sort.value != "harm"


def _part(branch: Branch, cursor: Cursor | None, most: int, *, is_down: bool) -> Select[Any]:
    statement = select(*_place_in(branch)).where(*branch.where)
    if cursor is not None and cursor.rank == branch.rank:
        here, there = tuple_(branch.at, _tickets.c.id), (cursor.at, cursor.id)
        statement = statement.where(here < there if is_down else here > there)
    order = (_turned(branch.at, is_down), _turned(_tickets.c.id, is_down))
    return statement.order_by(*order).limit(most)


def _place_in(branch: Branch) -> tuple[ColumnElement[Any], ...]:
    return literal(branch.rank).label("rank"), branch.at.label("at"), _tickets.c.id.label("id")


def _may_have(branch: Branch, cursor: Cursor | None, *, is_down: bool) -> bool:
    """A branch of an earlier rank was shown on an earlier page."""
    if cursor is None:
        return True
    return branch.rank <= cursor.rank if is_down else branch.rank >= cursor.rank


def _turned(column: Any, is_down: bool) -> Any:
    return column.desc() if is_down else column.asc()


def limits_of(desk: "Desk") -> Limits:
    return limits_at(desk.now, desk.rules.targets.respond_within)


# --- where tickets stand now ----------------------------------------------------------------------


def among(desk: "Desk", wanted: Wanted, ids: Collection[int]) -> Iterator[Found]:
    """Those of these tickets that stand in the list now."""
    branches = branches_of(desk.session, wanted, desk.actor, limits_of(desk))
    if not ids or not branches:
        return
    parts = [
        select(*_place_in(branch)).where(_tickets.c.id.in_(ids), *branch.where)
        for branch in branches
    ]
    for row in desk.session.execute(union_all(*parts)):
        yield Found(row.rank, row.at, row.id)


def seen(desk: "Desk", ids: Collection[int]) -> set[int]:
    """Those that the reader may still see."""
    if not ids:
        return set()
    statement = select(_tickets.c.id).where(_tickets.c.id.in_(ids))
    scope = scope_of(desk.session, desk.actor)
    return set(desk.session.scalars(statement if scope is None else statement.where(scope)))


# --- how many -------------------------------------------------------------------------------------


def counts(desk: "Desk", views: Collection[View] = tuple(View)) -> dict[View, int]:
    """Of each view, counted no further than one above COUNTED; one statement for all."""
    columns = {view: _counted(desk, Wanted(view)) for view in views}
    row = desk.session.execute(select(*columns.values())).one()
    return dict(zip(columns, row, strict=True))


def count(desk: "Desk", wanted: Wanted, most: int = COUNTED) -> int:
    """How many rows a list has, counted no further than one above `most`."""
    return desk.session.scalar(select(_counted(desk, wanted, most))) or 0


def _counted(desk: "Desk", wanted: Wanted, most: int = COUNTED) -> ColumnElement[int]:
    branches = branches_of(desk.session, wanted, desk.actor, limits_of(desk))
    if not branches:
        return literal(0)
    parts = [
        select(select(_tickets.c.id).where(*each.where).limit(most + 1).subquery())
        for each in branches
    ]
    capped = union_all(*parts).limit(most + 1).subquery()
    return select(func.count()).select_from(capped).scalar_subquery()


# --- whom to filter by ----------------------------------------------------------------------------


def engineers(desk: "Desk") -> tuple[tuple[int, str], ...]:
    """Everybody who may have tickets, by name."""
    if not desk.actor.could(Permission.TICKET_LIST):
        raise NotPermitted(permission=Permission.TICKET_LIST.value)
    statement = (
        select(_people.c.id, _people.c.name)
        .join(_engineers, _engineers.c.person_id == _people.c.id)
        .where(or_(_people.c.is_active, _engineers.c.open_tickets > 0))
        .order_by(_people.c.initials, _people.c.id)
    )
    return tuple((row.id, row.name or "") for row in desk.session.execute(statement))


def find_ids(desk: "Desk", numbers: Collection[str]) -> dict[str, int]:
    """The tickets of these numbers that the reader has in lists."""
    scope = scope_of(desk.session, desk.actor)
    clauses = [_tickets.c.number.in_(numbers)] + ([] if scope is None else [scope])
    statement = select(_tickets.c.number, _tickets.c.id).where(and_(*clauses))
    return {row.number: row.id for row in desk.session.execute(statement)}
