"""Promises are made in versions, tried before, never for what was promised already (F14, R4)."""

import re
from datetime import datetime, timedelta

import pytest

from domain.calendar import CHINA, Runs
from domain.escalation import DEFAULT_LADDER, Hearer, Trigger
from domain.permissions import Role
from domain.priority import Priority
from domain.targets import Case, TargetKind
from models import AgreementVersion, Compensation
from services import agreements
from tests.services.making import all_of, only

HOME = "/console/admin/agreement"
OWED = "/console/admin/compensations"
BOXES = ("_p1", "_p2", "_p3", "_hears_engineer", "_hears_desk", "_hears_lead", "_hears_head")


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def browser(at_desk, admin):
    return at_desk(admin)


def as_ticked(page, form):
    """The form as a browser sends it: boxes only where they are ticked, choices as chosen."""
    chosen = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
    ticked = re.compile(r'<input[^>]*type="checkbox" name="([^"]+)" value="1" checked')
    for name, options in chosen.findall(page.html):
        picked = re.findall(r'value="([^"]*)" selected', options)
        form.fields[name] = (picked or re.findall(r'value="([^"]*)"', options))[0]
    boxes = set(ticked.findall(page.html))
    form.fields = {
        name: value
        for name, value in form.fields.items()
        if not (name.endswith(BOXES) or name == "try_complex") or name in boxes or not value
    }
    return form


def the_form(browser, path=f"{HOME}/new"):
    page = browser.opens(path)
    return as_ticked(page, page.form(f"{HOME}/preview"))


def made(browser, **typed):
    preview = browser.sends(the_form(browser), **{"reason": "和财务部谈妥", **typed})
    assert preview.status == 200, preview.text
    return browser.sends(preview.form(HOME))


def test_what_config_says_is_read_whole_where_nobody_made_a_version(browser):
    page = browser.opens(HOME)

    assert "服务器配置 正在用" in page.text
    assert "紧急" in page.text and "其余所有工单" in page.text
    assert "30 分钟 全天计时，节假日也算" in page.text
    assert (
        "再过 30 分钟（服务时间内计时）告诉组长（紧急消息），只对加急、普通工单；承诺的事做到为止。"
        in page.text
    )


def test_the_form_sent_as_it_came_is_the_agreement_as_it_was(browser, site):
    preview = browser.sends(the_form(browser), reason="看一看")

    assert "和正在用的完全一样" in preview.text


def test_a_version_is_tried_previewed_made_and_holds_at_once(browser, site, database):
    preview = browser.sends(
        the_form(browser),
        r2_diagnosis_amount="1",
        reason="和财务部谈妥",
        try_at="2026-11-27T17:40",
        try_priority="3",
    )
    assert (
        "原来 方案或初步诊断：2 小时（服务时间内计时） 现在 方案或初步诊断：1 小时" in preview.text
    )
    assert "11/27 周五 17:40–18:00，20 分钟 → 11/30 周一 08:00–08:40，40 分钟" in preview.text
    assert all_of(database, AgreementVersion) == []

    page = browser.sends(preview.form(HOME))

    assert "已办好" in page.text and "和财务部谈妥" in page.text
    rule = site.rules.agreement.rule_for(Case(Priority.NORMAL, "incident"))
    assert rule.targets[TargetKind.DIAGNOSIS].within == timedelta(hours=1)
    assert site.rules.agreement.id == only(database, AgreementVersion).id
    assert site.rules.agreement.ladder == DEFAULT_LADDER


def test_a_version_from_a_date_waits_and_can_be_withdrawn(browser, site, clock, database):
    page = made(browser, r0_diagnosis_amount="20", starts="2026-12-01T08:00")
    version = only(database, AgreementVersion)
    assert version.effective_from.astimezone(CHINA) == datetime(2026, 12, 1, 8, tzinfo=CHINA)
    assert "还没生效" in page.text and site.rules.agreement.id is None

    page = browser.sends(page.form(f"{HOME}/{version.id}/withdraw"))

    assert "服务器配置 正在用" in page.text
    assert all_of(database, AgreementVersion) == []


def test_a_version_that_holds_is_not_withdrawn(browser, database):
    page = made(browser, r0_diagnosis_amount="20", starts="2026-12-01T08:00")
    version = only(database, AgreementVersion)
    form = page.form(f"{HOME}/{version.id}/withdraw")
    with database.transaction() as session:
        session.get_one(AgreementVersion, version.id).effective_from = version.made_at

    page = browser.sends(form)

    assert page.status == 409 and "已经生效过" in page.text
    assert only(database, AgreementVersion).id == version.id


WRONG = (
    ({"r0_diagnosis_amount": ""}, "这一项一定要承诺"),
    ({"r0_response_amount": "十分"}, "请填整数"),
    ({"r0_diagnosis_amount": "61", "r0_diagnosis_unit": "days"}, "最长 60 天"),
    ({"r0_name": ""}, "请给这种工单起个名称"),
    ({"r1_name": "紧急"}, "名称和上面的重复了"),
    ({"r1_p1": "1", "r1_complex": ""}, "上面的「紧急」已经包含了这一种"),
    ({"r1_complex": ""}, "就会包含所有工单"),
    ({"g0_times": "2"}, "就要写每隔多久"),
    ({"warned": "99"}, "要在 10 到 95 之间"),
    ({"starts": "2026-11-01T08:00"}, "不能早于现在"),
    ({"reason": ""}, "请"),
)


def test_what_cannot_be_promised_is_said_beside_its_field_with_what_was_typed(browser, database):
    form = the_form(browser)
    known = dict(form.fields)

    for typed, said in WRONG:
        form.fields = {**known, "reason": "谈妥", "r2_diagnosis_amount": "7", **typed}
        page = browser.sends(form)

        assert page.status == 400 and said in page.text, said
        assert page.form(f"{HOME}/preview").fields["r2_diagnosis_amount"] == "7"
    assert all_of(database, AgreementVersion) == []


def test_a_step_that_nobody_hears_is_refused(browser):
    form = the_form(browser)
    form.fields = {name: value for name, value in form.fields.items() if "g0_hears" not in name}

    page = browser.sends(form, reason="谈妥")

    assert page.status == 400 and "至少告诉一个人" in page.text


def test_sorts_of_tickets_are_added_and_moved_without_losing_what_was_typed(browser, site):
    form = the_form(browser)
    form.action = f"{HOME}/new"
    page = browser.sends(form, act="add-rule-0", reason="财务部月底")
    form = as_ticked(page, page.form(f"{HOME}/preview"))
    assert form.fields["rules"] == "4" and form.fields["reason"] == "财务部月底"

    typed = {"r2_name": "财务部", "r2_departments": "财务部，审计部", "r2_diagnosis_amount": "1"}
    form.action = f"{HOME}/new"
    page = browser.sends(form, act="up-rule-2", **typed)
    form = as_ticked(page, page.form(f"{HOME}/preview"))
    browser.sends(browser.sends(form).form(HOME))

    names = [rule.name for rule in site.rules.agreement.rules]
    assert names == ["urgent", "财务部", "complex", "ordinary"]
    rule = site.rules.agreement.rule_for(Case(Priority.NORMAL, "incident", "审计部"))
    assert rule.targets[TargetKind.DIAGNOSIS].within == timedelta(hours=1)


def test_steps_of_the_ladder_are_added_moved_and_taken_out(browser, site):
    form = the_form(browser)
    form.action = f"{HOME}/new"
    page = browser.sends(form, act="add-rung-at_risk", reason="早点告诉组长")
    form = as_ticked(page, page.form(f"{HOME}/preview"))
    number = len(DEFAULT_LADDER.rungs)
    form.fields.pop(f"g{number}_hears_head")
    form.action = f"{HOME}/new"
    page = browser.sends(
        form, act=f"up-rung-{number}", **{f"g{number}_hears_lead": "1", f"g{number}_after": "5"}
    )
    form = as_ticked(page, page.form(f"{HOME}/preview"))
    form.action = f"{HOME}/new"
    page = browser.sends(form, act="drop-rung-1")
    form = as_ticked(page, page.form(f"{HOME}/preview"))
    browser.sends(browser.sends(form).form(HOME))

    steps = [each for each in site.rules.agreement.ladder.rungs if each.trigger is Trigger.AT_RISK]
    assert [each.hears for each in steps] == [
        frozenset({Hearer.LEAD}),
        frozenset({Hearer.ENGINEER, Hearer.DESK}),
    ]
    assert len(site.rules.agreement.ladder.rungs) == number


def test_a_button_or_a_count_that_no_page_has_is_a_bad_request(browser):
    form = the_form(browser)
    form.action = f"{HOME}/new"

    for typed in ({"act": "drop-rule-2"}, {"act": "up-rung-99"}, {"act": "x"}, {"rules": "99"}):
        assert browser.posts(form, **typed).status_code == 400


def test_tickets_keep_the_version_that_they_were_opened_under(browser, database, clock):
    made(browser, r2_diagnosis_amount="1")
    clock.passes(minutes=1)
    made(browser, r2_diagnosis_amount="3")

    with database.reading() as session:
        known = agreements.versions(session)
        hours = [
            each.agreement.rule_for(Case(Priority.NORMAL, "incident")).targets[TargetKind.DIAGNOSIS]
            for each in known
        ]
        first = agreements.in_force(known, known[0].effective_from)

    assert [each.within for each in hours] == [timedelta(hours=1), timedelta(hours=3)]
    assert hours[0].runs is Runs.SERVICE_HOURS
    assert first == known[0]


def test_the_head_reads_promises_but_does_not_change_them(at_desk, make_person):
    browser = at_desk(make_person("何总", Role.HEAD))

    page = browser.opens(HOME)

    assert page.status == 200 and f"{HOME}/new?from=given" not in page.links
    assert browser.client.get(f"{HOME}/new").status_code == 403


def test_an_engineer_does_not_come_there(at_desk, make_engineer):
    browser = at_desk(make_engineer())

    assert browser.client.get(HOME).status_code == 403
    assert browser.client.get("/console/attainment").status_code == 403


# --- compensation ---------------------------------------------------------------------------------


def test_a_compensation_is_agreed_shown_and_ended(browser, database):
    form = browser.opens(OWED).form(OWED)

    page = browser.sends(
        form, kind="diagnosis", rule="urgent", late_from="60", words="当月服务费减 1%", points="5"
    )
    assert "方案或初步诊断 · 紧急 · 晚了 1 小时起" in page.text
    row = only(database, Compensation)
    page = browser.sends(page.form(f"{OWED}/{row.id}/end"))

    assert "已停用（1）" in page.text
    assert only(database, Compensation).ends_at is not None


def test_a_compensation_for_the_past_is_refused_beside_its_field(browser, database):
    form = browser.opens(OWED).form(OWED)

    page = browser.sends(
        form, kind="diagnosis", rule="", words="减 1%", starts="2026-11-01T00:00", points="x"
    )

    assert page.status == 400
    assert "不能早于现在" in page.text and "请填整数" in page.text
    assert all_of(database, Compensation) == []
