"""`run.py migrate`: lay the tables, or bring them to this version."""

import click
from alembic import command
from alembic.config import Config

from cli.context import Desk, config_option, pass_desk
from cli.version import newest
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


@click.command()
@config_option
@pass_desk
def migrate(desk: Desk) -> None:
    """Lay the tables, or bring them to this version."""
    upgrade(desk.database)
    click.echo(f"tables are at version {newest()}")
