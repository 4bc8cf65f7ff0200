"""The wall board, and the notices that did not get through (P3, P6)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.sentence import Word
from models import Notice, NoticeState
from services import alarms, shared_answers
from tests.services.making import all_of, only


@pytest.fixture(autouse=True)
def nothing_is_shared(monkeypatch):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def stuck(database, make_ticket, make_engineer):
    """An engineer whom their order did not get to."""
    make_ticket(Status.ASSIGNED, engineer=make_engineer("周工"))
    with database.transaction() as session:
        notice = session.query(Notice).filter(Notice.text_key == "notice.assigned").one()
        notice.state = NoticeState.FAILED
        return notice.id


def test_the_board_shows_the_desk_at_a_glance(at_desk, clerk, make_engineer, make_ticket):
    make_ticket(Status.ASSIGNED, engineer=make_engineer("周工"))

    page = at_desk(clerk).opens("/console/board")

    assert page.status == 200
    assert "在办" in page.text and "周工" in page.text and "惠普打印机一直卡纸" in page.text
    assert "style=" not in page.html


def test_the_board_moves_only_when_something_did(at_desk, clerk, make_ticket):
    browser = at_desk(clerk)
    page = browser.opens("/console/board")
    part = page.html.partition('data-live="/console/board/live')[2]
    mark = part.partition('data-mark="')[2].partition('"')[0]
    ask = {"HX-PTag": mark}
    assert browser.client.get("/console/board/live", headers=ask).status_code == 304

    make_ticket()

    assert browser.client.get("/console/board/live", headers=ask).status_code == 200


@pytest.mark.parametrize("path", ["/console/board", "/console/undelivered"])
def test_an_engineer_is_shown_neither_y1(at_desk, make_engineer, path):
    assert at_desk(make_engineer("周工")).opens(path).status == 403


def test_a_notice_that_did_not_get_through_is_shown_and_sent_again(
    at_desk, clerk, database, stuck, nudges
):
    browser = at_desk(clerk)
    page = browser.opens("/console/undelivered")
    assert "周工" in page.text and "没有送达" in page.text and "13800002222" in page.text

    page = browser.sends(page.form(f"/console/undelivered/{stuck}/retry"))

    assert "马上重发" in page.text
    assert only(database, Notice, id=stuck).state is NoticeState.PENDING
    assert nudges


def test_one_that_an_older_release_said_is_listed_without_its_words(
    at_desk, clerk, stuck, an_older_release
):
    an_older_release(stuck)

    page = at_desk(clerk).opens("/console/undelivered")

    assert page.status == 200 and "周工" in page.text
    assert "这条消息的文字已不再使用" in page.text


def test_one_that_was_settled_meanwhile_is_told_and_stays_settled(at_desk, clerk, database, stuck):
    browser = at_desk(clerk)
    form = browser.opens("/console/undelivered").form(f"/console/undelivered/{stuck}/retry")
    with database.transaction() as session:
        session.get_one(Notice, stuck).state = NoticeState.DELIVERED

    page = browser.sends(form)

    assert page.status == 200 and "不用再发" in page.text
    assert only(database, Notice, id=stuck).state is NoticeState.DELIVERED


def test_the_head_reads_but_sends_nothing_y1(at_desk, make_person, stuck):
    page = at_desk(make_person("陈主任", Role.HEAD)).opens("/console/undelivered")

    assert "周工" in page.text and "重发" not in page.text


def test_an_alarm_stands_above_with_its_words_for_three_days(at_desk, clerk, database, clock):
    with database.transaction() as session:
        alarms.raise_alarm(
            session,
            "quota_near:80:/x",
            clock(),
            quiet_for=timedelta(hours=1),
            text_key="alarm.quota_near",
            what=Word("alarm.api.custom"),
            percent=80,
            used=80,
            limit=100,
        )
    browser = at_desk(clerk)

    assert "已到上限 100 次的 80%" in browser.opens("/console/undelivered").text
    clock.passes(days=3, minutes=1)
    later = at_desk(clerk)
    assert "已到上限" not in later.opens("/console/undelivered").text


def test_where_all_got_through_the_page_says_so(at_desk, clerk, database):
    page = at_desk(clerk).opens("/console/undelivered")

    assert "通知都送到了" in page.text
    assert all_of(database, Notice) == []
