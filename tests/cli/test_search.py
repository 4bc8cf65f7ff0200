"""`run.py search rebuild`."""

import pytest
from sqlalchemy import select

from cli.search import search
from models import Database, SearchDocument
from tests.cli.conftest import commands
from tests.services.conftest import *  # noqa: F403


@pytest.fixture(autouse=True)
def _known():
    commands.add_command(search)


def test_all_tickets_get_their_words_anew(run, database, make_ticket):
    make_ticket()
    make_ticket()

    said = run("search", "rebuild")

    assert said.exit_code == 0
    assert "2" in said.output
    with database.reading() as session:
        assert len(session.scalars(select(SearchDocument.ticket_id)).all()) == 2


def test_an_empty_desk_is_done_at_once(run, database_url):
    assert run("search", "rebuild").exit_code == 0
    Database(database_url).dispose()
