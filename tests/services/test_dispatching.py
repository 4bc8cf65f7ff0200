"""Who gets a ticket, who gets it next, and that the kept counts are true (F8, F9, F16)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.refusals import NotFound
from models import Activity, Engineer, Notice, Ticket
from services import dispatching
from tests.services.making import (
    RESULT,
    a_report,
    all_of,
    at_once,
    check_invariants,
    clocks_of,
    everything,
    happened,
    only,
    said,
    told,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def report(by, wang):
    def report(at=None, **facts):
        desk = by(wang, at) if at else by(wang)
        return desk.report(a_report(**facts)).ticket

    return report


def engineer_of(ticket):
    return ticket.assignee.name if ticket.assignee else None


# --- the first choice ----------------------------------------------------------------------------


def test_who_can_do_it_gets_it(report, make_engineer):
    """F8: skill."""
    make_engineer("网络工", skills=["network"])
    make_engineer("什么都会", skills=[])
    make_engineer("打印工", skills=["printer"])

    assert engineer_of(report()) == "打印工"


def test_who_looks_after_the_place_gets_it(report, make_engineer):
    """F8: area; a nameless area is no area."""
    make_engineer("无名工", areas=("",))
    make_engineer("三楼工", areas=("三楼",))

    assert engineer_of(report()) == "三楼工"


def test_who_has_less_to_do_gets_it(report, make_engineer):
    """F8: workload before turn."""
    make_engineer("甲")
    make_engineer("乙")

    assert [engineer_of(report()) for _ in range(4)] == ["甲", "乙", "甲", "乙"]


def test_who_waited_longest_for_work_gets_it(report, by, make_engineer, now):
    """F8: turn, between two with nothing to do."""
    first, second = make_engineer("甲"), make_engineer("乙")
    for engineer in (first, second):
        ticket = report(now)
        by(engineer).accept(ticket.id)
        by(engineer).resolve(ticket.id, RESULT)

    assert engineer_of(report(now + MINUTE)) == "甲"


def test_an_urgent_ticket_goes_to_the_higher_level(report, make_engineer):
    """F8, F14."""
    make_engineer("初级", level=1)
    make_engineer("高级", level=3)

    assert engineer_of(report()) == "初级"
    urgent = {"urgency": Urgency.HIGH, "impact": Impact.BUSINESS}
    assert engineer_of(report(**urgent)) == "高级"


def test_who_served_this_person_before_is_preferred(report, by, wang, make_engineer, make_person):
    """F8: one's own engineer, where nothing else decides."""
    make_engineer("甲")
    second = make_engineer("乙")
    report()
    ticket = report()
    by(second).accept(ticket.id)
    by(second).resolve(ticket.id, RESULT)
    by(wang).confirm(ticket.id)
    by(make_person("李雷")).report(a_report())

    again = report()

    assert engineer_of(again) == "乙"
    best = by(second).receipt(again.id).facts["lines"][0]
    assert best.facts["knows"] == 8


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"is_on_duty": False}, "off_duty"),
        ({"openid": None}, "unreachable"),
        ({"skills": ["network"]}, "skill"),
    ],
)
def test_who_cannot_take_it_is_left_out_with_the_reason(
    database, report, make_engineer, make_person, facts, reason
):
    clerk = make_person("陈台", Role.DESK)
    make_engineer("周工", **facts)

    assert engineer_of(report()) is None
    say = said(only(database, Notice, recipient_id=clerk.id))
    assert [line.facts["why"].key for line in say.facts["reasons"]] == [f"left_out.{reason}"]


def test_nobody_is_given_more_than_one_can_carry(report, make_engineer, rules):
    """F8: the limit of the settings."""
    make_engineer()

    given = [engineer_of(report()) for _ in range(rules.max_open_tickets + 1)]

    assert given == ["周工"] * rules.max_open_tickets + [None]


def test_reports_at_the_same_instant_are_spread(database, by, make_person, make_engineer, rules):
    """F8, P4: eight people find the network down; nobody gets all of it."""
    for name in ("甲", "乙", "丙", "丁"):
        make_engineer(name)
    people = [make_person(f"王{n}") for n in range(8)]

    at_once(*[lambda person=person: by(person).report(a_report()) for person in people])

    assert [card.open_tickets for card in all_of(database, Engineer)] == [2, 2, 2, 2]


# --- given back ----------------------------------------------------------------------------------


def test_a_declined_ticket_goes_to_the_next_candidate(database, report, by, make_engineer, now):
    """F9: and not back to who declined."""
    first, second = make_engineer("甲", skills=["printer"]), make_engineer("乙")
    ticket = report()

    moved = by(first, now + MINUTE).decline(ticket.id, "手上忙")

    assert moved.to is not None and moved.to.id == second.id
    row = only(database, Ticket)
    assert (row.status, row.assignee_id) == (Status.ASSIGNED, second.id)
    assert row.response_due_at == now + 11 * MINUTE
    assert clocks_of(database, ticket.id)[DeadlineKind.ANSWER_DUE] == now + 11 * MINUTE
    assert told(database, second) == ["notice.assigned"]
    assert happened(database, ticket.id) == [
        Action.OPEN,
        Action.ASSIGN,
        Action.DECLINE,
        Action.ASSIGN,
    ]
    check_invariants(database)


def test_the_requester_hears_that_somebody_else_will_come(
    database, report, by, wang, make_engineer, now
):
    """P6: they were promised a name and a time that no longer hold."""
    first, second = make_engineer("甲", skills=["printer"]), make_engineer("乙")
    ticket = report()

    by(first, now + MINUTE).decline(ticket.id, "手上忙")

    assert "notice.engineer_changes" in told(database, wang)
    by(second, now + MINUTE).decline(ticket.id, "不会修")
    assert told(database, wang).count("notice.engineer_changes") == 2


def test_a_ticket_that_everybody_declined_is_the_desks(
    database, report, by, make_engineer, make_person
):
    """F9: with the reasons; it is not offered to them again in this cycle."""
    clerk = make_person("陈台", Role.DESK)
    first, second = make_engineer("甲"), make_engineer("乙")
    ticket = report()
    by(first).decline(ticket.id, "手上忙")

    moved = by(second).decline(ticket.id, "离得远")

    assert (moved.to, moved.ticket.status) == (None, Status.NEW)
    assert told(database, clerk) == ["notice.nobody_free"]
    by(first).sign_in()
    assert only(database, Ticket).status is Status.NEW
    check_invariants(database)


def test_an_accepted_ticket_goes_to_the_colleague_that_is_named(
    database, report, by, wang, make_engineer
):
    first, second = make_engineer("甲", skills=["printer"]), make_engineer("乙", skills=["network"])
    ticket = report()
    by(first).accept(ticket.id)

    moved = by(first).transfer(ticket.id, "不会修", second.id)

    assert moved.to is not None and moved.to.name == "乙"
    assert told(database, second) == ["notice.assigned"]
    assert told(database, wang)[-1] == "notice.engineer_changes"
    check_invariants(database)


def test_a_colleague_who_does_not_exist_gets_nothing(database, report, by, wang, make_engineer):
    """The requester is no engineer, and the actor is no other."""
    first = make_engineer("甲")
    ticket = report()
    by(first).accept(ticket.id)
    before = everything(database)

    for nobody in (wang.id, first.id, 9999):
        with pytest.raises(NotFound):
            by(first).transfer(ticket.id, "不会修", nobody)
    assert everything(database) == before


def test_a_ticket_given_away_with_nobody_free_is_the_desks(
    database, report, by, wang, make_engineer, make_person
):
    clerk, first = make_person("陈台", Role.DESK), make_engineer("甲")
    ticket = report()
    by(first).accept(ticket.id)

    moved = by(first).transfer(ticket.id, "不会修")

    assert (moved.to, moved.ticket.status) == (None, Status.NEW)
    assert told(database, clerk) == ["notice.nobody_free"]
    say = said(all_of(database, Notice, recipient_id=wang.id)[-1])
    assert (say.key, say.facts["engineer"]) == ("notice.engineer_changes", None)
    check_invariants(database)


def test_the_time_on_hold_counts_for_who_takes_over_from_hold(
    database, report, by, make_engineer, now
):
    """F11, F14: news within a day of work; three hours of waiting come on top."""
    first, second = make_engineer("甲"), make_engineer("乙")
    ticket = report()
    by(first).accept(ticket.id)
    by(first).hold(ticket.id, "等配件", now + timedelta(hours=5))

    by(first, now + timedelta(hours=3)).transfer(ticket.id, "下班了", second.id)

    row = only(database, Ticket)
    assert row.resolution_due_at == now + timedelta(hours=27)
    assert set(clocks_of(database, ticket.id)) == {
        DeadlineKind.ANSWER_REMINDER,
        DeadlineKind.ANSWER_DUE,
    }
    check_invariants(database)


def test_colleagues_are_listed_with_who_is_free_first(report, by, make_engineer):
    first = make_engineer("甲", skills=["printer"])
    make_engineer("不在", is_on_duty=False)
    make_engineer("不会", skills=["network"])
    make_engineer("都会")
    ticket = report()
    by(first).accept(ticket.id)

    listed = [(each.name, each.why_not) for each in by(first).colleagues(ticket.id)]

    assert listed == [("都会", None), ("不在", "off_duty"), ("不会", "skill")]


def test_a_vendor_who_helps_and_gives_back_does_not_send_it_to_the_engineer_again(
    database, report, by, make_engineer, make_person
):
    """F12: the one who had it is the one who gave it back, whoever pressed."""
    first = make_engineer("甲", skills=["printer"], level=2)
    vendor = make_person("厂家", Role.VENDOR)
    with database.transaction() as session:
        session.get_one(Engineer, vendor.id).is_on_duty = True
    ticket = report()
    by(first).accept(ticket.id)
    by(first).ask_support(ticket.id, "要配件")

    moved = by(vendor).transfer(ticket.id, "要换人")

    assert moved.to is None
    check_invariants(database)


# --- offered again -------------------------------------------------------------------------------


def test_a_reopened_ticket_goes_back_to_its_engineer(database, report, by, wang, make_engineer):
    """F16: although another would have more points now."""
    first = make_engineer("甲", skills=["printer"])
    ticket = report()
    by(first).accept(ticket.id)
    by(first).resolve(ticket.id, RESULT)
    make_engineer("乙", skills=["printer"], areas=("三楼",))

    again = by(wang).reopen(ticket.id, "又卡纸了")

    assert (engineer_of(again), again.cycle, again.status) == ("甲", 2, Status.ASSIGNED)
    say = said(all_of(database, Notice, recipient_id=first.id)[-1])
    assert say.facts["again"] is not None
    check_invariants(database)


def test_a_reopened_ticket_whose_engineer_is_away_goes_to_the_best(report, by, wang, make_engineer):
    first = make_engineer("甲")
    ticket = report()
    by(first).accept(ticket.id)
    by(first).resolve(ticket.id, RESULT)
    by(first).sign_out()
    make_engineer("乙")

    assert engineer_of(by(wang).reopen(ticket.id, "又卡纸了")) == "乙"


def test_a_reopened_ticket_with_nobody_free_promises_no_old_time(
    database, report, by, wang, make_engineer
):
    """F16: the answer time of the first cycle is over; nobody may read it as a promise."""
    first = make_engineer("甲")
    ticket = report()
    by(first).accept(ticket.id)
    by(first).resolve(ticket.id, RESULT)
    by(first).sign_out()

    again = by(wang).reopen(ticket.id, "又卡纸了")

    assert (again.status, again.response_due_at) == (Status.NEW, None)
    check_invariants(database)


def test_waiting_work_is_offered_when_somebody_signs_in(database, report, by, make_engineer, now):
    """F8: most urgent first, then oldest, up to what one can carry."""
    calm = report(now)
    later = report(now + MINUTE)
    urgent = report(now + 2 * MINUTE, urgency=Urgency.HIGH)
    last = report(now + 3 * MINUTE)
    zhou = make_engineer("周工", is_on_duty=False)

    waiting = by(zhou, now + 4 * MINUTE).sign_in()

    assert [each.number for each in waiting] == [urgent.number, calm.number, later.number]
    assert only(database, Ticket, id=last.id).status is Status.NEW
    check_invariants(database)


def test_waiting_work_is_offered_when_somebody_is_done(database, report, by, make_engineer, rules):
    zhou = make_engineer()
    tickets = [report() for _ in range(rules.max_open_tickets + 1)]
    by(zhou).accept(tickets[0].id)

    by(zhou).resolve(tickets[0].id, RESULT)

    assert only(database, Ticket, id=tickets[-1].id).assignee_id == zhou.id
    check_invariants(database)


def test_waiting_work_is_offered_when_somebodys_job_is_called_off(
    database, report, by, wang, make_engineer, rules
):
    """F8: hands that a cancelled ticket leaves free."""
    zhou = make_engineer()
    tickets = [report() for _ in range(rules.max_open_tickets + 1)]

    by(wang).cancel(tickets[0].id)

    assert only(database, Ticket, id=tickets[-1].id).assignee_id == zhou.id
    check_invariants(database)


def test_the_desk_is_not_alarmed_twice_about_the_same_ticket(
    database, report, by, make_engineer, make_person
):
    clerk = make_person("陈台", Role.DESK)
    report()
    other = make_engineer("网络工", skills=["network"], is_on_duty=False)

    by(other).sign_in()

    assert told(database, clerk) == ["notice.nobody_free"]


# --- the receipt ---------------------------------------------------------------------------------


def test_the_receipt_says_what_decided(report, by, make_engineer):
    """F8: every part of the sum can be read."""
    zhou = make_engineer("周工", skills=["printer"], areas=("三楼",))
    make_engineer("李工")
    ticket = report()

    receipt = by(zhou).receipt(ticket.id)

    assert receipt.key == "receipt.scores"
    best, other = receipt.facts["lines"]
    assert (best.facts["name"], best.facts["total"]) == ("周工", 40 + 25 + 1)
    assert (best.facts["skill"], best.facts["area"], best.facts["turn"]) == (40, 25, 1)
    assert (other.facts["name"], other.facts["total"]) == ("李工", 10)


def test_a_ticket_given_by_hand_has_a_receipt_that_says_so(report, by, make_engineer):
    first, second = make_engineer("甲"), make_engineer("乙")
    ticket = report()
    by(first).accept(ticket.id)
    by(first).transfer(ticket.id, "离得远", second.id)

    assert by(second).receipt(ticket.id).key == "receipt.by_hand"


# --- many at once --------------------------------------------------------------------------------


def test_colleagues_who_give_each_other_work_at_once_do_not_block_each_other(
    database, by, make_person, make_engineer
):
    """R-026: each frees one card and takes another's; without an order both would wait."""
    engineers = [make_engineer(name) for name in ("甲", "乙", "丙")]
    for round_ in range(10):
        people = [make_person(f"王{round_}{n}") for n in range(3)]
        tickets = [by(person).report(a_report()).ticket for person in people]
        holders = [next(e for e in engineers if e.id == t.assignee.id) for t in tickets]

        moved = at_once(
            *[
                lambda who=who, ticket=ticket: by(who).decline(ticket.id, "手上忙")
                for who, ticket in zip(holders, tickets, strict=True)
            ]
        )

        assert all(each.to is not None for each in moved), moved
        check_invariants(database)
        for person, ticket in zip(people, tickets, strict=True):
            by(person).cancel(ticket.id)


def test_each_line_of_a_dispatch_names_its_engineer(database, report, by, make_engineer):
    """I3: the fold of the timeline knows whose it is."""
    first = make_engineer("甲")
    ticket = report()
    by(first).decline(ticket.id, "手上忙")

    details = {line.action: line.detail for line in all_of(database, Activity)}
    assert details[Action.ASSIGN]["engineer_id"] == first.id
    assert details[Action.DECLINE]["from_engineer_id"] == first.id


def test_whoever_waits_for_others_decisions_holds_no_engineer_meanwhile_p1(
    report, make_engineer, database, monkeypatch
):
    """A row that changed since it was seen is not taken, yet PostgreSQL leaves it locked."""
    if database.is_sqlite:
        pytest.skip("one writer")
    make_engineer("周工")
    finds_it_changed = text(
        "WITH locked AS (SELECT person_id FROM engineers FOR UPDATE)"
        " SELECT person_id FROM locked WHERE person_id < 0"
    )
    monkeypatch.setattr(dispatching, "_TAKE_FIRST_FREE", finds_it_changed)
    decide_alone, held = dispatching.decide_alone, []

    def looked_at(session):
        with database.transaction() as other:
            free = other.scalars(select(Engineer.person_id).with_for_update(skip_locked=True)).all()
            held.append(len(free))
        decide_alone(session)

    monkeypatch.setattr(dispatching, "decide_alone", looked_at)

    assert engineer_of(report()) == "周工"
    assert held == [1]
