"""The database as a command gets it: with the tables of this version, or one clear line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError

from cli.context import Desk
from cli.version import lacking
from models import Database, DatabaseUnavailable, Session


@contextmanager
def reading(desk: Desk) -> Iterator[Session]:
    """A session that only reads."""
    with _opened(desk) as database, _one_line(), database.reading() as session:
        yield session


@contextmanager
def writing(desk: Desk) -> Iterator[Session]:
    """One transaction, committed at the end."""
    with _opened(desk) as database, _one_line(), database.transaction() as session:
        yield session


@contextmanager
def _opened(desk: Desk) -> Iterator[Database]:
    _ = desk.settings  # a wrong setting speaks for itself
    try:
        database = desk.database
        database.probe()
        why = lacking(database)
    except (DatabaseUnavailable, SQLAlchemyError, ImportError, OSError) as error:
        raise click.ClickException(f"the database does not answer ({_cause(error)})") from None
    try:
        if why:
            raise click.ClickException(f"{why}; `run.py migrate` brings them there")
        yield database
    finally:
        database.dispose()


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable as error:
        raise click.ClickException(f"the database does not answer ({error})") from None


def _cause(error: Exception) -> str:
    """The kind of fault; a driver's own words may hold the address with its password."""
    return str(error) if isinstance(error, DatabaseUnavailable) else type(error).__name__
