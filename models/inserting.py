"""INSERT that knows what to do with a row that is there already, as each database spells it."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def is_postgresql(session: Session) -> bool:
    return session.connection().dialect.name == "postgresql"


def insert_into(session: Session, table: Table) -> postgresql.Insert:
    """With `on_conflict_do_nothing` and `on_conflict_do_update`; SQLite's has the same methods."""
    if is_postgresql(session):
        return postgresql.insert(table)
    return cast(postgresql.Insert, sqlite.insert(table))
