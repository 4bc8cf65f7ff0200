"""0004 on a desk that was at work: its tickets are found, by the server or by one command."""

import pytest
from sqlalchemy import select, text

from jobs.search_indexing import SearchIndexer
from models import Database, SearchDocument, SearchMark, Ticket
from nlp.search_words import asked
from services import search_index
from services.search_found import newest
from tests.databases import migrate
from tests.migrations import first_desk
from tests.migrations.first_desk import AT
from tests.migrations.test_reach import all_rows


def before_search(url):
    first_desk.at_work(url, "0003")


@pytest.fixture
def url(database_left_by):
    return database_left_by(before_search)


@pytest.fixture
def database(url):
    database = Database(url)
    yield database
    database.dispose()


def found(database, words):
    with database.reading() as session:
        return newest(session, asked(words, with_phones=True), (), Ticket.__table__.c.id, None, 99)


def test_no_row_is_changed_by_it(url):
    before = all_rows(url)
    before.pop("alembic_version")

    migrate(url, "0004")

    after = all_rows(url)
    assert {name: after[name] for name in before} == before
    assert after["search_documents"] == []


def test_the_tickets_that_were_there_are_found_once_the_server_has_looked(url, database):
    migrate(url)
    with database.reading() as session:
        (ticket, *_) = session.scalars(select(Ticket).order_by(Ticket.id))
    assert found(database, ticket.symptom) == []

    indexer = SearchIndexer(database, lambda: AT)
    while not indexer.step():
        pass

    assert ticket.id in found(database, ticket.symptom)
    assert ticket.id in found(database, ticket.symptom[:2])


def test_all_of_them_are_indexed_by_one_command(url, database):
    migrate(url)
    last, done = 0, 0
    while step := search_index.rebuild_some(database, last):
        last, written = step
        done += written

    with database.reading() as session:
        ids = set(session.scalars(select(Ticket.id)))
        assert set(session.scalars(select(SearchDocument.ticket_id))) == ids
        assert done == len(ids)
        assert session.scalars(select(SearchMark.activity_id)).all() == [0]


def test_the_index_agrees_with_the_documents(url, database):
    """FTS5's own check compares each word with the text that it was made of."""
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no second copy")
    migrate(url)
    search_index.rebuild_some(database, 0)
    search_index.rebuild_some(database, 0)

    with database.transaction() as session:
        session.execute(text("INSERT INTO search_words (search_words) VALUES ('integrity-check')"))


def indexed_at_0011(url):
    """A desk of the release before whose tickets are all found."""
    first_desk.at_work(url, "0003")
    migrate(url, "0011")
    database, last = Database(url), 0
    while step := search_index.rebuild_some(database, last):
        last, _ = step
    database.dispose()


def test_all_are_found_as_before_when_words_are_indexed_by_their_first_character(database_left_by):
    url = database_left_by(indexed_at_0011)
    database = Database(url)
    with database.reading() as session:
        symptoms = session.scalars(select(Ticket.symptom)).all()
    words = {some for each in symptoms for some in (each, each[:2], each[:1])}
    before = {each: found(database, each) for each in words}
    kept = all_rows(url)
    database.dispose()

    migrate(url, "0012")

    database = Database(url)
    assert {each: found(database, each) for each in words} == before and any(before.values())
    assert all_rows(url).keys() == kept.keys()
    if database.is_sqlite:
        with database.transaction() as session:
            session.execute(
                text("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
            )
            made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'search_words'"))
        assert "prefix = '1'" in made
    database.dispose()
