"""What a requester's own list holds (F11, F13): on each engine."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from services import reported
from services.views import Scores


@pytest.fixture
def ended(database):
    def read(person, before=""):
        with database.reading() as session:
            return reported.ended(session, person, before)

    return read


def test_the_list_goes_on_where_it_stopped(make_person, make_ticket, by, ended, now):
    wang = make_person()
    numbers = []
    for count in range(reported.LISTED + 3):
        ticket = make_ticket(requester=wang, at=now + timedelta(minutes=count // 3))
        by(wang).cancel(ticket.id)
        numbers.append(ticket.number)

    first = ended(wang)
    second = ended(wang, first.older)

    assert [each.number for each in (*first.tickets, *second.tickets)] == numbers[::-1]
    assert second.older is None


def test_anothers_number_as_a_mark_begins_at_the_newest(make_person, make_ticket, by, ended):
    wang, li = make_person(), make_person("李明")
    own, foreign = make_ticket(requester=wang), make_ticket(requester=li)
    by(wang).cancel(own.id)

    assert [each.number for each in ended(wang, foreign.number).tickets] == [own.number]
    assert ended(li).tickets == ()


def test_a_ticket_is_rated_after_its_end_once_and_not_by_who_did_it(
    make_person, make_engineer, make_ticket, by, database
):
    wang = make_person()
    zhou = make_engineer(skills=["printer"])
    solved = make_ticket(Status.RESOLVED, requester=wang, engineer=zhou)
    closed = make_ticket(Status.CLOSED, requester=wang, engineer=zhou)

    def is_rateable(ticket) -> bool:
        with database.reading() as session:
            return reported.is_rateable(session, ticket)

    before = is_rateable(closed)
    by(wang).rate(closed.id, Scores(5, 4, 3, "快"))

    assert (is_rateable(solved), before, is_rateable(closed)) == (False, True, False)
    with database.reading() as session:
        assert reported.given(session, closed) == Scores(5, 4, 3, "快")
