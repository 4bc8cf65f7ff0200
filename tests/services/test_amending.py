"""What a requester says is otherwise changes their open ticket, and its engineer hears (F1)."""

from typing import Any

import pytest

from domain.category import Category
from domain.lifecycle import Action, ActionNotAllowed, Status
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import Activity, AuditEntry, Engineer, Notice, Ticket
from services import devices, ticket_page
from services.devices import NewDevice
from services.views import Amendment, Wished
from tests.services.making import a_report, all_of, check_invariants, only, said, told


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", areas=frozenset({"三楼"}))


ELSEWHERE = Amendment(place="B座201", phone="13900001111")


def test_f1_place_and_number_said_later_stand_in_the_ticket(database, by, make_ticket, wang, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    view = by(wang).amend(ticket.id, "地点改成B座201,电话13900001111", ELSEWHERE)

    assert (view.place, view.contact_phone) == ("B座201", "13900001111")
    line = all_of(database, Activity, action=Action.AMEND)[-1]
    assert line.detail["before"] == {"place": "三楼财务室", "contact_phone": "13800001234"}
    assert line.detail["after"] == {"place": "B座201", "contact_phone": "13900001111"}
    record = only(database, AuditEntry, action="ticket.amend")
    assert record.subject == f"ticket:{ticket.number}"
    assert (record.before["place"], record.after["place"]) == ("三楼财务室", "B座201")
    assert record.after["phone"] == "139****1111"
    check_invariants(database)


def test_f1_the_engineer_hears_it_once_with_what_was_and_what_is(
    database, by, make_ticket, wang, zhou
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    before = told(database, zhou)

    by(wang).amend(ticket.id, "地点改成B座201", Amendment(place="B座201"))

    assert told(database, zhou) == [*before, "notice.amended"]
    (change,) = said(all_of(database, Notice, recipient_id=zhou.id)[-1]).facts["changes"]
    assert (change.facts["before"], change.facts["after"]) == ("三楼财务室", "B座201")


def test_a_wish_said_later_is_kept_with_its_hours(database, by, make_ticket, wang, zhou, now):
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)

    view = by(wang).amend(ticket.id, "时间改成今天", Amendment(wished=Wished("今天", now)))

    row = only(database, Ticket)
    assert (view.wished, row.wished_from, row.wished_until) == ("今天", now, None)
    assert all_of(database, Activity)[-1].detail["after"] == {"wished_words": "今天"}


def test_a1_a_device_of_the_list_comes_with_all_that_is_known_of_it(
    database, by, make_ticket, wang, zhou, now
):
    with database.transaction() as session:
        known = NewDevice("PR-0012", "佳能打印机", Category.PRINTER, "B座")
        devices.add(session, known, now)
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou, device="惠普打印机")

    by(wang).amend(ticket.id, "编号错了,是PR-0012", Amendment(device="x", device_code="PR-0012"))

    row = only(database, Ticket)
    assert (row.device, row.device_description) == ("佳能打印机", "PR-0012")
    by(wang).amend(ticket.id, "设备改成爱普生打印机", Amendment(device="爱普生打印机"))
    row = only(database, Ticket)
    assert (row.device, row.device_id, row.device_description) == ("爱普生打印机", None, None)


def test_f8_what_nobody_has_accepted_goes_to_whose_area_it_is_now(
    database, by, make_ticket, make_engineer, wang, zhou
):
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)
    li = make_engineer("李工", areas=frozenset({"B座"}))

    view = by(wang).amend(ticket.id, "地点改成B座201", Amendment(place="B座201"))

    assert (view.assignee.id, view.status) == (li.id, Status.ASSIGNED)
    assert told(database, li) == ["notice.assigned"]
    assert told(database, zhou)[-1] == "desk_told.given_to_other"
    assert told(database, wang)[-1] == "notice.engineer_changes"
    counts = {each.person_id: each.open_tickets for each in all_of(database, Engineer)}
    assert counts == {zhou.id: 0, li.id: 1}
    check_invariants(database)


def test_f8_what_is_accepted_stays_with_who_accepted_it(
    database, by, make_ticket, make_engineer, wang, zhou
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    make_engineer("李工", areas=frozenset({"B座"}))

    view = by(wang).amend(ticket.id, "地点改成B座201", Amendment(place="B座201"))

    assert view.assignee.id == zhou.id


def test_f8_nobody_is_exchanged_who_is_as_near(database, by, make_ticket, make_engineer, wang):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou)
    make_engineer("李工")

    view = by(wang).amend(ticket.id, "地点改成B座201", Amendment(place="B座201"))

    assert view.assignee.id == zhou.id
    assert told(database, zhou)[-1] == "notice.amended"


def test_f8_what_waits_is_offered_to_who_can_take_it_now(database, by, make_ticket, wang):
    ticket = by(wang).report(a_report()).ticket
    assert ticket.status is Status.NEW

    view = by(wang).amend(ticket.id, "地点改成B座201", Amendment(place="B座201"))

    assert (view.status, view.place) == (Status.NEW, "B座201")  # nobody is at work: it waits on


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.CANCELLED])
def test_what_has_ended_stays_as_it_was(database, by, make_ticket, wang, zhou, status):
    ticket = make_ticket(status, requester=wang, engineer=zhou)

    with pytest.raises(ActionNotAllowed):
        by(wang).amend(ticket.id, "地点改成B座201", ELSEWHERE)
    assert only(database, Ticket).place == "三楼财务室"


def test_y1_only_the_requester_and_the_desk_change_it(
    database, by, make_ticket, make_person, wang, zhou
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    with pytest.raises(NotPermitted):
        by(zhou).amend(ticket.id, "地点改成B座201", ELSEWHERE)
    with pytest.raises(NotFound):
        by(make_person("李娜")).amend(ticket.id, "地点改成B座201", ELSEWHERE)
    assert (
        by(make_person("陈台", Role.DESK)).amend(ticket.id, "改地点", ELSEWHERE).place == "B座201"
    )


def test_c5_a_clerk_who_had_the_page_open_is_shown_what_changed(
    database, by, desk_of, make_ticket, make_person, wang, zhou
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    clerk = make_person("陈台", Role.DESK)
    with database.reading() as session:
        seen = ticket_page.newest_line(session, ticket.id)

    by(wang).amend(ticket.id, "地点改成B座201", Amendment(place="B座201"))

    with database.transaction() as session:
        desk = desk_of(session, clerk)
        with pytest.raises(ticket_page.ChangedMeanwhile):
            ticket_page.demand_unchanged(desk, ticket.number, seen)
        (entry,) = ticket_page.changes(desk, ticket.number, seen)
    facts: Any = entry.say.facts
    assert facts["words"] == "地点改成B座201"
    assert [each.facts["after"] for each in facts["changes"]] == ["B座201"]
