"""Response time, solution rate, availability: each with what it is of (R5)."""

from datetime import datetime, timedelta

import pytest

from domain.calendar import CHINA
from domain.category import Category
from domain.lifecycle import Status
from domain.months import Month
from domain.permissions import Role
from domain.priority import Impact
from domain.refusals import NotPermitted
from domain.targets import TargetKind
from models import TicketKind
from services import kpis
from services.kpis import Solved, Speed, nearest
from tests.services.promise_kit import NOVEMBER, Past

MONTH = Month(2026, 10)
OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=CHINA)


@pytest.fixture
def past(database, make_person):
    return Past(database, make_person().id)


@pytest.fixture
def read(database, desk_of, make_person):
    head = make_person("何总", Role.HEAD)

    def read(month=MONTH):
        with database.reading() as session:
            return kpis.kpis(desk_of(session, head), month)

    return read


def test_the_median_and_the_slowest_tenth_are_minutes_that_really_were():
    known = [(1, 5), (3, 4), (40, 1)]

    assert (nearest(known, 50), nearest(known, 90), nearest(known, 100)) == (1, 3, 40)
    assert nearest([], 50) is None


def test_response_time_is_of_the_answers_given_in_the_month(past, read):
    for minutes in (2, 4, 9):
        past.promise(kind=TargetKind.RESPONSE, settled_at=OCTOBER, ran_minutes=minutes)
    past.promise(kind=TargetKind.RESPONSE, settled_at=NOVEMBER, ran_minutes=1)
    past.promise(settled_at=OCTOBER, ran_minutes=100)

    assert read().speed == Speed(3, 4, 9)
    assert read(Month(2026, 1)).speed == Speed(0, None, None)


def test_solved_is_of_what_was_reported_and_not_withdrawn(past, read):
    solved = {"status": Status.RESOLVED, "resolved_at": OCTOBER + timedelta(hours=1)}
    past.ticket(OCTOBER, **solved)
    past.ticket(OCTOBER, **solved, cycle=2)
    past.ticket(OCTOBER)
    past.ticket(OCTOBER, status=Status.CANCELLED)
    past.ticket(NOVEMBER, status=Status.RESOLVED, resolved_at=NOVEMBER)

    found = read().solved

    assert found == Solved(3, 2, 1)
    assert (found.tenths, found.at_once_tenths) == (666, 500)
    assert Solved(0, 0, 0).tenths is None


def outage(past, begins, hours, **facts):
    ends = begins + timedelta(hours=hours)
    known = {"status": Status.RESOLVED, "resolved_at": ends, "impact": Impact.BUSINESS}
    return past.ticket(begins, **{"category": Category.NETWORK, **known, **facts})


def test_what_two_faults_share_is_down_once(past, read):
    outage(past, OCTOBER, 3)
    outage(past, OCTOBER + timedelta(hours=1), 1)
    outage(past, OCTOBER + timedelta(hours=2), 2)
    outage(past, OCTOBER + timedelta(hours=10), 1)

    (found,) = read().available

    assert (found.category, found.outages, found.down) == (Category.NETWORK, 4, timedelta(hours=5))
    assert found.of == timedelta(days=31)
    assert found.hundredths == 9932


def test_only_faults_that_hit_the_business_are_outages(past, read):
    outage(past, OCTOBER, 3, impact=Impact.TEAM)
    outage(past, OCTOBER, 3, kind=TicketKind.SERVICE_REQUEST)
    outage(past, OCTOBER, 3, status=Status.CANCELLED)

    assert read().available == ()
    assert read().worst is None


def test_an_outage_over_the_turn_of_the_month_belongs_to_both(past, read):
    outage(past, datetime(2026, 9, 30, 22, tzinfo=CHINA), 5)

    assert read(Month(2026, 9)).available[0].down == timedelta(hours=2)
    assert read().available[0].down == timedelta(hours=3)


def test_a_month_that_is_not_over_is_measured_until_now(past, read, now):
    outage(past, now - timedelta(hours=2), 0, status=Status.NEW, resolved_at=None)

    (found,) = read(Month(2026, 11)).available

    assert found.down == timedelta(hours=2)
    assert found.of == now - Month(2026, 11).begins_at


def test_availability_is_rounded_down(past, read):
    outage(past, OCTOBER, 1 / 60)

    assert read().available[0].hundredths == 9999


def test_a_requester_reads_no_figures(database, desk_of, make_person):
    with database.reading() as session, pytest.raises(NotPermitted):
        kpis.kpis(desk_of(session, make_person()), MONTH)
