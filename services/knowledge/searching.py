"""Answers to what somebody asks: articles that people read, the best first (K1).

What the index finds is compared word by word (nlp/article_match.py); how often it helped, and
whether it is about the same kind of thing, decides between those that are equally near.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.knowledge import Audience
from domain.permissions import Permission, demand, may
from domain.speaker import Speaker
from models import Article, ArticleVersion, table_of
from nlp.article_match import (
    Question,
    closeness,
    left_over,
    prepared,
    question,
    relevance,
    shares,
)
from nlp.article_pictures import searchable
from nlp.article_words import LONGEST_QUERY, pieces
from services.knowledge import index
from services.knowledge.usefulness import usefulness

if TYPE_CHECKING:
    from services.desk import Desk

SURE = 0.42
"""How near it must be: measured on tests/services/knowledge/questions.jsonl."""

LEFT_OVER = 0.2
"""What of the question it may pass over in silence; measured there, too."""

CHOICE = 0.22
"""From here on somebody may choose the title in chat; of 219 questions 2 lose their right one."""

FOR_EVERYBODY = frozenset({Audience.EVERYBODY})
_LEAST = 0.12  # below it has only a word or two in common
_BESIDE_BEST = 0.5  # of the best one's score; what is farther behind is hardly meant
_REALLY = 0.3
_AMONG_OTHERS = 5
_SAME_KIND = 1.08
_USE = 0.15  # how much having helped counts at most

_articles, _versions = table_of(Article), table_of(ArticleVersion)

_READ = (
    select(
        _articles.c.id,
        _articles.c.number,
        _articles.c.useful,
        _articles.c.useless,
        _versions.c.version,
        _versions.c.title,
        _versions.c.asks,
        _versions.c.category,
        _versions.c.audience,
        _versions.c.answer,
        _versions.c.body,
    )
    .join_from(_articles, _versions, _versions.c.id == _articles.c.live_version_id)
    .where(
        _articles.c.id.in_(bindparam("ids", expanding=True)),
        _versions.c.audience.in_(bindparam("audiences", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """What a question leads to."""

    id: int
    number: str
    version: int
    title: str
    answer: str
    category: Category
    audience: Audience
    score: float  # 0 to 1
    is_sure: bool  # good enough to be said in chat without asking


def answers(
    session: Session,
    text: str,
    *,
    audiences: frozenset[Audience],
    category: Category | None = None,
    limit: int = 3,
) -> tuple[FoundArticle, ...]:
    """The best first; none where nothing is near."""
    keys = tuple(dict.fromkeys(key for piece in pieces(text) for key in piece.keys))
    if not keys or not audiences:
        return ()
    total, counts = index.counts(session, keys)
    ids = index.candidates(session, counts, total, audiences)
    if not ids:
        return ()
    asked = question(text[:LONGEST_QUERY], counts, total)
    found = [_found(asked, row, category) for row in _rows(session, ids, audiences)]
    best = sorted(found, key=lambda each: (-each.score, -each.id))
    return tuple(each for each in best if each.score >= _LEAST)[:limit]


def search(
    desk: "Desk", text: str, *, category: Category | None = None, limit: int = 20
) -> tuple[FoundArticle, ...]:
    """What the actor may read."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_READ)
    readable = audiences_of(desk.actor)
    return answers(desk.session, text, audiences=readable, category=category, limit=limit)


def near(desk: "Desk", text: str) -> tuple[FoundArticle, ...]:
    """For a search of everything: only what really is about it."""
    if not may(desk.actor.roles, Permission.KNOWLEDGE_WRITE):
        return ()
    found = search(desk, text, limit=_AMONG_OTHERS)
    return tuple(each for each in found if each.score >= _REALLY)


def choices(found: Sequence[FoundArticle]) -> tuple[FoundArticle, ...]:
    """Those that may be meant: in chat a title that has nothing to do with it is noise."""
    least = max(CHOICE, found[0].score * _BESIDE_BEST) if found else CHOICE
    return tuple(each for each in found if each.is_sure or each.score >= least)


def audiences_of(reader: Speaker) -> frozenset[Audience]:
    """Staff read what is for them, too."""
    is_staff = may(reader.roles, Permission.KNOWLEDGE_READ_STAFF)
    return frozenset(Audience) if is_staff else FOR_EVERYBODY


def _rows(session: Session, ids: Sequence[int], audiences: frozenset[Audience]) -> Sequence[Any]:
    asked = {"ids": list(ids), "audiences": list(audiences)}
    return session.connection().execute(_READ, asked).all()


def _found(asked: Question, row: Any, category: Category | None) -> FoundArticle:
    article = prepared(row.title, tuple(row.asks), f"{row.answer}\n{searchable(row.body)}")
    near, there = closeness(asked, article), shares(asked, article)
    score = (near + relevance(asked, there)) / 2
    score *= 1 + _USE * usefulness(row.useful, row.useless)
    if category is not None and row.category is category:
        score *= _SAME_KIND
    return FoundArticle(
        row.id,
        row.number,
        row.version,
        row.title,
        row.answer,
        row.category,
        row.audience,
        min(score, 1.0),
        near >= SURE and left_over(asked, there) <= LEFT_OVER,
    )
