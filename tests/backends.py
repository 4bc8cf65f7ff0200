"""Connections to PostgreSQL that outlive a test: a new one reads anew what each table is like.

Only those to a database that is emptied and given to the next test; an engine that asks in the
same words gets them as if they were new.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

MOST = 3  # of one kind: some tests open dozens
_AS_NEW = b"RESET ALL; SELECT pg_advisory_unlock_all()"

Backend = psycopg.Connection[Any]
_idle: dict[str, list[tuple[object, Backend]]] = {}
"""By database, with the words in which each was asked for."""
_lock = threading.Lock()


def keep(database: str) -> None:
    """From now on connections to it outlive their engines."""
    _idle[database] = []


def forget(database: str) -> None:
    for _, backend in _idle.pop(database, ()):
        backend.close()


def pids(database: str) -> list[int]:
    return [backend.info.backend_pid for _, backend in _idle[database]]


def drop_all_but(database: str, alive: Iterable[int]) -> None:
    """A test may have cut some from behind."""
    known = set(alive)
    for each in list(_idle[database]):
        if each[1].info.backend_pid not in known:
            _idle[database].remove(each)
            each[1].close()


@contextmanager
def outliving() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PGDialect_psycopg, "connect", _connect)
        patch.setattr(PGDialect_psycopg, "do_close", _close)
        yield
    for database in list(_idle):
        forget(database)


def _connect(self: Any, *words: Any, **options: Any) -> Backend:
    asked = (words, tuple(sorted(options.items())))
    if found := _taken(str(options.get("dbname")), asked):
        return found
    made: Backend = self.loaded_dbapi.connect(*words, **options)
    vars(made)["asked"] = asked
    return made


def _taken(database: str, asked: object) -> Backend | None:
    with _lock:
        for each in _idle.get(database, ()):
            if each[0] == asked:
                _idle[database].remove(each)
                return each[1]
    return None


def _close(self: Any, backend: Backend) -> None:
    idle = _idle.get(backend.info.dbname) if not backend.closed else None
    asked = vars(backend).get("asked")
    if idle is None or not _is_as_new(backend) or [each for each, _ in idle].count(asked) >= MOST:
        backend.close()
        return
    idle.append((asked, backend))


def _is_as_new(backend: Backend) -> bool:
    if backend.autocommit or backend.isolation_level is not None:
        return False
    if backend.info.transaction_status is not TransactionStatus.IDLE:
        return False
    backend.pgconn.exec_(_AS_NEW)
    backend._notice_handlers.clear()
    return backend.info.transaction_status is TransactionStatus.IDLE
