"""Versions of the promises: who may make them, from when they hold, what they keep (R4)."""

from datetime import timedelta

import pytest

from domain.escalation import DEFAULT_LADDER, Ladder
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from domain.targets import DEFAULT_AGREEMENT, Agreement
from models import AuditEntry
from services import agreements
from services.agreements import HoldsAlready, TooEarly
from tests.services.making import all_of


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def make(database, desk_of, admin, now):
    def make(starts=None, agreement=DEFAULT_AGREEMENT, person=None):
        with database.transaction() as session:
            desk = desk_of(session, person or admin)
            return agreements.make(desk, agreement, starts or now, "谈妥")

    return make


@pytest.fixture
def versions(database):
    def versions():
        with database.reading() as session:
            return agreements.versions(session)

    return versions


def test_a_version_is_read_back_as_it_was_made(make, versions, now):
    short = Ladder(DEFAULT_LADDER.rungs[:2])
    number = make(agreement=Agreement(DEFAULT_AGREEMENT.rules[1:], warned_at=0.5, ladder=short))

    (found,) = versions()

    expected = Agreement(DEFAULT_AGREEMENT.rules[1:], number, 0.5, short)
    assert found.agreement == expected
    assert (found.made_by, found.reason, found.effective_from) == ("何敏", "谈妥", now)


def test_the_newest_that_holds_is_in_force_and_the_later_made_of_one_instant(make, versions, now):
    soon = now + timedelta(days=1)
    late, first, second = make(soon), make(), make()
    known = versions()

    held = [agreements.in_force(known, at) for at in (now - timedelta(seconds=1), now, soon)]

    assert [each and each.id for each in held] == [None, second, late]
    assert first in [each.id for each in known]


def test_no_version_holds_for_what_was_promised_already(make, now, versions):
    with pytest.raises(TooEarly):
        make(now - timedelta(seconds=1))
    assert versions() == ()


def test_only_an_admin_makes_or_withdraws_one(make, make_person, database, desk_of, now):
    number = make(now + timedelta(days=1))
    head = make_person("何总", Role.HEAD)

    with pytest.raises(NotPermitted):
        make(person=head)
    with database.transaction() as session, pytest.raises(NotPermitted):
        agreements.withdraw(desk_of(session, head), number)


def test_one_that_holds_stays_and_one_that_waits_goes(
    make, versions, database, desk_of, admin, now
):
    holds, waits = make(), make(now + timedelta(days=1))

    with database.transaction() as session:
        agreements.withdraw(desk_of(session, admin), waits)
    for number, no in ((holds, HoldsAlready), (waits, NotFound)):
        with database.transaction() as session, pytest.raises(no):
            agreements.withdraw(desk_of(session, admin), number)

    assert [each.id for each in versions()] == [holds]
    assert [each.action for each in all_of(database, AuditEntry)] == [
        "agreement.make",
        "agreement.make",
        "agreement.withdraw",
    ]


def test_open_tickets_are_counted_by_the_version_they_run_under(make_ticket, database):
    make_ticket()

    with database.reading() as session:
        assert sum(agreements.open_under(session).values()) == 1
