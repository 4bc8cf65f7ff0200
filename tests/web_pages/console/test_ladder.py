"""Beside a ticket: who hears next, who is called, who helps; the desk's own hand in it (F11)."""

import pytest

from domain.escalation import Trigger
from domain.lifecycle import Status
from domain.permissions import Role
from models import AuditEntry, Ticket
from services import escalating
from tests.services.making import all_of, only, told
from tests.services.night_kit import EVENING, MINUTE, on_call, urgent
from tests.web_pages.console.test_ticket import act, press, way


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def head(make_person):
    return make_person("赵主任", Role.HEAD)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def senior(make_engineer):
    return make_engineer("郑工", level=3)


@pytest.fixture
def late(database, rules, clock, make_ticket, zhou, head):
    """In hand, and past what was promised."""
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou)
    clock.passes(hours=2, minutes=5)
    with database.transaction() as session:
        escalating.begin(session, session.get_one(Ticket, ticket.id), Trigger.LATE, rules, clock())
    return ticket


def test_what_is_late_shows_who_hears_next_and_when(at_desk, chen, late):
    page = at_desk(chen).opens(way(late))

    assert "超时，接下来告诉：" in page.text
    assert "13:05" in page.text and "组长" in page.text
    assert "负责人" in page.text and "（再次）" in page.text


def test_a_ticket_in_time_says_that_all_is_well(at_desk, chen, make_ticket, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou)

    assert "没有在升级" in at_desk(chen).opens(way(ticket)).text


def test_engineers_see_nothing_of_it(at_desk, zhou, late):
    page = at_desk(zhou).opens(way(late))

    assert page.status == 200 and "升级与支援" not in page.text


def test_the_desk_sends_somebody_who_was_offered(database, at_desk, chen, late, zhou, senior):
    page = act(at_desk(chen), late, "give_support", helper=str(senior.id), words="主板级故障")

    assert "郑工" in page.text and "已派支援" in page.text
    assert told(database, senior) == ["notice.support_wanted"]
    assert only(database, Ticket).supporter_id == senior.id


@pytest.mark.parametrize("helper", ["x", "999999999", "-1", ""])
def test_whom_nobody_offered_is_not_sent(database, at_desk, chen, late, senior, helper):
    page = act(at_desk(chen), late, "give_support", helper=helper)

    assert page.status in (400, 404)
    assert only(database, Ticket).supporter_id is None


def test_the_desk_reports_it_to_the_head(database, at_desk, chen, late, head):
    page = act(at_desk(chen), late, "escalate", to="head", words="董事长在等")

    assert "已上报" in page.text and "上报赵主任" in page.text
    assert told(database, head) == ["notice.ladder_by_hand"]


def test_without_a_lead_that_is_said_at_the_form(at_desk, chen, make_ticket, zhou):
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou)

    page = act(at_desk(chen), ticket, "escalate", to="lead", words="没有组长")

    assert page.status == 400 and "没有能收到消息的组长或负责人" in page.text
    assert "没有组长" in page.html


def test_the_desk_stops_it_with_a_word_why(at_desk, chen, late):
    page = act(at_desk(chen), late, "quiet", words="约好了明天上午")

    assert "没有在升级" in page.text and "停止升级：约好了明天上午" in page.text

    again = act(at_desk(chen), late, "quiet", words="再停一次")
    assert again.status == 400 and "现在没有在升级" in again.text


def test_who_sees_to_it_presses_once(at_desk, chen, late):
    page = press(at_desk(chen), late, "/do/take_charge")

    assert "您来跟" in page.text and "陈静来跟" in page.text


def test_at_night_the_chain_stands_there_and_the_desk_may_mute_who_calls_all_night(
    database, at_desk, clock, by, chen, make_person, make_engineer
):
    """H-56: muting is audited, and ends by itself."""
    zheng = make_engineer("郑工", is_on_duty=False)
    wu = make_engineer("吴工", is_on_duty=False)
    on_call(database, zheng)
    on_call(database, wu, position=2)
    wang = make_person("王芳")
    clock.at = EVENING
    ticket = by(wang, EVENING).report(urgent()).ticket

    page = at_desk(chen).opens(way(ticket))
    assert "正在呼叫值班；19:25 没有回应就找下一位" in page.text
    assert "郑工 正在等" in page.text and "吴工 之后" in page.text

    page = press(at_desk(chen), ticket, "/do/mute")
    assert "这位报修人的紧急单不叫醒值班" in page.text
    assert by(wang, EVENING + MINUTE).report(urgent()).called.is_silenced
    (entry,) = all_of(database, AuditEntry, action="on_call.mute")
    assert entry.subject == f"person:{wang.id}"

    press(at_desk(chen), ticket, "/do/unmute")
    assert by(wang, EVENING + 2 * MINUTE).report(urgent()).called.person


def test_only_who_dispatches_may_mute(at_desk, by, zhou, late, chen):
    browser = at_desk(zhou)
    page = browser.opens(way(late))

    assert not any("mute" in form.action for form in page.forms)
