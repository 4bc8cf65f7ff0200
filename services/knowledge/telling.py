"""What is told of an article, and to whom: reviewers, its writer, its owner (K2)."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.permissions import Role
from domain.sentence import Fact, Page
from models import Article, ArticleUse, ArticleVersion
from services import notices

if TYPE_CHECKING:
    from services.desk import Desk


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


def tell_of_no_use(desk: "Desk", use: ArticleUse) -> None:
    """Its owner hears of it, each time that somebody says so."""
    article = desk.session.get_one(Article, use.article_id)
    title = desk.session.scalar(
        select(ArticleVersion.title).where(
            ArticleVersion.article_id == article.id, ArticleVersion.version == use.version
        )
    )
    facts: dict[str, Fact] = {"title": title or "", "remark": use.remark}
    tell(desk, article.owner_id, article, "knowledge.told.of_no_use", **facts)
