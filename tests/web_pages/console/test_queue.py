"""The desk's live list: what stands on it, for whom, and what its address says (F8, E, C §1)."""

import html
import re
from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from models import Engineer, Person
from services import notes, shared_answers
from settings import ROOT
from tests.services.making import a_report
from web.forms import KEY


@pytest.fixture(autouse=True)
def nothing_is_shared(monkeypatch):
    """Within a test things change faster than anybody at a desk does."""
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


def test_a_row_says_who_where_what_and_by_when(at_desk, clerk, make_engineer, make_ticket):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)

    page = at_desk(clerk).opens("/console/queue?view=answer")

    assert page.status == 200
    for words in (ticket.short, "惠普打印机一直卡纸", "王芳", "财务部", "三楼财务室", "周工"):
        assert words in page.text
    assert "待接单" in page.text and "剩 10 分" in page.text and "微信" in page.text
    assert f"/console/tickets/{ticket.number}" in page.links


def test_the_door_of_the_console_leads_to_what_needs_the_desk(at_desk, clerk, make_ticket):
    ticket = make_ticket()

    page = at_desk(clerk).opens("/console/")

    assert (page.path, page.status) == ("/console/queue", 200)
    assert ticket.short in page.text and "没人接" in page.text


def test_an_empty_list_says_what_happens_next(at_desk, clerk):
    late = at_desk(clerk).opens("/console/queue?view=late")
    todo = at_desk(clerk).opens("/console/queue")

    assert "这里没有工单" in late.text and "不用刷新" in late.text
    assert "现在没有要处理的" in todo.text and "看全部在办" in todo.text


def test_filters_of_the_address_narrow_the_list_and_can_be_taken_back(
    at_desk, clerk, by, make_person, now
):
    wang = make_person()
    by(wang, now).report(a_report(symptom="甲", place="A座305"))
    by(wang, now).report(a_report(symptom="乙", place="B座305"))
    browser = at_desk(clerk)

    page = browser.opens("/console/queue?view=open&place=A座&priority=normal&priority=high")

    assert "甲" in page.text and "乙" not in page.text
    assert "位置：A座" in page.text and "共 1 张" in page.text
    without = next(link for link in page.links if "place" not in link and "priority=high" in link)
    assert "乙" in browser.opens(without).text


@pytest.mark.parametrize(
    "query",
    [
        "view=nonsense&status=x&size=7&sort=drop&engineer=abc&from=2026-13-40&to=x",
        "after=1.99999999999999999.1&view=open",
        "before=0.0.0&view=ended&dir=down",
        "col=number&mode=table&col=x&page=2&engineer=0",
        "place=%25&view=ended&channel=phone",
        "saved=999999999&view=mine&sort=due",
    ],
)
def test_whatever_an_address_says_the_list_is_shown(at_desk, clerk, make_ticket, query):
    make_ticket()

    assert at_desk(clerk).opens(f"/console/queue?{query}").status == 200


def test_a_table_has_the_columns_that_were_chosen(at_desk, clerk, make_ticket):
    ticket = make_ticket()

    page = at_desk(clerk).opens("/console/queue?view=open&mode=table&col=status&col=opened")

    table = page.html[page.html.index("<table") : page.html.index("</table")]
    assert ticket.number in table and "报修时间" in table and "待受理" in table
    assert "部门" not in table


def test_a_page_leads_on_and_back(at_desk, clerk, by, make_person, now):
    wang = make_person()
    for minute in range(27):
        by(wang, now - timedelta(minutes=minute)).report(a_report(symptom=f"第{minute}件"))
    browser = at_desk(clerk)

    first = browser.opens("/console/queue?view=new&size=25")
    second = browser.opens(next(link for link in first.links if "after=" in link))

    assert "第1件" in second.text and "第26件" not in second.text
    back = browser.opens(next(link for link in second.links if "before=" in link))
    assert "第26件" in back.text and "第1件" not in back.text


def test_an_engineer_finds_their_own_and_no_tools_of_the_desk_y1(
    at_desk, make_engineer, make_ticket, database
):
    wu = make_engineer("吴工")
    foreign = make_ticket(Status.IN_PROGRESS, engineer=wu)
    with database.transaction() as session:
        session.get_one(Engineer, wu.id).is_on_duty = False
    zhou = make_engineer("周工")
    mine = make_ticket(Status.ASSIGNED, engineer=zhou)

    page = at_desk(zhou).opens("/console/queue")

    assert mine.number in page.html and "等您接单" in page.text
    assert foreign.number not in page.html
    assert "导出" not in page.text and "吴工" not in page.html


def test_whoever_only_administers_has_no_list(at_desk, make_person):
    assert at_desk(make_person("管理员", Role.ADMIN)).opens("/console/queue").status == 403


# --- what moves by itself -------------------------------------------------------------------------


LIST = re.compile(r'id="live" data-live="([^"]+)" data-mark="([^"]+)"')


def list_in(page):
    found = LIST.search(page.html)
    assert found is not None
    return found


def live(browser, page, mark=None):
    """What live.js asks for."""
    address = html.unescape(list_in(page)[1])
    headers = {"HX-PTag": mark} if mark else {}
    return browser.client.get(address, headers=headers)


def mark_of(page):
    return list_in(page)[2]


def test_a_list_that_did_not_move_is_answered_without_content_t12(at_desk, clerk, make_ticket):
    make_ticket()
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=open")

    answer = live(browser, page, mark_of(page))

    assert (answer.status_code, answer.data) == (304, b"")


def test_a_new_ticket_is_announced_and_pushes_no_row_c2(at_desk, clerk, by, make_person, now):
    wang = make_person()
    by(wang, now).report(a_report(symptom="先来的"))
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=new")

    by(wang, now).report(a_report(symptom="后来的"))
    answer = live(browser, page, mark_of(page))
    text = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "1 张新单" in text and "后来的" not in text
    assert "后来的" in browser.opens("/console/queue?view=new").text


def test_a_row_that_changes_does_so_in_its_place(at_desk, clerk, by, make_engineer, make_ticket):
    zhou = make_engineer("周工")
    first, second = (make_ticket(Status.ASSIGNED, engineer=zhou) for _ in range(2))
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=answer")

    by(zhou).accept(first.id)
    text = live(browser, page, mark_of(page)).get_data(as_text=True)

    assert text.index(first.number) < text.index(second.number)
    assert "已不在此列" in text and "处理中" in text


def test_time_alone_moves_the_list(at_desk, clerk, make_engineer, make_ticket, clock):
    make_ticket(Status.ASSIGNED, engineer=make_engineer("周工"))
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=late")
    assert live(browser, page, mark_of(page)).status_code == 304

    clock.passes(minutes=11)
    answer = live(browser, page, mark_of(page))

    assert answer.status_code == 200 and "1 张新单" in answer.get_data(as_text=True)


def test_rows_asked_for_by_others_ids_are_not_given_h20(at_desk, make_engineer, make_ticket):
    wu = make_engineer("吴工")
    foreign = make_ticket(Status.IN_PROGRESS, engineer=wu)
    browser = at_desk(make_engineer("周工"))

    text = browser.client.get(f"/console/queue/live?view=open&shown={foreign.id}.x.-1").get_data(
        as_text=True
    )

    assert foreign.number not in text


def test_what_stands_above_unchanged_rows_is_sent_without_them_t12(
    at_desk, clerk, by, make_person, now
):
    wang = make_person()
    by(wang, now).report(a_report(symptom="先来的"))
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=new")

    by(wang, now).report(a_report(symptom="后来的"))
    answer = live(browser, page, mark_of(page))
    whole = live(browser, page)

    assert answer.headers["HX-Retarget"] == "#live-head"
    assert "先来的" not in answer.get_data(as_text=True)
    assert "先来的" in whole.get_data(as_text=True) and "HX-Retarget" not in whole.headers
    assert live(browser, page, answer.headers["HX-PTag"]).status_code == 304


def test_an_act_that_no_list_shows_is_answered_without_content_t12(
    at_desk, clerk, desk_of, database, make_ticket
):
    ticket = make_ticket(Status.IN_PROGRESS)
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=open")

    with database.transaction() as session:
        notes.add_note(desk_of(session, clerk), ticket.id, "等配件")

    assert live(browser, page, mark_of(page)).status_code == 304


def test_what_is_personal_is_kept_apart_from_what_all_readers_share(
    at_desk, clerk, make_person, make_ticket, monkeypatch
):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 60.0)
    make_ticket()
    chen, li = at_desk(clerk), at_desk(make_person("李雷", Role.DESK))
    form = chen.opens("/console/queue?view=open&place=A座").form("/console/queue/views")
    form.fields = {name: form.fields[name] for name in ("csrf_token", KEY, "query")}
    chen.sends(form, name="我的楼")

    hers = live(chen, chen.opens("/console/queue?view=open")).get_data(as_text=True)
    his = live(li, li.opens("/console/queue?view=open")).get_data(as_text=True)

    assert "我的楼" in hers and "我的楼" not in his


def test_a_list_vouches_for_what_stands_around_it_t12(at_desk, clerk):
    """Rail and strips need not ask while the list tells the marks that they have."""
    browser = at_desk(clerk)
    page = browser.opens("/console/queue")

    answer = live(browser, page, mark_of(page))

    told = dict(each.split("=") for each in answer.headers["HX-Vouched"].split())
    around = {
        address.partition("?")[0]: mark
        for address, mark in re.findall(r'data-live="([^"]+)"[^>]*data-mark="([^"]+)"', page.html)
        if "/queue/" not in address
    }
    assert around and around.items() <= told.items()


def test_an_engineer_is_never_given_what_was_drawn_for_a_clerk_y1(
    at_desk, clerk, make_engineer, make_ticket, monkeypatch
):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 60.0)
    wu, zhou = make_engineer("吴工"), make_engineer("周工")
    foreign = make_ticket(Status.IN_PROGRESS, engineer=wu)
    mine = make_ticket(Status.IN_PROGRESS, engineer=zhou)
    desk = at_desk(clerk)
    seen = desk.opens("/console/queue?view=open")
    mark = live(desk, seen).headers["HX-PTag"]
    browser = at_desk(zhou)
    browser.opens("/console/queue?view=open")

    address = html.unescape(list_in(seen)[1])
    for headers in ({}, {"HX-PTag": mark}):
        answer = browser.client.get(address, headers=headers)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert mine.number in text and foreign.number not in text
        assert "吴工" not in text


def test_whoever_was_a_clerk_until_now_sees_their_own_at_the_next_question_y1(
    at_desk, make_person, make_engineer, make_ticket, database, monkeypatch
):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 60.0)
    foreign = make_ticket(Status.IN_PROGRESS, engineer=make_engineer("吴工"))
    chen = make_person("陈静", Role.DESK, Role.ENGINEER)
    browser = at_desk(chen)
    page = browser.opens("/console/queue?view=open")
    assert foreign.number in live(browser, page).get_data(as_text=True)

    with database.transaction() as session:
        session.get_one(Person, chen.id).roles = frozenset({Role.ENGINEER})

    answer = live(browser, page, mark_of(page))
    assert foreign.number not in answer.get_data(as_text=True)


def test_drawings_that_are_shared_ask_nothing_of_their_reader():
    for name in ("queue_head", "queue_body", "queue_rows", "queue_row"):
        told = (ROOT / f"web/console/templates/console/{name}.html").read_text(encoding="utf-8")
        for personal in ("reader()", "csrf_token", "request.", " session.", "is_following"):
            assert personal not in told


def test_200_tabs_of_one_moment_ask_the_database_once(
    at_desk, clerk, make_ticket, monkeypatch, database
):
    from sqlalchemy import event

    monkeypatch.setattr(shared_answers, "SHARED_FOR", 60.0)
    make_ticket()
    browser = at_desk(clerk)
    page = browser.opens("/console/queue?view=open")
    live(browser, page, mark_of(page))
    asked = []

    def note(connection, cursor, statement, parameters, context, many):
        asked.append(statement)

    readers = database._readers
    event.listen(readers, "before_cursor_execute", note)
    for _ in range(5):
        assert live(browser, page, mark_of(page)).status_code == 304
    event.remove(readers, "before_cursor_execute", note)

    assert [each for each in asked if "activities" in each or "FROM tickets" in each] == []


def test_columns_stand_in_the_order_and_width_that_their_reader_keeps_c1(
    at_desk, clerk, make_person, make_ticket
):
    ticket = make_ticket()
    browser, path = at_desk(clerk), "/console/queue?view=open&mode=table"
    form = browser.opens(path).form("/console/queue/columns")
    kept = {name: form.fields[name] for name in ("csrf_token", KEY, "query")}
    wanted = {"col_place": "yes", "col_status": "yes", "widths": "place.333 status.9 nonsense.4"}

    answer = browser.client.post(form.action, data={**kept, **wanted})

    html = browser.opens(answer.location).html
    assert re.findall('<th [^>]*data-column="(\\w+)"', html) == [
        "number",
        "symptom",
        "place",
        "status",
    ]
    assert '<col width="333" data-column="place">' in html
    assert '<col width="48" data-column="status">' in html
    moving = f"{path.replace('queue?', 'queue/live?')}&shown={ticket.id}"
    live = browser.client.get(moving).get_data(as_text=True)
    assert live.index('data-column="place"') < live.index('data-column="status"')
    file = browser.client.get("/console/queue/export.csv?view=open&mode=table")
    assert file.data.decode("utf-8-sig").splitlines()[0] == "单号,现象,位置,状态"
    other = at_desk(make_person("李娜", Role.DESK)).opens(path).html
    assert 'data-column="requester"' in other

    browser.sends(browser.opens(path).form("/console/queue/columns/first"))
    assert 'data-column="requester"' in browser.opens(path).html
