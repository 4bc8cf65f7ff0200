"""The database and its transactions: one writer at a time on SQLite, bounded waits on both."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session as OrmSession

from models import statistics

__all__ = ["Database", "DatabaseConflict", "DatabaseUnavailable", "Session"]

LOCK_WITHIN = 2.5  # seconds; with one statement more the webhook's 4.5 are not used up
STATEMENT_WITHIN = 2.0  # seconds
CONNECT_WITHIN = 1  # seconds; libpq knows whole ones only
STATEMENTS = 32  # that a connection to SQLite keeps ready, 5 to 20 KiB each (T10)
POOL = 40  # connections; more than a server has threads

_PROBE = text("SELECT 1")
_IN_ONE_MOMENT = "in_one_moment"  # an option of a connection: its statements share a transaction


class DatabaseUnavailable(Exception):
    """The database did not answer, or not in time; whether a commit took effect is not known."""


class DatabaseConflict(DatabaseUnavailable):
    """Two transactions waited for each other and this one was undone: it may be tried again."""


class Session(OrmSession):
    """A session of one transaction, whose connection is looked up once for its many statements."""

    def __init__(self, bind: Engine, **options: Any) -> None:
        super().__init__(bind, **options)
        self._held: Connection | None = None

    def connection(self, *arguments: Any, **options: Any) -> Connection:
        if self._held is None:
            self._held = super().connection(*arguments, **options)
        return self._held

    @property
    def tells_somebody(self) -> bool:
        """Whether something was queued that the outbox or the fetcher should look at."""
        return bool(self.info.get("tells_somebody"))


class Database:
    """Transactions of one database; several processes may share it on PostgreSQL."""

    def __init__(self, url: str, *, statement_within: float = STATEMENT_WITHIN) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._writer = threading.Lock()
        if self.is_sqlite:
            _set_wal(url)
            self.engine = _sqlite_engine(url)
            self._readers = _sqlite_engine(url, is_reader=True)
        else:
            self.engine = self._readers = _postgres_engine(url, statement_within)
        self._glances = self._readers.execution_options(
            **({_IN_ONE_MOMENT: False} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )

    @contextmanager
    def transaction(self, within: float = LOCK_WITHIN) -> Iterator[Session]:
        """One transaction that may write: committed at the end, rolled back by any exception."""
        with (
            self._turn(within),
            _translated(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads and never waits for a writer."""
        with _translated(), Session(self._readers) as session:
            yield session

    @contextmanager
    def glancing(self) -> Iterator[Session]:
        """As `reading`, without a transaction: each statement sees what is newest."""
        with _translated(), Session(self._glances) as session:
            yield session

    @contextmanager
    def reading_on(self, session: Session) -> Iterator[Session]:
        """What `reading` or `glancing` gave, for somebody else of the same request."""
        with _translated():
            yield session

    def probe(self) -> None:
        """Returns if the database answers, else raises DatabaseUnavailable."""
        with self.reading() as session:
            session.execute(_PROBE)

    def refresh_statistics(self) -> None:
        """Tells SQLite how its rows are spread: without that it takes the wrong index for lists.

        PostgreSQL does so by itself. Readers connect anew, for statistics are read on connecting.
        """
        if not self.is_sqlite:
            return
        with self.transaction() as session:
            statistics.refresh(session)
        self._readers.dispose()

    def dispose(self) -> None:
        self.engine.dispose()
        self._readers.dispose()

    @contextmanager
    def _turn(self, within: float) -> Iterator[None]:
        """SQLite has one writer: threads queue for it here, in order, instead of polling."""
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=within):
            raise DatabaseUnavailable("waited for the writer in vain")
        try:
            yield
        finally:
            self._writer.release()


@contextmanager
def _translated() -> Iterator[None]:
    """A database that is away, slow or full, as one exception; a rule broken stays what it is."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        kind = _kind_of(error)
        raise (DatabaseConflict if kind in _CONFLICTS else DatabaseUnavailable)(kind) from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise DatabaseUnavailable(_kind_of(error)) from error


_CONFLICTS = frozenset({"DeadlockDetected", "SerializationFailure"})


def _kind_of(error: Exception) -> str:
    """As the driver calls it: LockNotAvailable, DeadlockDetected, QueryCanceled."""
    return type(getattr(error, "orig", None) or error).__name__


# One encoder for all rows: dumps() with options makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _set_wal(url: str) -> None:
    """Once, before anybody else is connected: the change of mode needs the file alone."""
    name = make_url(url).database
    if not name or name == ":memory:":
        return
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(name, timeout=LOCK_WITHIN)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _sqlite_engine(url: str, *, is_reader: bool = False) -> Engine:
    engine = create_engine(
        url,
        json_serializer=as_json,
        hide_parameters=True,
        pool_size=POOL if is_reader else 2,
        max_overflow=0,
        pool_timeout=1,
        pool_use_lifo=True,  # each has a cache of its own: the fewer are in use, the fewer fill it
        connect_args={
            "timeout": LOCK_WITHIN,
            "check_same_thread": False,
            "cached_statements": STATEMENTS,
        },
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=2500")
        # Caches in KiB: the system keeps the file anyway (T10).
        if is_reader:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA cache_size=-256")
        else:
            connection.execute("PRAGMA cache_size=-1024")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(_IN_ONE_MOMENT, True):
            return
        # A deferred transaction that turns into a writing one fails at once, unheard.
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: str, statement_within: float) -> Engine:
    milliseconds = int(statement_within * 1000)
    return create_engine(
        url,
        json_serializer=as_json,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=1,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": CONNECT_WITHIN,
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
            " -c idle_in_transaction_session_timeout=15000 -c timezone=UTC",
            "keepalives_idle": 5,
            "tcp_user_timeout": 3000,
        },
    )
