"""What the bench pours its rows with, and that PostgreSQL counts on from them."""

from collections.abc import Iterable

from sqlalchemy import Connection, Integer, Table, func, select, text

from models.pouring import Row, pour

__all__ = ["Row", "go_on_counting", "pour"]

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
