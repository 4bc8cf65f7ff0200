"""My reports: what stands on their pages, and what may be done (F11, F16, Y1, H-20, H-32)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.lifecycle import Status
from domain.permissions import Role
from models import Activity, InboxMessage, Notice, Ticket
from tests.web_pages.test_report import a_photo

ACTS = ("words", "urge", "cancel", "confirm", "reopen", "rate")


@pytest.fixture
def status_of(database):
    def read(number: str) -> Status:
        with database.reading() as session:
            return session.scalars(select(Ticket.status).where(Ticket.number == number)).one()

    return read


def test_open_reports_come_first_and_ended_ones_after(make_person, make_ticket, browser_of):
    wang = make_person()
    done = make_ticket(Status.CLOSED, requester=wang, symptom="邮箱登不上")
    open_one = make_ticket(Status.ASSIGNED, requester=wang)

    page = browser_of(wang).opens("/h5/tickets")

    assert page.links.index(f"/h5/tickets/{open_one.number}") < page.links.index(
        f"/h5/tickets/{done.number}"
    )


def test_others_reports_are_not_in_the_list(make_person, make_ticket, browser_of):
    ticket = make_ticket(requester=make_person("李明"))

    assert ticket.number not in browser_of(make_person()).opens("/h5/tickets").html


def test_a_long_list_goes_on_page_by_page_and_misses_nothing(
    make_person, make_ticket, browser_of, by, now
):
    wang = make_person()
    numbers = []
    for minutes in range(23):
        ticket = make_ticket(requester=wang, at=now + timedelta(minutes=minutes // 2))
        by(wang).cancel(ticket.id)
        numbers.append(ticket.number)
    browser = browser_of(wang)

    first = browser.opens("/h5/tickets")
    older = next(link for link in first.links if "before=" in link)
    second = browser.opens(older)

    shown = [link[12:] for page in (first, second) for link in page.links if link[12:] in numbers]
    assert shown == numbers[::-1]
    assert not any("before=" in link for link in second.links)


def test_a_ticket_says_where_it_stands_who_comes_and_by_when(
    make_person, make_engineer, make_ticket, browser_of
):
    wang = make_person()
    zhou = make_engineer(skills=["printer"])
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)

    page = browser_of(wang).opens(f"/h5/tickets/{ticket.number}")

    assert "处理中" in page.text and "应于 12:30 前有结果" in page.text
    assert "tel:13800002222" in page.links
    assert "周工接单" in page.text


def test_a_promise_that_was_not_kept_is_not_repeated(
    make_person, make_engineer, make_ticket, browser_of, clock
):
    wang = make_person()
    zhou = make_engineer(skills=["printer"])
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    browser = browser_of(wang)
    clock.passes(hours=3)

    page = browser.opens(f"/h5/tickets/{ticket.number}")

    assert "比说好的晚了" in page.text and "12:30 前有结果" not in page.text
    assert "已经晚了 1 小时" in page.text  # where it is told how the time was reckoned


@pytest.mark.parametrize("act", ("", *(f"/{act}" for act in ACTS)))
def test_anothers_ticket_is_not_there_and_sounds_like_none(
    make_person, make_engineer, make_ticket, browser_of, act
):
    ticket = make_ticket(Status.ASSIGNED, requester=make_person("李明"), engineer=make_engineer())
    browser = browser_of(make_person())
    token = browser.opens("/h5/").form("/h5/sign-out").fields

    def asked(number: str):
        path = f"/h5/tickets/{number}{act}"
        fields = {"speed": "5", "attitude": "5", "result": "5"} if act == "/rate" else {}
        fields |= {"words": "x"} if act == "/words" else {}
        answer = (
            browser.client.post(path, data={**token, **fields}) if act else browser.client.get(path)
        )
        return answer.status_code, answer.text

    foreign, none = asked(ticket.number), asked("IT20261124-9999")

    assert foreign == none
    assert foreign[0] == 404


def test_words_and_photos_are_added_and_the_engineer_hears_it(
    make_person, make_engineer, make_ticket, browser_of, database
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"

    page = browser.sends(
        browser.opens(way).form(f"{way}/words"), words="下午三点后有人", photos=(a_photo(), "a.jpg")
    )

    with database.reading() as session:
        told = set(session.scalars(select(Notice.text_key).where(Notice.recipient_id == zhou.id)))
        heard = session.scalars(select(InboxMessage.text)).all()
    assert {"notice.amended", "notice.attached"} <= told
    assert "下午三点后有人" in page.text and "下午三点后有人" in heard
    assert "/h5/media/" in page.html


def test_adding_nothing_is_said_at_the_field(make_person, make_ticket, browser_of):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"

    page = browser.sends(browser.opens(way).form(f"{way}/words"))

    assert page.status == 400 and "写一句话，或选一张照片" in page.text


def test_urging_twice_disturbs_the_engineer_once(
    make_person, make_engineer, make_ticket, browser_of, database
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"

    first = browser.sends(browser.opens(way).form(f"{way}/urge"))
    second = browser.sends(first.form(f"{way}/urge"))

    with database.reading() as session:
        told = session.scalars(select(Notice.text_key).where(Notice.recipient_id == zhou.id)).all()
    assert "已替您催" in first.text and "刚催过" in second.text
    assert told.count("notice.urged") == 1


def test_a_report_is_taken_back(make_person, make_ticket, browser_of, status_of):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"

    page = browser.sends(browser.opens(way).form(f"{way}/cancel"))

    assert status_of(ticket.number) is Status.CANCELLED
    assert "撤掉了" in page.text and not any(form.action.endswith("/urge") for form in page.forms)


def test_solved_leads_to_the_rating(make_person, make_engineer, make_ticket, browser_of, status_of):
    wang = make_person()
    ticket = make_ticket(Status.RESOLVED, requester=wang, engineer=make_engineer())
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"

    page = browser.sends(browser.opens(way).form(f"{way}/confirm"))

    assert status_of(ticket.number) is Status.CLOSED
    assert page.path == f"{way}/rate" and page.form(f"{way}/rate")


def test_not_solved_opens_it_again_with_the_reason(
    make_person, make_engineer, make_ticket, browser_of, database, status_of
):
    wang = make_person()
    zhou = make_engineer(skills=["printer"])
    ticket = make_ticket(Status.RESOLVED, requester=wang, engineer=zhou)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"

    page = browser.sends(browser.opens(way).form(f"{way}/reopen"), reason="又卡纸了")

    with database.reading() as session:
        details = session.scalars(select(Activity.detail)).all()
    assert status_of(ticket.number) is Status.ASSIGNED
    assert any((each or {}).get("reason") == "又卡纸了" for each in details)
    assert "重新打开" in page.text


def test_what_its_status_forbids_is_refused_kindly_and_without_a_trace(
    make_person, make_ticket, browser_of, by, database
):
    """The page was open while the ticket moved on."""
    wang = make_person()
    ticket = make_ticket(requester=wang)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"
    form = browser.opens(way).form(f"{way}/urge")
    by(wang).cancel(ticket.id)

    page = browser.sends(form)

    with database.reading() as session:
        assert session.scalars(select(InboxMessage)).all() == []
    assert page.status == 409 and "已撤销" in page.text


def test_the_desk_reads_every_ticket_but_gets_no_requesters_buttons(
    make_person, make_ticket, browser_of
):
    ticket = make_ticket(requester=make_person())
    chen = make_person("陈台", Role.DESK)

    page = browser_of(chen).opens(f"/h5/tickets/{ticket.number}")

    assert page.status == 200 and page.forms == []
    assert "tel:13800001234" in page.links, "but the number to call back"


def test_an_engineer_who_only_had_it_reads_it_without_the_number(
    make_person, make_engineer, make_ticket, browser_of, by
):
    former = make_engineer(skills=["printer"])
    ticket = make_ticket(Status.ASSIGNED, requester=make_person(), engineer=former)
    by(former).decline(ticket.id, "不会修")

    page = browser_of(former).opens(f"/h5/tickets/{ticket.number}")

    assert page.status == 200 and "13800001234" not in page.html


def test_what_a_person_wrote_is_text_on_every_page(make_person, make_ticket, browser_of):
    """H-22, S-062, S-094."""
    wang = make_person()
    hostile = "<img src=x onerror=alert(1)>{{7*7}}%(x)s"
    ticket = make_ticket(requester=wang, symptom=hostile, place=hostile, description=hostile)
    browser = browser_of(wang)

    for path in ("/h5/", "/h5/tickets", f"/h5/tickets/{ticket.number}"):
        page = browser.opens(path)
        assert "<img src=x" not in page.html
        assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}%(x)s" in page.html
