"""Who follows a ticket hears when it moves on, and what its requester says (C §10)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from models import Follower, Notice, Person
from tests.services.making import all_of


@pytest.fixture
def li(make_person):
    return make_person("李台", Role.DESK)


@pytest.fixture
def wang(make_person):
    return make_person()


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def followed(database, li, wang, zhou, make_ticket, now):
    """A ticket of an hour ago that 李台 follows, and 周工 too, who has it."""
    ticket = make_ticket(
        Status.ASSIGNED, requester=wang, engineer=zhou, at=now - timedelta(hours=1)
    )
    with database.transaction() as session:
        for person in (li, zhou):
            session.add(Follower(person_id=person.id, ticket_id=ticket.id, since=now))
    return ticket


@pytest.fixture
def told(database):
    def told(person):
        found = all_of(database, Notice, recipient_id=person.id)
        return [each.text_key for each in found if each.text_key.startswith("desk_told")]

    return told


def test_a_follower_hears_that_it_moved_and_whoever_works_on_it_does_not(
    by, followed, li, zhou, told
):
    by(zhou).accept(followed.id)

    assert (told(li), told(zhou)) == (["desk_told.moved"], [])


def test_a_follower_hears_what_the_requester_says(by, followed, li, wang, told):
    by(wang).amend(followed.id, "又卡了一次")

    assert told(li) == ["desk_told.amend"]


def test_what_moves_nothing_is_not_told(by, followed, li, zhou, told):
    by(zhou).accept(followed.id)
    by(zhou).progress(followed.id, "等配件")

    assert told(li) == ["desk_told.moved"]


def test_whoever_works_here_no_more_hears_nothing(by, followed, li, zhou, told, database):
    with database.transaction() as session:
        session.get_one(Person, li.id).roles = frozenset({Role.REQUESTER})

    by(zhou).accept(followed.id)

    assert told(li) == []
