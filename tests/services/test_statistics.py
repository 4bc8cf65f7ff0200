"""The planner of SQLite takes the index that is meant, also on a desk of a million tickets (T6)."""

import pytest
from sqlalchemy import text

from models import IS_UNENDED, statistics

OF_A_MILLION = {  # as a sample of a thousand rows has it
    "ix_tickets_status_priority_opened_at": "432525 1001 1001 1",
    "ix_tickets_open_due": "98164 1 1",
}
NEXT_DUE = (
    "EXPLAIN QUERY PLAN SELECT tickets.resolution_due_at FROM tickets WHERE tickets.status IN "
    "('new', 'assigned', 'in_progress', 'on_hold', 'resolved') "
    "AND tickets.resolution_due_at > '2026-11-26' ORDER BY tickets.resolution_due_at LIMIT 1"
)


@pytest.fixture
def sampled(database):
    """A desk that SQLite takes for one of a million tickets."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL counts by itself")
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
        session.execute(text("DELETE FROM sqlite_stat1 WHERE tbl = 'tickets'"))
        for name, stat in OF_A_MILLION.items():
            row = {"name": name, "stat": stat}
            session.execute(text("INSERT INTO sqlite_stat1 VALUES ('tickets', :name, :stat)"), row)
        session.execute(text("ANALYZE sqlite_schema"))
    return database


def plan(session):
    return " ".join(row[3] for row in session.execute(text(NEXT_DUE)))


def test_what_is_open_is_looked_up_in_the_index_of_what_is_open(sampled):
    with sampled.transaction() as session:
        misled = plan(session)
        statistics.put_right(session)
        right = plan(session)

    assert "ix_tickets_status_priority_opened_at" in misled
    assert "ix_tickets_open_due" in right
    assert IS_UNENDED.text in NEXT_DUE


def test_groups_are_never_smaller_than_their_words_allow(sampled):
    with sampled.transaction() as session:
        statistics.put_right(session)
        rows = session.execute(text("SELECT idx, stat FROM sqlite_stat1")).all()

    known = {row.idx: row.stat for row in rows}
    statuses = 8
    assert known["ix_tickets_status_priority_opened_at"].split()[1] == str(432525 // statuses)
    assert known["ix_tickets_open_due"] == OF_A_MILLION["ix_tickets_open_due"]


def test_refreshing_puts_right_what_it_finds(sampled):
    sampled.refresh_statistics()

    with sampled.reading() as session:
        assert session.execute(text("SELECT count(*) FROM sqlite_stat1")).scalar_one() > 0
