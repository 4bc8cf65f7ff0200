"""The ways through the indexes that make up a list: each has one rank and is sorted by one time.

A page of a list is the first rows of the union of its branches, each of which reads no more rows
than the page has: what a list costs does not grow with the archive (B8, T6).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, text
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Status
from domain.priority import Priority
from domain.speaker import Speaker
from models import IS_AGREED, IS_UNENDED, Engineer, Person, Ticket, table_of
from services.listing_replies import unanswered
from services.listing_scope import had_with_others, mine, scope_of, sees_all
from services.listing_wanted import (
    LOOKED_BACK,
    NOBODY,
    STATUSES,
    Filters,
    Limits,
    Sort,
    View,
    Wanted,
)

_tickets, _people, _engineers = table_of(Ticket), table_of(Person), table_of(Engineer)
_opened, _result_due = _tickets.c.opened_at, _tickets.c.resolution_due_at
_answer_due = _tickets.c.response_due_at
_is_assigned = text("tickets.status = 'assigned'")
_agreed = func.coalesce(_tickets.c.wished_from, _tickets.c.wished_until)
# What is solved needs no visit, whatever was wished for.
_has_no_time = or_(
    _tickets.c.status == Status.RESOLVED, _tickets.c.wished_words.is_(None), _agreed.is_(None)
)
_has_clock_running = _tickets.c.status.in_([Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS])

_WAITING = (Status.ON_HOLD, Status.RESOLVED)  # no clock of theirs runs

Clause = Any


@dataclass(frozen=True, slots=True)
class Branch:
    """Rows of one rank; `at` sorts them, and an index serves it."""

    rank: int
    at: ColumnElement[Any]
    where: tuple[Clause, ...]


def branches_of(
    session: Session, wanted: Wanted, actor: Speaker, limits: Limits
) -> tuple[Branch, ...]:
    """All that may stand in this list for this reader."""
    narrow = [*_narrow(wanted.filters), *_bounded(wanted, limits)]
    statuses, engineers = _statuses(wanted), wanted.filters.engineers
    if not statuses:
        return ()
    if wanted.view is View.ENDED and engineers and NOBODY not in engineers:
        found: Sequence[Branch] = tuple(_each_of(session, statuses, engineers, actor))
        return tuple(replace(each, where=(*each.where, *narrow)) for each in found)
    narrow += _within(session, wanted.filters, actor)
    if wanted.sort is Sort.HARM and not wanted.filters.statuses:
        found = _by_harm(session, wanted.view, actor, limits)
    else:
        found = _sorted(session, wanted, statuses, actor, limits)
    return tuple(replace(each, where=(*each.where, *narrow)) for each in found)


def _statuses(wanted: Wanted) -> tuple[Status, ...]:
    of_view, asked = STATUSES[wanted.view], wanted.filters.statuses
    return tuple(status for status in of_view if not asked or status in asked)


# --- in the order of harm -------------------------------------------------------------------------


def _by_harm(session: Session, view: View, actor: Speaker, limits: Limits) -> Sequence[Branch]:
    match view:
        case View.TODO:
            return tuple(_todo(session, actor, limits))
        case View.LATE:
            return tuple(_late(limits, 10))
        case View.SOON:
            return tuple(_soon(limits, 20))
        case View.ANSWER:
            # ix_tickets_answer_due
            return (Branch(0, _answer_due, (_is_assigned,)),)
        case View.NEW:
            return tuple(_each([Status.NEW], is_ranked=True))
        case View.MINE:
            return (Branch(0, _result_due, (IS_UNENDED, mine(actor))),)
        case View.OPEN:
            return (Branch(0, _result_due, (IS_UNENDED,)),)  # ix_tickets_open_due
        case View.AGREED:
            return (Branch(0, _agreed, tuple(_agreed_today(limits))),)
        case View.WAITING | View.ENDED:
            return tuple(_each(STATUSES[view]))


def _todo(session: Session, actor: Speaker, limits: Limits) -> Iterator[Branch]:
    """For the desk all that hurts or soon will; for others also what waits for their answer."""
    yield from _late(limits, 10)
    yield from _soon(limits, 20)
    is_early = and_(_result_due >= limits.result_soon, _answer_due >= limits.answer_soon)
    if not sees_all(actor):
        own = _tickets.c.assignee_id == actor.id
        yield Branch(40, _answer_due, (_is_assigned, own, is_early))
        yield from _said(session, limits, (own, _tickets.c.status != Status.ASSIGNED))
        return
    unreached = _unreached(session)
    if unreached:
        with_them = _tickets.c.assignee_id.in_(unreached)  # ix_tickets_assignee_id_status_opened_at
        yield Branch(30, _answer_due, (_is_assigned, with_them, is_early))
    for each in _each([Status.NEW], is_ranked=True):
        is_early_result = _result_due >= limits.result_soon
        yield replace(each, rank=50 + each.rank, where=(*each.where, is_early_result))
    not_with_them = not_(and_(_is_assigned, _tickets.c.assignee_id.in_(unreached)))
    is_early_or_waits = or_(_tickets.c.status != Status.ASSIGNED, is_early)
    yield from _said(session, limits, (not_with_them, is_early_or_waits))


def _said(session: Session, limits: Limits, also: tuple[Clause, ...]) -> Iterator[Branch]:
    """What the requester has said since, where nothing worse is the matter (E, class 7)."""
    found = unanswered(session)
    if found:
        is_one = _tickets.c.id.in_(found)
        is_early = or_(_tickets.c.status.in_(_WAITING), _result_due >= limits.result_soon)
        is_met = _tickets.c.status != Status.NEW
        yield Branch(70, _opened, (IS_UNENDED, is_one, is_met, is_early, *also))


def _late(limits: Limits, rank: int) -> Iterator[Branch]:
    """Without result in time (ix_tickets_open_due), or else without answer (…_answer_due)."""
    is_late = _result_due < limits.now
    yield Branch(rank, _result_due, (IS_UNENDED, _has_clock_running, is_late))
    yield Branch(rank, _answer_due, (_is_assigned, _answer_due < limits.now, not_(is_late)))


def _soon(limits: Limits, rank: int) -> Iterator[Branch]:
    is_soon = and_(_result_due >= limits.now, _result_due < limits.result_soon)
    is_answer_late = and_(_tickets.c.status == Status.ASSIGNED, _answer_due < limits.now)
    yield Branch(
        rank,
        _result_due,
        (IS_UNENDED, _has_clock_running, is_soon, not_(is_answer_late)),
    )
    is_answer_soon = and_(_answer_due >= limits.now, _answer_due < limits.answer_soon)
    yield Branch(
        rank, _answer_due, (_is_assigned, is_answer_soon, _result_due >= limits.result_soon)
    )


def _agreed_today(limits: Limits) -> Iterator[Clause]:
    """Some of the time that was wished for is of this day; few are open with one at all."""
    ends = func.coalesce(_tickets.c.wished_until, _tickets.c.wished_from)
    yield IS_AGREED  # ix_tickets_agreed
    yield _agreed < limits.tomorrow
    yield ends >= limits.today


def _unreached(session: Session) -> tuple[int, ...]:
    """Engineers whom no message gets to: few, and asked once in a session."""
    found: tuple[int, ...] | None = session.info.get(_UNREACHED)
    if found is None:
        found = session.info[_UNREACHED] = tuple(session.scalars(_WITHOUT_REACH))
    return found


_UNREACHED = "engineers_unreached"
_WITHOUT_REACH = (
    select(_engineers.c.person_id)
    .join(_people, _people.c.id == _engineers.c.person_id)
    .where(
        or_(
            _people.c.openid.is_(None),
            not_(_people.c.is_following),
            _people.c.unreached_since.is_not(None),
        )
    )
)


# --- in an order that was asked for ---------------------------------------------------------------


def _sorted(
    session: Session, wanted: Wanted, statuses: Sequence[Status], actor: Speaker, limits: Limits
) -> Sequence[Branch]:
    also = tuple(_belongs(session, wanted.view, actor, limits))
    if wanted.sort is Sort.DUE and wanted.view is not View.ENDED:
        # ix_tickets_open_due
        return (Branch(0, _result_due, (IS_UNENDED, _tickets.c.status.in_(statuses), *also)),)
    if wanted.sort is Sort.WISHED and wanted.view is not View.ENDED:
        by_wish = _by_wish(wanted, statuses)
        return tuple(replace(each, where=(*each.where, *also)) for each in by_wish)
    ranked = wanted.sort in (Sort.PRIORITY, Sort.HARM) and wanted.view is not View.ENDED
    return tuple(
        replace(each, where=(*each.where, *also))
        for each in _each(statuses, wanted.filters.priorities, is_ranked=ranked)
    )


def _by_wish(wanted: Wanted, statuses: Sequence[Status]) -> Iterator[Branch]:
    """Those with a time to come from ix_tickets_agreed; behind them all others, by their report.

    With the latest first the others stand behind as well: their rank is turned with the order.
    """
    open_ = [status for status in statuses if status in OPEN_STATUSES]
    has_status = () if len(open_) == len(OPEN_STATUSES) else (_status_alone.in_(open_),)
    if open_:
        begins, ends = _tickets.c.wished_from, _tickets.c.wished_until
        yield Branch(_WITH_TIME, begins, (IS_AGREED, begins.is_not(None), *has_status))
        only_ends = and_(begins.is_(None), ends.is_not(None))
        yield Branch(_WITH_TIME, ends, (IS_AGREED, only_ends, *has_status))
    rank = _WITHOUT_TIME_DOWN if wanted.is_descending else _WITHOUT_TIME
    for each in _each(statuses, wanted.filters.priorities):
        yield replace(each, rank=rank, where=(*each.where, _has_no_time))


_WITHOUT_TIME_DOWN, _WITH_TIME, _WITHOUT_TIME = 1, 5, 9


def _belongs(session: Session, view: View, actor: Speaker, limits: Limits) -> Iterator[Clause]:
    """What a view asks for beside the status."""
    match view:
        case View.TODO | View.LATE | View.SOON | View.AGREED:
            yield or_(*(and_(*each.where) for each in _by_harm(session, view, actor, limits)))
        case View.MINE:
            yield mine(actor)


def _each(
    statuses: Sequence[Status],
    priorities: Sequence[Priority] = (),
    *,
    is_ranked: bool = False,
) -> Iterator[Branch]:
    """By the time of the report; ix_tickets_status_priority_opened_at serves each pair."""
    for status, priority in product(statuses, priorities or tuple(Priority)):
        is_pair = and_(_tickets.c.status == status, _tickets.c.priority == priority)
        yield Branch(int(priority) if is_ranked else 0, _opened, (is_pair,))


def _each_of(
    session: Session, statuses: Sequence[Status], engineers: Sequence[int], actor: Speaker
) -> Iterator[Branch]:
    """Of these engineers, by the time of the report; ix_tickets_assignee_id_status_opened_at.

    Whoever sees but their own sees few tickets of others: those are looked up one by one.
    """
    for status, engineer in product(statuses, engineers):
        where: tuple[ColumnElement[bool], ...]
        if sees_all(actor) or engineer == actor.id:
            where = (_tickets.c.assignee_id == engineer, _tickets.c.status == status)
        else:
            is_theirs = _without_index(_tickets.c.assignee_id) == engineer
            has_status = _without_index(_tickets.c.status) == status
            where = (had_with_others(session, actor), is_theirs, has_status)
        yield Branch(0, _opened, where)


def _without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same, but no planner walks all that a colleague ever had to find the few that count."""
    return func.coalesce(column, column)


# --- narrower -------------------------------------------------------------------------------------


def _within(session: Session, filters: Filters, actor: Speaker) -> Iterator[Clause]:
    """What the reader may see, and of which engineers they want to see it."""
    scope = scope_of(session, actor)
    if scope is not None:
        yield scope
    if filters.engineers:
        yield _with_one_of(filters.engineers)


def _narrow(filters: Filters) -> Iterator[Clause]:
    if filters.priorities:
        yield _tickets.c.priority.in_(filters.priorities)
    if filters.categories:
        yield _tickets.c.category.in_(filters.categories)
    if filters.channels:
        yield _tickets.c.channel.in_(filters.channels)
    if filters.place:
        yield _tickets.c.place.contains(filters.place, autoescape=True)
    if filters.opened_from is not None:
        yield _opened >= filters.opened_from
    if filters.opened_until is not None:
        yield _opened < filters.opened_until


def _bounded(wanted: Wanted, limits: Limits) -> Iterator[Clause]:
    """What no index serves is looked for in the newest part of the archive, unless dated."""
    if wanted.is_bounded:
        yield _opened >= limits.now - LOOKED_BACK


_status_alone = _without_index(_tickets.c.status)  # or the index of statuses would be taken


def _with_one_of(engineers: Sequence[int]) -> Clause:
    named = [each for each in engineers if each != NOBODY]
    has_one = _tickets.c.assignee_id.in_(named)
    if NOBODY not in engineers:
        return has_one
    return or_(_tickets.c.assignee_id.is_(None), has_one)
