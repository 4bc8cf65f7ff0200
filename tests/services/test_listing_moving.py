"""What moves on open lists: worked out once for all who see the same, and never for others."""

import pytest
from sqlalchemy import event

from domain.lifecycle import Status
from domain.permissions import Role
from models import Follower, Presence
from services import listing_moving, shared_answers
from services.listing_wanted import View, Wanted


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def is_shared(monkeypatch):
    """Within a test things change faster than anybody at a desk does."""
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)

    def share():
        monkeypatch.setattr(shared_answers, "SHARED_FOR", 60.0)

    return share


@pytest.fixture
def moving_of(database, desk_of, is_shared):
    def moving_of(actor, view, ids):
        with database.reading() as session:
            return listing_moving.moving(desk_of(session, actor), Wanted(view), ids)

    return moving_of


def test_rows_that_are_shown_stay_where_they_are_and_say_that_they_have_left(
    moving_of, clerk, make_engineer, make_ticket, by
):
    zhou = make_engineer("周工")
    tickets = [make_ticket(Status.ASSIGNED, engineer=zhou) for _ in range(3)]
    by(zhou).accept(tickets[1].id)
    ids = [each.id for each in reversed(tickets)]

    rows = moving_of(clerk, View.ANSWER, [*ids, 999]).rows

    assert [(row.id, row.is_gone) for row in rows] == [
        (ids[0], False),
        (ids[1], True),
        (ids[2], False),
    ]
    assert rows[1].status is Status.IN_PROGRESS


def test_what_is_new_on_the_first_page_is_counted_and_pushes_no_row(moving_of, clerk, make_ticket):
    first = make_ticket()
    make_ticket()

    found = moving_of(clerk, View.NEW, [first.id])

    assert ([row.id for row in found.rows], found.news) == ([first.id], 1)


def test_rows_out_of_the_readers_sight_are_not_shown_again_h20(
    moving_of, is_shared, clerk, make_engineer, make_ticket
):
    ticket = make_ticket(Status.IN_PROGRESS, engineer=make_engineer("吴工"))
    is_shared()
    assert moving_of(clerk, View.OPEN, [ticket.id]).rows

    assert moving_of(make_engineer("周工"), View.OPEN, [ticket.id]).rows == ()


def test_two_clerks_are_told_the_same_for_the_price_of_one(
    moving_of, is_shared, clerk, make_person, make_ticket, database
):
    tickets = [make_ticket() for _ in range(3)]
    is_shared()
    his = moving_of(clerk, View.OPEN, [each.id for each in tickets])
    asked = []

    def note(connection, cursor, statement, parameters, context, many):
        asked.append(statement)

    event.listen(database._readers, "before_cursor_execute", note)
    hers = moving_of(make_person("李雷", Role.HEAD), View.OPEN, [each.id for each in tickets])
    event.remove(database._readers, "before_cursor_execute", note)

    assert hers == his
    assert [each for each in asked if "tickets" in each] == []


def test_nobody_is_told_that_they_look_at_a_ticket_themselves(
    moving_of, is_shared, clerk, make_person, make_ticket, database, now
):
    ticket, li = make_ticket(), make_person("李雷", Role.DESK)
    with database.transaction() as session:
        session.add(Presence(ticket_id=ticket.id, person_id=clerk.id, seen_at=now))
    is_shared()

    (hers,) = moving_of(clerk, View.NEW, [ticket.id]).rows
    (his,) = moving_of(li, View.NEW, [ticket.id]).rows

    assert (hers.viewers, his.viewers) == ((), ("陈静",))


def test_mine_is_nobody_elses(moving_of, is_shared, clerk, make_person, make_ticket, database, now):
    ticket = make_ticket()
    with database.transaction() as session:
        session.add(Follower(ticket_id=ticket.id, person_id=clerk.id, since=now))
    li = make_person("李雷", Role.DESK)
    is_shared()

    (hers,) = moving_of(clerk, View.MINE, [ticket.id]).rows
    (his,) = moving_of(li, View.MINE, [ticket.id]).rows

    assert (hers.is_gone, his.is_gone) == (False, True)


def test_a_change_is_told_when_its_time_of_sharing_is_over(
    moving_of, clerk, make_engineer, make_ticket, by
):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)
    before = moving_of(clerk, View.OPEN, [ticket.id])

    by(zhou).accept(ticket.id)
    after = moving_of(clerk, View.OPEN, [ticket.id])

    assert before.mark != after.mark
    assert after.rows[0].status is Status.IN_PROGRESS
