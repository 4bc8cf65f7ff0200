"""What articles spared the desk, counted honestly (K1).

An answer counts as a ticket that was not needed only where its reader said 有用, or said nothing
and reported nothing of the kind within a day. What clerks read at the console counts for its
article, never as a ticket spared. Somebody who is shown three articles on one day for one kind of
thing would have reported once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from domain.category import Category
from domain.knowledge import UseOutcome, UsePlace
from domain.months import Month
from domain.numbers import desk_day
from domain.permissions import Permission, demand
from models import Article, ArticleUse, ArticleVersion, Ticket, table_of

if TYPE_CHECKING:
    from services.desk import Desk

MONTHS = 12

_uses, _articles = table_of(ArticleUse), table_of(Article)
_versions, _tickets = table_of(ArticleVersion), table_of(Ticket)


@dataclass(slots=True)
class Counted:
    """Of one article, or of all."""

    shown: int = 0
    useful: int = 0
    useless: int = 0
    reported: int = 0  # 还是要报修
    silent: int = 0
    by_clerks: int = 0  # shown at the console
    spared: int = 0  # tickets, by the rule above
    open: int = 0  # silent, and the day is not over yet


@dataclass(frozen=True, slots=True)
class Line:
    """One article in a month."""

    number: str
    title: str
    category: Category
    counted: Counted


@dataclass(frozen=True, slots=True)
class Figures:
    month: Month
    total: Counted
    lines: tuple[Line, ...]
    spared: int  # would-be tickets: one for each person, day and kind of thing


@dataclass(slots=True)
class _Sums:
    total: Counted = field(default_factory=Counted)
    by_article: dict[int, Counted] = field(default_factory=lambda: defaultdict(Counted))
    spared: set[tuple[int, Any, Category]] = field(default_factory=set)


def figures(desk: "Desk", month: Month) -> Figures:
    """All that was shown in this month; ix_article_uses_shown_at."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    rows = _shown(desk, month)
    reported = _reported(desk, month, {row.person_id for row in rows})
    sums = _Sums()
    for row in rows:
        _count(desk, row, reported, sums)
    lines = _lines(desk, sums.by_article)
    return Figures(month, sums.total, lines, len(sums.spared))


def trend(desk: "Desk", month: Month, months: int = MONTHS) -> tuple[Figures, ...]:
    """The months up to this one."""
    return tuple(figures(desk, month.moved(-back)) for back in reversed(range(months)))


def _shown(desk: "Desk", month: Month) -> Sequence[Any]:
    statement = (
        select(_uses, _versions.c.category)
        .join_from(
            _uses,
            _versions,
            (_versions.c.article_id == _uses.c.article_id)
            & (_versions.c.version == _uses.c.version),
        )
        .where(_uses.c.shown_at >= month.begins_at, _uses.c.shown_at < month.ends_at)
        .order_by(_uses.c.shown_at, _uses.c.id)
    )
    return desk.session.execute(statement).all()


_Reports = dict[tuple[int, Category], list[datetime]]


def _reported(desk: "Desk", month: Month, people: Iterable[int | None]) -> _Reports:
    """When those to whom something was shown reported what."""
    within = desk.rules.knowledge.same_report_within
    statement = select(_tickets.c.requester_id, _tickets.c.category, _tickets.c.opened_at).where(
        _tickets.c.opened_at >= month.begins_at, _tickets.c.opened_at < month.ends_at + within
    )
    wanted, found = set(people), defaultdict(list)
    for person_id, category, opened_at in desk.session.execute(statement):
        if person_id in wanted:
            found[person_id, category].append(opened_at)
    return found


def _count(desk: "Desk", row: Any, reported: _Reports, sums: _Sums) -> None:
    within = desk.rules.knowledge.same_report_within
    instants = reported.get((row.person_id, row.category), ())
    came = any(row.shown_at <= at <= row.shown_at + within for at in instants)
    is_over = desk.now >= row.shown_at + within
    is_spared = _is_spared(row, came=came, is_over=is_over)
    for counted in (sums.total, sums.by_article[row.article_id]):
        _add(counted, row, is_over=is_over or came)
        counted.spared += is_spared
    if is_spared:
        sums.spared.add((row.person_id, desk_day(row.shown_at), row.category))


def _is_spared(row: Any, *, came: bool, is_over: bool) -> bool:
    if row.place is UsePlace.CONSOLE or row.person_id is None:
        return False
    if row.outcome is UseOutcome.USEFUL:
        return True
    return row.outcome is UseOutcome.SHOWN and is_over and not came


def _add(counted: Counted, row: Any, *, is_over: bool) -> None:
    counted.shown += 1
    counted.by_clerks += row.place is UsePlace.CONSOLE
    match row.outcome:
        case UseOutcome.USEFUL:
            counted.useful += 1
        case UseOutcome.USELESS:
            counted.useless += 1
        case UseOutcome.REPORTED:
            counted.reported += 1
        case _:
            counted.silent += 1
            counted.open += not is_over and row.place is not UsePlace.CONSOLE


def _lines(desk: "Desk", by_article: dict[int, Counted]) -> tuple[Line, ...]:
    """The most shown first, by the title that people read now, or read last."""
    rows = desk.session.execute(
        select(_articles.c.id, _articles.c.number, _versions.c.title, _versions.c.category)
        .join_from(_articles, _versions, _versions.c.article_id == _articles.c.id)
        .where(_articles.c.id.in_(by_article))
        .order_by(_articles.c.id, _versions.c.version)
    ).all()
    newest = {row.id: row for row in rows}
    lines = [
        Line(row.number, row.title, row.category, by_article[row.id]) for row in newest.values()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.counted.shown, line.number)))
