"""The time that was wished for, as the desk's list and its file show it: by the calendar (F1)."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from domain.calendar import CHINA
from domain.permissions import Role
from models import SavedView
from services.views import Wished
from tests.services.making import only
from web.console import queue_export, queue_words
from web.forms import KEY

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


def test_c1_the_head_of_its_column_sorts_by_it_and_a_kept_list_keeps_the_order(
    at_desk, make_person, make_ticket, database
):
    at = datetime(2026, 11, 24, 15, tzinfo=CHINA)
    clerk = make_person("陈静", Role.DESK)
    make_ticket(symptom="没约时间")
    make_ticket(symptom="后来的", wished=Wished("明天来", BEGINS))
    make_ticket(symptom="先来的", wished=Wished("下午三点来", at))
    browser = at_desk(clerk)

    def order(page):
        return sorted(("没约时间", "后来的", "先来的"), key=page.html.index)

    def clicked(page, way):
        return browser.opens(next(each for each in page.links if f"sort=wished&dir={way}" in each))

    soonest = clicked(browser.opens("/console/queue?view=open&mode=table&col=wished"), "up")
    latest = clicked(soonest, "down")
    form = latest.form("/console/queue/views")
    form.fields = {name: form.fields[name] for name in ("csrf_token", KEY, "query")}
    browser.sends(form, name="按约定")

    assert order(soonest) == ["先来的", "后来的", "没约时间"]
    assert 'aria-sort="ascending"' in soonest.html
    assert order(latest) == ["后来的", "先来的", "没约时间"]
    kept = only(database, SavedView)
    again = browser.opens(f"/console/queue?{urlencode(kept.query, doseq=True)}&saved={kept.id}")
    assert order(again) == order(latest)
