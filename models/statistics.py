"""What SQLite believes of how rows are spread, put right where its samples mislead it (T6).

It looks at the first thousand rows of an index. Where the first column has few values, as a status
has, those are all of one value, and it takes a million rows of seven statuses for groups of a
thousand: an index of what is open is then left aside for one that holds everything. But seven words
cannot share a million rows out so that none has more than a seventh of them.
"""

from collections.abc import Iterator

from sqlalchemy import Boolean, Index, bindparam, text
from sqlalchemy.orm import Session

from models.base import Base, EnumText

_SAMPLED = (
    text("PRAGMA analysis_limit=1000"),  # rows of each index: milliseconds, whatever their number
    text("PRAGMA optimize=0x10002"),
)
_KNOWN = text("SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL")
_PUT_RIGHT = text("UPDATE sqlite_stat1 SET stat = :stat WHERE idx = :name").bindparams(
    bindparam("stat"), bindparam("name")
)
_BELIEVED_FROM_NOW = text("ANALYZE sqlite_schema")


def refresh(session: Session) -> None:
    """Look at each index once more; other connections believe it when they are opened anew."""
    for order in _SAMPLED:
        session.execute(order)
    put_right(session)


def put_right(session: Session) -> None:
    """No group smaller than there are words for it."""
    words = dict(_words_of_indexes())
    wrong = []
    for name, stat in session.execute(_KNOWN).all():
        better = _at_least(stat, words.get(name, ()))
        if better != stat:
            wrong.append({"name": name, "stat": better})
    if wrong:
        session.execute(_PUT_RIGHT, wrong)
        session.execute(_BELIEVED_FROM_NOW)


def _words_of_indexes() -> Iterator[tuple[str, tuple[int, ...]]]:
    """How many values each of an index's first columns can have, as far as the model says."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            yield str(index.name), tuple(_words_of(index))


def _words_of(index: Index) -> Iterator[int]:
    for column in index.columns:
        if isinstance(column.type, EnumText):
            yield column.type.many
        elif isinstance(column.type, Boolean):
            yield 2
        else:
            return


def _at_least(stat: str, words: tuple[int, ...]) -> str:
    """«rows, rows of each first value, of each pair of values …»; what follows is left as it is."""
    rows, *groups = stat.split()
    if not rows.isdigit():
        return stat
    shared = int(rows)
    for place, many in enumerate(words[: len(groups)]):
        shared = max(1, shared // many)
        if groups[place].isdigit():
            groups[place] = str(max(int(groups[place]), shared))
    return " ".join([rows, *groups])
