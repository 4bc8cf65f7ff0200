"""The service calendar's pages: tried, changed after a preview of what it does, recorded (F15)."""

from datetime import date, timedelta

import pytest

from domain.calendar import Span
from domain.lifecycle import Status
from domain.permissions import Role
from models import AuditEntry, Notice, ServiceDay, ServiceWeek, Ticket
from services import service_calendar
from tests.services.making import all_of, only
from tests.web_pages.admin.test_admin import unticked

HOME = "/console/admin/calendar"
LUNCH = {"a": "08:00", "b": "12:00", "c": "13:00", "d": "18:00"}
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月13日（周六）上班。"""


@pytest.fixture
def browser(at_desk, make_person):
    return at_desk(make_person("罗敏", Role.ADMIN))


@pytest.fixture
def previews(browser):
    """`previews("day", day=…)`: the preview that comes of a form, filled in."""

    def previews(name, **typed):
        form = browser.opens(f"{HOME}/{name}").form(f"{HOME}/{name}/preview")
        return browser.sends(unticked(form), **typed)

    return previews


def confirm(browser, preview, name, **typed):
    return browser.sends(preview.form(f"{HOME}/{name}/change"), **typed)


def a_week(**days):
    """Monday to Friday from eight to six with lunch, or what is said otherwise."""
    typed = {f"d{day}_{edge}": at for day in (1, 2, 3, 4, 5, 8) for edge, at in LUNCH.items()}
    typed |= {f"d{day}_{edge}": "" for day in (6, 7) for edge in LUNCH}
    return {"since": "2026-12-01", **typed, **days}


# --- seen ----------------------------------------------------------------------------------------


def test_sixty_days_are_drawn_and_each_says_what_it_is(browser):
    page = browser.opens(HOME)

    assert page.html.count('class="year__day') == 63
    assert f"{HOME}/day?day=2026-11-24" in page.links
    assert f"{HOME}/day?day=2026-11-23" not in page.links
    assert "周一至周五 8:00–18:00 周六至周日 休息 调休上班日 8:00–18:00 法定假日 休息" in page.text


def test_a_promise_is_tried_with_its_derivation(browser):
    page = browser.opens(f"{HOME}?on=2026-11-27&at=17:40&long=2&unit=hours&runs=service_hours")

    assert "应于 11月30日 9:40 前" in page.text
    assert "2026年11月27日 周五 17:40–18:00 20 分钟" in page.text
    assert "2026年11月30日 周一 8:00–9:40 1 小时 40 分钟" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        "on=x&at=17:40&long=2",
        "on=2026-11-27&at=99:99&long=2",
        "on=2026-11-27&at=17:40&long=-2",
        "on=2026-11-27&at=17:40&long=9999&unit=hours",
        "on=9999-12-31&at=17:40&long=2",
        "on=2026-11-27&at=17:40&long=%00&unit=x&runs=x",
        "long=٣",
    ],
)
def test_what_cannot_be_tried_is_said_kindly(browser, asked):
    page = browser.opens(f"{HOME}?{asked}")

    assert page.status == 200
    assert ("请填日期、时间和整数" in page.text) is (asked != "long=٣")


# --- a week --------------------------------------------------------------------------------------


def test_a_week_holds_from_its_date_after_a_preview(browser, previews, site, database):
    preview = previews("week", **a_week(d6_a="09:00", d6_b="12:00"))
    assert all_of(database, ServiceWeek) == []
    assert "周一 原来 8:00–18:00 现在 8:00–12:00、13:00–18:00" in preview.text
    assert "周六 原来 休息 现在 9:00–12:00" in preview.text

    page = confirm(browser, preview, "week")

    assert "已办好" in page.text and "2026年12月1日 周二 起" in page.text
    assert site.rules.hours.hours_of(date(2026, 11, 30)) == (Span(480, 1080),)
    assert site.rules.hours.hours_of(date(2026, 12, 5)) == (Span(540, 720),)


def test_a_planned_week_is_taken_back(browser, previews, database):
    confirm(browser, previews("week", **a_week()), "week")

    preview = browser.sends(browser.opens(HOME).form(f"{HOME}/week-out/preview"))
    assert "周一 原来 8:00–12:00、13:00–18:00 现在 8:00–18:00" in preview.text
    confirm(browser, preview, "week-out")

    assert all_of(database, ServiceWeek) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"d1_b": ""}, "请填成对的时间"),
        ({"d1_a": "13:00", "d1_b": "12:00"}, "结束要晚于开始"),
        ({"d1_c": "11:00"}, "第二段要在第一段之后"),
        ({"d1_c": "12:00"}, "中间要隔开"),
        ({"d1_a": "x"}, "请填成对的时间"),
        ({"since": "2026-11-23"}, "已经过去的日子不能再改"),
        ({"since": "2099-01-01"}, "太远了"),
        ({"since": "12.1"}, "请选一个日期"),
    ],
)
def test_a_week_that_cannot_be_stays_in_the_form_with_the_reason(previews, typed, told):
    page = previews("week", **a_week(**typed))

    assert page.status == 400
    assert told in page.text
    fields = page.form(f"{HOME}/week/preview").fields
    assert all(fields[name] == value for name, value in typed.items())


def test_a_desk_that_is_never_there_is_none(previews):
    page = previews("week", **{name: "" for name in a_week()} | {"since": "2026-12-01"})

    assert page.status == 400 and "这样就没有任何服务时间了" in page.text


# --- days ----------------------------------------------------------------------------------------


def test_a_day_off_says_how_many_tickets_move_and_tells_who_waits(
    browser, previews, make_ticket, database
):
    ticket = make_ticket(Status.IN_PROGRESS)

    preview = previews("day", day="2026-11-24", note="全楼停电")
    assert "1 张未办结工单的时限往后推，最多推后 21 小时 30 分钟" in preview.text
    assert f"{ticket.number} 惠普打印机一直卡纸 方案或初步诊断 12:30 明天 10:00" in preview.text

    confirm(browser, preview, "day", is_told="1")

    moved = only(database, Ticket).resolution_due_at - ticket.resolution_due_at
    assert moved == timedelta(hours=21, minutes=30)
    assert len(all_of(database, Notice, text_key="notice.due_moved")) == 1
    (entry,) = all_of(database, AuditEntry, action="calendar.change")
    assert entry.after == {"note": "全楼停电", "hours": []}


def test_days_in_a_row_get_hours_of_their_own(browser, previews, site):
    preview = previews(
        "day",
        day="2026-11-28",
        until="2026-11-29",
        note="系统割接值守",
        is_open="1",
        own_a="20:00",
        own_b="00:00",
    )
    page = confirm(browser, preview, "day")

    assert "系统割接值守 20:00–24:00" in page.text
    assert site.rules.hours.hours_of(date(2026, 11, 29)) == (Span(1200, 1440),)
    shown = browser.opens(f"{HOME}/day?day=2026-11-29").form(f"{HOME}/day/preview").fields
    assert (shown["note"], shown["own_a"], shown["own_b"]) == ("系统割接值守", "20:00", "00:00")


def test_a_day_is_given_back_to_the_week(browser, previews, database):
    confirm(browser, previews("day", day="2026-11-25", note="公司年会"), "day")

    preview = browser.sends(browser.opens(HOME).form(f"{HOME}/day-out/preview"))
    assert "现在 按一周的时间和放假安排" in preview.text
    confirm(browser, preview, "day-out")

    assert all_of(database, ServiceDay) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"until": "2026-11-24"}, "要在开始那天之后"),
        ({"until": "2027-11-24"}, "一次最多 31 天"),
        ({"is_open": "1", "own_a": "", "own_b": ""}, "提供服务的话，请填时间"),
        ({"note": ""}, "invalid-feedback"),
    ],
)
def test_days_that_cannot_be_stay_in_the_form_with_the_reason(previews, typed, told):
    page = previews("day", **{"day": "2026-11-25", "note": "公司年会", **typed})

    assert page.status == 400
    assert told in page.html


def test_two_admins_do_not_write_over_each_other(browser, previews, database):
    mine = previews("day", day="2026-11-25", note="公司年会")
    confirm(browser, previews("day", day="2026-11-26", note="消防演习"), "day")

    page = confirm(browser, mine, "day")

    assert page.status == 409
    assert "别人已经改了这里" in page.text
    assert [each.note for each in all_of(database, ServiceDay)] == ["消防演习"]


# --- a year --------------------------------------------------------------------------------------


@pytest.fixture
def unpublished(site, database):
    """The desk as it is shipped: the library knows the years to 2026."""
    site.office.refresh()
    site.rules.put(site.office.rules_with({}))


@pytest.mark.usefixtures("unpublished")
def test_a_year_that_nobody_entered_is_asked_for_and_marks_what_is_due_in_it(browser):
    """R-072: it is November."""
    page = browser.opens(f"{HOME}?on=2026-12-31&at=17:00&long=2&unit=hours")

    assert "2027 年的放假和调休还没有录入" in page.text
    assert "应于 2027年1月1日 9:00 前 假期安排未公布" in page.text
    assert "is-unsure" in page.html


def test_the_published_notice_is_pasted_read_and_in_force(browser, previews, database, site):
    preview = previews("year", year="2027", notice=NOTICE)
    assert "2027年2月13日 周六" in preview.text and "8:00–18:00 春节调休" in preview.text
    assert "2027 年放假安排 原来 未公布 现在 已录入" in preview.text

    page = confirm(browser, preview, "year")

    assert "2027 年的放假和调休还没有录入" not in page.text
    with database.reading() as session:
        rows = service_calendar.own(session)
    assert rows.years == {2027} and len(rows.days) == 11
    assert site.rules.hours.is_working_day(date(2027, 2, 13))
    assert not site.rules.hours.is_working_day(date(2027, 1, 1))


def test_the_notice_of_another_year_is_noticed_by_its_weekdays(previews):
    page = previews("year", year="2027", notice=NOTICE.replace("周五", "周四"))

    assert page.status == 400
    assert "对不上 2027 年的日期或星期" in page.text
    assert "春节" in page.form(f"{HOME}/year/preview").fields["notice"]


def test_a_year_may_be_entered_day_by_day(browser, previews, database):
    assert previews("year", year="2027", by_hand="").status == 400

    confirm(browser, previews("year", year="2027", by_hand="1"), "year")

    with database.reading() as session:
        assert service_calendar.own(session).years == {2027}


# --- who may -------------------------------------------------------------------------------------


def test_nobody_but_an_admin_comes_here(at_desk, make_person):
    head = at_desk(make_person("何总", Role.HEAD, Role.DESK))

    paths = ("", "/week", "/day", "/year")
    assert [head.opens(HOME + path).status for path in paths] == [403] * 4


@pytest.mark.parametrize("path", ["/x", "/week-out", "/day?day=x", "/day?day=2026-02-30"])
def test_an_address_that_names_nothing_is_no_error(browser, path):
    assert browser.opens(HOME + path).status in (200, 404, 405)


def test_a_year_that_the_form_does_not_offer_is_a_bad_request(browser, previews):
    assert previews("year", year="1999", notice=NOTICE).status == 400


@pytest.mark.usefixtures("unpublished")
def test_what_is_due_in_a_year_without_an_arrangement_is_marked_for_whoever_waits(
    browser_of, make_person, make_ticket, database
):
    """R-072."""
    wang = make_person("王芳")
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang)
    with database.transaction() as session:
        row = session.get_one(Ticket, ticket.id)
        row.resolution_due_at = ticket.resolution_due_at + timedelta(days=41)

    phone = browser_of(wang).opens(f"/h5/tickets/{ticket.number}")

    assert "2027年1月4日 12:30（假期安排未公布）" in phone.text
