"""Maintenance windows on pages: planned, shown on top of each, said in forms, told (C §24, K3)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.category import Category
from domain.permissions import Role
from models import MaintenanceWindow, Notice
from services import maintenance_planning, maintenance_tickets
from services.desk import Desk
from services.maintenance_planning import Plan
from tests.services.making import a_report
from web.maintenance_words import bulletin_of

HOME = "/console/maintenance"
NEW = f"{HOME}/new"
NO_KINDS = {f"kind_{each.value}": "" for each in Category}
TYPED = {
    **NO_KINDS,
    "title": "B座网络割接",
    "words": "B座换交换机，期间上不了网。",
    "starts_at": "2026-11-24T20:00",
    "ends_at": "2026-11-24T22:00",
    "areas": "B座 3号楼",
    "ahead": "24",
    "kind_network": "1",
}


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def clerk(at_desk, chen):
    return at_desk(chen)


@pytest.fixture
def writes(clerk):
    def write(path=NEW, **typed):
        return clerk.sends(clerk.opens(path).form(path), **{**TYPED, "act": "keep", **typed})

    return write


@pytest.fixture
def planned(app, database, rules, chen, clock):
    """A window from so many hours from now until so many; answers its id."""

    def plan(begins=0.0, ends=2.0, **facts):
        now, hour = clock(), timedelta(hours=1)
        given = {"title": "B座网络割接", "words": "上不了网。", **facts}
        wanted = Plan(starts_at=now + begins * hour, ends_at=now + ends * hour, **given)
        with app.test_request_context(), database.transaction() as session:
            desk = Desk(session, now, rules, chen)
            return maintenance_planning.plan(desk, wanted, bulletin_of).id

    return plan


@pytest.fixture
def windows(database):
    def read():
        with database.reading() as session:
            return session.scalars(select(MaintenanceWindow)).all()

    return read


# --- planning -------------------------------------------------------------------------------------


def test_a_clerk_plans_a_window_and_reads_what_everybody_will_read_c24(writes, windows):
    page = writes()

    (window,) = windows()
    assert page.path == f"{HOME}/{window.id}" and "即将开始" in page.text
    assert (window.categories, window.areas) == ({Category.NETWORK}, ["B座", "3号楼"])
    assert "11月24日（周二）20:00 至 22:00" in page.text
    assert "网络 · B座、3号楼" in page.text.replace("</bdi>", "")


def test_the_preview_shows_the_bulletin_and_overlaps_and_keeps_nothing(writes, planned, windows):
    planned(9, 10, title="邮箱升级")

    page = writes(act="preview")

    assert len(windows()) == 1
    assert "计划维护：B座网络割接" in page.text and "受影响的：网络（B座、3号楼）" in page.text
    assert "有重叠" in page.text and "邮箱升级" in page.text
    assert page.form(NEW).fields["starts_at"] == TYPED["starts_at"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends_at": "2026-11-24T19:00"}, "结束时间要在开始时间之后"),
        ({"starts_at": "2026-11-23T08:00", "ends_at": "2026-11-23T09:00"}, "已经过去了"),
        ({"ends_at": "2027-11-24T22:00"}, "最多 31 天"),
        ({"starts_at": "2062-11-24T20:00", "ends_at": "2062-11-24T22:00"}, "最多提前一年"),
        ({"starts_at": "每周六"}, "没看明白这个时间"),
        ({"title": ""}, "请写标题"),
        ({"areas": " ".join(f"{each}楼" for each in range(21))}, "最多写 20 个区域"),
        ({"areas": "长" * 21}, "最多 20 个字"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    writes, windows, typed, said
):
    page = writes(**typed)

    assert (page.status, windows()) == (400, [])
    assert said in page.text
    kept = {**TYPED, **typed}
    assert page.form(NEW).fields["words"] == kept["words"]
    assert page.form(NEW).fields["areas"] == kept["areas"]


def test_a_change_is_shown_with_before_and_after_y1(writes, clerk, planned):
    window = planned(9, 11)

    page = writes(f"{HOME}/{window}/edit", ends_at="2026-11-24T23:00", starts_at="2026-11-24T19:30")

    assert page.path == f"{HOME}/{window}"
    assert "结束：2026-11-24 21:30 → 2026-11-24 23:00" in page.text


def test_a_running_one_is_extended_and_ended_early(clerk, planned, windows, clock):
    window = planned(-0.0, 1)
    path = f"{HOME}/{window}"

    page = clerk.sends(clerk.opens(path).form(f"{path}/extend"), minutes="30")
    assert "维护中" in page.text and windows()[0].ends_at == clock() + timedelta(hours=1.5)
    clock.passes(minutes=20)
    page = clerk.sends(page.form(f"{path}/end"))

    assert "已结束" in page.text and windows()[0].ends_at == clock()
    assert clerk.opens(f"{path}/edit").status == 409


def test_the_list_parts_what_runs_from_what_comes_and_what_was(clerk, planned):
    planned(0, 1, title="正在做的")
    planned(5, 6, title="将要做的")

    page = clerk.opens(HOME)

    order = [page.html.rindex(each) for each in ("正在进行", "正在做的", "将要开始", "将要做的")]
    assert order == sorted(order)


def test_who_may_not_plan_finds_neither_list_nor_form(make_person, make_engineer, planned, at_desk):
    window = planned()

    for person in (make_person(), make_engineer()):
        browser = at_desk(person)
        paths = (HOME, NEW, f"{HOME}/{window}")
        assert [browser.opens(path).status for path in paths] == [403] * 3


# --- the line on top ------------------------------------------------------------------------------


def test_what_is_coming_stands_on_each_page_until_its_reader_puts_it_away(
    planned, at_desk, browser_of, make_person, clock
):
    wang = make_person()
    window = planned(0.25, 0.75)
    portal, phone = at_desk(wang), browser_of(wang)
    assert "计划维护" in phone.opens("/h5/").text

    page = portal.opens("/portal/tickets")
    page = portal.sends(page.form(f"/portal/maintenance/{window}/dismiss"))

    assert page.path == "/portal/tickets", "on with what was read"
    assert "计划维护" not in page.text
    assert "maintained" not in phone.opens("/h5/").html
    clock.passes(minutes=15)
    for shown in (portal.opens("/portal/"), phone.opens("/h5/")):
        assert "维护中" in shown.text and "预计 11:15 恢复" in shown.text
        assert "dismiss" not in shown.html


def test_the_way_back_is_one_of_ours(planned, at_desk, make_person):
    """S-116: a form that was tampered with leads nowhere else."""
    window = planned(1, 2)
    browser = at_desk(make_person())
    form = browser.opens("/portal/").form(f"/portal/maintenance/{window}/dismiss")

    answer = browser.posts(form, back="//evil.example.com/portal/")

    assert answer.location == "/portal/"


def test_a_console_that_stays_open_hears_of_it_by_itself(planned, clerk, at_desk, make_engineer):
    zhou = at_desk(make_engineer())
    bar = f"{HOME}/bar?back=/console/queue"
    assert "maintained" not in clerk.opens(bar).html
    window = planned()

    shown = clerk.opens(bar)

    assert f"{HOME}/{window}" in shown.links and "维护中" in shown.text
    mark = shown.response.headers["HX-PTag"]
    assert clerk.client.get(bar, headers={"HX-PTag": mark}).status_code == 304
    (way,) = zhou.opens(bar).links
    assert way.startswith("/portal/bulletins/") and zhou.opens(way).status == 200


# --- forms and tickets ----------------------------------------------------------------------------


def test_each_form_of_a_report_says_what_the_fault_may_come_from(
    planned, clerk, at_desk, browser_of, make_person
):
    wang = make_person()
    planned(categories=frozenset({Category.NETWORK}), areas=("B座",))
    portal, phone = at_desk(wang), browser_of(wang)
    said = "您遇到的可能就是它"

    def hint(browser, page, path, **typed):
        token = browser.opens(page).form(page).fields["csrf_token"]
        answer = browser.client.post(path, data={"csrf_token": token, **typed})
        return answer.get_data(as_text=True)

    at_portal = (portal, "/portal/report", "/portal/report/hint")
    assert said in hint(*at_portal, fault="上不了网", place="B座201", category="")
    assert said not in hint(*at_portal, fault="上不了网", place="A座305", category="")
    assert said not in hint(*at_portal, fault="B座201 打印机卡纸", place="", category="")
    in_chat = (phone, "/h5/report", "/h5/knowledge/like")
    assert said in hint(*in_chat, fault="B座201 上不了网")
    assert said not in hint(*in_chat, fault="A座305 上不了网")
    at_phone = (clerk, "/console/phone", "/console/phone/reading")
    assert "多半是它" in hint(*at_phone, fault="上不了网", place="B座201")


def test_a_ticket_of_a_window_leads_to_it_and_all_are_answered_by_one_button(
    planned, clerk, make_person, make_engineer, database, rules, clock
):
    make_engineer()
    wang = make_person()
    window = planned(0, 0.25)
    with database.transaction() as session:
        number = Desk(session, clock(), rules, wang).report(a_report()).ticket.number

    page = clerk.opens(f"/console/tickets/{number}")
    assert f"{HOME}/{window}" in page.links and "报修时正在维护「B座网络割接」" in page.text
    path = f"{HOME}/{window}"
    page = clerk.opens(path)
    assert number in page.text and "一次告知" in page.text
    clock.passes(minutes=15)
    page = clerk.sends(clerk.opens(path).form(f"{path}/restored"))

    assert "已告知" in page.text and f"{path}/restored" not in page.html
    with database.reading() as session:
        told = select(func.count()).where(Notice.text_key == maintenance_tickets.RESTORED)
        assert session.scalar(told) == 1
    assert "已告知报修人" in clerk.opens(f"/console/tickets/{number}").text
