"""Calls: who it is, the ticket for somebody else, solved on the phone, one person known twice."""

from datetime import timedelta

import pytest

from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import AuditEntry, IntakeChannel, Person, Resolution, Ticket
from services import people, phone_callers, phone_intake
from services.desk import Desk
from services.people import NewPerson
from services.phone_intake import Call, Contact, NotOnePerson, Outcome
from services.views import WorkResult
from tests.services.making import a_report, all_of, check_invariants, happened, only, told

WANG = Contact("王芳", "财务部", "13800001234", None, "三楼财务室")
_SAID = (
    *("13800001234", "138 0000 1234", "+86 138-0000-1234", "1380000", "8899"),
    *("王芳", "王", "wf", "W", "N0042", "n0042"),
)
RESULT = WorkResult("setting", "重启打印服务", 5, is_on_site=False)


@pytest.fixture
def li(make_person):
    return make_person("李娜", Role.DESK, phone="13500009999", department="服务台")


@pytest.fixture
def act(database, rules, now, li):
    def act(do, *arguments, clerk=li, at=now):
        with database.transaction() as session:
            return do(Desk(session, at, rules, clerk), *arguments)

    return act


@pytest.fixture
def calls(act):
    """`calls(WANG, Outcome.QUEUE)`: one call, registered."""

    def calls(contact=WANG, outcome=Outcome.DISPATCH, **facts):
        report = a_report(**facts.pop("report", {}))
        return act(phone_intake.register, Call(contact, report, outcome, **facts))

    return calls


def test_f2_a_known_callers_ticket_is_theirs_and_says_who_took_it_down(
    database, calls, make_person, make_engineer, li
):
    engineer = make_engineer(skills=["printer"])
    wang = make_person()

    opened = calls(person_id=wang.id)

    ticket = only(database, Ticket)
    assert (ticket.requester_id, ticket.opened_by_id) == (wang.id, li.id)
    assert ticket.channel is IntakeChannel.PHONE and ticket.assignee_id == engineer.id
    assert opened.ticket.assignee is not None
    assert told(database, wang) == ["notice.registered"]
    check_invariants(database)


def test_f2_somebody_new_is_made_known_and_told_nothing_by_chat(database, calls, make_engineer):
    make_engineer(skills=["printer"])

    calls()

    made = only(database, Person, name="王芳")
    assert made.openid is None and made.roles == frozenset({Role.REQUESTER})
    assert made.initials == "wf" and made.office == "三楼财务室"
    assert only(database, Ticket).requester_id == made.id
    assert told(database, made) == []


def test_f2_who_calls_twice_is_one_person(database, calls):
    calls()
    calls(report={"symptom": "电脑蓝屏"})

    assert len(all_of(database, Person, name="王芳")) == 1
    assert len({each.requester_id for each in all_of(database, Ticket)}) == 1


def test_f2_of_two_with_one_name_nobody_is_guessed(database, calls, make_person):
    make_person("王芳", phone="13700000001")

    calls()

    assert len(all_of(database, Person, name="王芳")) == 2


def test_f2_registered_without_dispatch_it_waits_and_alarms_nobody(
    database, calls, make_engineer, li
):
    make_engineer(skills=["printer"])

    opened = calls(outcome=Outcome.QUEUE)

    assert opened.ticket.status is Status.NEW and opened.ticket.assignee is None
    assert happened(database, opened.ticket.id) == [Action.OPEN]
    assert told(database, li) == []
    check_invariants(database)


def test_f7_solved_on_the_phone_it_is_the_clerks_own_result(database, calls, make_engineer, li):
    make_engineer(skills=["printer"])

    opened = calls(outcome=Outcome.SOLVED, result=RESULT)

    assert opened.ticket.status is Status.RESOLVED
    assert happened(database, opened.ticket.id) == [Action.OPEN, Action.RESOLVE]
    result = only(database, Resolution)
    assert (result.engineer_id, result.cause, result.minutes) == (li.id, "setting", 5)
    check_invariants(database)


def test_y1_only_the_desk_registers_for_others(calls, act, make_person, make_engineer):
    for stranger in (make_engineer(), make_person("钱总", Role.HEAD)):
        call = Call(WANG, a_report(), Outcome.QUEUE)
        with pytest.raises(NotPermitted):
            act(phone_intake.register, call, clerk=stranger)
        with pytest.raises(NotPermitted):
            act(phone_callers.find, "wf", clerk=stranger)


def test_b1_a_caller_is_found_by_whatever_is_said(database, act, now):
    with database.transaction() as session:
        new = NewPerson(
            "王芳",
            frozenset({Role.REQUESTER}),
            phone="13800001234",
            extension="8899",
            staff_number="N0042",
        )
        people.add(session, new, now)

    for asked in _SAID:
        found = act(phone_callers.find, asked)
        assert [each.name for each in found] == ["王芳"], asked


def test_h46_what_names_nobody_finds_nobody(act, make_person):
    make_person("王芳")

    for asked in ("", "  ", "%", "_", "'; --", "王芳%", "\x00", "999999", "zz9"):
        assert act(phone_callers.find, asked) == (), asked


def test_b1_whoever_has_exactly_this_number_stands_first_and_eight_are_enough(act, make_person):
    for place in range(9):
        make_person(f"张{place}", phone=None, extension=f"80{place}")
    make_person("赵六", phone=None, extension="80")

    found = act(phone_callers.find, "80")

    assert len(found) == 8 and found[0].name == "赵六"


def test_b1_the_card_shows_what_is_open_what_ended_and_who_is_known_twice(
    act, calls, make_person, make_ticket
):
    wang = make_person()
    open_one = make_ticket(requester=wang)
    ended = make_ticket(Status.CANCELLED, requester=wang)
    calls(Contact("王小芳", "财务部", "13800001234", None, None), Outcome.QUEUE)

    card = act(phone_callers.card, wang.id)

    assert [each.id for each in card.open] == [open_one.id]
    assert [each.id for each in card.ended] == [ended.id]
    assert [each.name for each in card.same] == ["王小芳"]


def test_f8_a_proposal_takes_nobody(database, act, make_engineer, now):
    from domain.category import Category
    from domain.priority import Urgency
    from models import Engineer

    engineer = make_engineer(skills=["printer"])

    found = act(phone_intake.propose, Category.PRINTER, "三楼财务室", Urgency.NORMAL)

    assert found.receipt.chosen == engineer.id
    assert only(database, Engineer).open_tickets == 0


def test_f1_a_clerk_joins_who_is_known_by_phone_with_who_they_are_in_chat(
    database, act, calls, make_person
):
    calls(outcome=Outcome.QUEUE)
    bare = only(database, Person, name="王芳")
    chat = make_person("王芳芳")

    act(phone_intake.join, bare.id, chat.id)

    assert only(database, Ticket).requester_id == chat.id
    assert not only(database, Person, name="王芳").is_active
    assert only(database, AuditEntry).action == "person.join"
    assert act(phone_callers.find, "13800001234")[0].id == chat.id


def test_h20_nobody_else_is_joined(act, calls, database, make_person, make_engineer):
    calls(outcome=Outcome.QUEUE)
    bare = only(database, Person, name="王芳")
    other = make_person("赵强", phone="13900000000")
    twin = make_person("孙丽")

    for pair in ((bare.id, other.id), (twin.id, bare.id), (twin.id, other.id)):
        with pytest.raises(NotOnePerson):
            act(phone_intake.join, *pair)
    with pytest.raises(NotFound):
        act(phone_intake.join, 99_999, twin.id)
    assert only(database, Ticket).requester_id == bare.id


def test_f2_by_phone_alone_nobody_is_told_what_no_chat_carries(
    database, calls, by, make_engineer, now
):
    """Their engineer comes: the desk would only hear that a notice got stuck."""
    engineer = make_engineer(skills=["printer"])
    opened = calls()

    by(engineer, now + timedelta(minutes=1)).accept(opened.ticket.id)

    assert told(database, only(database, Person, name="王芳")) == []
