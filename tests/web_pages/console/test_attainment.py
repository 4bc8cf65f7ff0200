"""The head reads what was kept; the desk says why something was not (R4, R5)."""

import io
from datetime import timedelta

import openpyxl
import pytest

from domain.category import Category
from domain.permissions import Role
from domain.targets import TargetKind, TargetState
from models import TicketTarget
from tests.services.making import all_of
from tests.services.promise_kit import NOVEMBER, Past

HOME = "/console/attainment"
MISSES = f"{HOME}/misses"
MISSED = TargetState.MISSED


@pytest.fixture
def past(database, make_person):
    return Past(database, make_person().id)


@pytest.fixture
def head(at_desk, make_person):
    return at_desk(make_person("何总", Role.HEAD))


@pytest.fixture
def clerk(at_desk, make_person):
    return at_desk(make_person("陈静", Role.DESK))


def test_an_empty_month_says_so_and_what_will_stand_there(head):
    page = head.opens(HOME)

    assert page.status == 200
    assert "这个月还没有到期的承诺" in page.text and "没有影响全单位的故障" in page.text


def test_percentages_stand_beside_their_counts_and_lead_to_the_misses(past, head):
    past.promise()
    past.promise(MISSED, category=Category.NETWORK, miss_reason="等厂家")
    past.promise(MISSED, kind=TargetKind.RESPONSE, category=Category.NETWORK)

    page = head.opens(f"{HOME}?month=2026-11&by=category")

    assert "33.3% 做到 1 项，共 3 项" in page.text
    assert "网络 0.0% 0/1 1 项没做到 0.0% 0/1 1 项没做到 0.0% 0/2" in page.text
    assert "1 项还没有说明" in page.text and "等厂家 1 项" in page.text
    narrowed = next(link for link in page.links if link.startswith(MISSES) and "response" in link)
    assert "category=network" in narrowed
    found = head.opens(narrowed.replace("&amp;", "&"))
    assert found.text.count("应在") == 1


def test_a_miss_is_explained_where_it_stands(past, clerk, database):
    past.promise(MISSED, ran_minutes=150, paused={"part": 30})
    page = clerk.opens(f"{MISSES}?month=2026-11")
    assert "财务部 王芳在等" in page.text and "晚了 30 分钟" in page.text
    assert "时钟停过：等配件 30 分钟" in page.text
    target = all_of(database, TicketTarget)[0].id
    form = next(each for each in page.forms if each.action.startswith(f"{MISSES}/{target}?"))

    page = clerk.sends(form, reason="等配件，已说好周一换")

    assert "等配件，已说好周一换 陈静 说明 说明已保存" in page.text
    assert "都有说明了" in page.text


def test_an_explanation_without_words_is_asked_for_again(past, clerk, database):
    past.promise(MISSED)
    page = clerk.opens(f"{MISSES}?month=2026-11")
    form = next(each for each in page.forms if each.action.startswith(f"{MISSES}/"))

    page = clerk.sends(form, reason="  ")

    assert page.status == 400
    assert all_of(database, TicketTarget)[0].miss_reason is None


def test_a_number_that_is_no_miss_is_not_found(past, clerk):
    kept, missed = past.promise(), past.promise(MISSED)
    page = clerk.opens(f"{MISSES}?month=2026-11")
    form = next(each for each in page.forms if each.action.startswith(f"{MISSES}/{missed}?"))
    form.action = form.action.replace(f"/{missed}?", f"/{kept}?")

    assert clerk.posts(form, reason="等配件").status_code == 404


STRANGE = ("month=2026-13", "by=nobody", "team=-1", "team=99999999999", "kind=x", "after=now~1")


def test_an_address_that_no_page_leads_to_is_a_bad_request(head):
    answers = {asked: head.client.get(f"{HOME}?{asked}").status_code for asked in STRANGE}

    assert answers == dict.fromkeys(STRANGE, 400)


def test_the_file_holds_what_the_page_shows_and_no_formula(past, head):
    past.promise(MISSED, miss_reason="=HYPERLINK(1)", ran_minutes=180)
    past.promise(settled_at=NOVEMBER + timedelta(hours=1))

    sent = head.client.get(f"{HOME}/export.xlsx?month=2026-11")
    book = openpyxl.load_workbook(io.BytesIO(sent.data))

    assert book.sheetnames == ["达成", "按月", "没做到", "指标"]
    assert [cell.value for cell in book["达成"][3]] == ["合计", 1, 1, 50, 1, 1, 50]
    assert [cell.value for cell in book["按月"][13]] == ["2026-11", 1, 1, 50]
    row = [cell.value for cell in book["没做到"][2]]
    assert "'=HYPERLINK(1)" in row and 60 in row
    assert book["指标"]["A2"].value == "首次响应次数"


def test_the_admin_reads_figures_but_takes_no_file_of_tickets(at_desk, make_person):
    admin = at_desk(make_person("何敏", Role.ADMIN))

    assert admin.opens(HOME).status == 200
    assert admin.client.get(f"{HOME}/export.xlsx").status_code == 403
