"""What the portal lists for one person: their tickets, devices, messages."""

from datetime import timedelta

import pytest

from domain.category import Category
from domain.delivery import Channel, Verdict
from domain.lifecycle import Status
from models import IntakeChannel, NoticeState, Ticket
from services import devices, own_notices, own_tickets
from services.devices import NewDevice
from services.own_tickets import Part, Wanted
from tests.services.making import a_report


@pytest.fixture
def looks(database, desk_of, now):
    def look(person, do, at=None):
        with database.reading() as session:
            return do(desk_of(session, person, at or now))

    return look


@pytest.fixture
def listed(looks):
    """Symptoms of the listed ones."""

    def of(person, **wanted):
        found = looks(person, lambda desk: own_tickets.listed(desk, Wanted(**wanted)))
        return [each.symptom for each in found.tickets]

    return of


def test_open_ended_and_all_are_told_apart_the_newest_first(
    make_person, make_engineer, make_ticket, listed, now
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    facts = {"requester": wang, "engineer": zhou}
    make_ticket(Status.CANCELLED, **facts, symptom="不用了")
    make_ticket(Status.IN_PROGRESS, **facts, symptom="在修", at=now + timedelta(minutes=1))
    make_ticket(Status.RESOLVED, **facts, symptom="修好了", at=now + timedelta(minutes=2))

    assert listed(wang) == ["修好了", "在修"]
    assert listed(wang, part=Part.ENDED) == ["不用了"]
    assert listed(wang, part=Part.ALL) == ["修好了", "在修", "不用了"]


def test_words_are_looked_for_in_all_that_was_said_and_every_one_has_to_be_there(
    make_person, make_ticket, listed
):
    wang = make_person()
    ticket = make_ticket(
        requester=wang, symptom="卡纸", description="hp 打印机卡纸", place="A座305"
    )
    make_ticket(requester=wang, symptom="没网", description="电脑没网", place="A座305")

    assert listed(wang, words="HP a座305") == ["卡纸"]
    assert listed(wang, words=ticket.number) == ["卡纸"]
    assert listed(wang, words="A座305") == ["没网", "卡纸"]
    assert listed(wang, words="A座305 投影") == []
    assert listed(wang, words="%") == [], "a sign of the database is a sign like others"


def test_nobody_finds_what_is_somebody_elses(make_person, make_ticket, listed):
    li = make_person("李雷")
    ticket = make_ticket(requester=make_person(), symptom="别人的")

    assert listed(li, part=Part.ALL, words=ticket.number) == []
    assert listed(li, part=Part.ALL, before=ticket.number) == []


def test_the_list_goes_on_where_it_left_off(make_person, make_ticket, looks, now, monkeypatch):
    monkeypatch.setattr(own_tickets, "LISTED", 2)
    wang = make_person()
    made = [make_ticket(requester=wang, at=now + timedelta(minutes=n // 2)) for n in range(5)]

    seen, before = [], ""
    while before is not None:
        wanted = Wanted(before=before)
        part = looks(wang, lambda desk, wanted=wanted: own_tickets.listed(desk, wanted))
        seen += [each.number for each in part.tickets]
        before = part.older

    assert seen == [each.number for each in made[::-1]]


def test_an_open_one_of_the_same_kind_is_offered(make_person, make_ticket, looks):
    wang = make_person()
    jam = make_ticket(requester=wang)
    make_ticket(requester=wang, category=Category.NETWORK)

    found = looks(wang, lambda desk: own_tickets.like_these(desk, "printer"))

    assert [each.id for each in found] == [jam.id]
    assert looks(wang, lambda desk: own_tickets.like_these(desk, None)) == ()


def test_devices_are_those_one_owns_or_has_reported(make_person, database, by, now, looks):
    wang = make_person()
    with database.transaction() as session:
        for code, owner in (("PC-1", wang.id), ("PC-2", None), ("PC-3", None), ("PC-4", wang.id)):
            new = NewDevice(code, f"电脑 {code}", Category.COMPUTER, "A座", owner_id=owner)
            device = devices.add(session, new, now)
            if code == "PC-4":
                devices.retire(session, device)
    by(wang).report(a_report(device_code="PC-2"))

    found = looks(wang, lambda desk: own_tickets.devices_of(desk.session, wang.id))

    assert [each.code for each in found] == ["PC-1", "PC-2"]


def test_a_report_by_web_says_so_and_needs_no_wechat(make_person, make_engineer, by, database):
    """People of the portal may have nothing but a password (F3)."""
    wang = make_person(openid=None)
    make_engineer(skills=["printer"])

    opened = by(wang).report(a_report(), IntakeChannel.WEB)

    with database.reading() as session:
        ticket = session.get_one(Ticket, opened.ticket.id)
        assert (ticket.channel, ticket.requester_id) == (IntakeChannel.WEB, wang.id)


# --- messages ------------------------------------------------------------------------------------


def test_each_message_is_there_with_its_fate_and_nobody_elses(
    make_person, queue, claim, send, looks
):
    wang, li = make_person(), make_person("李雷")
    first = queue(wang)
    queue(li)
    (claimed,) = [each for each in claim() if each.id == first]
    send(claimed, Verdict.ACCEPTED)

    (told,) = looks(wang, own_notices.listed).notices

    assert (told.id, told.state, told.channel) == (first, NoticeState.DELIVERED, Channel.CUSTOM)
    assert told.opened_at is None and told.say.key == "notice.desk_left"


def test_what_gave_way_to_something_newer_is_left_out(
    make_person, make_engineer, make_ticket, looks
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    ticket = make_ticket(Status.RESOLVED, requester=wang, engineer=zhou)

    told = looks(wang, own_notices.listed).notices

    assert [(each.say.key, each.number) for each in told] == [("notice.resolved", ticket.number)]


def test_messages_go_on_where_they_left_off(make_person, queue, looks, monkeypatch):
    monkeypatch.setattr(own_notices, "LISTED", 2)
    wang = make_person()
    made = [queue(wang) for _ in range(3)]

    first = looks(wang, own_notices.listed)
    second = looks(wang, lambda desk: own_notices.listed(desk, first.older))

    assert [each.id for each in (*first.notices, *second.notices)] == made[::-1]
    assert second.older is None
