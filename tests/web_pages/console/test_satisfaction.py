"""The head reads what requesters thought, and how many said nothing; figures take a file (F13)."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from tests.services import complaint_kit
from tests.services.promise_kit import NOVEMBER, Past
from tests.services.satisfaction_kit import rated_tickets

HOME = "/console/satisfaction"


@pytest.fixture
def head(at_desk, make_person):
    return at_desk(make_person("何总", Role.HEAD))


@pytest.fixture
def past(database, make_person):
    return Past(database, make_person("王芳").id)


@pytest.fixture
def rated(database, past):
    def rated(engineer, scores, count=1, **facts):
        rated_tickets(database, past, engineer.id, scores, count, **facts)

    return rated


def silent(past, engineer):
    """Closed, asked, and never answered."""
    facts = {"resolved_at": NOVEMBER, "closed_at": NOVEMBER, "assignee_id": engineer.id}
    past.ticket(status=Status.CLOSED, **facts)


def test_an_empty_month_says_so(head):
    page = head.opens(HOME)

    assert page.status == 200
    assert "这个月还没有关闭的工单" in page.text and "这个月没有投诉" in page.text


def test_an_average_stands_beside_its_answer_rate_and_who_said_nothing(
    make_engineer, rated, past, head
):
    zhou = make_engineer("周工")
    rated(zhou, (5, 4, 5), 5)
    silent(past, zhou)

    page = head.opens(f"{HOME}?month=2026-11")

    assert "4.66 5 份评价" in page.text
    assert "83.3% 问了 6 次，答了 5 次，未评价 1" in page.text
    assert "周工 83.3% 5/6 1 5.00 4.00 5.00 4.66" in page.text


def test_few_answers_are_shown_as_counts_alone(make_engineer, rated, head):
    rated(make_engineer("周工"), (5, 5, 1), 4)

    page = head.opens(f"{HOME}?month=2026-11")

    assert "收到 4 份，不足 5 份不算平均" in page.text
    assert "3.66" not in page.text and "5.00" not in page.text


def test_a_few_perfect_scores_stand_below_many_good_ones(make_engineer, rated, head):
    rated(make_engineer("周工"), (5, 5, 5), 4)
    rated(make_engineer("吴工"), (4, 4, 4), 12)

    text = head.opens(f"{HOME}?month=2026-11").text

    assert text.index("吴工 100.0%") < text.index("周工 100.0%")


def test_a_line_narrows_the_page_to_what_it_is_of(make_engineer, rated, head):
    zhou = make_engineer("周工")
    rated(zhou, (5, 5, 5), 6)
    rated(make_engineer("吴工"), (1, 1, 1), 6)
    page = head.opens(f"{HOME}?month=2026-11")
    way = next(link for link in page.links if f"engineer={zhou.id}" in link)

    page = head.opens(way.replace("&amp;", "&"))

    assert "工程师 周工 不再只看「周工」" in page.text
    assert "吴工" not in page.text and "5.00 6 份评价" in page.text


def test_the_twelve_months_are_told_in_words_too(make_engineer, rated, head):
    zhou = make_engineer("周工")
    rated(zhou, (5, 5, 5), 5)
    rated(zhou, (4, 4, 4), 2, at=NOVEMBER - timedelta(days=31))

    text = head.opens(f"{HOME}?month=2026-11").text

    assert "2026-11：5.00 分，问了 5 次，答了 5 次（100.0%）" in text
    assert "2026-10：问了 2 次，答了 2 次，太少不算平均" in text
    assert "2026-09：没有问过评价" in text


def test_complaints_stand_beside_with_what_became_of_them(
    database, desk_of, make_person, make_engineer, at_desk
):
    cast = complaint_kit.cast_of(make_person, make_engineer)
    complaint_kit.fed_back(database, desk_of, cast)

    page = at_desk(cast.head).opens(HOME)

    assert "收到 1 成立 1 部分成立 0 不成立 0 撤回 0 未定 0" in page.text
    assert "按时 1 超时 0" in page.text
    assert "周工 1 1 0 0 0 0 0 0" in page.text


def test_the_workbook_holds_what_the_page_shows(make_engineer, rated, past, head):
    zhou = make_engineer("=周工")
    rated(zhou, (5, 4, 5), 5)
    silent(past, zhou)

    sent = head.client.get(f"{HOME}/export.xlsx?month=2026-11")
    book = openpyxl.load_workbook(io.BytesIO(sent.data))

    assert book.sheetnames == ["评价", "评价按月", "投诉", "投诉按月"]
    row = [cell.value for cell in book["评价"][2]]
    assert row[:9] == ["'=周工", 6, 5, 1, 83.3, 5, 4, 5, 4.66]
    assert [cell.value for cell in book["评价按月"][13]][:4] == ["2026-11", 6, 5, 1]


def test_the_file_of_few_answers_has_no_average_either(make_engineer, rated, head):
    rated(make_engineer("周工"), (5, 5, 1), 4)

    sent = head.client.get(f"{HOME}/export.csv?month=2026-11")
    rows = list(csv.reader(io.StringIO(sent.data.decode("utf-8-sig"))))

    assert rows[1] == ["周工", "4", "4", "0", "100.0", "", "", "", "", "", "4", ""]


STRANGE = ("month=2026-13", "by=nobody", "team=-1", "engineer=99999999999", "category=x")


def test_an_address_that_no_page_leads_to_is_a_bad_request(head):
    answers = {asked: head.client.get(f"{HOME}?{asked}").status_code for asked in STRANGE}

    assert answers == dict.fromkeys(STRANGE, 400)


@pytest.mark.parametrize("way", [HOME, f"{HOME}/export.xlsx", f"{HOME}/export.csv"])
def test_an_engineer_finds_no_figures_of_others(make_engineer, at_desk, way):
    assert at_desk(make_engineer()).client.get(way).status_code == 403
