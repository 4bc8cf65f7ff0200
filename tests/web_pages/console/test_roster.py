"""The roster's pages: looked at, painted, filled from patterns; what it lacks is said (D1)."""

from datetime import timedelta

import pytest

from domain.permissions import Role
from domain.roster import Asked, Work
from models import AuditEntry, Duty, Leave, Notice, RosterPattern, Shift
from tests.services.making import all_of, only

WEEK = "/console/roster?week=2026-11-23"
WEDNESDAY = "2026-11-25"


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def at_roster(at_desk, clerk, zhou):
    """The planner's browser, with the shifts that most desks have."""
    browser = at_desk(clerk)
    page = browser.opens("/console/roster")
    browser.sends(page.form("/console/roster/begin"))
    return browser


def shift_called(database, name):
    return only(database, Shift, name=name)


def paint(browser, shift_id, *cells, week=WEEK):
    page = browser.opens(f"{week}&brush={shift_id}")
    return browser.sends(page.form("/console/roster/paint"), cell=" ".join(cells))


def test_a_desk_without_shifts_begins_with_the_usual_ones_that_are_all_day(at_roster, database):
    page = at_roster.opens(WEEK)

    assert [each.name for each in all_of(database, Shift)] == [
        "白班",
        "外勤",
        "夜间待命",
        "假日待命",
    ]
    assert "夜间待命" in page.text and "18:00–次日 8:00" in page.text
    assert page.text.count("缺 1 人") >= 1


def test_a_press_on_a_cell_puts_the_shift_there_and_a_second_one_takes_it_off(
    at_roster, database, zhou
):
    night = shift_called(database, "夜间待命")

    page = paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")

    duty = only(database, Duty)
    assert page.status == 200
    assert (duty.person_id, duty.work, duty.position) == (zhou.id, Work.ON_CALL, 1)
    assert (duty.begins_at.hour, duty.ends_at - duty.begins_at) == (10, timedelta(hours=14))

    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")
    assert all_of(database, Duty) == []


def test_several_days_are_painted_in_one_press(at_roster, database, zhou):
    field = shift_called(database, "外勤")

    paint(at_roster, field.id, *(f"{zhou.id}:2026-11-{day}" for day in (25, 26, 27)))

    assert len(all_of(database, Duty)) == 3


def test_who_has_leave_is_not_planned_and_the_page_says_so(at_roster, database, zhou, clock):
    with database.transaction() as session:
        session.add(
            Leave(
                person_id=zhou.id,
                begins_at=clock() + timedelta(hours=12),
                ends_at=clock() + timedelta(hours=36),
                reason="家里有事",
                state=Asked.GRANTED,
                asked_at=clock(),
            )
        )
    night = shift_called(database, "夜间待命")

    page = paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")

    assert "这段时间已经准假" in page.text
    assert all_of(database, Duty) == []


def test_what_is_over_is_not_painted(at_roster, database, zhou):
    desk = shift_called(database, "白班")

    page = paint(at_roster, desk.id, f"{zhou.id}:2026-11-23")

    assert "已经过去的班不能再改" in page.text
    assert all_of(database, Duty) == []


def test_a_cell_of_nobody_is_not_found(at_roster, database):
    night = shift_called(database, "夜间待命")

    page = paint(at_roster, night.id, f"99999:{WEDNESDAY}", "x:y", "7:never")

    assert page.status == 404


def test_somebody_on_call_who_cannot_be_reached_is_named(at_roster, database, make_engineer):
    lost = make_engineer("吴工", openid=None, phone="13800005555")
    night = shift_called(database, "夜间待命")

    page = paint(at_roster, night.id, f"{lost.id}:{WEDNESDAY}")

    assert "吴工 还没有绑定微信" in page.text


def test_an_engineer_looks_and_cannot_paint(at_roster, at_desk, database, zhou):
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")

    page = at_desk(zhou).opens(f"{WEEK}&brush={night.id}")

    assert "周工" in page.text and "夜间待命" in page.text
    assert "要留意" not in page.text
    assert [form for form in page.forms if "/roster/" in form.action] == []


def test_a_vendors_people_see_their_own_duties_alone(
    at_roster, at_desk, database, zhou, make_person
):
    vendor = make_person("维保李工", Role.VENDOR)
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}", f"{vendor.id}:{WEDNESDAY}")
    duties = {each.person_id: each.id for each in all_of(database, Duty)}
    browser = at_desk(vendor)

    page = browser.opens(WEEK)

    assert "维保李工" in page.text and "周工" not in page.text
    assert browser.opens(f"/console/roster/duties/{duties[vendor.id]}").status == 200
    assert browser.opens(f"/console/roster/duties/{duties[zhou.id]}").status == 404


def test_a_duty_is_given_to_a_colleague_for_other_hours(at_roster, database, zhou, make_engineer):
    zheng = make_engineer("郑工")
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")
    duty = only(database, Duty)
    path = f"/console/roster/duties/{duty.id}"
    form = at_roster.opens(path).form(path)

    page = at_roster.sends(
        form, person=zheng.id, category="network", begins="2026-11-25T20:00", position="2"
    )

    changed = only(database, Duty)
    assert page.status == 200 and "已改好" in page.text
    assert (changed.person_id, changed.position, changed.begins_at.hour) == (zheng.id, 2, 12)
    assert [each.action for each in all_of(database, AuditEntry)][-1] == "duty.change"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends": "2026-11-24T08:00"}, "结束要晚于开始"),
        ({"begins": "soon"}, "时间写成"),
        ({"position": "0"}, "填 1 到 99"),
        ({"person": "nobody"}, "请"),
    ],
)
def test_a_duty_that_cannot_be_is_shown_again_with_what_was_typed(
    at_roster, database, zhou, typed, said
):
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")
    path = f"/console/roster/duties/{only(database, Duty).id}"
    form = at_roster.opens(path).form(path)

    page = at_roster.sends(form, **{"person": zhou.id, **typed})

    assert page.status == 400
    assert said in page.text


def test_a_shift_of_the_night_is_typed_and_its_duties_move_with_it(at_roster, database, zhou):
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")
    path = f"/console/roster/shifts/{night.id}"
    form = at_roster.opens(path).form(path)

    page = at_roster.sends(
        form, name="夜班", work="on_call", begins="20:00", ends="06:00", working_days="yes",
        days_off="yes", moves="yes",
    )  # fmt: skip

    duty = only(database, Duty)
    assert "1 个排好的班跟着改了" in page.text
    assert (duty.begins_at.hour, duty.ends_at - duty.begins_at) == (12, timedelta(hours=10))


def test_two_shifts_do_not_have_one_name(at_roster):
    form = at_roster.opens("/console/roster/shifts/new").form("/console/roster/shifts/new")

    page = at_roster.sends(form, name="白班", work="desk", days_off="yes")

    assert page.status == 400
    assert "已经有叫「白班」的了" in page.text


def test_a_pattern_is_written_looked_at_and_filled(at_roster, database, zhou, make_engineer):
    make_engineer("郑工")
    browser = at_roster
    new = "/console/roster/patterns/new"
    form = browser.opens(f"{new}?shape=week_by_turn").form(new)
    assert form.fields["days"] == "夜间待命×7 休×7"

    looked = browser.sends(form, name="夜间轮值", people="周工\n郑工", step="7", act="look")
    assert looked.status == 200 and "四周里谁上什么班" in looked.text
    browser.sends(looked.form(new), act="keep")
    assert only(database, RosterPattern).step == 7

    span = "/console/roster/fill?since=2026-11-24&until=2026-12-06"
    page = browser.opens(span)
    assert "会排上 13 个班" in page.text
    page = browser.sends(page.forms[-1])

    assert "排好了 13 个班" in page.text
    duties = all_of(database, Duty)
    assert {each.person_id for each in duties[:6]} == {zhou.id}
    assert "这段时间都排好了" in browser.opens(span).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": "晚班×2"}, "没有叫「晚班」的班次"),
        ({"days": "休×3"}, "至少有一天上班"),
        ({"people": "张三"}, "没有叫「张三」的同事"),
        ({"people": "周工 周工"}, "每人写一次"),
        ({"since": "tomorrow"}, "日期写成"),
    ],
)
def test_a_pattern_that_says_nothing_sensible_is_shown_again(at_roster, typed, said):
    new = "/console/roster/patterns/new"
    form = at_roster.opens(new).form(new)
    facts = {"name": "轮值", "days": "白班", "people": "周工", "act": "keep", **typed}

    page = at_roster.sends(form, **facts)

    assert page.status == 400
    assert said in page.text


def test_last_week_once_more(at_roster, database, zhou):
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}", f"{zhou.id}:2026-11-27")
    form = at_roster.opens("/console/roster?week=2026-11-30").form("/console/roster/copy")

    page = at_roster.sends(form)

    assert "照上周排了 2 个班" in page.text
    assert len(all_of(database, Duty)) == 4


def test_each_is_told_of_their_own_duties_in_one_message(at_roster, database, zhou):
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}", f"{zhou.id}:2026-11-27")

    page = at_roster.sends(at_roster.opens(WEEK).form("/console/roster/tell"))

    notice = only(database, Notice, text_key="roster_plan_told.own")
    assert "已通知 1 个人" in page.text
    assert (notice.recipient_id, notice.say["facts"]["count"]) == (zhou.id, 2)


def test_the_chain_says_who_is_called_at_night(at_roster, database, zhou):
    night = shift_called(database, "夜间待命")
    paint(at_roster, night.id, f"{zhou.id}:{WEDNESDAY}")

    page = at_roster.opens("/console/roster/chain?at=2026-11-25T23:00")

    assert "周工 值班" in page.text


@pytest.mark.parametrize(
    "query", ["week=never", "month=2026-13", "month=9999-12", "week=0001-01-01", "brush=x&team=y"]
)
def test_an_address_that_means_nothing_shows_this_week(at_roster, query):
    page = at_roster.opens(f"/console/roster?{query}")

    assert page.status == 200
    assert "11月23日 – 11月29日" in page.text


def test_a_month_is_shown_whole(at_roster):
    page = at_roster.opens("/console/roster?month=2027-02")

    assert page.status == 200
    assert "2027年2月" in page.text
