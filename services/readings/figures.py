"""How well messages are understood: by week and by kind of thing, confusions, words that misled."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.understanding import Handling, Truth
from models import StoredReading, table_of

WEEKS = 12
_WEEK = timedelta(weeks=1)
_CONFUSIONS = 8
_EXAMPLES = 3  # sentences to each
_LOOKED_AT = 1000  # wrong readings whose words are counted, and as many right ones
_WORDS = 12
_LEAST = 2  # times that a word has to have misled

_rows = table_of(StoredReading)

_KNOWN = and_(
    or_(*(_rows.c.truth == truth for truth in Truth if truth is not Truth.CONFIRMED)),
    ~_rows.c.is_left_out,
)
"""A summary that stood proves little; a ticket that was solved so, or a person's word, does."""

_HAS_CATEGORY = and_(_KNOWN, _rows.c.true_category.is_not(None))
_IS_CATEGORY = and_(_HAS_CATEGORY, func.coalesce(_rows.c.category, "") == _rows.c.true_category)
_INTENT_KNOWN = and_(_KNOWN, _rows.c.true_intent.is_not(None))
_IS_INTENT = and_(_INTENT_KNOWN, _rows.c.intent == _rows.c.true_intent)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of some readings: what was done with them, and how many of the known ones were right."""

    read: int = 0
    asked: int = 0
    handed_over: int = 0
    not_understood: int = 0
    intent_known: int = 0
    intent_right: int = 0
    category_known: int = 0
    category_right: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES = tuple(Counts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Week:
    begins: datetime
    counts: Counts


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing: how often it was meant, and how often it was read."""

    category: Category
    known: int
    right: int


@dataclass(frozen=True, slots=True)
class Confusion:
    truth: str
    read: str | None
    times: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misleading:
    """A word that spoke for what was wrong, and how often it spoke for what was right."""

    word: str
    label: str
    wrong: int
    right: int


@dataclass(frozen=True, slots=True)
class Figures:
    weeks: tuple[Week, ...]
    lines: tuple[Line, ...]
    confusions: tuple[Confusion, ...]
    misleading: tuple[Misleading, ...]

    @property
    def total(self) -> Counts:
        return sum((week.counts for week in self.weeks), Counts())


def figures(session: Session, now: datetime, weeks: int = WEEKS) -> Figures:
    """Of the last weeks, up to now; by ix_readings_read_at_id."""
    since = now - weeks * _WEEK
    return Figures(
        _weeks(session, since, weeks),
        _lines(session, since),
        _confusions(session, since),
        _misleading(session, since),
    )


def _weeks(session: Session, since: datetime, weeks: int) -> tuple[Week, ...]:
    begins = [since + number * _WEEK for number in range(weeks)]
    number = case(
        *((_rows.c.read_at < begin + _WEEK, place) for place, begin in enumerate(begins[:-1])),
        else_=weeks - 1,
    ).label("number")
    sums = (
        func.count(),
        _sum(_rows.c.handling == Handling.ASKED),
        _sum(_rows.c.handling == Handling.HANDED_OVER),
        _sum(_rows.c.handling == Handling.NOT_UNDERSTOOD),
        _sum(_INTENT_KNOWN),
        _sum(_IS_INTENT),
        _sum(_HAS_CATEGORY),
        _sum(_IS_CATEGORY),
    )
    rows = session.execute(select(number, *sums).where(_rows.c.read_at >= since).group_by(number))
    found = {row[0]: Counts(*row[1:]) for row in rows}
    return tuple(Week(begin, found.get(place, Counts())) for place, begin in enumerate(begins))


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _lines(session: Session, since: datetime) -> tuple[Line, ...]:
    rows = session.execute(
        select(_rows.c.true_category, func.count(), _sum(_IS_CATEGORY))
        .where(_rows.c.read_at >= since, _HAS_CATEGORY)
        .group_by(_rows.c.true_category)
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    return tuple(Line(each, *found[each]) for each in Category if each in found)


# --- what was taken for what ---------------------------------------------------------------------


def _confusions(session: Session, since: datetime) -> tuple[Confusion, ...]:
    wrong = [_rows.c.read_at >= since, _HAS_CATEGORY, ~_IS_CATEGORY]
    times = func.count().label("times")
    rows = session.execute(
        select(_rows.c.true_category, _rows.c.category, times)
        .where(*wrong)
        .group_by(_rows.c.true_category, _rows.c.category)
        .order_by(times.desc(), _rows.c.true_category)
        .limit(_CONFUSIONS)
    ).all()
    examples = _examples(session, wrong) if rows else {}
    return tuple(
        Confusion(
            row.true_category.value,
            row.category.value if row.category else None,
            row.times,
            tuple(examples.get((row.true_category, row.category), ())[:_EXAMPLES]),
        )
        for row in rows
    )


def _examples(session: Session, wrong: Sequence[Any]) -> Mapping[Any, list[str]]:
    found: dict[Any, list[str]] = defaultdict(list)
    rows = session.execute(
        select(_rows.c.true_category, _rows.c.category, _rows.c.text)
        .where(*wrong)
        .order_by(_rows.c.id.desc())
        .limit(_LOOKED_AT)
    )
    for row in rows:
        kept = found[row.true_category, row.category]
        if row.text not in kept:
            kept.append(row.text)
    return found


def _misleading(session: Session, since: datetime) -> tuple[Misleading, ...]:
    """The words that decided where the decision was wrong; the ones that are wrong most often."""
    wrong = _words_of(session, since, and_(_HAS_CATEGORY, ~_IS_CATEGORY))
    right = _words_of(session, since, _IS_CATEGORY)
    found = [
        Misleading(word, label, times, right[word, label])
        for (word, label), times in wrong.items()
        if times >= _LEAST
    ]
    found.sort(key=lambda each: (-each.wrong / (each.wrong + each.right + 1), -each.wrong))
    return tuple(found[:_WORDS])


def _words_of(session: Session, since: datetime, condition: Any) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    rows = session.execute(
        select(_rows.c.evidence, _rows.c.category)
        .where(_rows.c.read_at >= since, condition)
        .order_by(_rows.c.id.desc())
        .limit(_LOOKED_AT)
    )
    for row in rows:
        if row.category is not None:
            told = row.evidence.get(row.category.value, ())
            counted.update({(word, row.category.value) for word, _ in told})
    return counted
