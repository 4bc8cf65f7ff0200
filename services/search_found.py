"""The index of words as each database has it: FTS5 on SQLite, a tsvector on PostgreSQL (C §13)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, cast, literal, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from models import SEARCH_WORDS, SearchDocument, table_of
from nlp.search_words import Asked, Term

_documents = table_of(SearchDocument)
_FTS_WORDS, _FTS_ID = SEARCH_WORDS.c.search_words, SEARCH_WORDS.c.rowid
_Statement = tuple[Select[Any], ColumnElement[int]]

_OWN_PLAN = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""A plan for any words would read the whole table for rare ones."""


def newest(
    session: Session,
    asked: Asked,
    where: Sequence[ColumnElement[bool]],
    ticket_id: ColumnElement[int],
    before: int | None,
    most: int,
) -> list[int]:
    """The newest tickets that have these words; `where` speaks of the ticket `ticket_id`."""
    if session.connection().dialect.name == "postgresql":
        session.execute(_OWN_PLAN)
        statement, key = _on_postgres(asked)
    else:
        statement, key = _on_sqlite(asked)
    if before is not None:
        statement = statement.where(key < before)
    if where:
        # A condition for each found row: the index leads, in its own order.
        statement = statement.where(select(literal(1)).where(ticket_id == key, *where).exists())
    return list(session.scalars(statement.order_by(key.desc()).limit(most)))


def _on_sqlite(asked: Asked) -> _Statement:
    """FTS5 walks its lists from the newest on, and stops when there are enough."""
    words = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in asked)
    matches = _FTS_WORDS.op("MATCH")(bindparam("words", words))
    return select(_FTS_ID).where(matches), _FTS_ID


def _fts5(term: Term) -> str:
    return f'"{term.word}"{"*" if term.is_beginning else ""}'


def _on_postgres(asked: Asked) -> _Statement:
    """By ix_search_documents_tokens, or from the newest on where half of all have the words."""
    words = " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in asked)
    matches = _documents.c.tokens.op("@@")(cast(bindparam("words", words), TSQUERY))
    return select(_documents.c.ticket_id).where(matches), _documents.c.ticket_id


def _tsquery(term: Term) -> str:
    return f"'{term.word}'{':*' if term.is_beginning else ''}"
