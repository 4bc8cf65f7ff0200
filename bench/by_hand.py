"""One durable transaction a message, written by hand on the bare driver: what floor 2 adds.

Inbox row, conversation locked and changed, outbox row: the least that a message may cost.
"""

import sqlite3
import threading
from typing import Protocol

from psycopg_pool import ConnectionPool

TABLES = (
    """CREATE TABLE IF NOT EXISTS inbox (
        openid varchar(64) NOT NULL, key varchar(191) NOT NULL, received_at varchar(32) NOT NULL,
        text text NOT NULL, reply text NOT NULL, PRIMARY KEY (openid, key))""",
    """CREATE TABLE IF NOT EXISTS conversations (
        openid varchar(64) PRIMARY KEY, step varchar(64) NOT NULL, turns integer NOT NULL,
        draft text NOT NULL, changed_at varchar(32) NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS outbox (
        id integer PRIMARY KEY, openid varchar(64) NOT NULL, text text NOT NULL,
        created_at varchar(32) NOT NULL)""",
)
BUSY_FOR = 10.0  # seconds


class Keeper(Protocol):
    def keep(self, openid: str, key: str, text: str, at: str) -> None:
        """Make the message durable, and whatever answering it changes."""

    def close(self) -> None:
        """Let go of the calling thread's connection, or of all."""


class SqliteKeeper:
    """WAL, flushed at each commit, one writer at a time in this process."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._writer = threading.Lock()
        self._own = threading.local()
        with self._writer:
            for table in TABLES:
                self._connection().execute(table)

    def keep(self, openid: str, key: str, text: str, at: str) -> None:
        connection = self._connection()
        with self._writer:
            connection.execute("BEGIN IMMEDIATE")
            try:
                _keep_sqlite(connection, openid, key, text, at)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        self._connection().close()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = sqlite3.connect(self._file, timeout=BUSY_FOR, isolation_level=None)
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
            self._own.connection = found
        return found


def _keep_sqlite(connection: sqlite3.Connection, openid: str, key: str, text: str, at: str) -> None:
    taken = connection.execute(
        "INSERT INTO inbox VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (openid, key, at, text, text),
    )
    if taken.rowcount == 0:
        return
    found = connection.execute(
        "SELECT step, turns, draft FROM conversations WHERE openid = ?", (openid,)
    ).fetchone()
    if found is None:
        connection.execute(
            "INSERT INTO conversations VALUES (?, 'symptom', 1, ?, ?)", (openid, text, at)
        )
    else:
        connection.execute(
            "UPDATE conversations SET step = ?, turns = ?, draft = ?, changed_at = ?"
            " WHERE openid = ?",
            (found[0], found[1] + 1, text, at, openid),
        )
    connection.execute(
        "INSERT INTO outbox (openid, text, created_at) VALUES (?, ?, ?)", (openid, text, at)
    )


class PostgresKeeper:
    """A connection a thread, one transaction a message, flushed as the server is set."""

    def __init__(self, address: str, connections: int) -> None:
        self._pool = ConnectionPool(address, min_size=connections, max_size=connections, open=True)
        with self._pool.connection() as connection:
            for table in TABLES:
                connection.execute(table.replace("id integer", "id serial").encode())

    def keep(self, openid: str, key: str, text: str, at: str) -> None:
        with self._pool.connection() as connection:
            taken = connection.execute(
                "INSERT INTO inbox VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (openid, key, at, text, text),
            )
            if taken.rowcount == 0:
                return
            found = connection.execute(
                "SELECT step, turns, draft FROM conversations WHERE openid = %s FOR UPDATE",
                (openid,),
            ).fetchone()
            if found is None:
                connection.execute(
                    "INSERT INTO conversations VALUES (%s, 'symptom', 1, %s, %s)",
                    (openid, text, at),
                )
            else:
                connection.execute(
                    "UPDATE conversations SET step = %s, turns = %s, draft = %s, changed_at = %s"
                    " WHERE openid = %s",
                    (found[0], found[1] + 1, text, at, openid),
                )
            connection.execute(
                "INSERT INTO outbox (openid, text, created_at) VALUES (%s, %s, %s)",
                (openid, text, at),
            )

    def close(self) -> None:
        self._pool.close()


def keeper(url: str, connections: int) -> Keeper:
    """What keeps messages in this database, by SQLAlchemy's address of it."""
    kind, _, rest = url.partition("://")
    if kind == "sqlite":
        return SqliteKeeper(rest.removeprefix("/"))
    return PostgresKeeper(f"postgresql://{rest}", connections)
