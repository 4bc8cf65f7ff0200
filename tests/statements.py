"""One cache of compiled statements for all engines of a worker.

SQLAlchemy keeps what it has compiled with the engine; a test has an engine of its own and compiled
each statement anew, which took longer than to run it. A desk compiles each one once as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MOST = 3000  # statements
_KEPT = "_compiled_cache"  # by SQLAlchemy, None where nothing is to be kept
_SAYS = ("paramstyle", "server_version_info", "_json_serializer", "_json_deserializer")


@contextmanager
def compiled_once() -> Iterator[None]:
    """Within it an engine finds what any other one of its kind has compiled."""
    shared: Any = LRUCache(MOST)

    def kept(engine: Engine) -> Any:
        return None if engine.__dict__[_KEPT] is None else shared

    def keep(engine: Engine, cache: Any) -> None:
        engine.__dict__[_KEPT] = cache

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, _KEPT, property(kept, keep), raising=False)
        for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
            patch.setattr(dialect, "__eq__", _writes_the_same)
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        yield


def _writes_the_same(self: Any, other: object) -> bool:
    """Whether two dialects write the same SQL, and read and write values alike."""
    return self is other or (
        type(self) is type(other)
        and all(getattr(self, name, None) == getattr(other, name, None) for name in _SAYS)
    )
