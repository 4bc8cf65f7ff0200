"""The order as its worker reads it, and what the two tables let them do (W2, F9)."""

from datetime import timedelta

import pytest

from domain.heard import Heard, Medium
from domain.lifecycle import LIFECYCLE, Action, Status
from domain.permissions import PERMISSIONS, Permission, Role, Stand
from domain.priority import Urgency
from domain.refusals import NotFound, NotPermitted
from services import orders
from services.orders import NEEDED, actions_for
from tests.services.making import RESULT

ENGINEER = frozenset({Role.REQUESTER, Role.ENGINEER})
ASSIGNED = Stand(is_assigned=True)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def order_of(database, desk_of):
    def order_of(reader, ticket):
        with database.reading() as session:
            return orders.order(desk_of(session, reader), ticket.id)

    return order_of


@pytest.fixture
def work_of(database, desk_of, now):
    def work_of(reader, at=now):
        with database.reading() as session:
            return orders.work(desk_of(session, reader, at))

    return work_of


@pytest.mark.parametrize("status", Status)
def test_an_engineer_is_offered_what_the_tables_allow_and_nothing_else(status):
    """Not listed by hand: each way out of the status that the role holds when assigned."""
    expected = {
        action
        for (start, action) in LIFECYCLE
        if start is status
        and any(
            permission.value == f"ticket.{action.value}" and Role.ENGINEER in rows
            for permission, rows in PERMISSIONS.items()
        )
    }
    own_only = {Action.CONFIRM, Action.REOPEN, Action.CANCEL, Action.URGE, Action.AMEND}

    assert set(actions_for(ENGINEER, ASSIGNED, status)) == expected - own_only


@pytest.mark.parametrize("status", Status)
def test_who_only_reported_it_has_no_acts_of_a_worker(status):
    assert actions_for(ENGINEER, Stand(is_own=True), status) == ()
    assert actions_for(ENGINEER, Stand(was_assigned=True), status) == (Action.NOTE,)


def test_each_permission_for_an_act_is_found_by_its_name():
    assert NEEDED[Action.ASK_SUPPORT] is Permission.TICKET_ASK_SUPPORT
    assert Action.CLOSE not in NEEDED and Action.REMIND not in NEEDED


def test_work_is_listed_by_what_it_waits_for(by, make_ticket, work_of, wang, zhou, now):
    done = make_ticket(Status.RESOLVED, requester=wang, engineer=zhou)
    held = make_ticket(Status.ON_HOLD, requester=wang, engineer=zhou)
    calm = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    waiting = make_ticket(
        Status.ASSIGNED, requester=wang, engineer=zhou, urgency=Urgency.HIGH, at=now
    )

    work = work_of(zhou)

    assert [[each.id for each in group] for group in (work.waiting, work.in_hand)] == [
        [waiting.id],
        [calm.id],
    ]
    assert [[each.id for each in group] for group in (work.on_hold, work.ended)] == [
        [held.id],
        [done.id],
    ]
    assert work_of(zhou, now + timedelta(days=15)).ended == ()


def test_what_is_urgent_stands_first(make_ticket, work_of, wang, zhou):
    calm = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    urgent = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou, urgency=Urgency.HIGH)

    assert [each.id for each in work_of(zhou).in_hand] == [urgent.id, calm.id]


def test_the_list_is_for_those_who_take_assignments(work_of, wang):
    with pytest.raises(NotPermitted):
        work_of(wang)


def test_the_order_holds_what_is_needed_on_the_way(by, make_ticket, order_of, wang, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    first = Heard(Medium.LOCATION, latitude=30.1, longitude=114.1, label="旧址")
    place = Heard(Medium.LOCATION, latitude=30.5, longitude=114.25, label="科技路 1 号")
    for heard in (first, place):
        by(wang).attach(heard, ticket.id)

    order = order_of(zhou, ticket)

    assert (order.phone, order.office) == ("13800001234", "三楼财务室")
    assert (order.spot.latitude, order.spot.longitude) == (30.5, 114.25)
    assert order.is_inside and Action.RESOLVE in order.actions


def test_where_the_engineer_stands_is_not_where_the_fault_is(by, make_ticket, order_of, wang, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(zhou).attach(Heard(Medium.LOCATION, latitude=30.1, longitude=114.1), ticket.id)

    assert order_of(zhou, ticket).spot is None


def test_the_number_is_for_whoever_works_on_it_now(
    by, make_ticket, order_of, make_engineer, wang, zhou
):
    """Y1: who gave the ticket away reads it, and calls nobody."""
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(zhou).transfer(ticket.id, "不会修")

    order = order_of(zhou, ticket)

    assert order.phone is None and order.actions == (Action.NOTE,)
    assert order.is_inside


def test_who_reported_it_is_no_worker(order_of, make_ticket, wang, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    order = order_of(wang, ticket)

    assert not order.is_inside and order.actions == ()


def test_a_foreign_order_does_not_exist(order_of, make_ticket, make_person):
    ticket = make_ticket()

    with pytest.raises(NotFound):
        order_of(make_person("李雷"), ticket)


def test_who_supports_is_named(by, make_ticket, make_engineer, order_of, wang, zhou):
    """F12."""
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    make_engineer("郑工", level=3)
    by(zhou).ask_support(ticket.id, "要带显示器")

    assert order_of(zhou, ticket).supporter == "郑工"
    by(zhou).resolve(ticket.id, RESULT)
    assert order_of(zhou, ticket).actions == (Action.ATTACH, Action.NOTE)
