"""A command line with settings in a file, secrets in the environment and a fixed clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cli.classify import classify
from cli.clerks import clerk
from cli.context import Desk
from cli.demo import seed
from cli.devices import device
from cli.knowledge import knowledge
from cli.nlp import nlp
from cli.notices import notice
from cli.people import person
from cli.tickets import ticket
from models import Database
from tests.bot.api_server import ApiServer, answers, api_server

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 at the desk
CONFIG = """
wechat:
  app_id: wx0123456789abcdef
database:
  url: {url}
"""
SECRETS = {
    "ITDESK_WECHAT__APP_SECRET": "0123456789abcdef",
    "ITDESK_WECHAT__TOKEN": "sample",
    "ITDESK_WECHAT__ENCODING_AES_KEY": "a" * 43,
}

Run = Callable[..., Result]
QR_PATH = "/cgi-bin/qrcode/create"
QR_URL = "http://weixin.qq.com/q/02sampleSAMPLE"


@click.group()
def commands() -> None:
    """The commands that are tested here."""


for command in (person, ticket, clerk, device, notice, classify, nlp, knowledge):
    commands.add_command(command)


@pytest.fixture
def run_on(tmp_path, monkeypatch) -> Callable[[str], Run]:
    """`run_on(url)("person", "list")`; a traceback fails the test."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ITDESK_DATABASE__URL", raising=False)

    def on(url: str) -> Run:
        config = tmp_path / "config.yaml"
        config.write_text(CONFIG.format(url=url))

        def run(*words: object) -> Result:
            desk = Desk(config, lambda: NOW)
            result = CliRunner().invoke(commands, [str(word) for word in words], obj=desk)
            assert result.exception is None or isinstance(result.exception, SystemExit), (
                result.exception
            )
            return result

        return run

    return on


@pytest.fixture
def run(run_on, database_url) -> Run:
    return run_on(database_url)


@pytest.fixture
def wechat(monkeypatch) -> Iterator[ApiServer]:
    """The platform, which makes a QR code for whoever asks."""
    with api_server() as server:
        server.on(
            "/cgi-bin/stable_token", answers(access_token="token-of-the-test", expires_in=7200)
        )
        server.on(QR_PATH, answers(ticket="gQ==", url=QR_URL))
        monkeypatch.setenv("ITDESK_WECHAT__API_BASE_URL", server.url)
        yield server


@pytest.fixture
def engine_name() -> str:
    """Most of these tests are about words: SQLite does. Those about SQL ask for both engines."""
    return "sqlite"


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def demo_desk(tmp_path, monkeypatch, sqlite_databases) -> Iterator[Desk]:
    """A demonstration whose people are there, and nothing else yet."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ITDESK_DATABASE__URL", raising=False)
    monkeypatch.setenv("ITDESK_STORAGE__MEDIA", str(tmp_path / "media"))
    with sqlite_databases.migrated() as url:
        config = tmp_path / "config.yaml"
        config.write_text(CONFIG.format(url=url))
        made = Desk(config, lambda: NOW)
        seed(made)
        yield made
        made.database.dispose()


def write(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file
