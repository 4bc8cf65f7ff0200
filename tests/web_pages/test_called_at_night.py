"""Off hours the page of an urgent report says who was called, and by when they answer (F15)."""

import pytest

from domain.permissions import Role
from models import Ticket
from tests.services.making import only
from tests.services.night_kit import EVENING, MINUTE, on_call, ring, urgent


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zheng(make_engineer, database):
    zheng = make_engineer("郑工", is_on_duty=False, phone="13800003333")
    on_call(database, zheng)
    return zheng


@pytest.fixture(params=["/portal", "/h5"])
def page_at(request, wang, at_desk, browser_of, clock, database):
    """The page of the only ticket, at a computer and on a phone, at this moment."""

    def page_at(at):
        clock.at = at
        opened = at_desk if request.param == "/portal" else browser_of
        return opened(wang).opens(f"{request.param}/tickets/{only(database, Ticket).number}").text

    return page_at


def test_who_is_on_call_stands_there_until_somebody_answers(by, wang, zheng, page_at):
    ticket = by(wang, EVENING).report(urgent()).ticket

    assert "已通知值班的郑工（13800003333），19:25 前没有回应就通知下一位" in page_at(EVENING)
    by(zheng, EVENING + MINUTE).accept(ticket.id)
    assert "没有回应就" not in page_at(EVENING + 2 * MINUTE)


def test_the_next_who_is_called_takes_their_place(
    by, database, rules, make_person, wang, zheng, page_at
):
    make_person("赵主任", Role.HEAD, phone="13800005555")
    by(wang, EVENING).report(urgent())

    ring(database, rules, EVENING + 5 * MINUTE)

    said = page_at(EVENING + 6 * MINUTE)
    assert "已找赵主任（13800005555）安排人，19:30 前没有回应就接着找下一位" in said
    assert "没有回应就通知下一位" not in said


def test_where_nobody_can_be_called_that_is_said(by, wang, page_at):
    by(wang, EVENING).report(urgent())

    assert "一位值班的同事都联系不上。明天 8:00 上班最先处理这张" in page_at(EVENING)


def test_an_ordinary_report_says_nothing_of_calls(by, wang, zheng, page_at):
    by(wang, EVENING).report(urgent(impact="person", urgency="normal"))

    said = page_at(EVENING)
    assert "值班" not in said and "联系不上" not in said
