"""A desk that was at work under version 0001 goes on under today's tables, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import Connection, MetaData, create_engine, inspect, select, text

from cli.context import Desk
from models import (
    Attachment,
    AttachmentState,
    Base,
    Conversation,
    Database,
    Delivery,
    Holder,
    Notice,
    NoticeState,
    Person,
    Purpose,
    Takeover,
    Ticket,
)
from models.search import is_compared
from run import main
from settings import ROOT
from tests.migrations import first_desk
from tests.migrations.first_desk import AT, ROWS


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture
def old_url(database_left_by):
    return database_left_by(first_desk.at_work)


@pytest.fixture
def url(database_left_by):
    return database_left_by(first_desk.of_today)


@pytest.fixture
def session(url):
    database = Database(url)
    try:
        with database.reading() as session:
            yield session
    finally:
        database.dispose()


def comparable(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def all_rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database's own catalogue names them; FTS5's are its own."""
    tables = MetaData()
    with connected(url) as connection:
        tables.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables.tables.values()
            if not table.name.startswith("search_words")
        }


def schema_of(url: str) -> Any:
    with connected(url) as connection:
        seen = inspect(connection)
        columns = seen.get_multi_columns()
        named = (
            seen.get_multi_indexes(),
            seen.get_multi_foreign_keys(),
            seen.get_multi_check_constraints(),
            seen.get_multi_unique_constraints(),
        )
        return {
            table: (
                sorted(map(str, columns[table])),
                *(sorted(str(one["name"]) for one in each.get(table, ())) for each in named),
            )
            for table in columns
        }


def test_every_row_is_still_there_with_all_that_it_said(url):
    kept = all_rows(url)

    for table, rows in ROWS.items():
        keys = list(rows[0])
        now = [{key: comparable(row[key]) for key in keys} for row in kept[table]]
        then = [{key: comparable(row.get(key)) for key in keys} for row in rows]
        by = keys[0]
        known = {row[by] for row in then}
        now = [row for row in now if row[by] in known]  # beside the clocks of what is promised
        assert sorted(now, key=lambda row: row[by]) == sorted(then, key=lambda row: row[by]), table


def test_the_tables_are_those_of_the_models(url):
    with connected(url) as connection:
        opts = {"compare_type": True, "include_object": is_compared}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_an_old_database_ends_with_the_same_tables_as_a_new_one(url, database_url):
    assert schema_of(url) == schema_of(database_url)


def test_the_models_read_what_was_written_before_them(session):
    statuses = {ticket.number: ticket.status.value for ticket in session.scalars(select(Ticket))}
    assert list(statuses.values()) == list(first_desk.TICKET_STATUSES)
    assert [
        notice.state.value for notice in session.scalars(select(Notice).order_by(Notice.id))
    ] == [*first_desk.NOTICE_STATES]
    assert {each.state for each in session.scalars(select(Attachment))} == set(AttachmentState)
    assert session.get_one(Ticket, 1).opened_at == AT


def test_what_a_row_did_not_know_yet_is_what_it_must_have_been(session):
    for attachment in session.scalars(select(Attachment)):
        assert (attachment.purpose, attachment.thumbnail) == (Purpose.REPORT, None)
    for attempt in session.scalars(select(Delivery)):
        assert (attempt.parts, attempt.is_repeat, attempt.fate) == (1, False, None)
    for notice in session.scalars(select(Notice)):
        assert (notice.alarmed_at, notice.opened_at, notice.replaced_by_id) == (None, None, None)
    for person in session.scalars(select(Person)):
        assert (person.remark, person.unreached_since) == (None, None)
    for ticket in session.scalars(select(Ticket)):
        assert ticket.device_id is None


def test_who_wrote_before_may_be_written_to(session):
    """Their window is open by what is known; the platform's errcodes correct the count."""
    left = {talk.person_id: talk.heard_left for talk in session.scalars(select(Conversation))}

    assert left == {1: 5, 2: 0, 3: 5, 4: 5}


def test_w1_talks_that_were_under_way_have_a_takeover(session):
    talks = {each.person_id: each for each in session.scalars(select(Takeover))}

    assert talks.keys() == {3, 4}
    assert (talks[3].asked_at, talks[3].began_at, talks[3].kf_account) == (AT, None, None)
    assert (talks[4].asked_at, talks[4].began_at, talks[4].kf_account) == (AT, AT, "desk1@itdesk")
    assert all(each.ended_at is None for each in talks.values())
    assert session.get_one(Conversation, 4).holder is Holder.CLERK


def test_a_desk_that_was_at_work_goes_on_writing(url):
    """References, defaults and sequences work on the tables that were changed."""
    database = Database(url)
    try:
        with database.transaction() as session:
            pending = session.scalars(
                select(Notice).where(Notice.state == NoticeState.PENDING)
            ).one()
            pending.replaced_by_id = 3
            session.get_one(Conversation, 3).held_until = AT
        with pytest.raises(Exception, match=r"(?i)foreign key"), database.transaction() as session:
            session.get_one(Ticket, 1).device_id = 999
    finally:
        database.dispose()


def test_no_row_points_to_one_that_does_not_exist(url):
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL checks them itself")
    with connected(url) as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_migrating_twice_by_the_command_line_changes_nothing(old_url, tmp_path, monkeypatch):
    for name in ("APP_SECRET", "TOKEN", "ENCODING_AES_KEY"):
        monkeypatch.setenv(f"ITDESK_WECHAT__{name}", "a" * 43)
    monkeypatch.setenv("ITDESK_DATABASE__URL", old_url)
    config = tmp_path / "config.yaml"
    config.write_text("wechat: {app_id: wx1}\n")

    def run() -> str:
        desk = Desk(config, lambda: AT)
        done = CliRunner().invoke(main, ["migrate"], obj=desk)
        desk.database.dispose()
        assert done.exit_code == 0, done.output
        return done.output

    first = run()
    schema, rows = schema_of(old_url), all_rows(old_url)

    assert run() == first
    assert schema_of(old_url) == schema
    assert all_rows(old_url) == rows


def test_people_who_were_there_are_found_by_their_initials(old_url, monkeypatch):
    for name in ("APP_SECRET", "TOKEN", "ENCODING_AES_KEY"):
        monkeypatch.setenv(f"ITDESK_WECHAT__{name}", "a" * 43)
    monkeypatch.setenv("ITDESK_DATABASE__URL", old_url)
    desk = Desk(ROOT / "config.yaml", lambda: AT)

    done = CliRunner().invoke(main, ["migrate"], obj=desk)
    desk.database.dispose()

    assert done.exit_code == 0, done.output
    with connected(old_url) as connection:
        rows = connection.execute(text("SELECT name, initials FROM people")).all()
    assert ("李明", "lm") in [tuple(row) for row in rows]
