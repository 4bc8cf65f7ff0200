"""Off hours: the urgent wakes whoever is on call, one after the other; the rest has its morning."""

import pytest

from domain.calendar import ServiceHours
from domain.category import Category
from domain.deadlines import DeadlineKind, Targets
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Priority, Urgency
from domain.refusals import NotFound
from domain.roster import Asked
from models import Leave, Notice, Ticket
from services import dispatching
from services.desk import Rules
from services.on_call import chain
from tests.services.making import (
    a_report,
    acts_of,
    all_of,
    check_invariants,
    clocks_of,
    happened,
    only,
    said,
    told,
)
from tests.services.night_kit import (
    EVENING,
    HOUR,
    MINUTE,
    MORNING,
    leads,
    ring,
    urgent,
)
from tests.services.night_kit import on_call as put_on_call


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zheng(make_engineer, database):
    """The first on call."""
    zheng = make_engineer("郑工", is_on_duty=False, phone="13800003333")
    put_on_call(database, zheng)
    return zheng


@pytest.fixture
def wu(make_engineer, database):
    """The second on call."""
    wu = make_engineer("吴工", is_on_duty=False, phone="13800004444")
    put_on_call(database, wu, position=2)
    return wu


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def head(make_person):
    return make_person("赵主任", Role.HEAD)


def chain_of(database, category=Category.SERVER, at=EVENING):
    with database.reading() as session:
        return chain(session, category, at)


# --- ordinary ------------------------------------------------------------------------------------


def test_an_ordinary_report_at_night_is_promised_for_the_morning_and_wakes_nobody(
    database, by, wang, zheng, clerk
):
    """F15, talks.md §12: 8:00 it is given out, 8:10 somebody calls at the latest."""
    opened = by(wang, EVENING).report(a_report())

    assert opened.ticket.status is Status.NEW and not opened.is_desk_open
    assert (opened.opens_at, opened.answered_by) == (MORNING, MORNING + 10 * MINUTE)
    assert clocks_of(database, opened.ticket.id) == {DeadlineKind.DISPATCH: MORNING}
    assert all_of(database, Notice) == []
    check_invariants(database)


def test_whoever_stays_on_is_not_given_what_waits_for_the_morning(
    database, by, rules, wang, make_engineer
):
    """F15: nobody is given ordinary work off shift."""
    late_worker = make_engineer("周工")
    ticket = by(wang, EVENING).report(a_report()).ticket

    by(late_worker, EVENING + HOUR).sign_in()
    with database.transaction() as session:
        assert dispatching.redispatch_waiting(session, rules, EVENING + HOUR) == 0

    assert only(database, Ticket).status is Status.NEW
    assert told(database, late_worker) == []
    assert clocks_of(database, ticket.id) == {DeadlineKind.DISPATCH: MORNING}


def test_when_the_desk_opens_it_is_given_out(database, by, rules, wang, make_engineer):
    zhou = make_engineer("周工")
    ticket = by(wang, EVENING).report(a_report()).ticket

    ring(database, rules, MORNING)

    kept = only(database, Ticket)
    assert (kept.status, kept.assignee_id) == (Status.ASSIGNED, zhou.id)
    assert kept.response_due_at == MORNING + 10 * MINUTE
    assert set(clocks_of(database, ticket.id)) == {
        DeadlineKind.ANSWER_REMINDER,
        DeadlineKind.ANSWER_DUE,
    }
    check_invariants(database)


def test_who_signs_in_before_the_desk_opens_waits_for_it(database, by, rules, wang, make_engineer):
    zhou = make_engineer("周工", is_on_duty=False)
    by(wang, EVENING).report(a_report())

    by(zhou, MORNING - 10 * MINUTE).sign_in()
    assert only(database, Ticket).status is Status.NEW

    ring(database, rules, MORNING)
    assert only(database, Ticket).assignee_id == zhou.id


def test_what_nobody_has_five_minutes_after_opening_is_one_word_to_the_desk(
    database, by, rules, make_person, clerk
):
    """No flood: however many came in, the desk hears of them once."""
    for number in range(4):
        by(make_person(f"李{number}"), EVENING + number * MINUTE).report(a_report())

    ring(database, rules, MORNING)
    assert told(database, clerk) == []
    ring(database, rules, MORNING + 5 * MINUTE)

    assert told(database, clerk).count("notice.morning_waits") == 1
    (summary,) = all_of(database, Notice, text_key="notice.morning_waits")
    assert said(summary).facts["count"] == 4
    check_invariants(database)


def test_a_clock_that_was_down_all_day_leaves_it_for_the_next_morning(
    database, by, rules, wang, make_engineer
):
    """R-073: what was due at 8:00 and rings at 19:20 is not given out at 19:20."""
    make_engineer("周工")
    ticket = by(wang, EVENING).report(a_report()).ticket

    ring(database, rules, MORNING + 12 * HOUR)

    next_morning = MORNING + 24 * HOUR
    assert clocks_of(database, ticket.id)[DeadlineKind.DISPATCH] == next_morning


def test_an_assignment_of_the_last_minutes_is_answered_the_next_morning(
    database, by, wang, make_engineer
):
    """F9 runs in service hours: 17:55 and ten minutes are 8:05."""
    make_engineer("周工")
    before_closing = EVENING - HOUR - 25 * MINUTE

    ticket = by(wang, before_closing).report(a_report()).ticket

    assert ticket.status is Status.ASSIGNED
    assert ticket.response_due_at == MORNING + 5 * MINUTE


# --- urgent --------------------------------------------------------------------------------------


def test_an_urgent_report_at_night_goes_to_who_is_on_call_at_once(database, by, wang, zheng, wu):
    """F15, talks.md §12: five minutes to answer, and the requester reads who was called."""
    opened = by(wang, EVENING).report(urgent())

    assert opened.called.person.name == "郑工" and opened.called.is_on_call
    assert opened.ticket.assignee.id == zheng.id
    assert opened.ticket.response_due_at == EVENING + 5 * MINUTE
    assert clocks_of(database, opened.ticket.id) == {DeadlineKind.CALL_OUT: EVENING + 5 * MINUTE}
    assert told(database, zheng) == ["notice.assigned"] and told(database, wu) == []
    check_invariants(database)


def test_who_does_not_answer_is_followed_by_the_next_then_by_lead_and_head(
    database, by, rules, wang, zheng, wu, make_person, clerk, head
):
    """F15: second, lead, head, each five minutes later."""
    lead = make_person("孙组长", Role.DESK)
    leads(database, lead, clerk)
    ticket = by(wang, EVENING).report(urgent()).ticket

    for number, person in enumerate((wu, lead, head), 1):
        assert "notice.call_above" not in told(database, person)
        ring(database, rules, EVENING + number * 5 * MINUTE)
        assert told(database, person)[-1] in ("notice.assigned", "notice.call_above")

    kept = only(database, Ticket, id=ticket.id)
    assert kept.assignee_id == wu.id, "who was called last may still answer"
    assert "notice.taken_away" in told(database, zheng)
    assert happened(database, ticket.id) == [
        Action.OPEN,
        Action.ASSIGN,
        Action.REASSIGN,
        Action.ESCALATE,
        Action.ESCALATE,
    ]
    assert told(database, wang) == ["notice.call_goes_on"]
    check_invariants(database)


def test_an_answer_ends_the_calling_and_those_above_hear_who_has_it(
    database, by, rules, wang, zheng, head
):
    ticket = by(wang, EVENING).report(urgent()).ticket
    ring(database, rules, EVENING + 5 * MINUTE)
    assert told(database, head) == ["notice.call_above"]

    by(zheng, EVENING + 6 * MINUTE).accept(ticket.id)
    ring(database, rules, EVENING + 20 * MINUTE)

    assert told(database, head) == ["notice.call_above", "notice.call_answered"]
    assert clocks_of(database, ticket.id) == {}
    check_invariants(database)


def test_who_says_no_is_followed_at_once_and_not_asked_again(database, by, rules, wang, zheng, wu):
    ticket = by(wang, EVENING).report(urgent()).ticket

    by(zheng, EVENING + MINUTE).decline(ticket.id, "在路上")
    assert only(database, Ticket).assignee_id == wu.id

    ring(database, rules, EVENING + 6 * MINUTE)
    assert only(database, Ticket).assignee_id == wu.id
    assert told(database, zheng) == ["notice.assigned"]
    check_invariants(database)


def test_after_three_rounds_the_truth_is_said_and_the_morning_is_waited_for(
    database, by, rules, wang, zheng, clerk
):
    """P3: nobody waits for somebody who does not come."""
    ticket = by(wang, EVENING).report(urgent()).ticket
    for number in range(1, 9):
        ring(database, rules, EVENING + number * 5 * MINUTE)

    kept = only(database, Ticket)
    assert kept.status is Status.NEW and kept.assignee_id is None
    assert clocks_of(database, ticket.id) == {DeadlineKind.DISPATCH: MORNING}
    assert told(database, zheng).count("notice.assigned") == 3
    assert "notice.nobody_answers" in told(database, wang)
    assert "notice.nobody_answered" in told(database, clerk)
    check_invariants(database)


def test_with_nobody_on_call_that_is_said_honestly(database, by, wang, clerk):
    """F15: no lead, no head, nobody signed in."""
    opened = by(wang, EVENING).report(urgent())

    assert opened.called.person is None and not opened.called.is_silenced
    assert opened.called.opens_at == MORNING
    assert opened.ticket.status is Status.NEW
    assert told(database, clerk) == ["notice.nobody_answered"]
    check_invariants(database)


def test_without_a_roster_whoever_is_signed_in_is_called_and_then_the_head(
    database, by, wang, make_engineer, head
):
    zhou = make_engineer("周工")

    opened = by(wang, EVENING).report(urgent())

    assert opened.called.person.id == zhou.id
    assert chain_of(database) == [zhou.id, head.id]


def test_a_head_alone_is_told_and_the_ticket_stays_for_whoever_they_find(database, by, wang, head):
    opened = by(wang, EVENING).report(urgent())

    assert opened.called.person.id == head.id and not opened.called.is_on_call
    assert opened.ticket.status is Status.NEW
    assert told(database, head) == ["notice.call_above"]
    check_invariants(database)


def test_urgent_in_service_hours_is_dispatched_as_ever(
    database, by, now, wang, zheng, make_engineer
):
    zhou = make_engineer("周工")

    opened = by(wang, now).report(urgent())

    assert opened.called is None and opened.ticket.assignee.id == zhou.id
    assert DeadlineKind.CALL_OUT not in clocks_of(database, opened.ticket.id)


# --- the chain -----------------------------------------------------------------------------------


def test_who_knows_the_thing_is_called_before_who_stands_first_on_the_roster(
    database, make_engineer
):
    """D1: on-call chains per skill."""
    of_printers = make_engineer("甲工", is_on_duty=False, skills=["printer"])
    of_servers = make_engineer("乙工", is_on_duty=False, skills=["server"])
    of_anything = make_engineer("丙工", is_on_duty=False)
    for place, each in enumerate((of_printers, of_servers, of_anything), 1):
        put_on_call(database, each, position=place)

    assert chain_of(database, Category.SERVER) == [of_servers.id, of_anything.id, of_printers.id]
    assert chain_of(database, Category.PRINTER) == [of_printers.id, of_anything.id, of_servers.id]
    assert chain_of(database, None) == [of_printers.id, of_servers.id, of_anything.id]


def test_who_is_on_call_for_one_thing_alone_comes_first_for_it_and_last_for_others(
    database, make_engineer
):
    of_network = make_engineer("甲工", is_on_duty=False)
    of_all = make_engineer("乙工", is_on_duty=False)
    put_on_call(database, of_network, position=1, category=Category.NETWORK)
    put_on_call(database, of_all, position=2)

    assert chain_of(database, Category.NETWORK) == [of_network.id, of_all.id]
    assert chain_of(database, Category.SERVER) == [of_all.id, of_network.id]


def test_who_has_leave_is_not_called(database, zheng, wu):
    with database.transaction() as session:
        session.add(
            Leave(
                person_id=zheng.id,
                begins_at=EVENING - HOUR,
                ends_at=MORNING,
                reason="病假",
                state=Asked.GRANTED,
                asked_at=EVENING,
            )
        )

    assert chain_of(database) == [wu.id]


def test_who_cannot_be_reached_in_chat_is_left_out(database, zheng, wu, make_engineer):
    """Five minutes would be lost on a message that cannot arrive."""
    nobody = make_engineer("钱工", is_on_duty=False, openid=None)
    put_on_call(database, nobody, position=0)

    assert chain_of(database) == [zheng.id, wu.id]


def test_a_requester_on_call_does_not_call_themselves(database, by, zheng, wu):
    opened = by(zheng, EVENING).report(urgent())

    assert opened.called.person.id == wu.id


# --- 紧急 ----------------------------------------------------------------------------------------


def test_emergency_said_afterwards_makes_it_urgent_and_wakes_who_is_on_call(
    database, by, wang, zheng
):
    """F15, talks.md §12: 急用请回「紧急」."""
    ticket = by(wang, EVENING).report(a_report()).ticket

    done = by(wang, EVENING + MINUTE).emergency(ticket.id)

    kept = only(database, Ticket)
    assert done.is_raised and done.called.person.id == zheng.id
    assert (kept.priority, kept.urgency) == (Priority.URGENT, Urgency.HIGH)
    assert set(clocks_of(database, ticket.id)) == {DeadlineKind.CALL_OUT}
    assert Action.URGE in happened(database, ticket.id)
    check_invariants(database)


def test_an_emergency_said_twice_is_urged_and_wakes_nobody_anew(database, by, wang, zheng):
    ticket = by(wang, EVENING).report(a_report()).ticket
    by(wang, EVENING + MINUTE).emergency(ticket.id)

    again = by(wang, EVENING + 2 * MINUTE).emergency(ticket.id)

    assert not again.is_raised and again.called is None
    assert told(database, zheng).count("notice.assigned") == 1


def test_in_service_hours_an_emergency_goes_to_who_has_it_and_weighs_on_them(
    database, by, now, wang, make_engineer, clerk
):
    zhou = make_engineer("周工")
    ticket = by(wang, now).report(a_report()).ticket

    done = by(wang, now + MINUTE).emergency(ticket.id)

    assert done.is_raised and done.called is None
    assert told(database, zhou) == ["notice.assigned", "notice.urged"]
    assert "notice.urged_desk" in told(database, clerk)
    check_invariants(database)


def test_somebody_elses_ticket_is_no_emergency_of_mine(by, wang, make_person, zheng):
    ticket = by(wang, EVENING).report(a_report()).ticket

    with pytest.raises(NotFound):
        by(make_person("李四"), EVENING).emergency(ticket.id)


# --- one person does not wake everybody (H-56) ---------------------------------------------------


def test_the_fourth_call_of_one_person_within_an_hour_wakes_nobody(
    database, by, wang, zheng, wu, clerk
):
    """H-56: the desk hears of it, and what was reported waits like anything else."""
    for number in range(3):
        assert by(wang, EVENING + number * MINUTE).report(urgent()).called.person

    opened = by(wang, EVENING + 4 * MINUTE).report(urgent())

    assert opened.called.is_silenced and opened.called.person is None
    assert opened.ticket.status is Status.NEW
    assert "notice.call_silenced" in told(database, clerk)
    assert by(wang, EVENING + 70 * MINUTE).report(urgent()).called.person
    check_invariants(database)


def test_others_are_called_for_while_one_is_silenced(by, wang, make_person, zheng):
    for number in range(4):
        by(wang, EVENING + number * MINUTE).report(urgent())

    assert by(make_person("李四"), EVENING + 5 * MINUTE).report(urgent()).called.person


# --- back at night -------------------------------------------------------------------------------


def test_what_is_reopened_at_night_waits_for_the_morning(database, by, make_ticket, wang, now):
    """F16: not solved, but not urgent either."""
    ticket = make_ticket(Status.RESOLVED, requester=wang)

    by(wang, EVENING).reopen(ticket.id, "又卡了")

    assert clocks_of(database, ticket.id) == {DeadlineKind.DISPATCH: MORNING}
    check_invariants(database)


def test_a_desk_that_never_closes_has_no_night(database, by, wang, make_engineer, rules):
    zhou = make_engineer("周工")
    always = Rules(Targets(), ServiceHours.round_the_clock())

    opened = acts_of(database, always, wang, EVENING).report(a_report())

    assignee = opened.ticket.assignee
    assert assignee is not None and assignee.id == zhou.id and opened.is_desk_open
