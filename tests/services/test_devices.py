"""Devices that carry a code: found, kept, and what a report of one holds (F1, A1)."""

from datetime import timedelta

import pytest

from domain.category import Category
from domain.lifecycle import Status
from models import Device, Ticket
from services import devices
from services.devices import CodeTaken, NewDevice
from tests.services.making import a_report, all_of, only

PRINTER = NewDevice("pr-0012", "惠普 M404 打印机", Category.PRINTER, "三楼财务室", "HP M404dn")


@pytest.fixture
def make_device(database, now):
    def make(new=PRINTER):
        with database.transaction() as session:
            return devices.add(session, new, now).id

    return make


def the_printer(session) -> Device:
    found = devices.get(session, "pr-0012")
    assert found is not None
    return found


@pytest.mark.parametrize("typed", ["PR-0012", "pr-0012", " Pr-0012 "])
def test_a_device_is_found_by_its_code_whatever_the_case_f1(database, make_device, typed):
    make_device()

    with database.reading() as session:
        found = devices.find(session, typed)
    assert found is not None
    assert (found.code, found.name, found.place) == ("PR-0012", "惠普 M404 打印机", "三楼财务室")


@pytest.mark.parametrize("typed", ["PR-001", "PR-00123", "PR_0012", "PR%", "", "打印机", "x" * 99])
def test_no_other_words_find_it(database, make_device, typed):
    make_device()

    with database.reading() as session:
        assert devices.find(session, typed) is None


@pytest.mark.parametrize("code", ["PR 0012", "打印机1", "", "-1", "A" * 41, "dev:1", "A\n1"])
def test_a_code_must_be_one_that_can_be_printed_scanned_and_typed(database, now, code):
    with database.transaction() as session, pytest.raises(ValueError):
        devices.add(session, NewDevice(code, "x", Category.OTHER, "y"), now)


def test_the_longest_code_still_fits_a_scene():
    """§10: a scene has at most 64 characters."""
    assert devices.code_of("A" * 40) and len(devices.SCENE) + 40 <= 64


def test_two_devices_never_have_one_code(database, make_device, now):
    make_device()

    with database.transaction() as session, pytest.raises(CodeTaken):
        devices.add(session, NewDevice("PR-0012", "x", Category.OTHER, "y"), now)


def test_a_retired_device_is_found_as_such_and_may_come_back(database, make_device):
    make_device()

    with database.transaction() as session:
        devices.retire(session, the_printer(session))
    with database.reading() as session:
        found = devices.find(session, "PR-0012")
        assert found is not None and not found.is_active
        assert devices.list_all(session) == []
    with database.transaction() as session:
        devices.retire(session, the_printer(session), is_active=True)
        assert len(devices.list_all(session)) == 1


# --- the ticket ----------------------------------------------------------------------------------


def test_the_ticket_knows_its_device_f1(database, make_device, make_person, by):
    device_id = make_device()

    by(make_person()).report(a_report(device_code="PR-0012", device="打印机"))

    ticket = only(database, Ticket)
    assert (ticket.device_id, ticket.device) == (device_id, "惠普 M404 打印机")
    assert ticket.device_description == "PR-0012 HP M404dn"
    assert ticket.place == "三楼财务室"


def test_without_a_code_the_ticket_has_the_words_only(database, make_device, make_person, by):
    make_device()

    by(make_person()).report(a_report(device="打印机"))

    ticket = only(database, Ticket)
    assert (ticket.device_id, ticket.device, ticket.device_description) == (None, "打印机", None)


def test_a_code_that_is_gone_meanwhile_loses_no_report(database, make_person, by):
    by(make_person()).report(a_report(device_code="PR-9999", device="打印机"))

    assert only(database, Ticket).device == "打印机"


def test_ones_own_open_ticket_on_it_is_known_and_nobody_elses(
    make_device, make_person, make_engineer, by
):
    device_id, wang, li = make_device(), make_person("王芳"), make_person("李雷")
    make_engineer()
    reported = by(wang).report(a_report(device_code="PR-0012")).ticket

    assert by(wang).reported_on(device_id).number == reported.number
    assert by(li).reported_on(device_id) is None


def test_it_is_known_until_it_is_ended(make_device, make_person, make_ticket, by):
    device_id, wang = make_device(), make_person("王芳")

    make_ticket(Status.RESOLVED, requester=wang, device_code="PR-0012")
    assert by(wang).reported_on(device_id).status is Status.RESOLVED
    by(wang).confirm(by(wang).reported_on(device_id).id)
    assert by(wang).reported_on(device_id) is None


def test_its_last_tickets_stand_newest_first(database, make_device, make_person, by, now):
    device_id, wang = make_device(), make_person()
    for hour in range(7):
        by(wang, now + timedelta(hours=hour)).report(a_report(device_code="PR-0012"))
    by(wang).report(a_report())

    with database.reading() as session:
        numbers = [each.number for each in devices.last_tickets(session, device_id)]
    assert [number[-4:] for number in numbers] == ["0007", "0006", "0005", "0004", "0003"]


def test_what_is_changed_is_so_for_new_tickets_only(database, make_device, make_person, by):
    make_device()
    by(make_person()).report(a_report(device_code="PR-0012"))

    with database.transaction() as session:
        devices.change(session, the_printer(session), name="新打印机", place="B座201")

    assert only(database, Ticket).device == "惠普 M404 打印机"
    assert all_of(database, Device)[0].place == "B座201"
