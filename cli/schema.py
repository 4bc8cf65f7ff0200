"""`run.py migrate`: lay the tables, or bring them to this version."""

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from cli.context import Desk, config_option, pass_desk
from models import Database
from services import people
from settings import ROOT


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction where the database can."""
    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with database.transaction() as session:
        people.fill_initials(session)
    database.refresh_statistics()


def lacking(database: Database) -> str | None:
    """Why this version cannot work on the database's tables, or None (R-035)."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return None
    return f"the tables are at version {current or 'none'}, this program needs {head}"


@click.command()
@config_option
@pass_desk
def migrate(desk: Desk) -> None:
    """Lay the tables, or bring them to this version."""
    upgrade(desk.database)
    click.echo(f"tables are at version {ScriptDirectory.from_config(_config()).get_current_head()}")
