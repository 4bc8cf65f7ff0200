"""Lists are read through indexes: no page of them sorts or walks what the archive holds (T6)."""

import pytest
from sqlalchemy import event

from domain.permissions import Role
from services import listing, listing_state, ticket_page
from services.listing_wanted import Filters, Sort, View, Wanted


@pytest.fixture
def plan_of(database, desk_of, make_person):
    """What SQLite says that it will do for a list."""
    if not database.is_sqlite:
        pytest.skip("the plans of an empty PostgreSQL say nothing")
    clerk = make_person("陈静", Role.DESK)

    def plan_of(ask, reader=clerk):
        found = []
        with database.reading() as session:

            def note(connection, cursor, statement, parameters, context, many):
                if "tickets" in statement and "EXPLAIN" not in statement:
                    found.append((statement, parameters))

            event.listen(session.get_bind(), "before_cursor_execute", note)
            ask(desk_of(session, reader))
            event.remove(session.get_bind(), "before_cursor_execute", note)
            raw = session.connection()
            return [
                row[3]
                for statement, parameters in found
                for row in raw.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]

    return plan_of


@pytest.fixture
def full_desk(database):
    """SQLite believes that there are many tickets, of which many are open."""
    if not database.is_sqlite:
        pytest.skip("the plans of an empty PostgreSQL say nothing")
    rows = [
        ("ix_tickets_open_due", "20000 2 1"),
        ("ix_tickets_status_priority_opened_at", "100000 14000 5000 1"),
    ]
    with database.transaction() as session:
        raw = session.connection()
        raw.exec_driver_sql("ANALYZE")
        for row in rows:
            raw.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES ('tickets', ?, ?)", row)
    database.dispose()  # they are read on connecting


@pytest.mark.parametrize("view", [view for view in View if view is not View.MINE])
def test_no_view_walks_all_tickets(plan_of, view):
    plan = plan_of(lambda desk: listing.page(desk, Wanted(view)))

    assert plan
    assert [step for step in plan if step.startswith("SCAN tickets") and "INDEX" not in step] == []


@pytest.mark.parametrize("sort", [Sort.OPENED, Sort.PRIORITY, Sort.WISHED])
def test_an_order_that_was_asked_for_is_read_from_the_index(plan_of, sort):
    plan = plan_of(lambda desk: listing.page(desk, Wanted(View.OPEN, sort=sort)))

    assert [step for step in plan if step.startswith("SCAN tickets")] == []


def test_whether_something_moved_is_one_look_into_each_index(plan_of):
    plan = plan_of(listing_state.state)

    assert [step for step in plan if step.startswith("SCAN tickets")] == []
    assert [
        step for step in plan if step.startswith("SCAN deadlines") and "INDEX" not in step
    ] == []


def test_what_a_clerk_sees_of_an_engineers_ended_work_is_read_in_its_order(plan_of, make_engineer):
    zhou = make_engineer("周工")
    wanted = Wanted(View.ENDED, Filters(engineers=(zhou.id,)))

    plan = plan_of(lambda desk: listing.page(desk, wanted))

    assert any("ix_tickets_assignee_id_status_opened_at" in step for step in plan)


def test_what_an_engineer_sees_of_a_colleagues_ended_work_is_looked_up_one_by_one(
    plan_of, make_engineer
):
    zhou, wu = make_engineer("周工"), make_engineer("吴工")
    wanted = Wanted(View.ENDED, Filters(engineers=(wu.id,)))

    plan = plan_of(lambda desk: listing.page(desk, wanted), zhou)

    steps = [step for step in plan if step.startswith("SEARCH tickets")]
    assert steps and not [step for step in steps if "assignee_id=" in step or "status=" in step]


@pytest.mark.usefixtures("full_desk")
def test_what_is_due_next_beside_a_ticket_is_read_in_its_order(plan_of):
    plan = plan_of(ticket_page.neighbours)

    assert any("ix_tickets_open_due" in step for step in plan)
    assert [step for step in plan if "TEMP B-TREE" in step] == []
