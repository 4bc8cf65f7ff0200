"""The admin's pages: checked, previewed, confirmed, recorded; and nobody else's business (Y1)."""

import io
from datetime import timedelta

import openpyxl
import pytest

from domain.permissions import Role
from models import ApiToken, Engineer, OfficeSetting, Person
from tests.services.making import all_of, only

HOME = "/console/admin"


BOXES = ("role_", "skill_", "scope_", "is_on_duty")


def unticked(form):
    """The form with no box ticked: the tests' browser sends every box that it sees."""
    form.fields = {name: value for name, value in form.fields.items() if not name.startswith(BOXES)}
    return form


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


@pytest.fixture
def browser(at_desk, admin):
    return at_desk(admin)


def test_the_check_list_shows_what_is_missing_until_it_is_laid_aside(browser, make_engineer):
    page = browser.opens(f"{HOME}/")
    assert "还没有工程师，工单派不出去" in page.text

    make_engineer(skills=["printer"])
    page = browser.opens(f"{HOME}/")
    assert "还没有工程师" not in page.text and "有 10 类故障没有人会修" in page.text

    page = browser.sends(page.form(f"{HOME}/steps/backup"))
    assert page.form(f"{HOME}/steps/backup").fields["aside"] == "0"


def test_a_person_is_changed_after_a_preview_and_the_record_shows_it(
    browser, make_engineer, database
):
    zhou = make_engineer(skills=["printer"])
    form = browser.opens(f"{HOME}/people/{zhou.id}/edit").form(f"{HOME}/people/{zhou.id}/preview")
    kept = {"level": "3", "role_engineer": "1", "skill_printer": "1", "skill_network": "1"}

    preview = browser.sends(unticked(form), **kept)
    assert only(database, Engineer).level == 1
    assert "原来 1" in preview.text and "现在 3" in preview.text

    page = browser.sends(preview.form(f"{HOME}/people/{zhou.id}"))
    assert only(database, Engineer).level == 3
    assert "何敏 修改人员" in page.text and "打印机、网络" in page.text


def test_a_number_that_is_none_is_said_beside_the_field_with_what_was_typed(browser):
    form = browser.opens(f"{HOME}/people/new").form(f"{HOME}/people")

    page = browser.sends(unticked(form), name="赵雪", phone="打我手机")

    assert page.status == 400
    assert "不像电话号码" in page.text
    assert page.form(f"{HOME}/people").fields["name"] == "赵雪"


def test_nobody_dismisses_themselves_and_the_page_says_why(browser, admin):
    form = browser.opens(f"{HOME}/people/{admin.id}/edit").form(f"{HOME}/people/{admin.id}/preview")

    page = browser.sends(unticked(form), role_desk="1")

    assert page.status == 400
    assert "不能取消自己的管理员身份" in page.text


def test_a_code_is_shown_once_and_the_same_form_again_makes_none(browser, make_person):
    wang = make_person(openid=None)
    form = browser.opens(f"{HOME}/people/{wang.id}").form(f"{HOME}/people/{wang.id}/code")

    first = browser.posts(form)
    again = browser.posts(form)

    assert first.status_code == 200 and "只显示这一次" in first.get_data(as_text=True)
    assert (again.status_code, again.location) == (303, f"{HOME}/people/{wang.id}")


def test_hours_are_previewed_with_what_they_mean_and_hold_at_once(browser, site, database, clock):
    form = browser.opens(f"{HOME}/hours").form(f"{HOME}/hours/preview")

    preview = browser.sends(form, resolve_within_minutes="240")
    assert "现在（10:30）受理的一般工单，应在 10:40 前接单，14:30 前解决" in preview.text
    assert all_of(database, OfficeSetting) == []

    browser.sends(preview.form(f"{HOME}/hours/change"))
    assert site.rules.targets.resolve_within == timedelta(hours=4)


def test_hours_that_cannot_be_stay_in_the_form_with_the_reason(browser):
    form = browser.opens(f"{HOME}/hours").form(f"{HOME}/hours/preview")

    page = browser.sends(form, reopen_within_days="366", respond_within_minutes="0")

    assert page.status == 400
    assert "不能小于 1" in page.text
    assert page.form(f"{HOME}/hours/preview").fields["reopen_within_days"] == "366"


def test_a_sentence_is_reworded_after_a_preview_and_read_at_once(browser, make_person):
    path = f"{HOME}/texts/category.printer"
    form = browser.opens(path).form(f"{path}/preview")

    preview = browser.sends(form, words="打印与复印")
    browser.sends(preview.form(path))
    assert "打印与复印" in browser.opens(f"{HOME}/skills").text

    browser.sends(browser.opens(path).form(f"{path}/reset"))
    assert "打印与复印" not in browser.opens(f"{HOME}/skills").text


def test_a_sentence_with_a_place_that_it_never_had_is_refused(browser):
    path = f"{HOME}/texts/category.printer"
    form = browser.opens(path).form(path + "/preview")

    page = browser.sends(form, words="{secret}")

    assert page.status == 400
    assert "原文里没有 secret 这项内容" in page.text


def test_what_is_typed_into_a_sentence_is_shown_and_not_run(browser):
    path = f"{HOME}/texts/category.printer"

    page = browser.sends(browser.opens(path).form(path + "/preview"), words="<script>1</script>")

    assert "<script>1</script>" not in page.html
    assert "&lt;script&gt;1&lt;/script&gt;" in page.html


def test_a_token_is_shown_once_and_revoked(browser, admin, database):
    form = unticked(browser.opens(f"{HOME}/tokens").form(f"{HOME}/tokens"))
    wanted = {"name": "机房监控", "person_id": str(admin.id), "days": "30"}

    refused = browser.posts(form, **wanted)
    assert refused.status_code == 400 and "至少勾一项权限" in refused.get_data(as_text=True)

    made = browser.posts(form, **wanted, scope_alarms_open="1").get_data(as_text=True)
    token = only(database, ApiToken)
    assert f"{token.ending}</code>" in made
    listed = browser.opens(f"{HOME}/tokens")
    assert f"…{token.ending}" in listed.text

    browser.sends(listed.form(f"{HOME}/tokens/{token.id}/revoke"))
    assert only(database, ApiToken).revoked_at is not None


def test_a_list_is_shown_then_taken_in_and_wrong_rows_come_back(browser, database):
    book = openpyxl.Workbook()
    for row in (("姓名", "电话", "角色"), ("赵雪", "13800002222", "工程师"), ("钱", "x", "")):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    form = browser.opens(f"{HOME}/import/people").form(f"{HOME}/import/people")

    preview = browser.sends(form, file=(io.BytesIO(out.getvalue()), "名单.xlsx"))
    assert "1 行新增" in preview.text and "「电话」：「x」不像电话号码" in preview.text
    wrong = browser.client.get(f"{HOME}/import/people/wrong.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(wrong.data)).worksheets[0]["A2"].value == "钱"

    done = browser.posts(preview.form(f"{HOME}/import/people/confirm")).get_data(as_text=True)
    assert "新同事的加入码" in done
    assert only(database, Person, name="赵雪").initials == "zx"


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", b"\xd0\xcf\x11\xe0 old"])
def test_a_file_that_is_no_list_is_refused_kindly(browser, content):
    form = browser.opens(f"{HOME}/import/devices").form(f"{HOME}/import/devices")

    page = browser.sends(form, file=(io.BytesIO(content), "设备.xlsx"))

    assert page.status == 400
    assert "invalid-feedback" in page.html


def test_the_record_is_filtered_and_shows_before_and_after_in_words(browser, make_person):
    wang = make_person()
    edit = browser.opens(f"{HOME}/people/{wang.id}/edit").form(f"{HOME}/people/{wang.id}/preview")
    preview = browser.sends(unticked(edit), department="人事部")
    browser.sends(preview.form(f"{HOME}/people/{wang.id}"))

    page = browser.opens(f"{HOME}/audit?kind=person&since=2026-11-24")

    assert "原来 财务部" in page.text and "现在 人事部" in page.text
    assert "没有符合的记录" in browser.opens(f"{HOME}/audit?kind=token").text
    assert browser.opens(f"{HOME}/audit?since=x&actor=%00&below=-1&until=9999-12-31").status == 200


PAGES = ("/", "/people", "/people/1", "/teams", "/skills", "/hours", "/texts", "/tokens")
BOTH = ("/devices", "/import", "/import/devices")


def test_clerks_look_after_devices_and_heads_read_the_record(at_desk, make_person):
    clerk = at_desk(make_person("陈静", Role.DESK))
    head = at_desk(make_person("刘洋", Role.HEAD))

    assert [clerk.opens(HOME + path).status for path in PAGES] == [403] * len(PAGES)
    assert [clerk.opens(HOME + path).status for path in BOTH] == [200] * len(BOTH)
    assert clerk.opens(f"{HOME}/import/people").status == 404
    assert (clerk.opens(f"{HOME}/audit").status, head.opens(f"{HOME}/audit").status) == (403, 200)
    assert [head.opens(HOME + path).status for path in (*PAGES, *BOTH)] == [403] * 11


def test_what_is_not_there_is_not_found(browser):
    for path in ("people/999", "teams/9", "texts/no.such", "texts/cli.demo", "devices/X", "x"):
        assert browser.opens(f"{HOME}/{path}").status == 404, path
