"""Makes a used PostgreSQL database as it was made: in a tenth of the time of making another."""

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from tests import backends

MANY_USES = 200  # rows that are gone leave room behind; then a new database is quicker

_ALONE = """
SELECT pid, CASE WHEN pid = ANY(%s) THEN true ELSE pg_terminate_backend(pid, 5000) END
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT (SELECT count(*) FROM pg_class), (SELECT max(oid::bigint) FROM pg_class),
    (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),
    (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_db_role_setting)
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_IS_FILLED = "SELECT {name} WHERE EXISTS (SELECT FROM {table})"
_UNCHECKED = "SET LOCAL session_replication_role = replica"
_COUNT_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""
_FILL = "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)"


@dataclass
class Reusable:
    """A database, the rows that its migrations put in, and how often it was used.

    Its own connection stays: one that is new has to read what each table is like.
    """

    name: str
    url: str
    _connection: "psycopg.Connection[Any]"
    _shape: tuple[Any, ...]
    _rows: dict[str, str]
    _filled: sql.Composed
    _uses: int = 0

    @classmethod
    def begin(cls, name: str, url: str) -> "Reusable":
        address = url.replace("postgresql+psycopg://", "postgresql://")
        connection = psycopg.connect(address, autocommit=True)
        backends.keep(name)
        tables = [table for (table,) in connection.execute(_TABLES).fetchall()]
        rows, filled = _rows_of(connection, tables), _filled_of(tables)
        return cls(name, url, connection, _shape_of(connection), rows, filled)

    def empty(self) -> bool:
        """Whether it is as new; a database whose tables were changed is not."""
        self._uses += 1
        try:
            return self._uses < MANY_USES and self._is_emptied()
        except psycopg.OperationalError:  # a test may have cut every connection
            return False

    def close(self) -> None:
        backends.forget(self.name)
        self._connection.close()

    def _is_emptied(self) -> bool:
        others = self._connection.execute(_ALONE, [backends.pids(self.name)]).fetchall()
        backends.drop_all_but(self.name, [pid for pid, _ in others])
        if _shape_of(self._connection) != self._shape:
            return False
        with self._connection.transaction():
            self._empty()
        return True

    def _empty(self) -> None:
        filled = self._connection.execute(self._filled, prepare=True).fetchall()
        deletes = [_named("DELETE FROM {table}", table) for (table,) in filled]
        orders = sql.SQL("; ").join([sql.SQL(_UNCHECKED), *deletes])
        self._connection.execute(orders, prepare=False)  # several at once cannot be
        self._connection.execute(_COUNT_ANEW, prepare=True)
        for table, rows in self._rows.items():
            self._connection.execute(_named(_FILL, table), [rows])


def _shape_of(connection: "psycopg.Connection[Any]") -> tuple[Any, ...]:
    row = connection.execute(_SHAPE, prepare=True).fetchone()
    assert row is not None
    return tuple(row)


def _rows_of(connection: "psycopg.Connection[Any]", tables: list[str]) -> dict[str, str]:
    """What stands in it from the beginning, as JSON by table."""
    found = {}
    for table in tables:
        row = connection.execute(_named("SELECT json_agg(t) FROM {table} AS t", table)).fetchone()
        if row is not None and row[0]:
            found[table] = json.dumps(row[0])
    return found


def _filled_of(tables: list[str]) -> sql.Composed:
    """The statement that names the tables with rows in them."""
    return sql.SQL(" UNION ALL ").join(_named(_IS_FILLED, table) for table in tables)


def _named(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(table=sql.Identifier(table), name=sql.Literal(table))
