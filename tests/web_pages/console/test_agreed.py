"""The time that was wished for, as the desk's list and its file show it: by the calendar (F1)."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from domain.calendar import CHINA
from domain.permissions import Role
from services.views import Wished
from web.console import queue_export, queue_words

BEGINS = datetime(2026, 11, 25, 10, tzinfo=CHINA)
ENDS = datetime(2026, 11, 25, 12, tzinfo=CHINA)


def cell(monkeypatch, begins, ends, said="明天上午"):
    monkeypatch.setattr(queue_words, "words", lambda key, **facts: (key, facts))
    row: Any = SimpleNamespace(wished=said, wished_from=begins, wished_until=ends)
    return queue_export._cell(row, "wished", BEGINS)


def test_c18_a_file_says_the_day_and_not_tomorrow(monkeypatch):
    facts = {"begins": "2026-11-25 10:00", "ends": "2026-11-25 12:00"}

    assert cell(monkeypatch, BEGINS, ENDS) == ("queue.wished", facts)


def test_a_wish_without_a_time_is_said_as_it_was(monkeypatch):
    assert cell(monkeypatch, None, None, "有空就来") == "有空就来"
    assert cell(monkeypatch, None, None, None) == ""


def test_f1_who_is_to_be_met_today_stands_there_with_the_hour(at_desk, make_person, make_ticket):
    at = datetime(2026, 11, 24, 15, tzinfo=CHINA)
    clerk = make_person("陈静", Role.DESK)
    make_ticket(wished=Wished("下午三点来", at))

    page = at_desk(clerk).opens("/console/queue?view=agreed")

    assert page.status == 200
    assert "惠普打印机一直卡纸" in page.text
    assert "15:00 起" in page.text
    assert "用户说：下午三点来" in page.html
    table = at_desk(clerk).opens("/console/queue?view=agreed&mode=table&col=wished")
    assert "约定时间" in table.text
