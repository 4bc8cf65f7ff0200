"""Rows by the hundred thousand: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Integer, Table, func, insert, select, text

Row = Sequence[Any]
Convert = Callable[[Any], Any]


def pour(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows whose values stand in the order of `columns`, as the models' types store them."""
    converts = [_converter(connection, table, name) for name in columns]
    raw = (
        [convert(value) if convert else value for convert, value in zip(converts, row, strict=True)]
        for row in rows
    )
    if connection.dialect.name == "postgresql":
        _copy(connection, table, columns, raw)
    else:
        compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
        order = [columns.index(name) for name in compiled.positiontup or columns]
        cursor: Any = connection.connection.cursor()
        cursor.executemany(str(compiled), ([row[place] for place in order] for row in raw))
        cursor.close()


def _converter(connection: Connection, table: Table, name: str) -> Convert | None:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    return kind.bind_processor(connection.dialect)


def _copy(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


_SET_SEQUENCE = text("SELECT setval(pg_get_serial_sequence(:of_table, 'id'), :last)")


def go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL counts on from the ids that were given out here."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            last = connection.scalar(select(func.max(table.c.id)))
            if last:
                connection.execute(_SET_SEQUENCE, {"of_table": table.name, "last": last})
