"""The index of articles as each database has it: FTS5 on SQLite, a tsvector on PostgreSQL (K1).

Two statements for a question: how many articles have each of its words, then the articles that
have most of the rare ones. Both databases count and order in the same whole numbers.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    cast,
    delete,
    func,
    join,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session

from domain.knowledge import Audience
from models import ARTICLE_WORDS, ArticleDocument, ArticleVersion, table_of
from models.inserting import insert_into, is_postgresql
from nlp.article_match import idf
from nlp.article_pictures import searchable
from nlp.article_words import HEAD, keys_in

COUNTED = 500  # articles that have a word; more say no more
CANDIDATES = 50  # that are compared word by word
MOST_KEYS = 10  # the rarest of a question lead to its articles
MOST_ROWS = 1_500  # that these lead to, together; the rarest three may lead to more
_AT_LEAST = 3
_IN_HEAD = 3  # what a word weighs in title and ways of asking
_FINE = 100  # weights are whole numbers

_documents = table_of(ArticleDocument)
_FTS_WORDS, _FTS_ID = ARTICLE_WORDS.c.article_words, ARTICLE_WORDS.c.rowid
_READER = "~~"
"""What stands before the audience."""


# --- writing -------------------------------------------------------------------------------------


def tokens_of(version: ArticleVersion) -> str:
    """What an article is found by, in a stable order."""
    head = keys_in("\n".join((version.title, *version.asks)))
    found = head | keys_in(f"{version.answer}\n{searchable(version.body)}")
    words = {*found, *(f"{HEAD}{each}" for each in head), _reader(version.audience)}
    return " ".join(sorted(words))


def put(session: Session, article_id: int, words: str) -> None:
    new = insert_into(session, _documents)
    statement = new.on_conflict_do_update(
        index_elements=[_documents.c.article_id], set_={"tokens": new.excluded.tokens}
    )
    session.connection().execute(statement, {"article_id": article_id, "tokens": words})


def take_out(session: Session, article_id: int) -> None:
    session.execute(delete(_documents).where(_documents.c.article_id == article_id))


# --- asking --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word of the index, and what having it counts."""

    word: str
    weight: int = 1


def counts(session: Session, keys: Sequence[str]) -> tuple[int, dict[str, int]]:
    """How many articles there are, and how many have each of these words: 0 if none has any."""
    dialect = _dialect(session)
    asked = dialect.asked([Weighed(key) for key in keys], None)
    rows = session.connection().execute(dialect.counting, asked).all()
    total = rows[0].total if rows else 0
    found = {keys[place]: min(count, COUNTED) for place, count, _total in rows}
    return total, {key: found.get(key, 0) for key in keys}


def candidates(
    session: Session,
    found: Mapping[str, int],
    total: int,
    audiences: frozenset[Audience],
    most: int = CANDIDATES,
) -> list[int]:
    """Articles that have most of these words, rare ones first of all; ties go to newer ones."""
    weighed = [
        Weighed(f"{mark}{key}", round(times * _FINE * idf(found[key], total)))
        for key in _leading(found)
        for mark, times in (("", 1), (HEAD, _IN_HEAD))
    ]
    if not weighed:
        return []
    reader = None if len(audiences) == len(Audience) else next(iter(audiences))
    dialect = _dialect(session)
    asked = {**dialect.asked(weighed, reader), "most": most}
    return list(session.connection().execute(dialect.finding, asked).scalars())


def _leading(found: Mapping[str, int]) -> list[str]:
    """The rarest words that are in any article; common ones say little and cost much."""
    known = sorted((each for each, count in found.items() if count), key=lambda k: (found[k], k))
    chosen: list[str] = []
    for each in known[:MOST_KEYS]:
        is_enough = sum(found[key] for key in chosen) + found[each] > MOST_ROWS
        if is_enough and len(chosen) >= _AT_LEAST:
            break
        chosen.append(each)
    return chosen


@dataclass(frozen=True, slots=True)
class _Dialect:
    """The two questions in a database's own words, built once."""

    counting: Select[Any]
    finding: Select[Any]
    asked: Callable[[Sequence[Weighed], Audience | None], dict[str, Any]]


_TOTAL = select(func.count()).select_from(_documents).scalar_subquery().label("total")


def _finding(article: ColumnElement[int], weight: ColumnElement[int]) -> Select[Any]:
    return (
        select(article)
        .group_by(article)
        .order_by(func.sum(weight).desc(), article.desc())
        .limit(bindparam("most"))
    )


# SQLite: FTS5 is asked once for each word of a JSON list.

_json = func.json_each(bindparam("asked", type_=String)).table_valued("key", "value")
_json_word = func.json_extract(_json.c.value, "$[0]")
_json_weight = func.json_extract(_json.c.value, "$[1]", type_=Integer)
_fts_match = _FTS_WORDS.op("MATCH")(_json_word)


def _asked_of_sqlite(words: Sequence[Weighed], reader: Audience | None) -> dict[str, Any]:
    also = f' AND "{_reader(reader)}"' if reader else ""
    return {"asked": json.dumps([[f'"{each.word}"{also}', each.weight] for each in words])}


_SQLITE = _Dialect(
    select(_json.c.key, func.count(), _TOTAL)
    .select_from(join(_json, ARTICLE_WORDS, _fts_match))
    .group_by(_json.c.key),
    _finding(_FTS_ID, _json_weight).select_from(join(_json, ARTICLE_WORDS, _fts_match)),
    _asked_of_sqlite,
)

# PostgreSQL: the index on tokens is asked once for each word of an array.

_array = (
    func.unnest(bindparam("words", type_=ARRAY(Text)), bindparam("weights", type_=ARRAY(Integer)))
    .table_valued("word", "weight", with_ordinality="place")
    .render_derived()
)
_ts_match = _documents.c.tokens.op("@@")(cast(_array.c.word, TSQUERY))
_some = select(literal(1)).where(_ts_match).limit(COUNTED).correlate(_array).subquery()


def _asked_of_postgres(words: Sequence[Weighed], reader: Audience | None) -> dict[str, Any]:
    also = f" & '{_reader(reader)}'" if reader else ""
    return {
        "words": [f"'{each.word}'{also}" for each in words],
        "weights": [each.weight for each in words],
    }


_POSTGRES = _Dialect(
    select(_array.c.place - 1, select(func.count()).select_from(_some).scalar_subquery(), _TOTAL),
    _finding(_documents.c.article_id, _array.c.weight).select_from(
        join(_array, _documents, _ts_match)
    ),
    _asked_of_postgres,
)


def _dialect(session: Session) -> _Dialect:
    return _POSTGRES if is_postgresql(session) else _SQLITE


def _reader(audience: Audience) -> str:
    return f"{_READER}{audience.value}"
