"""Each miss says who waited and why; what is owed for it is what was agreed by then (R4)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.months import Month
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from domain.targets import TargetKind, TargetState
from models import AuditEntry, Compensation, Ticket, TicketTarget
from services import attainment, compensations, misses, targets
from services.attainment import By, Owed, Wanted
from services.compensations import EndedAlready, NewCompensation, NotBefore
from tests.services.making import RESULT, all_of, only
from tests.services.promise_kit import NOVEMBER, Past

MONTH = Wanted(Month(2026, 11))
MISSED = TargetState.MISSED


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def past(database, make_person):
    return Past(database, make_person().id)


@pytest.fixture
def listed(database, desk_of, clerk):
    def listed(**facts):
        with database.reading() as session:
            return misses.page(desk_of(session, clerk), MONTH, **facts)

    return listed


@pytest.fixture
def explain(database, desk_of, clerk):
    def explain(target_id, reason, person=None):
        with database.transaction() as session:
            misses.explain(desk_of(session, person or clerk), target_id, reason)

    return explain


@pytest.fixture
def agree(database, desk_of, admin, now):
    def agree(late_from=0, words="减 1%", rule=None, points=1, at=None):
        new = NewCompensation(TargetKind.DIAGNOSIS, rule, late_from, words, points)
        with database.transaction() as session:
            return compensations.agree(desk_of(session, admin), new, at or now)

    return agree


def test_a_miss_says_who_waited_for_whom_and_how_long(past, listed, make_engineer):
    zhou = make_engineer("周工")
    past.promise(MISSED, engineer_id=zhou.id, ran_minutes=165, paused={"part": 30})
    past.promise()

    (miss,) = listed().misses

    assert (miss.requester, miss.department, miss.engineer) == ("王芳", "财务部", "周工")
    assert (miss.late_minutes, miss.paused) == (45, {"part": 30})


def test_what_never_came_is_not_so_many_minutes_late(past, listed):
    past.promise(MISSED, ran_minutes=None, done_at=None)

    assert listed().misses[0].late_minutes is None


def test_every_miss_is_on_one_page_or_another_and_on_one_alone(past, listed, monkeypatch):
    monkeypatch.setattr(misses, "PAGE", 2)
    made = [
        past.promise(MISSED, settled_at=NOVEMBER + timedelta(hours=each // 2)) for each in range(5)
    ]

    seen, after = [], None
    for _ in range(3):
        page = listed(after=after)
        seen += [miss.id for miss in page.misses]
        after = page.after

    assert after is None
    assert sorted(seen) == made


def test_the_desk_explains_and_the_record_keeps_what_was_said_before(
    past, listed, explain, database, clerk
):
    target = past.promise(MISSED)

    explain(target, "等配件")
    explain(target, "等厂家发货")

    assert (listed().misses[0].reason, listed().misses[0].reason_by) == ("等厂家发货", "陈静")
    assert listed(is_unexplained=True).misses == ()
    entries = all_of(database, AuditEntry, action="miss.explain")
    assert [(each.before or {}).get("miss_reason") for each in entries] == [None, "等配件"]


def test_what_was_kept_needs_no_explanation(past, explain, database):
    target = past.promise()

    with pytest.raises(NotFound):
        explain(target, "等配件")
    assert only(database, TicketTarget).miss_reason is None


def test_an_engineer_explains_nothing(past, explain, make_engineer):
    with pytest.raises(NotPermitted):
        explain(past.promise(MISSED), "等配件", make_engineer())


def test_unexplained_ones_are_counted(past, explain, database, desk_of, clerk):
    for _ in range(3):
        target = past.promise(MISSED)
    explain(target, "等配件")

    with database.reading() as session:
        assert misses.unexplained(desk_of(session, clerk), MONTH) == 2


# --- compensation ---------------------------------------------------------------------------------


def owe(database, target):
    with database.transaction() as session:
        promise = session.get_one(TicketTarget, target)
        compensations.owe(session, promise)
        found = session.get(Compensation, promise.compensation_id or 0)
        return found.words if found else None


@pytest.mark.parametrize(
    ("ran", "rule", "words"),
    [
        (121, "ordinary", "减 1%"),
        (179, "ordinary", "减 1%"),
        (180, "ordinary", "减 3%"),
        (180, "urgent", "紧急减 5%"),
    ],
)
def test_the_own_sort_comes_first_then_the_step_of_the_lateness(
    past, agree, database, now, ran, rule, words
):
    agree()
    agree(60, "减 3%")
    agree(0, "紧急减 5%", rule="urgent")

    target = past.promise(MISSED, settled_at=now, ran_minutes=ran, rule=rule)

    assert owe(database, target) == words


def test_what_was_missed_before_it_was_agreed_costs_nothing(past, agree, database, now):
    agree()

    target = past.promise(MISSED, settled_at=now - timedelta(seconds=1))

    assert owe(database, target) is None


def test_an_ended_one_is_owed_for_what_was_missed_while_it_held(
    past, agree, database, desk_of, admin, now
):
    row = agree()
    later = now + timedelta(hours=1)
    with database.transaction() as session:
        compensations.end(desk_of(session, admin, later), row)

    assert owe(database, past.promise(MISSED, settled_at=now + timedelta(minutes=30))) == "减 1%"
    assert owe(database, past.promise(MISSED, settled_at=later)) is None
    with database.transaction() as session, pytest.raises(EndedAlready):
        compensations.end(desk_of(session, admin, later), row)


def test_nothing_is_agreed_for_the_past_or_by_the_desk(agree, database, desk_of, clerk, now):
    with pytest.raises(NotBefore):
        agree(at=now - timedelta(seconds=1))
    new = NewCompensation(TargetKind.DIAGNOSIS, None, 0, "减 1%", 0)
    with database.transaction() as session, pytest.raises(NotPermitted):
        compensations.agree(desk_of(session, clerk), new, now)


def test_a_promise_that_is_broken_gets_what_was_agreed_for_it(
    agree, make_ticket, make_engineer, by, database, now
):
    agree()
    agree(60, "减 3%")
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou)

    by(zhou, now + timedelta(hours=4)).resolve(ticket.id, RESULT)

    promise = only(database, TicketTarget, kind=TargetKind.DIAGNOSIS)
    assert promise.state is MISSED
    assert only(database, Compensation, id=promise.compensation_id).words == "减 3%"


def test_a_promise_that_never_came_costs_what_a_late_one_does(
    agree, make_ticket, database, rules, now
):
    agree()
    ticket = make_ticket()
    later = now + timedelta(hours=4)

    with database.transaction() as session:
        row = session.get_one(Ticket, ticket.id)
        targets.dropped(session, row, later)

    promise = only(database, TicketTarget, kind=TargetKind.DIAGNOSIS)
    assert (promise.state, promise.done_at) == (MISSED, None)
    assert promise.compensation_id is not None


def test_what_is_owed_is_summed_for_the_head(past, agree, database, desk_of, clerk, now):
    agree(points=2)
    for _ in range(2):
        owe(database, past.promise(MISSED, settled_at=now))

    with database.reading() as session:
        found = attainment.attainment(desk_of(session, clerk), MONTH, By.TEAM)

    assert found.owed == (Owed("减 1%", 2, 2),)
    assert found.points == 4
