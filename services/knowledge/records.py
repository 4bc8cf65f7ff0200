"""Rows of articles: the one that is meant, the version that is being written, who may do what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from domain.category import Category
from domain.knowledge import (
    OPEN_VERSIONS,
    ArticleAct,
    Audience,
    VersionState,
    next_state,
)
from domain.permissions import Permission, Role, Stand, demand, has_role_for, may
from domain.refusals import NotPermitted
from models import Article, ArticleVersion, Person
from services import audit
from services.knowledge.reading import NoSuchArticle

if TYPE_CHECKING:
    from services.desk import Desk

TITLE_LIMIT = 80  # characters; the columns'
ASK_LIMIT = 80
MOST_ASKS = 20
ANSWER_LIMIT = 500
BODY_LIMIT = 20_000
NOTE_LIMIT = 200
REMARK_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article says, whom it is for, and what it is found by."""

    title: str
    answer: str
    body: str = ""
    asks: tuple[str, ...] = ()
    category: Category = Category.OTHER
    audience: Audience = Audience.EVERYBODY
    note: str = ""  # what is new in it


def located(desk: "Desk", number: str) -> Article:
    """The locked article; NotFound for those who write none."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    statement = select(Article).where(Article.number == number.upper()).with_for_update()
    found = desk.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NoSuchArticle()
    return found


def open_version(desk: "Desk", article: Article) -> ArticleVersion | None:
    """The one that is being written, or waits for review."""
    statement = select(ArticleVersion).where(
        ArticleVersion.article_id == article.id, ArticleVersion.state.in_(OPEN_VERSIONS)
    )
    return desk.session.scalar(statement.execution_options(populate_existing=True))


def being_written(desk: "Desk", article: Article) -> ArticleVersion:
    """NotFound if none is."""
    found = open_version(desk, article)
    if found is None:
        raise NoSuchArticle()
    return found


def live_version(desk: "Desk", article: Article) -> ArticleVersion | None:
    if article.live_version_id is None:
        return None
    return desk.session.get(ArticleVersion, article.live_version_id, populate_existing=True)


def last_version(desk: "Desk", article: Article) -> int:
    this = ArticleVersion.article_id == article.id
    return desk.session.scalar(select(func.max(ArticleVersion.version)).where(this)) or 0


def last_published(desk: "Desk", article: Article) -> ArticleVersion | None:
    """What people read last, before it was retired."""
    statement = select(ArticleVersion).where(
        ArticleVersion.article_id == article.id, ArticleVersion.state == VersionState.SUPERSEDED
    )
    return desk.session.scalar(statement.order_by(ArticleVersion.version.desc()).limit(1))


def newest(desk: "Desk", article: Article) -> ArticleVersion:
    """The last version, whatever became of it."""
    this = ArticleVersion.article_id == article.id
    statement = select(ArticleVersion).where(this).order_by(ArticleVersion.version.desc()).limit(1)
    return desk.session.scalars(statement).one()


def new_version(desk: "Desk", article: Article, wording: Wording) -> ArticleVersion:
    """A draft by the actor, not yet kept."""
    version = ArticleVersion(
        article_id=article.id,
        version=last_version(desk, article) + 1,
        state=VersionState.DRAFT,
        revision=0,
        written_by_id=desk.actor.id,
        changed_at=desk.now,
    )
    put(version, wording)
    return version


def name_of(desk: "Desk", person_id: int) -> str:
    return desk.session.get_one(Person, person_id).name or ""


def writes(roles: Collection[Role]) -> bool:
    return has_role_for(roles, Permission.KNOWLEDGE_WRITE)


def is_writer(desk: "Desk", article: Article, version: ArticleVersion) -> bool:
    """Whoever wrote it, who sees to it, and who sees to all articles."""
    is_own = desk.actor.id in (version.written_by_id, article.owner_id)
    return is_own or may(desk.actor.roles, Permission.KNOWLEDGE_MANAGE)


def demand_writer(desk: "Desk", article: Article, version: ArticleVersion) -> None:
    if not is_writer(desk, article, version):
        raise NotPermitted(permission=Permission.KNOWLEDGE_WRITE.value)


def demand_owner(desk: "Desk", article: Article) -> None:
    """Who sees to it, and who sees to all articles."""
    if article.owner_id != desk.actor.id:
        demand(desk.actor.roles, Permission.KNOWLEDGE_MANAGE)


def stand_of(desk: "Desk", version: ArticleVersion) -> Stand:
    """Nobody at the desk publishes what they wrote themselves (K2)."""
    return Stand(is_impartial=version.written_by_id != desk.actor.id)


def move(desk: "Desk", version: ArticleVersion, act: ArticleAct) -> None:
    """The act, if the version's state has it; else `ArticleActNotAllowed`."""
    version.state = next_state(version.state, act)
    version.revision += 1
    version.changed_at = desk.now


def put(version: ArticleVersion, wording: Wording) -> None:
    """The words into the row, no longer than its columns."""
    version.title = wording.title.strip()[:TITLE_LIMIT]
    asks = dict.fromkeys(ask.strip()[:ASK_LIMIT] for ask in wording.asks)
    version.asks = [ask for ask in asks if ask][:MOST_ASKS]
    version.category, version.audience = wording.category, wording.audience
    version.answer = wording.answer.strip()[:ANSWER_LIMIT]
    version.body = wording.body.strip()[:BODY_LIMIT]
    version.note = wording.note.strip()[:NOTE_LIMIT] or None


def wording_of(version: ArticleVersion) -> Wording:
    return Wording(
        version.title,
        version.answer,
        version.body,
        tuple(version.asks),
        version.category,
        version.audience,
        version.note or "",
    )


def facts(version: ArticleVersion) -> dict[str, Any]:
    """What the record of changes keeps."""
    return {
        "version": version.version,
        "state": version.state,
        "title": version.title,
        "category": version.category,
        "audience": version.audience,
    }


def record(
    desk: "Desk",
    article: Article,
    act: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """A line of the record; the article was changed now."""
    article.changed_at = desk.now
    desk.session.flush()
    audit.done_by(desk, f"article.{act}", f"article:{article.number}", before, after)
