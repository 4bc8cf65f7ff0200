"""Bulletins: written in the console, read at a computer and in WeChat (K3)."""

from datetime import timedelta

import pytest

from domain.permissions import Role
from models import AuditEntry, Bulletin, BulletinReading
from services import bulletin_writing
from services.bulletin_writing import Wording
from services.desk import Desk

EDIT = "/console/bulletins/new"
TITLE = "周六 20:00–22:00 邮箱升级停用"
BODY = "邮箱系统升级。\n\n急事请打 8800。"


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def out(database, rules, chen, clock):
    """A bulletin that is out."""

    def publish(title=TITLE, body=BODY, **facts):
        with database.transaction() as session:
            desk = Desk(session, clock(), rules, chen)
            drafted = bulletin_writing.draft(desk, Wording(title, body, **facts))
            return bulletin_writing.publish(desk, drafted.id).id

    return publish


@pytest.fixture
def writes(at_desk, chen):
    def write(**typed):
        browser = at_desk(chen)
        form = browser.opens(EDIT).form(EDIT)
        return browser.sends(form, **{"title": TITLE, "body": BODY, **typed})

    return write


def test_a_bulletin_is_published_and_everybody_is_shown_that_it_waits(
    writes, at_desk, make_person, rows
):
    wang = make_person()

    page = writes(act="publish")

    (bulletin,) = rows(Bulletin)
    assert page.path == f"/console/bulletins/{bulletin.id}" and "已发布" in page.text
    start = at_desk(wang).opens("/portal/")
    assert TITLE in start.text and f"/portal/bulletins/{bulletin.id}" in start.links
    assert "公告 1 条未读" in start.text


def test_a_draft_is_kept_and_nobody_sees_it(writes, at_desk, make_person, rows):
    page = writes(act="keep")

    assert "草稿" in page.text and rows(Bulletin)[0].published_at is None
    assert TITLE not in at_desk(make_person()).opens("/portal/bulletins").text


def test_the_preview_shows_paragraphs_and_keeps_nothing(writes, rows):
    page = writes(act="preview", body="第一段\n\n<script>alert(1)</script>")

    assert page.status == 200 and rows(Bulletin) == []
    assert '<p class="prose">第一段</p>' in page.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page.html
    assert page.form(EDIT).fields["title"] == TITLE


def test_one_for_later_is_shown_at_its_time(writes, at_desk, make_person, clock):
    wang = make_person()

    page = writes(act="publish", publish_at="2026-11-24T11:00", expires_at="2026-11-24T12:00")

    assert "定时发布" in page.text
    assert TITLE not in at_desk(wang).opens("/portal/bulletins").text
    clock.passes(minutes=30)
    assert TITLE in at_desk(wang).opens("/portal/bulletins").text


def test_what_cannot_be_published_says_why_and_keeps_the_words(writes, rows):
    for typed, told in (
        ({"title": ""}, "请写标题"),
        ({"body": " "}, "请写正文"),
        ({"title": "字" * 61}, "太长了，最多 60 个字"),
        ({"expires_at": "2026-11-24T10:30"}, "有效期要在发布时间之后"),
        ({"publish_at": "someday"}, "没看明白这个时间"),
    ):
        page = writes(act="publish", **typed)

        assert page.status == 400 and told in page.text
        kept = {"title": TITLE, "body": BODY} | typed
        assert page.form(EDIT).fields["body"] == kept["body"].strip()
    assert rows(Bulletin) == []


def test_a_change_is_read_at_once_and_who_made_it_is_kept(out, at_desk, chen, make_person, rows):
    bulletin, browser = out(), at_desk(chen)
    path = f"/console/bulletins/{bulletin}/edit"
    page = browser.opens(path)
    assert "已经发布" in page.text

    page = browser.sends(page.form(path), body="改到周日。", act="keep")

    assert "改到周日" in at_desk(make_person()).opens(f"/portal/bulletins/{bulletin}").text
    assert "陈静 修改" in page.text
    assert [each.action for each in rows(AuditEntry)][-1] == "bulletin.change"


def test_it_is_withdrawn_and_published_again(out, at_desk, chen, make_person):
    bulletin, browser = out(), at_desk(chen)
    path = f"/console/bulletins/{bulletin}"

    browser.sends(browser.opens(path).form(f"{path}/withdraw"))
    assert at_desk(make_person()).opens(f"/portal/bulletins/{bulletin}").status == 404
    page = browser.sends(browser.opens(path).form(f"{path}/publish"))

    assert "已发布" in page.text


def test_opened_at_a_computer_is_read_once_and_the_desk_sees_by_whom(
    out, at_desk, make_person, chen, rows
):
    wang, bulletin = make_person(), out()
    browser = at_desk(wang)

    page = browser.opens(f"/portal/bulletins/{bulletin}")
    browser.opens(f"/portal/bulletins/{bulletin}")

    assert '<p class="prose">急事请打 8800。</p>' in page.html
    assert [each.person_id for each in rows(BulletinReading)] == [wang.id]
    assert "公告 1 条未读" not in browser.opens("/portal/").text
    seen = at_desk(chen).opens(f"/console/bulletins/{bulletin}").text
    assert "已读 1 人" in seen and "王芳 财务部" in seen


def test_opened_in_wechat_it_is_read_as_well(out, browser_of, at_desk, make_person, rows):
    wang, bulletin = make_person(), out()
    browser = browser_of(wang)

    start = browser.opens("/h5/")
    assert "公告（1 条未读）" in start.text and "/h5/bulletins" in start.links
    assert TITLE in browser.opens("/h5/bulletins").text
    page = browser.opens(f"/h5/bulletins/{bulletin}")

    assert '<p class="kept">急事请打 8800。</p>' in page.html
    assert [each.person_id for each in rows(BulletinReading)] == [wang.id]
    assert "条未读" not in browser.opens("/h5/").text
    assert "条未读" not in at_desk(wang).opens("/portal/").text


def test_an_urgent_one_stands_on_every_page_until_it_is_over(out, at_desk, make_person, clock, now):
    wang = make_person()
    out("机房空调故障", "抢修中", is_urgent=True, expires_at=now + timedelta(hours=1))
    paths = (
        "/portal/",
        "/portal/report",
        "/portal/tickets",
        "/portal/notices",
        "/portal/bulletins",
        "/portal/complaints",
        "/portal/tickets/IT20261124-9999",
    )
    browser = at_desk(wang)

    assert ["portal-bar" in browser.opens(path).html for path in paths] == [True] * len(paths)
    clock.passes(hours=1)
    assert ["portal-bar" in browser.opens(path).html for path in paths] == [False] * len(paths)


def test_an_engineer_writes_no_bulletins(make_engineer, out, at_desk):
    bulletin, browser = out(), at_desk(make_engineer())
    paths = ("/console/bulletins", EDIT, f"/console/bulletins/{bulletin}")

    assert [browser.opens(path).status for path in paths] == [403] * 3


def test_an_address_that_means_nothing_is_a_list(out, at_desk, chen):
    out()
    browser = at_desk(chen)

    for query in ("before=0", "before=x", "before=-1", f"before={'9' * 40}"):
        assert browser.opens(f"/portal/bulletins?{query}").status == 200
        assert browser.opens(f"/console/bulletins?{query}").status == 200
