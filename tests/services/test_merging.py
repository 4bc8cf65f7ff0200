"""Two reports of one fault, two faults in one report, and what belongs together (F5, B9)."""

from datetime import timedelta

import pytest

from domain.category import Category
from domain.lifecycle import Action, ActionNotAllowed, Status
from domain.permissions import Role
from domain.priority import Urgency
from domain.refusals import NotFound, NotPermitted, TooLate
from models import Notice, Ticket, TicketLink
from services import merging, splitting
from services.merging import NoTarget, SameTicket
from services.splitting import Part
from tests.services.making import (
    RESULT,
    all_of,
    at_once,
    check_invariants,
    happened,
    only,
    said,
    told,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def do(database, desk_of, now):
    def do(actor, act, *args, at=now, **facts):
        with database.transaction() as session:
            return act(desk_of(session, actor, at), *args, **facts)

    return do


@pytest.fixture
def two(make_person, make_ticket, make_engineer):
    """王芳's and 李娜's report of one printer; both with 周工."""
    zhou = make_engineer("周工")
    wang, li = make_person("王芳"), make_person("李娜")
    first = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    second = make_ticket(Status.ASSIGNED, requester=li, engineer=zhou)
    return first, second, wang, li, zhou


def test_the_requester_of_the_merged_one_is_told_the_new_number(database, do, chen, two):
    first, second, _, li, zhou = two

    merged = do(chen, merging.merge, second.id, first.number)

    assert merged.status is Status.MERGED
    assert told(database, li) == ["desk_told.merged"]
    assert said(all_of(database, Notice, recipient_id=li.id)[0]).facts["into"] == first.number
    assert told(database, zhou)[-1] == "desk_told.merged_engineer"
    assert happened(database, first.id)[-1] is Action.LINK
    check_invariants(database)


def test_who_waits_for_the_merged_one_hears_of_the_solution(database, do, by, chen, two):
    first, second, wang, li, zhou = two
    do(chen, merging.merge, second.id, first.number)

    by(zhou).resolve(first.id, RESULT)

    assert told(database, li)[-1] == "desk_told.merged_resolved"
    assert told(database, wang)[-1] == "notice.resolved"


def test_taking_it_back_leaves_counts_and_clocks_right(database, do, chen, two, now):
    first, second, _, li, _ = two
    promised = only(database, Ticket, id=second.id).resolution_due_at
    do(chen, merging.merge, second.id, first.number)

    back = do(chen, merging.unmerge, second.id, at=now + HOUR)

    assert (back.status, back.assignee.name) == (Status.ASSIGNED, "周工")
    assert back.resolution_due_at == promised + HOUR
    assert only(database, Ticket, id=second.id).merged_into_id is None
    assert told(database, li)[-1] == "desk_told.unmerged"
    check_invariants(database)


def test_after_a_day_it_stays_merged(do, chen, two, now):
    first, second, *_ = two
    do(chen, merging.merge, second.id, first.number)

    with pytest.raises(TooLate):
        do(chen, merging.unmerge, second.id, at=now + 25 * HOUR)


def test_what_is_held_is_merged_without_its_hold(
    database, do, chen, make_ticket, make_engineer, make_person, now
):
    zhou = make_engineer("周工")
    held = make_ticket(Status.ON_HOLD, engineer=zhou)
    other = make_ticket(Status.ASSIGNED, requester=make_person("李娜"), engineer=zhou)

    do(chen, merging.merge, held.id, other.number, at=now + HOUR)
    do(chen, merging.unmerge, held.id, at=now + HOUR)

    check_invariants(database)


def test_nothing_is_merged_into_itself_into_the_ended_or_into_the_unknown(
    do, chen, make_ticket, make_engineer, make_person
):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)
    ended = make_ticket(Status.CLOSED, requester=make_person("李娜"), engineer=zhou)

    with pytest.raises(SameTicket):
        do(chen, merging.merge, ticket.id, ticket.number)
    with pytest.raises(NoTarget):
        do(chen, merging.merge, ticket.id, ended.number)
    with pytest.raises(NotFound):
        do(chen, merging.merge, ticket.id, "IT20260101-9999")
    with pytest.raises(ActionNotAllowed):
        do(chen, merging.merge, ended.id, ticket.number)


def test_two_that_are_merged_into_each_other_at_once_are_not_both_gone(database, do, chen, two):
    first, second, *_ = two

    at_once(
        lambda: do(chen, merging.merge, first.id, second.number),
        lambda: do(chen, merging.merge, second.id, first.number),
    )

    merged = [each for each in all_of(database, Ticket) if each.status is Status.MERGED]
    assert len(merged) == 1
    check_invariants(database)


def test_only_the_desk_merges(do, two):
    first, second, *_, zhou = two

    with pytest.raises(NotPermitted):
        do(zhou, merging.merge, second.id, first.number)


# --- belonging together --------------------------------------------------------------------------


def test_two_tickets_are_linked_once_and_seen_from_both_sides(database, do, chen, two):
    first, second, *_ = two

    do(chen, merging.link, second.id, first.number)
    do(chen, merging.link, first.id, second.number)

    assert len(all_of(database, TicketLink)) == 1
    for ticket, other in ((first, second), (second, first)):
        found = do(chen, lambda desk, id: merging.linked(desk.session, id), ticket.id)
        assert [each.number for each, _ in found] == [other.number]

    do(chen, merging.unlink, first.id, second.number)
    assert all_of(database, TicketLink) == []


# --- splitting -----------------------------------------------------------------------------------


def test_the_second_fault_becomes_a_ticket_of_its_own(database, do, chen, two):
    first, _, wang, *_ = two
    part = Part("邮箱登不上", "还有我的邮箱也登不上", Category.EMAIL, Urgency.NORMAL, "三楼财务室")

    new = do(chen, splitting.split, first.id, part)

    row = only(database, Ticket, id=new.id)
    assert (row.requester_id, row.symptom, row.category) == (wang.id, "邮箱登不上", Category.EMAIL)
    assert row.opened_by_id == chen.id
    assert told(database, wang)[-1] == "desk_told.split"
    assert happened(database, first.id)[-1] is Action.SPLIT
    assert happened(database, new.id)[0] is Action.OPEN
    check_invariants(database)


def test_what_is_ended_is_not_split(do, chen, make_ticket):
    part = Part("邮箱登不上", "", Category.EMAIL, Urgency.NORMAL, "三楼")

    with pytest.raises(ActionNotAllowed):
        do(chen, splitting.split, make_ticket(Status.CLOSED).id, part)
