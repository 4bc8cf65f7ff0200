"""My account: password, second factor, where I am signed in (Y1, H-31)."""

import re

import pyotp
import pytest
from sqlalchemy import select

from models import AuditEntry, Credential, WebSession
from tests.web_pages.account.conftest import WORDS

OWN = "/account/"
PASSWORD = "/account/password"
SECOND = "/account/second-factor"
ANOTHER = "今天值班的是第二组的同事"


@pytest.fixture
def inside(door, clerk):
    """The clerk, signed in at this browser."""
    door.enters("1001", WORDS)
    return door


def _code_of(page) -> pyotp.TOTP:
    key = re.findall(r'class="secret-key">([A-Z2-7 ]+)<', page.html)[0]
    return pyotp.TOTP(key.replace(" ", ""))


def test_everybody_sees_who_the_desk_takes_them_for(inside):
    page = inside.browser.opens(OWN)

    for words in ("陈静", "1001", "财务部", "三楼财务室", "13800001234", "本机"):
        assert words in page.text


def test_a_requester_without_number_sets_no_password(at_desk, make_person):
    browser = at_desk(make_person())

    assert "没有工号的账号用微信扫码登录" in browser.opens(OWN).text
    assert browser.opens(PASSWORD).status == 404
    assert browser.opens(SECOND).status == 404


def test_a_new_password_ends_what_the_old_one_opened(inside, another_door, clerk):
    """H-31: and this browser goes on, with another token."""
    another_door.enters("1001", WORDS)
    before = inside.token
    inside.browser.opens(PASSWORD)

    page = inside.sends(PASSWORD, old_password=WORDS, new_password=ANOTHER, again_password=ANOTHER)

    assert "密码改好了" in page.text
    assert inside.is_in and inside.token != before
    assert not another_door.is_in
    assert another_door.enters("1001", WORDS).status == 403
    assert another_door.enters("1001", ANOTHER).response.location == "/console/"


def test_the_old_password_is_asked_for_and_not_to_be_guessed(inside, clerk, database):
    inside.browser.opens(PASSWORD)
    typed = {"new_password": ANOTHER, "again_password": ANOTHER}
    for _ in range(5):
        page = inside.sends(PASSWORD, old_password="wrong", **typed)
        assert (page.status, "密码不对" in page.text) == (400, True)

    assert inside.sends(PASSWORD, old_password=WORDS, **typed).status == 429
    assert ANOTHER not in inside.browser.page.html


def test_a_second_factor_is_set_up_with_the_password_and_a_code(
    inside, another_door, clerk, clock, database
):
    inside.browser.opens(SECOND)
    page = inside.sends(f"{SECOND}/begin", password=WORDS)
    phone = _code_of(page)
    assert inside.sends(f"{SECOND}/confirm", code="000000").status == 403
    page = inside.sends(f"{SECOND}/confirm", code=phone.at(clock()))

    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page.html)
    clock.passes(seconds=60)
    step = another_door.enters("1001", WORDS)
    entered = another_door.sends(step.path, code=codes[0])

    assert len(codes) == 8
    assert entered.response.location == "/console/"
    assert "备用码还剩 7 个" in another_door.browser.opens(OWN).text
    with database.reading() as session:
        kept = session.get_one(Credential, clerk.id)
        assert phone.secret not in kept.totp_sealed
        assert not set(codes) & set(kept.recovery_hashes)


def test_a_second_factor_that_no_code_confirmed_asks_for_none(inside, another_door):
    inside.browser.opens(SECOND)
    inside.sends(f"{SECOND}/begin", password=WORDS)

    assert another_door.enters("1001", WORDS).response.location == "/console/"


def test_nobody_begins_anew_over_a_second_factor_in_use(inside, clerk, second_factor, database):
    form = inside.browser.opens(SECOND).form(f"{SECOND}/begin")
    second_factor(clerk)
    with database.reading() as session:
        before = session.get_one(Credential, clerk.id).totp_sealed

    inside.posts(form, password=WORDS)

    with database.reading() as session:
        assert session.get_one(Credential, clerk.id).totp_sealed == before


def test_it_is_switched_off_with_the_password_alone(inside, another_door, clerk, second_factor):
    second_factor(clerk)
    form = inside.browser.opens(SECOND).form(f"{SECOND}/codes")
    form.action = f"{SECOND}/off"

    refused = inside.posts(form, password="wrong")
    done = inside.posts(form, password=WORDS)

    assert (refused.status_code, done.location) == (403, "/account/?done=second_off")
    assert another_door.enters("1001", WORDS).response.location == "/console/"


def test_new_codes_for_paper_make_the_old_ones_void(inside, clerk, second_factor, database):
    second_factor(clerk)
    inside.browser.opens(SECOND)
    first = inside.sends(f"{SECOND}/codes", password=WORDS).html
    inside.browser.opens(SECOND)
    second = inside.sends(f"{SECOND}/codes", password=WORDS).html

    with database.reading() as session:
        assert len(session.get_one(Credential, clerk.id).recovery_hashes) == 8
    assert re.findall("<code>(.*?)</code>", first) != re.findall("<code>(.*?)</code>", second)


# --- where I am signed in ------------------------------------------------------------------------


def test_each_browser_is_listed_and_can_be_signed_out(inside, another_door, browser_of, clerk):
    another_door.enters("1001", WORDS)
    browser_of(clerk)
    page = inside.browser.opens(OWN)

    ends = [form for form in page.forms if form.action == "/account/sessions/end"]
    assert len(ends) == 2
    assert "203.0.113.8" in page.text and "微信里的网页" in page.text
    for form in ends:
        inside.posts(form)

    assert inside.is_in
    assert not another_door.is_in
    assert "只在这里登录着" in inside.browser.opens(OWN).text


def test_all_others_go_at_once(inside, another_door, browser_of, clerk, database):
    another_door.enters("1001", WORDS)
    browser_of(clerk)
    inside.browser.opens(OWN)

    inside.sends("/account/sessions/end-others")

    assert inside.is_in and not another_door.is_in
    with database.reading() as session:
        assert len(session.scalars(select(WebSession)).all()) == 1


def test_nobody_signs_out_somebody_else(inside, at_desk, make_person, database):
    """H-32: a mark that is another's is not found."""
    other = at_desk(make_person("王芳"))
    with database.reading() as session:
        marks = session.scalars(select(WebSession.token_hash)).all()
    form = inside.browser.opens(OWN).form("/account/sign-out")
    form.action = "/account/sessions/end"

    statuses = {inside.posts(form, mark=mark[:24]).status_code for mark in marks} | {
        inside.posts(form, mark="0" * 24).status_code
    }

    assert statuses <= {303, 404, 401}
    assert other.client.get(OWN).status_code == 200


def test_signed_out_is_signed_out(inside, database):
    """H-31: the token opens nothing any more, whoever kept it."""
    token = inside.token
    inside.browser.opens(OWN)

    page = inside.sends("/account/sign-out")

    assert "已退出登录" in page.text
    inside.browser.client.set_cookie("desk", token, domain="localhost")
    assert not inside.is_in


def test_a_browser_left_alone_is_signed_out(inside, clock):
    clock.passes(minutes=31)

    assert not inside.is_in


def test_a_browser_that_is_used_all_day_is_signed_out_after_a_shift(inside, clock):
    for _ in range(24):
        clock.passes(minutes=29)
        assert inside.is_in

    clock.passes(minutes=29)
    assert not inside.is_in


def test_what_is_done_is_recorded_without_secrets(inside, clerk, database):
    inside.browser.opens(PASSWORD)
    inside.sends(PASSWORD, old_password=WORDS, new_password=ANOTHER, again_password=ANOTHER)

    with database.reading() as session:
        kept = session.scalars(select(AuditEntry)).one()
    assert (kept.actor_id, kept.subject) == (clerk.id, f"person:{clerk.id}")
    assert (kept.action, kept.before, kept.after) == ("person.password", None, None)


def test_quiet_hours_are_set_changed_and_ended_on_ones_own_page_c24(door, clerk):
    door.enters("1001", WORDS)
    browser = door.browser
    form = browser.opens("/account/quiet").form("/account/quiet")
    assert (form.fields["since"], form.fields["until"]) == ("22:00", "07:30")

    wrong = browser.sends(form, is_on="yes", since="7:00", until="06:00")
    assert wrong.status == 400 and "免打扰最长 14 小时" in wrong.text
    page = browser.sends(form, is_on="yes", since="23:30", until="06:00")
    assert "免打扰时段记住了" in page.text and "每天 23:30 到 06:00" in page.text

    off = browser.opens("/account/quiet").form("/account/quiet")
    off.fields.pop("is_on")
    assert "免打扰已关闭" in browser.sends(off).text
