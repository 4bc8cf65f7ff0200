"""The pages of webhooks: filled in, refused kindly, shown once, and nobody else's (C §25, Y1)."""

import json

import pytest

from domain.permissions import Role
from domain.webhooks import SendState
from models import Webhook, WebhookDelivery
from services.webhooks import sealing
from tests.services.making import all_of, only
from tests.services.webhook_kit import *  # noqa: F403
from tests.services.webhook_kit import URL

HOME = "/console/admin/webhooks"
BOXES = ("event_", "category_", "has_words")


@pytest.fixture
def browser(at_desk, admin):
    return at_desk(admin)


def unticked(form):
    """The form with no box ticked: the tests' browser sends every box that it sees."""
    form.fields = {name: value for name, value in form.fields.items() if not name.startswith(BOXES)}
    return form


def test_a_secret_is_shown_once_and_works_with_what_is_kept(browser, database, site):
    form = unticked(browser.opens(f"{HOME}/new").form(HOME))
    typed = {"name": "OA", "url": URL, "event_ticket_opened": "1", "places": "A座、B座"}

    page = browser.sends(form, **typed)

    hook = only(database, Webhook)
    secret = sealing.opened(hook.secret_sealed, site.secret_key)
    assert secret and secret in page.html
    assert (hook.events, hook.places, hook.has_words) == (["ticket.opened"], ["A座", "B座"], False)
    again = browser.sends(form, **typed)
    assert again.path == HOME and secret not in again.html
    assert len(all_of(database, Webhook)) == 1
    assert secret not in browser.opens(f"{HOME}/{hook.id}").html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"url": "http://oa.example.com/"}, "请用 https 开头的地址"),
        ({"url": "https://192.168.1.8/"}, "不能往这台主机发"),
        ({"url": "oa.example.com"}, "这不像一个完整的网址"),
        ({"event_ticket_opened": ""}, "至少选一件事"),
        ({"places": "、".join(f"楼{n}" for n in range(21))}, "最多 20 处"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(browser, database, typed, said):
    form = unticked(browser.opens(f"{HOME}/new").form(HOME))
    filled = {"name": "办公系统", "url": URL, "event_ticket_opened": "1", **typed}

    page = browser.sends(form, **filled)

    assert page.status in (400, 409) and said in page.text
    assert page.form(HOME).fields["name"] == "办公系统"
    assert page.form(HOME).fields["url"] == filled["url"]
    assert all_of(database, Webhook) == []


def test_it_is_changed_paused_resumed_and_removed_and_all_is_recorded(browser, add, database):
    hook = add()
    form = unticked(browser.opens(f"{HOME}/{hook}/edit").form(f"{HOME}/{hook}/edit"))
    browser.sends(form, name="考核系统", event_ticket_closed="1", category_printer="1")
    assert only(database, Webhook).categories == ["printer"]

    page = browser.sends(browser.opens(f"{HOME}/{hook}").form(f"{HOME}/{hook}/pause"))
    assert "已暂停" in page.text
    page = browser.sends(page.form(f"{HOME}/{hook}/resume"), skip="0")
    assert "正常" in page.text
    for words in ("罗敏 暂停通知", "罗敏 修改通知地址", "已办结", "打印机"):
        assert words in page.text
    page = browser.sends(page.form(f"{HOME}/{hook}/remove"))
    assert "还没有要通知的系统" in page.text
    assert browser.opens(f"{HOME}/{hook}").status == 404
    assert "删除通知地址" in browser.opens("/console/admin/audit?kind=webhook").text


def test_the_log_shows_what_was_sent_and_failed_ones_go_again(
    browser, add, follow, make_ticket, database, claimed, settled
):
    hook = add(events=["ticket.opened"])
    number = make_ticket(symptom="<b>卡纸</b>").number
    follow()
    settled(claimed(), 502)
    with database.transaction() as session:
        row = only(database, WebhookDelivery)
        session.get_one(WebhookDelivery, row.id).state = SendState.FAILED

    page = browser.opens(f"{HOME}/{hook}?state=failed")
    assert number in page.text and "502" in page.text and "12 毫秒" in page.text
    assert number not in browser.opens(f"{HOME}/{hook}?state=delivered").text
    one = browser.opens(f"{HOME}/{hook}/deliveries/{row.id}")
    assert row.message_id in one.text and json.loads(row.body)["type"] in one.text
    browser.sends(one.form(f"{HOME}/{hook}/deliveries/{row.id}/resend"))
    assert only(database, WebhookDelivery).state is SendState.PENDING
    assert browser.opens(f"{HOME}/{hook}/deliveries/999999").status == 404


@pytest.mark.parametrize("role", [Role.DESK, Role.HEAD, Role.ENGINEER])
def test_nobody_else_sees_or_does_any_of_it_y1(at_desk, make_person, add, role):
    hook = add()
    other = at_desk(make_person("旁人", role))

    for path in ("", "/new", f"/{hook}", f"/{hook}/edit", f"/{hook}/live", f"/{hook}/deliveries/1"):
        assert other.client.get(HOME + path).status_code == 403, path


def test_the_page_moves_by_itself_only_when_something_did(browser, add, follow, make_ticket):
    hook = add(events=["ticket.opened"])
    asked = browser.client.get(f"{HOME}/{hook}/live", headers={"HX-PTag": "-"})
    mark = {"HX-PTag": asked.headers["HX-PTag"]}
    assert browser.client.get(f"{HOME}/{hook}/live", headers=mark).status_code == 304

    number = make_ticket().number
    follow()

    moved = browser.client.get(f"{HOME}/{hook}/live", headers=mark)
    assert moved.status_code == 200 and number in moved.get_data(as_text=True)
