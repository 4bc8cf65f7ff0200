"""One act on several tickets: each by itself, and what came of every one (C §4)."""

import pytest

from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Urgency
from models import Activity, Ticket
from services import bulk
from services.bulk import BulkAct, Given
from tests.services.making import all_of, check_invariants, happened, only


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def do(database, desk_of):
    def do(actor, act, *given):
        with database.transaction() as session:
            return act(desk_of(session, actor), *given)

    return do


def numbers(*tickets):
    return [ticket.number for ticket in tickets]


def test_a_refusal_of_one_stops_no_other(database, do, clerk, make_engineer, make_ticket):
    zhou = make_engineer("周工")
    first, ended, last = (
        make_ticket(status, engineer=zhou)
        for status in (Status.IN_PROGRESS, Status.CLOSED, Status.ASSIGNED)
    )
    picked = numbers(first, ended, last)

    outcomes = do(clerk, bulk.run, BulkAct.URGE, picked, Given())

    assert [each.number for each in outcomes] == picked
    assert [each.no for each in outcomes] == ["", "refusal.action_not_allowed", ""]
    assert Action.URGE in happened(database, first.id)
    assert Action.URGE in happened(database, last.id)
    assert Action.URGE not in happened(database, ended.id)


def test_what_was_half_done_for_a_refused_one_is_taken_back(database, do, clerk, make_ticket):
    ticket = make_ticket(Status.CLOSED)
    before = len(all_of(database, Activity))

    do(clerk, bulk.run, BulkAct.CANCEL, numbers(ticket), Given(words="重复"))

    assert len(all_of(database, Activity)) == before
    check_invariants(database)


def test_the_preview_says_which_can_be_done_before_anything_is(
    database, do, clerk, make_engineer, make_ticket
):
    zhou = make_engineer("周工")
    new_one, ended = make_ticket(Status.ASSIGNED, engineer=zhou), make_ticket(Status.CLOSED)
    lines = len(all_of(database, Activity))

    rows = do(clerk, bulk.preview, BulkAct.CANCEL, [*numbers(new_one, ended), "IT20990101-0001"])

    assert [(row.ticket.number, row.no is None) for row in rows] == [
        (new_one.number, True),
        (ended.number, False),
    ]
    assert len(all_of(database, Activity)) == lines


def test_several_are_given_to_a_named_engineer(database, do, clerk, make_ticket, make_engineer):
    tickets = [make_ticket(), make_ticket()]
    wu = make_engineer("吴工")

    outcomes = do(
        clerk, bulk.run, BulkAct.ASSIGN, numbers(*tickets), Given(wu.id, words="熟悉这栋楼")
    )

    assert [each.no for each in outcomes] == ["", ""]
    assert {row.assignee_id for row in all_of(database, Ticket)} == {wu.id}
    check_invariants(database)


def test_a_correction_is_taken_back_to_what_each_had(database, do, clerk, make_ticket):
    calm, urgent = make_ticket(), make_ticket(urgency=Urgency.HIGH)
    picked = numbers(calm, urgent)

    outcomes = do(clerk, bulk.run, BulkAct.URGENCY, picked, Given(choice="high"))
    assert {row.urgency for row in all_of(database, Ticket)} == {Urgency.HIGH}
    before = [(each.number, each.was) for each in outcomes if each.was]
    do(clerk, bulk.restore, BulkAct.URGENCY, before)

    assert before == [(calm.number, "normal")]
    assert only(database, Ticket, id=calm.id).urgency is Urgency.NORMAL
    assert only(database, Ticket, id=urgent.id).urgency is Urgency.HIGH
    check_invariants(database)


def test_what_is_out_of_sight_is_not_found_h20(do, make_engineer, make_ticket):
    wu = make_engineer("吴工")
    ticket = make_ticket(Status.IN_PROGRESS, engineer=wu)
    zhou = make_engineer("周工")

    (outcome,) = do(zhou, bulk.run, BulkAct.NOTE, numbers(ticket), Given(words="看看"))

    assert outcome.no == "refusal.not_found"


def test_an_engineer_is_offered_nothing_that_needs_the_desk(do, clerk, make_engineer):
    assert do(make_engineer("周工"), bulk.acts_for) == ()
    assert do(clerk, bulk.acts_for) == tuple(BulkAct)
