"""Owners hear a week before that an article is to be looked at, once for each date (K2)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, literal, select
from sqlalchemy.orm import Session

from domain.numbers import desk_day
from domain.sentence import Say
from models import Article, ArticleVersion, AuditEntry
from services import audit, notices
from services.knowledge.telling import page_of

SAID_BEFORE = timedelta(days=7)
AT_ONCE = 50
_ACT = "article.remind"


def is_due(session: Session, now: datetime) -> bool:
    """Whether somebody is to be told; one look at ix_articles_review."""
    return session.scalar(select(exists().where(_is_due(now)))) or False


def remind(session: Session, now: datetime) -> int:
    """Tells the owners; answers of how many articles."""
    rows = session.execute(
        select(Article, ArticleVersion.title)
        .join(ArticleVersion, ArticleVersion.id == Article.live_version_id)
        .where(_is_due(now))
        .order_by(Article.review_on, Article.id)
        .limit(AT_ONCE)
    ).all()
    for article, title in rows:
        day = article.review_on.isoformat() if article.review_on else ""
        facts = {"article": article.number, "title": title, "day": day}
        say = Say("knowledge.told.review_due", facts, (), page_of(article.number))
        notices.queue(session, [notices.row(article.owner_id, say, now)])
        audit.record(
            session,
            actor_id=None,
            action=_ACT,
            subject=f"article:{article.number}",
            before=None,
            after={"day": day},
            now=now,
        )
    return len(rows)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its date comes, and nobody was reminded in the time before it."""
    reminded = exists().where(
        AuditEntry.subject == literal("article:") + Article.number,
        AuditEntry.action == _ACT,
        AuditEntry.happened_at > now - 4 * SAID_BEFORE,
    )
    return and_(
        Article.live_version_id.is_not(None),
        Article.review_on <= desk_day(now + SAID_BEFORE),
        ~reminded,
    )
