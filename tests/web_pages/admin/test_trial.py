"""Setting up ends with a message out and a word in (peers §C25)."""

import pytest

from domain.delivery import Channel, Verdict
from domain.permissions import Role
from models import Notice
from tests.services.making import all_of, only

HOME = "/console/admin/trial"


@pytest.fixture
def admin(make_person):
    return make_person("何敏", Role.ADMIN)


def press(browser, name, **typed):
    return browser.sends(browser.opens(HOME).form(f"{HOME}/{name}"), **typed)


def test_a_message_goes_the_ordinary_way_and_its_fate_is_seen(
    at_desk, database, admin, claim, send
):
    browser = at_desk(admin)
    assert "还没有发过测试消息" in browser.opens(HOME).text

    press(browser, "send", person_id=str(admin.id))
    assert only(database, Notice).text_key == "way_trial.message"
    assert "已排队" in browser.opens(f"{HOME}/live").text

    send(claim()[0], Verdict.ACCEPTED)
    assert "已发给何敏" in browser.opens(f"{HOME}/live").text


def test_why_it_failed_is_said_with_what_to_do(at_desk, admin, claim, send, clock):
    browser = at_desk(admin)
    press(browser, "send", person_id=str(admin.id))

    send(claim()[0], Verdict.UNREACHABLE, errcode=45015, channel=Channel.CUSTOM)

    page = browser.opens(f"{HOME}/live").text
    assert "45015" in page and "请先在微信里给公众号发一句话" in page


def test_nobody_sending_is_seen_after_a_minute(at_desk, admin, clock):
    browser = at_desk(admin)
    press(browser, "send", person_id=str(admin.id))

    clock.passes(seconds=70)

    assert "run.py serve" in browser.opens(f"{HOME}/live").text


def test_only_who_joined_and_works_here_can_be_chosen(at_desk, database, admin, make_person):
    apart = make_person("林青", Role.DESK, openid=None)
    browser = at_desk(admin)

    page = press(browser, "send", person_id=str(apart.id))

    assert page.status == 409 and "还没有绑定微信" in page.text
    assert all_of(database, Notice) == []


def test_the_way_in_is_awaited_for_ten_minutes_and_ticked_when_the_word_came(
    at_desk, by, admin, database, clock
):
    browser = at_desk(admin)
    assert not by(admin).trial_heard()
    press(browser, "wait")
    assert "正在等" in browser.opens(f"{HOME}/live").text

    clock.passes(minutes=11)
    assert "十分钟里没有收到" in browser.opens(f"{HOME}/live").text
    assert not by(admin, clock()).trial_heard()

    press(browser, "wait")
    assert by(admin, clock()).trial_heard()
    assert "收到了" in browser.opens(f"{HOME}/live").text


def test_of_somebody_else_the_word_is_a_word_like_any(at_desk, by, admin, make_person):
    press(at_desk(admin), "wait")

    assert not by(make_person("林青", Role.ADMIN)).trial_heard()


def test_both_ways_tick_the_check_list(at_desk, by, admin, claim, send):
    browser = at_desk(admin)
    press(browser, "send", person_id=str(admin.id))
    send(claim()[0], Verdict.ACCEPTED)
    press(browser, "wait")
    assert "发得出，也收得到" not in browser.opens("/console/admin/").text

    by(admin).trial_heard()

    assert "发得出，也收得到" in browser.opens("/console/admin/").text
