"""What is told of an article, and to whom: reviewers, its writer, its owner (K2)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.permissions import Role
from domain.sentence import Fact, Page
from models import Article, ArticleUse, ArticleVersion
from services import notices

if TYPE_CHECKING:
    from services.desk import Desk


_AT_ONCE = 100


def page_of(number: str) -> Page:
    """The article at the console."""
    return Page(f"/console/knowledge/{number}", "page.article")


def tell(desk: "Desk", person_id: int, article: Article, key: str, **facts: Fact) -> None:
    """One notice; who did it themselves is not told of it."""
    if person_id != desk.actor.id:
        known: dict[str, Fact] = {"article": article.number, **facts}
        page = page_of(article.number)
        notices.tell(desk.session, person_id, key, desk.now, known=known, page=page)


def tell_reviewers(desk: "Desk", article: Article, version: ArticleVersion) -> None:
    """Who may publish what this person wrote: the desk, where nobody is there the head."""
    found = notices.holding(desk.session, Role.DESK)
    facts: dict[str, Fact] = {"title": version.title, "writer": desk.actor.name or ""}
    others = [each for each in found if each != version.written_by_id]
    for person_id in others or notices.holding(desk.session, Role.HEAD):
        tell(desk, person_id, article, "knowledge.told.submitted", **facts)


def tell_of_no_use(session: Session, use: ArticleUse, now: datetime) -> None:
    """Its owner hears of it, once for each time that somebody says so; not of their own word."""
    use.owner_hears_at, use.owner_told_at = None, now
    article = session.get_one(Article, use.article_id)
    if use.person_id == article.owner_id:
        return
    title = session.scalar(
        select(ArticleVersion.title).where(
            ArticleVersion.article_id == article.id, ArticleVersion.version == use.version
        )
    )
    known: dict[str, Fact] = {
        "article": article.number,
        "title": title or "",
        "remark": use.remark,
    }
    key, page = "knowledge.told.of_no_use", page_of(article.number)
    notices.tell(session, article.owner_id, key, now, known=known, page=page)


def is_due(session: Session, now: datetime) -> bool:
    """Whether an owner still waits for a reason that did not come; ix_article_uses_untold."""
    return bool(session.scalar(select(exists().where(ArticleUse.owner_hears_at <= now))))


def tell_without_reason(session: Session, now: datetime) -> int:
    """Owners hear of 没用 as it was said; answers how many times."""
    statement = (
        select(ArticleUse)
        .where(ArticleUse.owner_hears_at <= now)
        .order_by(ArticleUse.owner_hears_at, ArticleUse.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    uses = session.scalars(statement).all()
    for use in uses:
        tell_of_no_use(session, use, now)
    return len(uses)
