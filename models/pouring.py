"""Rows by the thousand, written and named: COPY on PostgreSQL, one statement on SQLite."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Table,
    any_,
    bindparam,
    insert,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType

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


class _Ids(UserDefinedType[Sequence[int]]):
    """Whole numbers, as they are written into a statement."""

    cache_ok = True

    def literal_processor(self, dialect: Dialect) -> Convert:
        return lambda ids: ",".join(map(str, map(int, ids)))


class _Among(FunctionElement[Any]):
    """A column, and the list in which its value stands.

    Of no type: of a truth value SQLAlchemy would make `… = 1`, for which SQLite uses no index.
    """

    inherit_cache = True


def among(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Whether the id is in the list given under this name: cheap by the thousand.

    One array on PostgreSQL. On SQLite the ids are written out, for only then does it look each up
    by its index.
    """
    return _Among(column, bindparam(name, type_=_Ids(), literal_execute=True))


@compiles(_Among)
def _written_out(element: _Among, compiler: Any, **how: Any) -> str:
    column, ids = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN ({ids})"


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **how: Any) -> str:
    column, ids = element.clauses
    array = bindparam(ids.key, type_=ARRAY(Integer))
    return str(compiler.process(column == any_(array), **how))


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
