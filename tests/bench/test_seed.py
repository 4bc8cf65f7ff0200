"""A desk's past as the bench makes it: whole, found by the search, and ready to go on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bench.archive import Archive
from bench.seed import seed
from domain.lifecycle import Status
from domain.permissions import Role
from models import Activity, Database, Person, SearchDocument, Ticket
from nlp.search_words import asked
from services import search_index
from services.numbering import next_number
from services.search_found import newest

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.fixture
def database(database_url):
    seed(database_url, 300, NOW)
    database = Database(database_url)
    yield database
    database.dispose()


def test_the_past_is_whole_and_the_desk_goes_on_from_it(database):
    with database.reading() as session:
        open_tickets = session.scalar(
            select(func.count(Ticket.id)).where(Ticket.status.not_in(["closed", "cancelled"]))
        )
        newest_ticket = session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
        clerks = session.scalars(select(Person.id).where(Person.roles == frozenset({Role.DESK})))
        assert session.scalar(select(func.count(Ticket.id))) == 300
        assert session.scalar(select(func.count(Activity.id))) > 4 * 300
        assert 20 <= open_tickets <= 45
        assert newest_ticket.opened_at <= NOW
        assert len(clerks.all()) > 0
    with database.transaction() as session:
        assert next_number(session, NOW) != newest_ticket.number
        line = {"action": "note", "status_after": Status.NEW, "happened_at": NOW}
        session.add(Activity(ticket_id=newest_ticket.id, **line))


def test_its_words_are_those_that_the_product_makes(database):
    with database.reading() as session:
        ids = session.scalars(select(Ticket.id)).all()
        place = search_index.begin(session)
        assert (
            len(
                newest(
                    session, asked("打印", with_phones=True), (), Ticket.__table__.c.id, None, 999
                )
            )
            > 5
        )
        assert set(session.scalars(select(SearchDocument.ticket_id))) == set(ids)
    assert search_index.step(database, place, NOW).written == 0


def test_the_same_past_is_dealt_out_each_time():
    first, second = (list(Archive(40, NOW).batches(15)) for _ in range(2))

    assert first == second
    assert [len(rows["tickets"]) for rows in first] == [15, 15, 10]
