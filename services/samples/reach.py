"""How far the samples reach: every row that goes with them, table by table."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from services.samples.references import Fate, references

AT_ONCE = 400  # values in one statement; SQLite takes some thousands

Key = tuple[Any, ...]
Gone = dict[str, set[Key]]
"""Primary keys by the name of their table."""


def reach(session: Session, roots: Iterable[tuple[str, Collection[int]]]) -> Gone:
    """From these rows on to all that has no sense without them."""
    gone: Gone = defaultdict(set)
    waiting: list[tuple[str, set[Key]]] = [(name, {(each,) for each in ids}) for name, ids in roots]
    leads = [each for each in references() if each.fate is Fate.GOES]
    while waiting:
        name, keys = waiting.pop()
        new = keys - gone[name]
        gone[name] |= new
        if new:
            ids = [key[0] for key in new]
            followed = (each for each in leads if each.target.name == name)
            waiting += [
                (each.table.name, _pointing(session, each.table, each.column, ids))
                for each in followed
            ]
    return gone


def ids_of(gone: Gone, name: str) -> list[int]:
    """Of a table whose rows have a number."""
    return sorted(key[0] for key in gone.get(name, ()))


def chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """So many as one statement takes."""
    kept = list(values)
    for start in range(0, len(kept), AT_ONCE):
        yield kept[start : start + AT_ONCE]


def is_one_of(table: Table, keys: Sequence[Key]) -> Any:
    """The condition that names these rows."""
    primary = list(table.primary_key.columns)
    if len(primary) == 1:
        return primary[0].in_([key[0] for key in keys])
    return tuple_(*primary).in_(keys)


def _pointing(session: Session, table: Table, column: Any, ids: list[int]) -> set[Key]:
    primary = list(table.primary_key.columns)
    found: set[Key] = set()
    for part in chunks(ids):
        rows = session.execute(select(*primary).where(column.in_(part)))
        found |= {tuple(row) for row in rows}
    return found
