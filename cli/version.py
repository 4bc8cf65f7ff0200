"""Whether the tables are of this version; asked at each start, so without loading Alembic."""

from sqlalchemy import MetaData, Table, inspect, select

from models import Database
from settings import ROOT

_VERSION = "alembic_version"  # the table it keeps the number in


def newest() -> str:
    """The number of the last migration: each file's name begins with its own."""
    return max(file.name for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))[:4]


def lacking(database: Database) -> str | None:
    """Why this version cannot work on the database's tables, or None (R-035)."""
    current, needed = _current(database), newest()
    if current == needed:
        return None
    return f"the tables are at version {current or 'none'}, this program needs {needed}"


def _current(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION):
            return None
        kept = Table(_VERSION, MetaData(), autoload_with=connection)
        return connection.scalar(select(kept.c.version_num))
