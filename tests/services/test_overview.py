"""How the desk stands now (O1's first form; W1, F8)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from models import Person
from tests.services.making import a_report

HOUR = timedelta(hours=1)


@pytest.fixture
def head(make_person):
    return make_person("陈主任", Role.HEAD)


def test_an_empty_desk_has_nothing_to_say(by, head):
    now = by(head).overview()

    assert (dict(now.by_status), now.late_count, now.oldest, now.on_duty) == ({}, 0, None, ())
    assert (now.opened_today, now.ended_today, now.people_waiting, now.undelivered) == (0, 0, 0, 0)


def test_tickets_are_counted_by_status_and_by_day(by, head, make_engineer, make_ticket, now):
    zhou = make_engineer("周工")
    make_ticket(Status.CLOSED, engineer=zhou, at=now - 25 * HOUR)
    make_ticket(Status.CLOSED, engineer=zhou)
    make_ticket(Status.RESOLVED, engineer=zhou)
    make_ticket(Status.IN_PROGRESS, engineer=zhou)

    stands = by(head).overview()

    assert stands.by_status == {Status.RESOLVED: 1, Status.IN_PROGRESS: 1}
    assert (stands.opened_today, stands.ended_today) == (3, 1)


def test_what_is_late_is_named_and_what_is_on_hold_is_not_f9(
    by, head, make_engineer, make_ticket, now
):
    zhou = make_engineer("周工")
    unanswered = make_ticket(Status.ASSIGNED, engineer=zhou)
    make_ticket(Status.ON_HOLD, engineer=zhou)

    assert by(head, now + 5 * timedelta(minutes=1)).overview().late_count == 0
    assert by(head, now + HOUR).overview().late == (unanswered.short,)
    assert by(head, now + 3 * HOUR).overview().late == (unanswered.short,)


def test_the_oldest_that_nobody_has_taken_on_is_shown(by, head, make_person, make_engineer, now):
    by(make_person(), now - HOUR).report(a_report(symptom="等得久"))
    by(make_person(), now).report(a_report(symptom="刚报的"))

    oldest = by(head).overview().oldest

    assert (oldest.symptom, oldest.status) == ("等得久", Status.NEW)


def test_who_is_on_duty_with_what_load_and_whether_reachable_f8(
    database, by, head, make_person, make_engineer, now
):
    zhou, _ = make_engineer("周工"), make_engineer("吴工", is_on_duty=False)
    wu = make_engineer("郑工", skills=["network"])
    by(make_person()).report(a_report())
    with database.transaction() as session:
        session.get_one(Person, wu.id).unreached_since = now

    on_duty = by(head).overview().on_duty

    assert [(each.name, each.open_tickets) for each in on_duty] == [("周工", 1), ("郑工", 0)]
    assert [each.is_reachable for each in on_duty] == [True, False]
    assert zhou.name == "周工"


def test_who_waits_for_a_person_is_counted_w1(by, head, make_person):
    by(make_person("王芳")).ask_for_person("急")

    assert by(head).overview().people_waiting == 1
