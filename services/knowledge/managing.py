"""Lists for those who write and review: what waits, what is stale, what helps nobody (K1, K2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from domain.category import Category
from domain.knowledge import OPEN_VERSIONS, Audience, KnowledgeRules, VersionState
from domain.numbers import desk_day
from domain.permissions import Permission, demand, may
from models import Article, ArticleVersion, Person, table_of
from services.knowledge.searching import answers, audiences_of

if TYPE_CHECKING:
    from services.desk import Desk

PAGE = 30
_FOUND = 200  # by words

_articles, _people = table_of(Article), table_of(Person)
_live, _newest = table_of(ArticleVersion).alias("live"), table_of(ArticleVersion).alias("newest")
_all = table_of(ArticleVersion).alias("each_version")


class Which(StrEnum):
    """Parts of the list."""

    PUBLISHED = auto()
    TO_REVIEW = auto()
    DRAFTS = auto()
    MINE = auto()
    STALE = auto()  # its review date has come
    NO_USE = auto()  # most who were shown it said so, or nobody was shown it for long
    RETIRED = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows."""

    which: Which = Which.PUBLISHED
    words: str = ""
    category: Category | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One article, by its version that is being written, else by the one that is read."""

    number: str
    title: str
    category: Category
    audience: Audience
    state: VersionState
    is_read: bool
    is_retired: bool
    is_stale: bool
    owner: str
    changed_at: datetime
    review_on: date | None
    shown: int
    useful: int
    useless: int


@dataclass(frozen=True, slots=True)
class Listed:
    rows: tuple[Row, ...]
    has_more: bool


def listed(desk: "Desk", wanted: Wanted) -> Listed:
    """One page of them."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    statement = _rows().where(*_conditions(desk, wanted)).order_by(*_order(wanted))
    offset = (wanted.page - 1) * PAGE
    rows = desk.session.execute(statement.offset(offset).limit(PAGE + 1)).all()
    today = desk_day(desk.now)
    return Listed(tuple(_row(each, today) for each in rows[:PAGE]), len(rows) > PAGE)


def counts(desk: "Desk") -> dict[Which, int]:
    """How many there are of each part."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    return {
        which: desk.session.scalar(
            select(func.count()).select_from(
                _rows().where(*_conditions(desk, Wanted(which))).subquery()
            )
        )
        or 0
        for which in Which
    }


def _rows() -> Select[Any]:
    last = (
        select(func.max(_all.c.version))
        .where(_all.c.article_id == _articles.c.id)
        .scalar_subquery()
    )
    is_newest = and_(_newest.c.article_id == _articles.c.id, _newest.c.version == last)
    return (
        select(
            _articles,
            _people.c.name.label("owner"),
            *(_live.c[name].label(f"live_{name}") for name in _TOLD),
            *(_newest.c[name].label(f"newest_{name}") for name in _TOLD),
        )
        .join_from(_articles, _newest, is_newest)
        .join(_people, _people.c.id == _articles.c.owner_id)
        .join(_live, _live.c.id == _articles.c.live_version_id, isouter=True)
    )


_TOLD = ("title", "category", "audience", "state")


def _row(row: Any, today: date) -> Row:
    is_open = row.newest_state in OPEN_VERSIONS
    shown = "newest" if is_open or row.live_version_id is None else "live"
    return Row(
        row.number,
        getattr(row, f"{shown}_title"),
        getattr(row, f"{shown}_category"),
        getattr(row, f"{shown}_audience"),
        getattr(row, f"{shown}_state"),
        row.live_version_id is not None,
        row.retired_at is not None,
        row.review_on is not None and row.review_on <= today,
        row.owner or "",
        row.changed_at,
        row.review_on,
        row.shown,
        row.useful,
        row.useless,
    )


def _conditions(desk: "Desk", wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_which(desk, wanted.which), _readable(desk)]
    if wanted.category is not None:
        found.append(_newest.c.category == wanted.category)
    if words := wanted.words.strip():
        found.append(_says(desk, words))
    return found


def _readable(desk: "Desk") -> ColumnElement[bool]:
    """Somebody else's draft is for its writer, its owner and those who see to all articles."""
    if may(desk.actor.roles, Permission.KNOWLEDGE_MANAGE):
        return _articles.c.id.is_not(None)
    me = desk.actor.id
    is_mine = or_(_articles.c.owner_id == me, _newest.c.written_by_id == me)
    return or_(_articles.c.live_version_id.is_not(None), is_mine)


def _which(desk: "Desk", which: Which) -> ColumnElement[bool]:
    is_read, me = _articles.c.live_version_id.is_not(None), desk.actor.id
    match which:
        case Which.PUBLISHED:
            return is_read
        case Which.TO_REVIEW:
            return _newest.c.state == VersionState.IN_REVIEW
        case Which.DRAFTS:
            return _newest.c.state.in_([VersionState.DRAFT, VersionState.RETURNED])
        case Which.MINE:
            return or_(_articles.c.owner_id == me, _newest.c.written_by_id == me)
        case Which.STALE:
            return and_(is_read, _articles.c.review_on <= desk_day(desk.now))
        case Which.NO_USE:
            return and_(is_read, of_no_use(desk.rules.knowledge, desk.now))
        case Which.RETIRED:
            return _articles.c.retired_at.is_not(None)


def of_no_use(rules: KnowledgeRules, now: datetime) -> ColumnElement[bool]:
    """Few of those who said anything said 有用; or old, and never shown to anybody."""
    said = _articles.c.useful + _articles.c.useless
    helps_few = and_(
        _articles.c.shown >= rules.least_shown,
        said > 0,
        _articles.c.useful < said * rules.least_useful_share,
    )
    is_old = _articles.c.made_at < now - rules.never_used_after
    return or_(helps_few, and_(_articles.c.shown == 0, is_old))


def _says(desk: "Desk", words: str) -> ColumnElement[bool]:
    readable = audiences_of(desk.actor)
    near = answers(desk.session, words, audiences=readable, limit=_FOUND)
    return or_(
        _articles.c.id.in_([each.id for each in near]),
        _newest.c.title.contains(words, autoescape=True),
        _articles.c.number == words.upper(),
    )


def _order(wanted: Wanted) -> Sequence[ColumnElement[Any]]:
    if wanted.which is Which.STALE:
        return (_articles.c.review_on, _articles.c.id)
    if wanted.which is Which.TO_REVIEW:
        return (_newest.c.changed_at, _articles.c.id)
    return (_articles.c.changed_at.desc(), _articles.c.id.desc())
