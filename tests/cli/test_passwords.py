"""`run.py person password`, and staff numbers: how somebody gets to a computer's console (H-29)."""

import re

import pytest
from sqlalchemy import select

from domain.permissions import Role
from models import Credential, Person, WebSession
from services import credentials, people, web_sessions
from services.people import NewPerson
from services.web_sessions import Via
from tests.cli.conftest import NOW

ADD = ("person", "add", "陈静", "--role", "desk")
GIVEN = re.compile(r"临时密码 ([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})（")


def _person(database) -> Person:
    with database.reading() as session:
        found = session.scalars(select(Person)).one()
        session.expunge(found)
        return found


def test_somebody_is_added_with_a_staff_number_and_is_found_by_their_initials(run, database):
    done = run(*ADD, "--staff-number", "a1001")

    added = _person(database)
    assert done.exit_code == 0
    assert (added.staff_number, added.initials) == ("A1001", "cj")


@pytest.mark.parametrize("number", ["10 01", "1001'--", "1" * 21, "工号"])
def test_what_is_no_staff_number_is_refused(run, database, number):
    assert run(*ADD, "--staff-number", number).exit_code == 1


def test_a_staff_number_belongs_to_one_person(run):
    run(*ADD, "--staff-number", "1001")

    again = run("person", "add", "李敏", "--role", "desk", "--staff-number", "1001")

    assert (again.exit_code, "1 号 陈静" in again.output) == (1, True)


@pytest.mark.parametrize("who", ["1001", "陈静"])
def test_a_provisional_password_is_printed_once_and_kept_as_a_hash(run, database, who):
    run(*ADD, "--staff-number", "1001")

    printed = GIVEN.findall(run("person", "password", who).output)[0]

    with database.reading() as session:
        kept = session.scalars(select(Credential)).one()
    assert kept.is_provisional
    assert printed not in kept.password_hash
    assert credentials.is_password(kept.password_hash, printed)


def test_a_new_password_signs_out_and_ends_the_second_factor(run, database):
    """Whoever lost phone and password comes back in; whoever found them does not stay."""
    with database.transaction() as session:
        new = NewPerson("陈静", frozenset({Role.DESK}), staff_number="1001")
        person = people.add(session, new, NOW)
        kept = credentials.set_password(session, person.id, "$argon2id$", NOW)
        kept.totp_sealed, kept.totp_since = "sealed", NOW
        web_sessions.start_at_desk(session, person.id, Via.PASSWORD, NOW)

    run("person", "password", "1001")

    with database.reading() as session:
        assert session.scalars(select(WebSession)).all() == []
        assert session.scalars(select(Credential)).one().totp_sealed is None


def test_without_a_number_there_is_nothing_to_sign_in_with(run, database):
    run(*ADD)

    refused = run("person", "password", "陈静")
    assert (refused.exit_code, "还没有工号" in refused.output) == (1, True)
    given = run("person", "password", "陈静", "--staff-number", "1001")

    assert GIVEN.search(given.output)
    assert _person(database).staff_number == "1001"
