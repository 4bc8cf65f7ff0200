"""What the search reads: each ticket's words, kept behind its timeline by the indexer (C §13)."""

from sqlalchemy import ForeignKey, Index, Integer, String, Text, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from models.base import Base

SEARCH_WORDS = table("search_words", column("rowid", Integer), column("search_words", Text))
"""SQLite's index of these words (FTS5); triggers keep it as the documents are (0004)."""

_GIN = "ix_search_documents_tokens"
_OF_ONE_DATABASE = (_GIN, "ix_article_documents_tokens")
_WORD_TABLES = (SEARCH_WORDS.name, "article_words")


class SearchDocument(Base):
    """The words that a ticket is found by: text for FTS5 on SQLite, a tsvector on PostgreSQL."""

    __tablename__ = "search_documents"
    __table_args__ = (
        Index(_GIN, "tokens", postgresql_using="gin").ddl_if(dialect="postgresql"),  # the search
    )

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True
    )
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    activity_id: Mapped[int]  # the last line of its timeline that these words know


class SearchMark(Base):
    """Up to which activity every ticket's words are known to be there; one row."""

    __tablename__ = "search_marks"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    activity_id: Mapped[int]


def is_compared(
    _: SchemaItem, name: str | None, kind: str, is_reflected: bool, compared_to: object
) -> bool:
    """Whether Alembic compares this with the models: each database has one index of its own."""
    if kind == "table" and is_reflected and compared_to is None:
        return not (name or "").startswith(_WORD_TABLES)
    return not (kind == "index" and name in _OF_ONE_DATABASE)
