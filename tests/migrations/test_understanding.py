"""0007 on a desk that was at work: what was set stays set, and new things can be kept (F6, K1)."""

import pytest
from sqlalchemy import MetaData, insert, select
from sqlalchemy.exc import IntegrityError

from domain.category import Category
from domain.knowledge import Audience, VersionState
from models import (
    Article,
    ArticleVersion,
    Database,
    OfficeSetting,
    Ticket,
)
from tests.databases import migrate
from tests.migrations import first_desk
from tests.migrations.first_desk import AT
from tests.migrations.test_reach import all_rows, connected

PERSON = 1
SET = {"key": "service.opens", "value": "08:30", "changed_at": AT, "changed_by_id": PERSON}


def set_up_desk(url):
    first_desk.at_work(url, "0006")
    with connected(url) as connection:
        tables = MetaData()
        tables.reflect(connection, only=["office_settings"])
        connection.execute(insert(tables.tables["office_settings"]), [SET])


def set_up_desk_of_today(url):
    set_up_desk(url)
    migrate(url)


@pytest.fixture
def old_url(database_left_by):
    return database_left_by(set_up_desk)


@pytest.fixture
def database(database_left_by):
    database = Database(database_left_by(set_up_desk_of_today))
    yield database
    database.dispose()


def test_no_row_that_was_there_is_changed(old_url):
    before = all_rows(old_url)
    before.pop("alembic_version")

    migrate(old_url)

    after = all_rows(old_url)
    for name, rows in before.items():
        kept = [{key: row[key] for key in rows[0]} for row in after[name]] if rows else after[name]
        assert sorted(map(str, kept)) == sorted(map(str, rows)), name


def test_no_wish_is_made_up(database):
    with database.reading() as session:
        tickets = session.scalars(select(Ticket)).all()
    assert {(each.wished_from, each.wished_until, each.wished_words) for each in tickets} == {
        (None, None, None)
    }


def test_what_changes_by_itself_names_nobody(database):
    """A training that the clock began is no person's."""
    with database.transaction() as session:
        session.add(OfficeSetting(key="reading.training", value={}, changed_at=AT))
    with database.reading() as session:
        assert session.get_one(OfficeSetting, "service.opens").changed_by_id == PERSON
        assert session.get_one(OfficeSetting, "reading.training").changed_by_id is None


def test_an_article_has_one_version_that_is_read_and_one_that_is_written(database):
    with database.transaction() as session:
        session.add(Article(number="ZS0001", owner_id=PERSON, made_at=AT, changed_at=AT))
        session.flush()
        session.add_all([_version(1, VersionState.PUBLISHED), _version(2, VersionState.DRAFT)])
    for state in (VersionState.PUBLISHED, VersionState.IN_REVIEW):
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.add(_version(3, state))
            session.flush()


def _version(version: int, state: VersionState) -> ArticleVersion:
    return ArticleVersion(
        article_id=1,
        version=version,
        state=state,
        title="怎么连打印机",
        asks=[],
        category=Category.PRINTER,
        audience=Audience.EVERYBODY,
        answer="",
        body="",
        written_by_id=PERSON,
        changed_at=AT,
    )
