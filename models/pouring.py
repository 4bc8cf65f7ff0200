"""Rows by the thousand, written and named: COPY on PostgreSQL, one statement on SQLite."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Table,
    any_,
    bindparam,
    cast,
    insert,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType

from models.database import as_json

Row = Sequence[Any]
Convert = Callable[[Any], Any]

_LINES = 500  # of COPY that are handed over at a time


def pour(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Row],
    same: Mapping[str, Any] | None = None,
    written: Collection[str] = (),
) -> None:
    """Write rows whose values stand in the order of `columns`, as the models' types store them.

    `same`: columns that have one value in all rows. `written`: those whose values are what is
    stored, as they stand. Defaults of the models are not put in.
    """
    shared = same or {}
    tail = _converted(
        [*shared.values()],
        enumerate(_converter(connection, table, name) for name in shared),
    )
    converts = [
        (place, _converter(connection, table, name))
        for place, name in enumerate(columns)
        if name not in written
    ]
    raw = (_converted(row, converts) for row in rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, (*columns, *shared), raw, tail)
    else:
        _execute_many(connection, table, (*columns, *shared), raw, tail)


def _converted(row: Row, converts: Iterable[tuple[int, Convert | None]]) -> list[Any]:
    values = list(row)
    for place, convert in converts:
        if convert is not None:
            values[place] = convert(values[place])
    return values


class _Ids(UserDefinedType[Sequence[int]]):
    """Whole numbers, as they are written into a statement."""

    cache_ok = True

    def literal_processor(self, dialect: Dialect) -> Convert:
        return lambda ids: ",".join(map(str, map(int, ids)))


class _Array(_Ids):
    """The same as an array, in one word: a driver that is handed a list looks at each number."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Convert:
        return lambda ids: f"{{{','.join(map(str, map(int, ids)))}}}"


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
    array = cast(bindparam(ids.key, type_=_Array()), ARRAY(Integer))
    return str(compiler.process(column == any_(array), **how))


def _execute_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[list[Any]],
    tail: Sequence[Any],
) -> None:
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
    in_order = itemgetter(*(names.index(name) for name in compiled.positiontup or names))
    cursor: Any = connection.connection.cursor()
    cursor.executemany(str(compiled), (in_order([*row, *tail]) for row in rows))
    cursor.close()


def _copy(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[Row],
    tail: Sequence[Any],
) -> None:
    from psycopg import sql  # a desk on SQLite does without the driver

    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), listed)
    end = "".join(f"\t{_field(value)}" for value in tail) + "\n"
    lines = ("\t".join([_field(value) for value in row]) + end for row in rows)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        while block := "".join(islice(lines, _LINES)):
            copy.write(block)


def _field(value: Any) -> str:
    """As COPY reads it in its text format: a third of what the driver's own writer costs."""
    match value:
        case str():
            slashed = value.replace("\\", "\\\\").replace("\t", "\\t")
            return slashed.replace("\n", "\\n").replace("\r", "\\r")
        case None:
            return "\\N"
        case int() | float() | date():
            return str(value)
        case object(obj=kept):  # the driver's Json
            return _field(as_json(kept))
    raise TypeError(f"no field of COPY is made of a {type(value).__name__}")


def _converter(connection: Connection, table: Table, name: str) -> Convert | None:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    return kind.bind_processor(connection.dialect)
