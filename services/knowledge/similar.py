"""Articles that say the same already, shown before one more is written (K2)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.knowledge import OPEN_VERSIONS, VersionState
from domain.permissions import Permission, demand
from models import Article, ArticleVersion
from nlp.article_match import closeness, prepared, question
from services.knowledge.searching import answers, audiences_of

if TYPE_CHECKING:
    from services.desk import Desk

MOST = 5
_NEAR = 0.35  # of a published one
_SAME = 0.5  # of two drafts, whose words nobody has counted
_DRAFTS = 200  # the newest that are looked at


@dataclass(frozen=True, slots=True)
class Similar:
    number: str
    title: str
    state: VersionState


def similar(desk: "Desk", title: str, but: str = "") -> tuple[Similar, ...]:
    """The nearest first; `but`: the article that is being written."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    readable = audiences_of(desk.actor)
    near = answers(desk.session, title, audiences=readable, limit=MOST)
    found = [
        Similar(each.number, each.title, VersionState.PUBLISHED)
        for each in near
        if each.score >= _NEAR
    ]
    others = {each.number for each in found} | {but.upper()}
    found += [each for each in _drafts(desk, title) if each.number not in others]
    return tuple(each for each in found if each.number != but.upper())[:MOST]


def _drafts(desk: "Desk", title: str) -> list[Similar]:
    """Titles only: somebody else's draft is not read, but known of."""
    rows = desk.session.execute(
        select(Article.number, ArticleVersion.title, ArticleVersion.asks, ArticleVersion.state)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(ArticleVersion.state.in_(OPEN_VERSIONS))
        .order_by(ArticleVersion.changed_at.desc(), ArticleVersion.id.desc())
        .limit(_DRAFTS)
    )
    asked = question(title, {}, 1)
    return [
        Similar(row.number, row.title, row.state)
        for row in rows
        if closeness(asked, prepared(row.title, tuple(row.asks), "")) >= _SAME
    ]
