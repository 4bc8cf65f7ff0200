"""The version of the tables is told without Alembic, and as Alembic tells it (R-035, T10)."""

import subprocess
import sys

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cli.version import lacking, newest
from models import Database
from settings import ROOT


def test_the_newest_migration_is_alembic_s_head():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))

    assert newest() == ScriptDirectory.from_config(config).get_current_head()


def test_a_database_of_this_version_lacks_nothing(database):
    assert lacking(database) is None


def test_an_older_database_is_told_by_both_numbers(database):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert f"at version 0001, this program needs {newest()}" in (lacking(database) or "")


def test_a_database_without_tables_is_told_so(tmp_path):
    assert "at version none" in (lacking(Database(f"sqlite:///{tmp_path}/new.sqlite")) or "")


def test_a_server_loads_nothing_that_only_lists_and_migrations_need():
    """What is loaded at each start costs each start: 0.5 s and 60 MiB (T10)."""
    heavy = ("alembic", "openpyxl", "psycopg", "typst", "sklearn", "apiflask", "web.console")
    told = f"import sys, cli.serve; print([n for n in {heavy!r} if n in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout == "[]\n"
