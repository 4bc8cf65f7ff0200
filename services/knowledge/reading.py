"""Articles as people read them: the published version, by number, by kind, by what helped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.knowledge import Audience
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from models import Article, ArticleVersion, Person, table_of
from nlp.article_pictures import pictures_in
from services.knowledge import pictures
from services.knowledge.pictures import PictureView
from services.knowledge.searching import audiences_of

if TYPE_CHECKING:
    from services.desk import Desk

PAGE = 30

_articles, _versions = table_of(Article), table_of(ArticleVersion)
_owners = table_of(Person).alias("owner")


class NoSuchArticle(NotFound):
    """None of this number that people read, or none for this reader: both sound the same."""

    text_key = "knowledge.refusal.not_found"


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A published article in full."""

    id: int
    number: str
    version: int
    title: str
    answer: str
    body: str  # in the closed markup (nlp/article_markup.py)
    category: Category
    audience: Audience
    owner: str
    published_at: datetime
    review_on: date | None
    shown: int
    useful: int
    useless: int
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A published article in a list."""

    id: int
    number: str
    version: int
    title: str
    answer: str
    category: Category
    audience: Audience


def article(desk: "Desk", number: str) -> ArticlePage:
    """What the actor may read; NotFound for what is not published, or for others' eyes."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_READ)
    statement = _published(audiences_of(desk.actor)).where(_articles.c.number == number.upper())
    row = desk.session.execute(statement).first()
    if row is None:
        raise NoSuchArticle()
    return ArticlePage(
        row.id,
        row.number,
        row.version,
        row.title,
        row.answer,
        row.body,
        row.category,
        row.audience,
        row.owner or "",
        row.reviewed_at or row.changed_at,
        row.review_on,
        row.shown,
        row.useful,
        row.useless,
        _pictures(desk.session, row),
    )


def _pictures(session: Session, row: Any) -> tuple[PictureView, ...]:
    """Asked for where the text names any."""
    if not pictures_in(row.body):
        return ()
    return pictures.of_versions(session, (row.version_id,))[row.version_id]


def listed(
    session: Session,
    audiences: frozenset[Audience],
    category: Category | None = None,
    *,
    offset: int = 0,
    limit: int = PAGE,
) -> tuple[ArticleLine, ...]:
    """All that these may read, of one kind or of every, by title."""
    statement = _published(audiences)
    if category is not None:
        statement = statement.where(_versions.c.category == category)
    statement = statement.order_by(_versions.c.title, _articles.c.id)
    return _lines(session, statement.offset(offset).limit(limit))


def popular(
    session: Session, audiences: frozenset[Audience], limit: int = 6
) -> tuple[ArticleLine, ...]:
    """What helped most people, and what most were shown."""
    statement = _published(audiences).order_by(
        (_articles.c.useful - _articles.c.useless).desc(),
        _articles.c.shown.desc(),
        _articles.c.id,
    )
    return _lines(session, statement.limit(limit))


def kinds(session: Session, audiences: frozenset[Audience]) -> dict[Category, int]:
    """How many articles there are of each kind that has any."""
    statement = (
        select(_versions.c.category, func.count())
        .join_from(_articles, _versions, _versions.c.id == _articles.c.live_version_id)
        .where(_versions.c.audience.in_(audiences))
        .group_by(_versions.c.category)
    )
    return {category: count for category, count in session.execute(statement)}


def _published(audiences: frozenset[Audience]) -> Select[Any]:
    return (
        select(
            _articles.c.id,
            _articles.c.number,
            _articles.c.review_on,
            _articles.c.shown,
            _articles.c.useful,
            _articles.c.useless,
            _versions.c.id.label("version_id"),
            _versions.c.version,
            _versions.c.title,
            _versions.c.answer,
            _versions.c.body,
            _versions.c.category,
            _versions.c.audience,
            _versions.c.reviewed_at,
            _versions.c.changed_at,
            _owners.c.name.label("owner"),
        )
        .join_from(_articles, _versions, _versions.c.id == _articles.c.live_version_id)
        .join(_owners, _owners.c.id == _articles.c.owner_id)
        .where(_versions.c.audience.in_(audiences))
    )


def _lines(session: Session, statement: Select[Any]) -> tuple[ArticleLine, ...]:
    rows: Sequence[Any] = session.execute(statement).all()
    return tuple(
        ArticleLine(
            row.id, row.number, row.version, row.title, row.answer, row.category, row.audience
        )
        for row in rows
    )
