"""0006 on a desk that was at work: what was rated counts, and nothing else is changed (C4, F13)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, inspect, select

from domain.appraisal import points_of_rating
from domain.rating import Rating as Judged
from models import (
    AppraisalFact,
    Attachment,
    Complaint,
    Database,
    FollowUp,
    InboxMessage,
    Notice,
    Rating,
)
from tests.databases import migrate
from tests.migrations import first_desk
from tests.migrations.first_desk import AT
from tests.migrations.test_reach import all_rows, connected

ENGINEER, REQUESTER, OTHER = 2, 1, 4
NEW_YEAR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in China

# id, ticket, engineer, requester, its three parts, when; the first one is of the first desk.
GIVEN = (
    (2, 1, ENGINEER, REQUESTER, (5, 5, 5), AT),
    (3, 2, ENGINEER, OTHER, (5, 2, 5), NEW_YEAR),
    (4, 3, ENGINEER, REQUESTER, (4, 4, 5), NEW_YEAR - timedelta(hours=1)),
    (5, 4, None, REQUESTER, (1, 1, 1), AT),  # solved at the desk: nobody's
    (6, 5, ENGINEER, ENGINEER, (5, 5, 5), AT),  # of one's own ticket
)
COUNTED = {1: ("2026-11", 0), 2: ("2026-11", 1), 3: ("2027-01", -1), 4: ("2026-12", 0)}


def rated_desk(url):
    first_desk.at_work(url, "0005")
    with connected(url) as connection:
        tables = MetaData()
        tables.reflect(connection, only=["ratings"])
        connection.execute(insert(tables.tables["ratings"]), [_rating(*each) for each in GIVEN])


def rated_desk_of_today(url):
    rated_desk(url)
    migrate(url)


@pytest.fixture
def old_url(database_left_by):
    return database_left_by(rated_desk)


@pytest.fixture
def url(database_left_by):
    return database_left_by(rated_desk_of_today)


def _rating(
    id_: int,
    ticket_id: int,
    engineer_id: int | None,
    requester_id: int,
    parts: tuple[int, int, int],
    at: datetime,
) -> dict[str, Any]:
    speed, attitude, result = parts
    return {
        "id": id_,
        "ticket_id": ticket_id,
        "cycle": 1,
        "engineer_id": engineer_id,
        "requester_id": requester_id,
        "speed": speed,
        "attitude": attitude,
        "result": result,
        "rated_at": at,
    }


@pytest.fixture
def session(url):
    database = Database(url)
    try:
        with database.reading() as session:
            yield session
    finally:
        database.dispose()


def test_each_rating_of_somebody_elses_work_is_a_fact(session):
    """The month is the desk's, not UTC's; what was nobody's and one's own does not count."""
    facts = session.scalars(select(AppraisalFact).order_by(AppraisalFact.rating_id)).all()

    assert {each.rating_id: (each.month, each.points) for each in facts} == COUNTED
    for fact in facts:
        rating = session.get_one(Rating, fact.rating_id)
        assert (fact.person_id, fact.kind.value) == (rating.engineer_id, "rating")
        assert (fact.points_first, fact.state.value) == (fact.points, "stands")
        assert fact.made_at == rating.rated_at
        assert fact.answer_until - fact.made_at == timedelta(days=7)


def test_points_are_those_that_a_rating_of_today_counts(session):
    """The migration has its own copy of the rule: it says what the rule says."""
    for fact in session.scalars(select(AppraisalFact)):
        rating = session.get_one(Rating, fact.rating_id)
        parts = Judged(rating.speed, rating.attitude, rating.result)
        assert fact.points == points_of_rating(parts)


def test_nobody_is_called_back_and_nothing_is_complained_of(session):
    assert session.scalars(select(FollowUp)).all() == []
    assert session.scalars(select(Complaint)).all() == []


def test_no_row_that_was_there_is_changed(old_url):
    before = all_rows(old_url)
    before.pop("alembic_version")

    migrate(old_url)

    after = all_rows(old_url)
    for name, rows in before.items():
        kept = [{key: row[key] for key in rows[0]} for row in after[name]] if rows else after[name]
        assert sorted(map(str, kept)) == sorted(map(str, rows)), name


def test_what_was_said_and_sent_is_of_no_complaint(session):
    assert {each.is_confidential for each in session.scalars(select(InboxMessage))} == {False}
    for model in (Notice, Attachment):
        assert {each.complaint_id for each in session.scalars(select(model))} == {None}
    assert {(each.channel, each.first) for each in session.scalars(select(Rating))} == {
        (None, None)
    }


def test_its_columns_and_indexes_are_there(url):
    with connected(url) as connection:
        seen = inspect(connection)
        tables = {table: {each["name"] for each in seen.get_columns(table)} for table in _NEW}
        indexes = {str(each["name"]) for table in _NEW for each in seen.get_indexes(table)}

    assert {table for table, names in _NEW.items() if not names <= tables[table]} == set()
    assert indexes >= {
        *("ix_complaints_open", "ix_complaints_rings", "ix_follow_ups_open"),
        *("ix_notices_complaint_id", "ix_attachments_complaint_id"),
    }


_NEW = {
    "complaints": {"number", "status", "ring", "rings_at", "verdict", "process", "outcome"},
    "complaint_people": {"complaint_id", "person_id", "why", "is_found"},
    "complaint_events": {"complaint_id", "action", "status_after", "detail"},
    "complaint_counts": {"day", "last"},
    "appraisal_facts": {"person_id", "month", "points", "points_first", "answer_until"},
    "follow_ups": {"rating_id", "opened_at", "done_at"},
    "attachments": {"complaint_id"},
    "notices": {"complaint_id"},
    "inbox": {"is_confidential"},
    "ratings": {"channel", "first"},
}
