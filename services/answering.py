"""What chat and forms need of the knowledge base: answers, and what somebody was shown (K1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, UsePlace
from domain.refusals import NotFound
from models import Article, ArticleUse, ArticleVersion, table_of
from services.knowledge import reading, searching, using
from services.knowledge.reading import ArticleLine, ArticlePage
from services.knowledge.searching import FoundArticle

if TYPE_CHECKING:
    from services.desk import Desk

OFFERED = 3
COMMON = 5
REMEMBERED_FOR = timedelta(days=3)
"""So long a bare verdict means the answer that was shown last."""

_uses, _articles, _versions = table_of(ArticleUse), table_of(Article), table_of(ArticleVersion)


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer that the actor was shown, and what came of it."""

    id: int  # of the use
    number: str
    title: str
    category: Category
    query: str
    place: UsePlace
    shown_at: datetime
    outcome: UseOutcome
    ticket_id: int | None


def answers(desk: "Desk", text: str, category: Category | None = None) -> tuple[FoundArticle, ...]:
    """The best for these words that the actor may read."""
    return searching.search(desk, text, category=category, limit=OFFERED)


def for_everybody(
    desk: "Desk", text: str, category: Category | None = None
) -> tuple[FoundArticle, ...]:
    """What people can do by themselves: nothing that is for staff only."""
    audiences = searching.FOR_EVERYBODY
    return searching.answers(
        desk.session, text, audiences=audiences, category=category, limit=OFFERED
    )


def common(desk: "Desk") -> tuple[ArticleLine, ...]:
    """What helped most people."""
    return reading.popular(desk.session, frozenset({Audience.EVERYBODY}), COMMON)


def article(desk: "Desk", number: str) -> ArticlePage:
    return reading.article(desk, number)


def shown(desk: "Desk", use_id: int) -> AnswerShown:
    """One that the actor was shown; NotFound for any other."""
    row = desk.session.execute(_of(desk).where(_uses.c.id == use_id)).first()
    if row is None:
        raise NotFound()
    return _view(row)


def last_shown(desk: "Desk") -> AnswerShown | None:
    """The one shown last in chat, if nobody has said yet what came of it."""
    statement = _of(desk).where(
        _uses.c.place == UsePlace.CHAT, _uses.c.shown_at >= desk.now - REMEMBERED_FOR
    )
    newest = statement.order_by(_uses.c.shown_at.desc(), _uses.c.id.desc()).limit(1)
    row = desk.session.execute(newest).first()
    return _view(row) if row is not None and row.outcome is UseOutcome.SHOWN else None


def came_of(
    desk: "Desk", use_id: int, ticket_id: int, outcome: UseOutcome = UseOutcome.REPORTED
) -> None:
    """Reported all the same, or solved with it on the phone; not one's own answer is left alone."""
    try:
        using.say(desk, use_id, outcome, ticket_id=ticket_id)
    except NotFound:
        return


def _of(desk: "Desk") -> Select[Any]:
    return (
        select(_uses, _articles.c.number, _versions.c.title, _versions.c.category)
        .join_from(_uses, _articles, _articles.c.id == _uses.c.article_id)
        .join(
            _versions,
            (_versions.c.article_id == _uses.c.article_id)
            & (_versions.c.version == _uses.c.version),
        )
        .where(_uses.c.person_id == desk.actor.id)
    )


def _view(row: Any) -> AnswerShown:
    return AnswerShown(
        row.id,
        row.number,
        row.title,
        row.category,
        row.query,
        row.place,
        row.shown_at,
        row.outcome,
        row.ticket_id,
    )
