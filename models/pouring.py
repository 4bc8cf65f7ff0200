"""Rows by the thousand, written and named: COPY on PostgreSQL, one statement on SQLite."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Integer, Table, bindparam, insert

Row = Sequence[Any]
Convert = Callable[[Any], Any]


def pour(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Row],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Write rows whose values stand in the order of `columns`, as the models' types store them.

    `same`: columns that have one value in all rows. Defaults of the models are not put in.
    """
    shared = same or {}
    names = (*columns, *shared)
    converts = [_converter(connection, table, name) for name in columns]
    tail = [_converter(connection, table, name)(value) for name, value in shared.items()]
    raw = (
        [*(convert(value) for convert, value in zip(converts, row, strict=True)), *tail]
        for row in rows
    )
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, raw)
    else:
        _execute_many(connection, table, names, raw)


def listed(name: str) -> Any:
    """A list of ids under this name, for `in_`: written into the statement, cheap by the thousand.

    Written out, and not as rows of a function: only then does SQLite look each up by its index.
    """
    return bindparam(name, type_=Integer, expanding=True, literal_execute=True)


def _execute_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]
) -> None:
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
    order = [names.index(name) for name in compiled.positiontup or names]
    cursor: Any = connection.connection.cursor()
    cursor.executemany(str(compiled), ([row[place] for place in order] for row in rows))
    cursor.close()


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]) -> None:
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), listed)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _converter(connection: Connection, table: Table, name: str) -> Convert:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    return kind.bind_processor(connection.dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
