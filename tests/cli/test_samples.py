"""`run.py samples`: loaded, looked at without removing, removed (peers §C25)."""

import click
import pytest
from click.testing import CliRunner

from cli.context import Desk
from cli.samples import samples
from domain.permissions import Role
from models import SampleMark, Ticket
from services import people
from tests.cli.conftest import CONFIG, NOW, SECRETS
from tests.services.making import all_of


@pytest.fixture
def run(tmp_path, monkeypatch, database_url):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(url=database_url))
    commands = click.Group("commands", commands=[samples])

    def run(*words):
        desk = Desk(config, lambda: NOW)
        return CliRunner().invoke(commands, ["samples", *words], obj=desk)

    return run


def test_without_an_admin_nobody_could_be_handed_what_stays(run, database):
    done = run("load")

    assert done.exit_code == 1 and "还没有管理员" in done.output
    assert all_of(database, SampleMark) == []


def test_they_are_loaded_looked_at_and_removed(run, database):
    with database.transaction() as session:
        people.add(session, people.NewPerson("何敏", frozenset({Role.ADMIN})), NOW)

    assert "ticket\t5" in run("load").output
    assert "没有改动" in run("load").output
    assert "tickets\t5" in run("remove", "--dry-run").output
    assert len(all_of(database, Ticket)) == 5
    assert "tickets\t5" in run("remove").output
    assert all_of(database, Ticket) == [] == all_of(database, SampleMark)
    assert "没有示例数据" in run("remove").output
