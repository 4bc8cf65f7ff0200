"""Articles of the knowledge base: versions, the words they are found by, and what came of them."""

from datetime import date, datetime

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from domain.knowledge import Audience, UseOutcome, UsePlace, VersionState
from models.base import Base, EnumText

ARTICLE_WORDS = table("article_words", column("rowid", Integer), column("article_words", Text))
"""SQLite's index of the words of articles (FTS5); triggers keep it (0007)."""

_OPEN = text("state IN ('draft', 'in_review', 'returned')")
_PUBLISHED = text("state = 'published'")
_LIVE = text("live_version_id IS NOT NULL")
_UNTOLD = text("owner_hears_at IS NOT NULL")
_GIN = "ix_article_documents_tokens"


class Article(Base):
    """One question and its answer, through all its versions (K1, K2)."""

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_review", "review_on", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, "owner_id"),  # mine
        Index(None, "source_ticket_id"),  # what came of this ticket
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)  # ZS0042
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # sees to it
    source_ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    # No foreign key: the version points here already.
    live_version_id: Mapped[int | None]  # what people read; None: never published, or retired
    review_on: Mapped[date | None] = mapped_column(Date)  # by then somebody looks whether it holds
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    shown: Mapped[int] = mapped_column(default=0)  # kept beside the uses, for ranking
    useful: Mapped[int] = mapped_column(default=0)
    useless: Mapped[int] = mapped_column(default=0)


class ArticleVersion(Base):
    """The text of an article at one time; once published it is not changed any more."""

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "version"),
        Index(
            "ix_article_versions_open",
            "article_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),  # one at a time is being written
        Index(
            "ix_article_versions_published",
            "article_id",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),  # and one is read
        Index(None, "state", "changed_at"),  # what waits for review
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    version: Mapped[int]
    state: Mapped[VersionState] = mapped_column(EnumText(VersionState))
    revision: Mapped[int] = mapped_column(default=0)  # grows when it is saved: two never overwrite
    title: Mapped[str] = mapped_column(String(80))
    asks: Mapped[list[str]]  # other ways in which people ask for it
    category: Mapped[Category]
    audience: Mapped[Audience] = mapped_column(EnumText(Audience))
    answer: Mapped[str] = mapped_column(String(500))  # what the account says in chat
    body: Mapped[str] = mapped_column(Text)  # the steps in full, in the closed markup
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(String(200))  # what is new in it
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None]
    remark: Mapped[str | None] = mapped_column(String(500))  # the reviewer's


class ArticleDocument(Base):
    """The words that a published article is found by: FTS5 on SQLite, a tsvector on PostgreSQL."""

    __tablename__ = "article_documents"
    __table_args__ = (
        Index(_GIN, "tokens", postgresql_using="gin", postgresql_with={"fastupdate": "off"}).ddl_if(
            dialect="postgresql"
        ),  # the search
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


class ArticleUse(Base):
    """An article that was shown to somebody, what they had asked, and what they said of it."""

    __tablename__ = "article_uses"
    __table_args__ = (
        Index(None, "article_id", "shown_at"),
        Index(None, "shown_at"),
        Index(None, "person_id", "shown_at"),
        Index(None, "ticket_id"),
        Index(
            "ix_article_uses_untold",
            "owner_hears_at",
            sqlite_where=_UNTOLD,
            postgresql_where=_UNTOLD,
        ),  # of no use, and its owner does not know yet
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    version: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    place: Mapped[UsePlace] = mapped_column(EnumText(UsePlace))
    query: Mapped[str] = mapped_column(String(200))  # as asked, phone numbers blotted out
    shown_at: Mapped[datetime]
    outcome: Mapped[UseOutcome] = mapped_column(EnumText(UseOutcome))
    outcome_at: Mapped[datetime | None]
    remark: Mapped[str | None] = mapped_column(String(200))  # why it was of no use
    owner_hears_at: Mapped[datetime | None]  # with the reason, if one was given by then
    owner_told_at: Mapped[datetime | None]  # once for each use
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
