"""The wall board: what is there, what hurts, who works, what came and went today."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotPermitted
from services import board, shared_answers

HOUR = timedelta(hours=1)


@pytest.fixture
def board_at(database, desk_of, monkeypatch, now):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)

    def board_at(actor, at=now):
        with database.reading() as session:
            return board.board(desk_of(session, actor, at))

    return board_at


def test_the_desk_at_a_glance(board_at, make_person, make_engineer, make_ticket, now):
    zhou = make_engineer("周工")
    make_ticket(Status.CLOSED, engineer=zhou, at=now - HOUR)
    make_ticket(Status.IN_PROGRESS, engineer=zhou, at=now - HOUR)
    unanswered = make_ticket(Status.ASSIGNED, engineer=zhou, at=now - HOUR)

    seen = board_at(make_person("陈主任", Role.HEAD))

    assert (seen.open, seen.late, seen.unanswered) == (2, 1, 1)
    assert seen.by_status[Status.IN_PROGRESS] == 1
    assert [row.number for row in seen.longest] == [unanswered.number]
    assert seen.oldest.number == unanswered.number
    assert [(each.name, each.open_tickets) for each in seen.at_work] == [("周工", 2)]


def test_what_came_and_went_stands_in_the_hour_of_the_desks_day(
    board_at, make_person, make_engineer, make_ticket, now
):
    zhou = make_engineer("周工")
    make_ticket(Status.CLOSED, engineer=zhou, at=now - timedelta(days=1))
    make_ticket(Status.CLOSED, engineer=zhou, at=now - HOUR)  # 9:30 in Shanghai
    make_ticket(Status.ASSIGNED, engineer=zhou)

    seen = board_at(make_person("陈静", Role.DESK))

    busy = {each.hour: (each.came, each.went) for each in seen.hours if each.came or each.went}
    assert busy == {9: (1, 1), 10: (1, 0)}
    assert (seen.came, seen.went) == (2, 1)


def test_what_was_withdrawn_is_not_counted_as_done(board_at, make_person, make_ticket, by):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    by(wang).cancel(ticket.id)

    assert board_at(make_person("陈静", Role.DESK)).went == 0


def test_several_screens_of_one_moment_ask_once(database, desk_of, make_person, make_ticket):
    head = make_person("陈主任", Role.HEAD)
    with database.reading() as session:
        first = board.board(desk_of(session, head))
    make_ticket()

    with database.reading() as session:
        assert board.board(desk_of(session, head)) is first


def test_the_board_is_for_desk_and_head_y1(board_at, make_engineer):
    with pytest.raises(NotPermitted):
        board_at(make_engineer("周工"))
