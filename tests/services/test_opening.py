"""A report becomes a ticket: number, form, engineer, clocks and notices at once (F5, F6, F8)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.category import Category
from domain.deadlines import DeadlineKind
from domain.heard import Heard, Medium
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from domain.refusals import ProfileMissing
from models import Activity, Attachment, Engineer, Notice, Ticket, TicketKind
from services.views import PersonView
from tests.services.making import (
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


def test_a_report_fills_the_form_and_gets_the_first_number_of_the_day(
    database, by, make_person, now
):
    """F5, R1: everything the form asks of the requester and the repair is there."""
    wang = make_person("王芳", extension="8012")

    opened = by(wang).report(
        a_report(device="惠普 M404", error_code="13.20", reading={"category": ["打印机"]})
    )

    ticket = only(database, Ticket)
    assert opened.ticket.number == ticket.number == "IT20261124-0001"
    assert ticket.requester_id == wang.id
    assert (ticket.contact_department, ticket.contact_name) == ("财务部", "王芳")
    assert (ticket.contact_phone, ticket.contact_office) == ("13800001234", "三楼财务室")
    assert (ticket.device, ticket.error_code) == ("惠普 M404", "13.20")
    assert ticket.symptom == "惠普打印机一直卡纸"
    assert ticket.description == "三楼财务室那台惠普打印机一直卡纸"
    assert ticket.place == "三楼财务室"
    assert (ticket.category, ticket.reading) == (Category.PRINTER, {"category": ["打印机"]})
    assert ticket.opened_at == now
    assert ticket.kind is TicketKind.INCIDENT


def test_somebody_with_an_extension_alone_can_be_called_on_it(database, by, make_person):
    """R1: the form's number is whatever reaches them; the office is where it happened."""
    by(make_person(phone=None, extension="8012", office=None)).report(a_report())

    ticket = only(database, Ticket)
    assert (ticket.contact_phone, ticket.contact_office) == ("8012", "三楼财务室")


def test_the_message_that_opened_a_ticket_is_named_by_it(database, by, make_person):
    """I2: unique, so that one message never opens two."""
    by(make_person(), inbox_id=77).report(a_report(is_request=True))

    ticket = only(database, Ticket)
    assert ticket.opened_by_inbox_id == 77
    assert only(database, Activity).detail == {"inbox_id": 77}
    assert ticket.kind is TicketKind.SERVICE_REQUEST


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (Impact.PERSON, Urgency.NORMAL, Priority.NORMAL),
        (Impact.PERSON, Urgency.HIGH, Priority.HIGH),
        (Impact.BUSINESS, Urgency.HIGH, Priority.URGENT),
    ],
)
def test_priority_comes_from_impact_and_urgency(
    database, by, make_person, impact, urgency, priority
):
    """F6."""
    opened = by(make_person()).report(a_report(impact=impact, urgency=urgency))

    assert opened.ticket.priority is priority
    assert only(database, Ticket).priority is priority


def test_the_engineer_has_it_at_once_with_receipt_clocks_and_notice(
    database, by, make_person, make_engineer, now
):
    """F8, F9: ten minutes run, half of them to the reminder."""
    wang, zhou = make_person(), make_engineer("周工", skills=["printer"], areas=("三楼",))

    opened = by(wang).report(a_report(urgency=Urgency.HIGH))

    ticket = only(database, Ticket)
    assert (ticket.status, ticket.assignee_id) == (Status.ASSIGNED, zhou.id)
    assert opened.ticket.assignee == PersonView(zhou.id, "周工", "13800002222")
    assert ticket.response_due_at == opened.ticket.response_due_at == now + 10 * MINUTE
    assert ticket.resolution_due_at == now + 120 * MINUTE
    assert clocks_of(database, ticket.id) == {
        DeadlineKind.ANSWER_REMINDER: now + 5 * MINUTE,
        DeadlineKind.ANSWER_DUE: now + 10 * MINUTE,
    }
    assert happened(database, ticket.id) == [Action.OPEN, Action.ASSIGN]
    receipt = all_of(database, Activity)[1].detail["receipt"]
    assert receipt["chosen"] == zhou.id
    assert receipt["scores"][0]["total"] == 40 + 25
    card = only(database, Engineer)
    assert (card.open_tickets, card.workload, card.last_assigned_at) == (1, 2, now)
    check_invariants(database)


def test_the_engineer_reads_what_they_must_know_to_decide(
    database, by, make_person, make_engineer, now
):
    """F9, W2: and may accept, decline or look at photos by a tap."""
    zhou = make_engineer()

    by(make_person()).report(a_report(urgency=Urgency.HIGH))

    notice = only(database, Notice, recipient_id=zhou.id)
    say = said(notice)
    assert say.key == "notice.assigned"
    assert say.facts["number"] == "IT20261124-0001"
    assert (say.facts["contact"], say.facts["phone"]) == ("王芳", "13800001234")
    assert (say.facts["symptom"], say.facts["place"]) == ("惠普打印机一直卡纸", "三楼财务室")
    assert say.facts["due"] == now + 10 * MINUTE
    assert say.facts["again"] is None
    assert [button.act for button in say.buttons] == [
        "accept:IT20261124-0001",
        "decline:IT20261124-0001",
        "photos:IT20261124-0001",
    ]


def test_with_nobody_free_the_ticket_waits_and_the_desk_hears_why(
    database, by, make_person, make_engineer
):
    """F8, F11: everybody who might have taken it is named with the reason."""
    clerk, wang = make_person("陈台", Role.DESK), make_person()
    make_engineer("周工", is_on_duty=False)
    make_engineer("李工", skills=["network"])

    opened = by(wang).report(a_report())

    assert opened.ticket.status is Status.NEW
    assert opened.ticket.assignee is None and opened.ticket.response_due_at is None
    assert clocks_of(database, opened.ticket.id) == {}
    say = said(only(database, Notice, recipient_id=clerk.id))
    assert say.key == "notice.nobody_free"
    assert [(line.facts["name"], line.facts["why"].key) for line in say.facts["reasons"]] == [
        ("周工", "left_out.off_duty"),
        ("李工", "left_out.skill"),
    ]
    check_invariants(database)


def test_where_nobody_works_at_the_desk_the_head_hears_it(database, by, make_person):
    head = make_person("赵总", Role.HEAD)

    by(make_person()).report(a_report())

    assert told(database, head) == ["notice.nobody_free"]


def test_eight_reports_at_once_get_eight_numbers(database, by, make_person, make_engineer, rules):
    """I4, P4: numbers are unique and without gaps, engineers' counts are right."""
    for name in ("周工", "李工", "吴工"):
        make_engineer(name)
    people = [make_person(f"王{n}") for n in range(8)]

    opened = at_once(*[lambda person=person: by(person).report(a_report()) for person in people])

    numbers = sorted(each.ticket.number for each in opened)
    assert numbers == [f"IT20261124-{n:04d}" for n in range(1, 9)]
    check_invariants(database)
    assert max(card.open_tickets for card in all_of(database, Engineer)) <= rules.max_open_tickets


def test_the_day_of_the_number_changes_at_midnight_in_shanghai(database, by, make_person):
    """R1: the clock on the desk's wall, not the server's."""
    wang = make_person()
    last_second = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)

    numbers = [
        by(wang, at).report(a_report()).ticket.number
        for at in (last_second, last_second, last_second + timedelta(seconds=1))
    ]

    assert numbers == ["IT20261124-0001", "IT20261124-0002", "IT20261125-0001"]


def test_words_too_long_for_the_form_are_cut_there_and_whole_in_the_description(
    database, by, make_person, make_engineer
):
    """R1: PostgreSQL refuses what does not fit, SQLite takes it; neither happens."""
    make_engineer()
    long = "打印机卡纸，" * 100

    opened = by(make_person()).report(
        a_report(symptom=long, description=long, place=long, device=long, error_code=long)
    )

    ticket = only(database, Ticket)
    assert ticket.description == long
    assert (ticket.symptom, ticket.place) == (long[:200], long[:80])
    assert (ticket.device, ticket.error_code) == (long[:60], long[:80])
    assert (opened.ticket.symptom, opened.ticket.place) == (ticket.symptom, ticket.place)


def test_what_the_answer_shows_is_what_the_database_has(by, make_person, make_engineer):
    """The hot path builds its view by hand: it is the one that a reading gives."""
    wang, _ = make_person(), make_engineer()

    opened = by(wang).report(a_report(device="惠普 M404"))

    assert opened.ticket == by(wang).ticket(opened.ticket.id)


def test_photos_that_waited_belong_to_the_new_ticket(database, by, make_person, now):
    """F1: those of four hours, of this person alone."""
    wang, li = make_person(), make_person("李雷")
    photo = Heard(Medium.IMAGE, media_id="m1")
    by(wang, now - timedelta(hours=5)).attach(photo)
    by(wang, now - timedelta(hours=3)).attach(photo)
    by(li).attach(photo)

    opened = by(wang).report(a_report())

    assert opened.attachments == 1
    assert [each.ticket_id for each in all_of(database, Attachment)] == [
        None,
        opened.ticket.id,
        None,
    ]


@pytest.mark.parametrize("missing", ["department", "phone"])
def test_without_a_profile_nothing_is_stored(database, by, make_person, make_engineer, missing):
    """R1: the form cannot be filled, so no number is used up."""
    make_engineer()
    wang = make_person(**{missing: None})
    before = everything(database)

    with pytest.raises(ProfileMissing) as no:
        by(wang).report(a_report())

    assert no.value.facts == {"missing": missing}
    assert everything(database) == before


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-24T10:30:00+08:00", True, "2026-11-25T08:00:00+08:00"),
        ("2026-11-24T18:00:00+08:00", False, "2026-11-25T08:00:00+08:00"),
        ("2026-11-28T10:30:00+08:00", False, "2026-11-30T08:00:00+08:00"),
    ],
)
def test_the_answer_says_whether_the_desk_is_open(by, make_person, at, is_open, opens):
    """F15."""
    opened = by(make_person(), datetime.fromisoformat(at)).report(a_report())

    assert opened.is_desk_open is is_open
    assert opened.opens_at == datetime.fromisoformat(opens)
