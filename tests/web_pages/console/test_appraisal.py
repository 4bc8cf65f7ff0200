"""Everybody reads what counts for them and may say their side; the head decides, and pays (R3)."""

import io

import openpyxl
import pytest

from domain.appraisal import FactState
from domain.lifecycle import Status
from domain.permissions import Role
from models import AppraisalFact, Person
from services.views import Scores
from tests.services import complaint_kit
from tests.services.making import all_of

HOME = "/console/appraisal"
ALL = f"{HOME}/all"


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", skills=["printer"])


@pytest.fixture
def head(at_desk, make_person):
    return at_desk(make_person("何总", Role.HEAD))


@pytest.fixture
def rate(make_person, make_ticket, by, zhou):
    def rate(speed, attitude, result):
        wang = make_person("王芳")
        ticket = make_ticket(Status.CLOSED, requester=wang, engineer=zhou)
        by(wang).rate(ticket.id, Scores(speed, attitude, result, "王芳在三楼等了两天"))
        return ticket

    return rate


def _form(page, ending):
    return next(each for each in page.forms if each.action.partition("?")[0].endswith(ending))


def _answered(browser):
    page = browser.opens(HOME)
    return browser.sends(_form(page, "/answer"), words="当天没有备件")


def test_nothing_that_counts_is_said_so(zhou, at_desk):
    page = at_desk(zhou).opens(HOME)

    assert page.status == 200
    assert "这个月没有考核记录" in page.text


def test_what_counts_names_neither_who_rated_nor_the_ticket(zhou, at_desk, rate):
    rate(5, 5, 5)
    ticket = rate(2, 5, 5)

    page = at_desk(zhou).opens(f"{HOME}?month=2026-11")

    assert "0 分 评价 2 条 0 分，投诉 0 条 0 分" in page.text
    assert "-1 分 用户评价 有效" in page.text and "速度 2 态度 5 结果 5" in page.text
    for secret in ("王芳", "三楼", ticket.number, ticket.number[-4:] + "」"):
        assert secret not in page.text


def test_an_upheld_complaint_is_a_fact_without_its_number(
    database, desk_of, make_person, make_engineer, at_desk
):
    cast = complaint_kit.cast_of(make_person, make_engineer)
    complaint = complaint_kit.fed_back(database, desk_of, cast)

    sent = at_desk(cast.engineer).client.get(HOME).get_data(as_text=True)

    assert "-5" in sent
    for secret in (complaint.number, "王芳", complaint_kit.WORDS, "确有其事"):
        assert secret not in sent


def test_one_side_is_said_once_and_waits_for_the_head(zhou, at_desk, rate, database):
    rate(1, 5, 5)
    browser = at_desk(zhou)

    page = _answered(browser)

    assert "申辩已提交" in page.text and "等 IT 负责人定" in page.text
    assert not [each for each in page.forms if each.action.partition("?")[0].endswith("/answer")]
    assert all_of(database, AppraisalFact)[0].answer == "当天没有备件"


def test_an_answer_without_words_is_asked_for_again(zhou, at_desk, rate, database):
    rate(1, 5, 5)
    browser = at_desk(zhou)

    page = browser.sends(_form(browser.opens(HOME), "/answer"), words=" ")

    assert page.status == 400
    assert all_of(database, AppraisalFact)[0].state is FactState.STANDS


@pytest.mark.parametrize(
    ("then", "points", "state", "counts"),
    [
        ("uphold", "", FactState.UPHELD, -1),
        ("change", "+2", FactState.CHANGED, 2),
        ("change", "−3", FactState.CHANGED, -3),
        ("strike", "", FactState.STRUCK, 0),
    ],
)
def test_the_head_decides_what_an_answer_changes(
    zhou, at_desk, rate, head, database, then, points, state, counts
):
    rate(1, 5, 5)
    _answered(at_desk(zhou))
    page = head.opens(f"{ALL}?month=2026-11")
    assert "当天没有备件" in page.text

    page = head.sends(_form(page, "/decide"), then=then, points=points, words="核过库存")

    assert "已定，结果已告诉本人" in page.text
    fact = all_of(database, AppraisalFact)[0]
    assert (fact.state, fact.points, fact.decision) == (state, counts, "核过库存")
    assert "核过库存" in at_desk(zhou).opens(HOME).text


@pytest.mark.parametrize("points", ["", "五", "101", "-101", "1.5", "--1"])
def test_points_that_are_no_number_are_asked_for_again(zhou, at_desk, rate, head, database, points):
    rate(1, 5, 5)
    _answered(at_desk(zhou))

    page = head.sends(_form(head.opens(ALL), "/decide"), then="change", points=points, words="x")

    assert page.status == 400 and "请填 −100 到 100 之间的整数" in page.text
    assert all_of(database, AppraisalFact)[0].state is FactState.ANSWERED


def test_everybody_has_a_line_and_its_facts_behind_the_name(rate, head, zhou):
    rate(5, 5, 5)
    page = head.opens(f"{ALL}?month=2026-11")
    assert "周工 — +1 +1 1 条 0 0 条 0" in page.text
    way = next(link for link in page.links if f"person={zhou.id}" in link)

    page = head.opens(way.replace("&amp;", "&").partition("#")[0])

    assert "周工的记录" in page.text and "+1 分 用户评价 有效" in page.text


def test_the_file_for_pay_has_a_line_for_each_person_and_each_fact(rate, head, zhou, at_desk):
    rate(5, 5, 5)
    rate(1, 5, 5)

    sent = head.client.get(f"{ALL}/export.xlsx?month=2026-11")
    book = openpyxl.load_workbook(io.BytesIO(sent.data))

    assert book.sheetnames == ["汇总", "明细"]
    assert [cell.value for cell in book["汇总"][2]][2:7] == ["周工", None, 0, 2, 0]
    facts = [[cell.value for cell in row] for row in book["明细"].iter_rows(min_row=2)]
    assert [row[8] for row in facts] == [-1, 1]
    assert "王芳" not in str(facts)


def test_nobody_but_the_head_reads_everybodys(zhou, at_desk, make_person, rate):
    rate(1, 5, 5)
    _answered(at_desk(zhou))
    for person in (zhou, make_person("陈静", Role.DESK), make_person("罗敏", Role.ADMIN)):
        browser = at_desk(person)
        assert browser.client.get(ALL).status_code == 404
        assert browser.client.get(f"{ALL}/export.xlsx").status_code == 403


def test_a_head_does_not_decide_what_counts_for_themselves(zhou, at_desk, rate, database):
    rate(1, 1, 1)
    with database.transaction() as session:
        session.get_one(Person, zhou.id).roles = frozenset({Role.HEAD, Role.ENGINEER})
    browser = at_desk(zhou)
    _answered(browser)

    page = browser.opens(f"{ALL}?month=2026-11")

    assert page.status == 200 and "周工" in page.text
    assert not [each for each in page.forms if "/decide" in each.action]
