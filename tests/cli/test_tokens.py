"""`run.py token`: a token is shown once, listed without its secret, and ended (H-51)."""

import click
import pytest
from click.testing import CliRunner

from cli.context import Desk
from cli.tokens import token
from domain.permissions import Role
from models import ApiToken
from services import api_tokens, people
from tests.cli.conftest import CONFIG, NOW, SECRETS


@pytest.fixture
def run(tmp_path, monkeypatch, database_url):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(url=database_url))
    commands = click.Group("commands", commands=[token])

    def run(*words):
        desk = Desk(config, lambda: NOW)
        result = CliRunner().invoke(commands, ["token", *map(str, words)], obj=desk)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def chen(database):
    with database.transaction() as session:
        return people.add(session, people.NewPerson("陈静", frozenset({Role.DESK})), NOW).id


def test_a_token_is_shown_once_and_opens_what_it_says(run, database, chen):
    done = run("issue", "陈静", "--name", "工单同步", "--scope", "tickets:read", "--days", 30)

    secret = done.output.splitlines()[-1]
    assert done.exit_code == 0 and "工单同步" in done.output
    with database.reading() as session:
        found = api_tokens.bearer(session, secret, NOW)
    assert found is not None and found.speaker.id == chen
    assert secret not in run("list").output


def test_a_revoked_token_is_listed_as_such(run, database, chen):
    run("issue", "陈静", "--name", "工单同步", "--scope", "tickets:read")
    with database.reading() as session:
        (listed,) = api_tokens.listed(session)
    assert "有效" in run("list").output

    done = run("revoke", listed.id)

    assert done.exit_code == 0 and "已撤销" in done.output
    assert "有效" not in run("list").output.splitlines()[-1]


def test_what_cannot_be_made_is_said_in_one_line(run, database, chen):
    for words in (
        ("issue", "陈静", "--name", "x", "--scope", "everything"),
        ("issue", "陈静", "--name", " ", "--scope", "tickets:read"),
        ("issue", "无名", "--name", "x", "--scope", "tickets:read"),
        ("issue", "陈静", "--name", "x", "--scope", "tickets:read", "--days", 400),
        ("revoke", 99),
    ):
        done = run(*words)
        assert done.exit_code != 0 and "Traceback" not in done.output

    with database.reading() as session:
        assert session.query(ApiToken).count() == 0


def test_without_tokens_it_says_how_to_get_one(run):
    assert "run.py token issue" in run("list").output
