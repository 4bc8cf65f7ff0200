"""Saved views, several tickets at once, and files: what is done from the list (C §1, §4, §18)."""

import csv
import io

import openpyxl
import pytest

from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Urgency
from models import SavedView, Ticket
from services import export
from tests.services.making import a_report, all_of, happened, only
from web.forms import KEY

FORMULA = '=HYPERLINK("http://x","点我")'


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


def save_form(browser, address="/console/queue?view=open"):
    """The form of its own, without the boxes of the rows below it."""
    form = browser.opens(address).form("/console/queue/views")
    form.fields = {name: form.fields[name] for name in ("csrf_token", KEY, "query")}
    return form


# --- saved views ----------------------------------------------------------------------------------


def test_a_list_is_kept_under_a_name_and_stands_beside_the_others(
    at_desk, clerk, by, make_person, database, now
):
    by(make_person(), now).report(a_report(symptom="甲", place="A座305"))
    by(make_person(), now).report(a_report(symptom="乙", place="B座305"))
    browser = at_desk(clerk)
    form = save_form(browser, "/console/queue?view=open&place=A座")

    page = browser.sends(form, name="A座的", is_shared="yes")

    assert "甲" in page.text and "乙" not in page.text
    assert "A座的" in page.text
    kept = only(database, SavedView)
    assert kept.query == {"view": ["open"], "place": ["A座"]} and kept.is_shared


def test_a_name_that_is_taken_is_said_beside_it_and_nothing_is_lost(at_desk, clerk, database):
    browser = at_desk(clerk)
    for _ in range(2):
        page = browser.sends(save_form(browser), name="我的")

    assert page.status == 409 and "换个名字" in page.text
    assert len(all_of(database, SavedView)) == 1


def test_views_are_renamed_ordered_and_dropped(at_desk, clerk, database):
    browser = at_desk(clerk)
    for name in ("一", "二"):
        browser.sends(save_form(browser), name=name)
    first, second = all_of(database, SavedView)

    page = browser.opens("/console/queue/views")
    page = browser.sends(page.form(f"/console/queue/views/{second.id}/move"), where="up")
    assert page.text.index("二") < page.text.index("一")
    page = browser.sends(page.form(f"/console/queue/views/{first.id}"), name="壹")
    page = browser.sends(page.form(f"/console/queue/views/{second.id}/delete"))

    assert [each.name for each in all_of(database, SavedView)] == ["壹"]


def test_a_view_of_somebody_else_is_not_found(at_desk, clerk, make_person, database):
    browser = at_desk(clerk)
    browser.sends(save_form(browser), name="我的")
    kept = only(database, SavedView)
    other = at_desk(make_person("李娜", Role.DESK))
    form = save_form(other)
    del form.fields["query"]
    form.action = f"/console/queue/views/{kept.id}"

    assert other.posts(form, name="她的").status_code == 404
    assert only(database, SavedView).name == "我的"


# --- several at once ------------------------------------------------------------------------------


def bulk_page(browser, act, *tickets):
    picked = "&".join(f"t={each.number}" for each in tickets)
    return browser.opens(f"/console/queue/bulk?act={act}&{picked}&back=view%3Dopen")


def test_the_preview_counts_and_says_what_cannot_be_done(
    at_desk, clerk, make_engineer, make_ticket, database
):
    zhou = make_engineer("周工")
    good = make_ticket(Status.ASSIGNED, engineer=zhou)
    ended = make_ticket(Status.CLOSED, engineer=zhou)
    browser = at_desk(clerk)

    page = bulk_page(browser, "urge", good, ended)

    assert "催单：1 张" in page.text and ended.number in page.text
    assert Action.URGE not in happened(database, good.id)
    page = browser.sends(page.form("/console/queue/bulk"))
    assert page.path == "/console/queue/bulk/done" and "催单：办好 1 张" in page.text
    assert happened(database, good.id)[-1] is Action.URGE


def test_what_fails_meanwhile_is_listed_with_its_reason(
    at_desk, clerk, by, make_engineer, make_ticket
):
    zhou = make_engineer("周工")
    first, second = (make_ticket(Status.ASSIGNED, engineer=zhou) for _ in range(2))
    browser = at_desk(clerk)
    page = bulk_page(browser, "cancel", first, second)
    by(clerk).cancel(second.id)

    page = browser.sends(page.form("/console/queue/bulk"), words="重复报修")

    assert "办好 1 张" in page.text and "1 张没有办成" in page.text
    assert second.number in page.text and "这张单现在是「已撤销」" in page.text


def test_words_that_an_act_needs_are_asked_for_and_what_was_chosen_stays(
    at_desk, clerk, make_ticket, database
):
    ticket = make_ticket()
    browser = at_desk(clerk)

    page = browser.sends(bulk_page(browser, "cancel", ticket).form("/console/queue/bulk"))

    assert page.status == 400 and "请写一句" in page.text
    assert page.form("/console/queue/bulk").fields["tickets"] == ticket.number
    assert only(database, Ticket).status is Status.NEW


def test_a_correction_can_be_taken_back(at_desk, clerk, make_ticket, database):
    ticket = make_ticket()
    browser = at_desk(clerk)
    page = bulk_page(browser, "urgency", ticket)
    page = browser.sends(page.form("/console/queue/bulk"), choice="high")
    assert only(database, Ticket).urgency is Urgency.HIGH

    page = browser.sends(page.form("/console/queue/bulk/undo"))

    assert "撤回 1 张" in page.text
    assert only(database, Ticket).urgency is Urgency.NORMAL


def test_the_same_form_sent_twice_acts_once_r089(at_desk, clerk, make_ticket, database):
    ticket = make_ticket()
    browser = at_desk(clerk)
    form = bulk_page(browser, "note", ticket).form("/console/queue/bulk")

    for _ in range(2):
        page = browser.sends(form, words="备件明天到")

    assert "办好 1 张" in page.text
    assert happened(database, ticket.id).count(Action.NOTE) == 1


def test_an_address_cannot_make_the_page_say_what_it_likes(at_desk, clerk):
    page = at_desk(clerk).opens(
        "/console/queue/bulk/done?act=urge&did=<b>x</b>&not=IT20261124-0001:h5.told.broken.text"
    )

    assert page.status == 200
    assert "<b>x" not in page.html and "已经记下了" not in page.text


# --- files ----------------------------------------------------------------------------------------


def test_a_file_holds_exactly_the_view_and_no_formula_c18(at_desk, clerk, by, make_person, now):
    by(make_person(), now).report(a_report(symptom=FORMULA, place="A座305"))
    by(make_person(), now).report(a_report(symptom="别处的", place="B座305"))

    answer = at_desk(clerk).client.get("/console/queue/export.csv?view=open&place=A座")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[0][:2] == ["单号", "现象"] and len(lines) == 2
    assert lines[1][1] == f"'{FORMULA}"


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "　=1", " =1"])
def test_no_beginning_of_a_formula_survives(typed):
    from web.console.queue_export import harmless

    assert harmless(typed).startswith("'")
    assert harmless("打印机 = 坏了") == "打印机 = 坏了"


def test_a_workbook_holds_the_same_rows(at_desk, clerk, make_ticket):
    ticket = make_ticket(symptom="\x02卡纸")

    answer = at_desk(clerk).client.get("/console/queue/export.xlsx?view=open")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][:2] == [ticket.number, "卡纸"]


def test_a_file_that_is_cut_short_says_so(at_desk, clerk, make_ticket, monkeypatch):
    monkeypatch.setattr(export, "MOST", 2)
    for _ in range(3):
        make_ticket()

    text = at_desk(clerk).client.get("/console/queue/export.csv?view=open").data.decode("utf-8-sig")

    assert len(text.splitlines()) == 4
    assert "只导出了前 2 张" in text


def test_a_file_of_many_pieces_has_each_ticket_once(at_desk, clerk, make_ticket, monkeypatch):
    monkeypatch.setattr(export, "_PIECE", 2)
    numbers = [make_ticket().number for _ in range(5)]

    text = at_desk(clerk).client.get("/console/queue/export.csv?view=open").data.decode("utf-8-sig")

    assert [line.partition(",")[0] for line in text.splitlines()[1:]] == numbers


def test_an_engineer_takes_no_file_along_y1(at_desk, make_engineer):
    browser = at_desk(make_engineer("周工"))

    for ending in ("csv", "xlsx"):
        assert browser.client.get(f"/console/queue/export.{ending}").status_code == 403
