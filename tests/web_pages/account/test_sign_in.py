"""Signing in by staff number and password (F3, H-29, H-31, H-41, H-42)."""

import logging
import re

from argon2 import PasswordHasher
from sqlalchemy import select

from domain.permissions import Role
from models import Credential, KnownBrowser, Notice, Person, SignInGuess, WebSession
from services import credentials
from tests.web_pages.account.conftest import SIGN_IN, WORDS


def test_a_clerk_comes_into_the_console(door, clerk):
    page = door.enters("1001", WORDS)

    assert page.response.location == "/console/"
    assert door.is_in


def test_who_does_not_work_here_comes_into_the_portal(door, make_staff):
    make_staff("王芳", number="F2001")

    page = door.enters("f2001", WORDS)

    assert page.response.location == "/portal/"


def test_whoever_was_sent_away_comes_back_to_where_they_were_going(door, clerk):
    page = door.enters("1001", WORDS, to="/console/queue%3Fview%3Dmine")

    assert page.response.location == "/console/queue?view=mine"


AWAY = (
    "//evil.cn",
    "/%5Cevil.cn",
    "https%3A//evil.cn",
    "/console%40evil.cn",
    "javascript:alert(1)",
    "/console/%0d%0aSet-Cookie:a",
    "/account/sign-out",
    "/account/sign-in",
    "/elsewhere",
)


def test_nobody_is_led_away_from_the_desk(door, clerk):
    """S-116: each of these was an open redirect somewhere."""
    hidden = [door.browser.opens(f"{SIGN_IN}?to={to}").form(SIGN_IN).fields["to"] for to in AWAY]
    form = door.browser.page.form(SIGN_IN)
    form.fields["to"] = "//evil.cn"

    answer = door.posts(form, number="1001", password=WORDS)

    assert hidden == [""] * len(AWAY)
    assert answer.location == "/console/"
    assert {door.browser.client.get(f"{SIGN_IN}?to={to}").location for to in AWAY} == {"/console/"}


def test_a_wrong_password_and_an_unknown_number_sound_the_same(door, another_door, clerk):
    wrong, unknown = door.enters("1001", "not the password"), another_door.enters("9999", WORDS)

    assert (wrong.status, unknown.status) == (403, 403)
    assert _without_what_differs(wrong.html, "1001") == _without_what_differs(unknown.html, "9999")
    assert not door.is_in


def _without_what_differs(html: str, number: str) -> str:
    plain = re.sub(r'(csrf_token|request_key)" value="[^"]*"', "", html)
    return plain.replace(f'value="{number}"', "")


def test_an_unknown_number_costs_a_hash_like_a_known_one(door, clerk, monkeypatch):
    """H-42: whoever measures the time learns nothing; the hash is what takes it."""
    looked_at = []
    verify = PasswordHasher.verify

    def counted(self, kept, typed):
        looked_at.append(kept)
        return verify(self, kept, typed)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    door.enters("9999", WORDS)
    door.enters("1001", "not the password")

    assert [kept.partition("p=1")[0] for kept in looked_at] == ["$argon2id$v=19$m=19456,t=2,"] * 2


def test_what_was_typed_stays_but_for_the_password(door, clerk):
    page = door.enters("1001", "not the password")

    assert page.form(SIGN_IN).fields["number"] == "1001"
    assert "not the password" not in page.html


def test_a_form_that_is_too_old_shows_no_password(door, clerk):
    """H-30: without its token nothing is looked at, and what was typed is not shown."""
    door.browser.opens(SIGN_IN)

    page = door.sends(SIGN_IN, number="1001", password=WORDS, csrf_token="old")

    assert page.status == 403
    assert WORDS not in page.html
    assert not door.is_in


def test_somebody_who_has_left_does_not_get_in(door, clerk, database):
    with database.transaction() as session:
        session.get_one(Person, clerk.id).is_active = False

    assert door.enters("1001", WORDS).status == 403


def test_a_session_that_was_planted_is_not_the_one_that_is_used(door, clerk, make_person, at_desk):
    """H-31: signing in makes a new session, and ends the one that this browser had."""
    planted = at_desk(make_person("郑工", Role.ENGINEER)).client.get_cookie("desk").value
    door.browser.client.set_cookie("desk", planted, domain="localhost")
    door.browser.client.get("/account/sign-in")

    door.browser.client.delete_cookie("desk", domain="localhost")
    form = door.browser.opens(SIGN_IN).form(SIGN_IN)
    door.browser.client.set_cookie("desk", planted, domain="localhost")
    door.posts(form, number="1001", password=WORDS)

    assert door.token != planted
    assert door.is_in
    door.browser.client.set_cookie("desk", planted, domain="localhost")
    assert not door.is_in


def test_a_form_from_before_the_sign_in_is_nobodys_after_it(door, clerk):
    before = door.browser.opens(SIGN_IN).form(SIGN_IN).fields["csrf_token"]
    door.enters("1001", WORDS)

    answer = door.browser.client.post("/account/sign-out", data={"csrf_token": before})

    assert answer.status_code == 403
    assert door.is_in


def test_the_cookie_is_for_the_browser_alone(door, clerk):
    form = door.browser.opens(SIGN_IN).form(SIGN_IN)

    answer = door.posts(form, number="1001", password=WORDS)

    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if "desk=" in each)
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_only_the_hash_of_the_token_is_kept(door, clerk, database):
    door.enters("1001", WORDS)

    with database.reading() as session:
        kept = session.scalars(select(WebSession)).one()
    assert door.token not in kept.token_hash
    assert (kept.via, kept.address) == ("password", "203.0.113.7")


def test_whoever_is_signed_in_goes_on_without_a_form(door, clerk):
    door.enters("1001", WORDS)

    assert door.browser.client.get(f"{SIGN_IN}?to=/portal/").location == "/portal/"


def test_a_hash_with_old_parameters_is_made_anew(door, clerk, database):
    weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(WORDS)
    with database.transaction() as session:
        session.get_one(Credential, clerk.id).password_hash = weaker

    door.enters("1001", WORDS)

    with database.reading() as session:
        kept = session.get_one(Credential, clerk.id).password_hash
    assert not credentials.is_outdated(kept)
    assert credentials.is_password(kept, WORDS)


def test_the_same_keys_are_the_same_password_in_both_widths(door, make_staff):
    make_staff("李敏", Role.DESK, number="1003", password="ＡＢＣ楼里有三台打印机")

    assert door.enters("1003", "ABC楼里有三台打印机").response.status_code == 303


# --- guessing ------------------------------------------------------------------------------------


def test_five_wrong_ones_close_the_account_for_a_while(door, another_door, clerk, clock):
    """H-41: from wherever they come, and the right one is not looked at meanwhile."""
    for _ in range(5):
        assert door.enters("1001", "not the password").status == 403

    held = another_door.enters("1001", WORDS)
    clock.passes(minutes=16)

    assert held.status == 429
    assert "请在 10:45 之后再试" in held.text
    assert another_door.enters("1001", WORDS).response.status_code == 303


def test_an_unknown_number_is_held_back_alike(door):
    """H-42: that it closes says nothing of whether it is somebody's."""
    for _ in range(5):
        door.enters("9999", WORDS)

    assert door.enters("9999", WORDS).status == 429


def test_each_further_guess_costs_a_pause_and_ten_cost_an_hour(door, clerk, clock):
    for _ in range(5):
        door.enters("1001", "not the password")
    for _ in range(5):
        clock.passes(minutes=15)
        assert door.enters("1001", "not the password").status == 403

    clock.passes(minutes=59)
    assert door.enters("1001", WORDS).status == 429


def test_a_right_password_ends_the_count(door, another_door, clerk, database):
    for _ in range(4):
        door.enters("1001", "not the password")
    another_door.enters("1001", WORDS)

    for _ in range(4):
        assert door.enters("1001", "not the password").status == 403


def test_one_address_does_not_try_one_number_after_the_other(door, another_door, clerk):
    for number in range(20):
        door.enters(f"88{number:02d}", WORDS)

    assert door.enters("1001", WORDS).status == 429
    assert another_door.enters("1001", WORDS).response.status_code == 303


def test_guesses_are_rows_that_name_nobody(door, clerk, database):
    """They survive a restart, and tell no number and no address."""
    door.enters("1001", "not the password")

    with database.reading() as session:
        kept = session.scalars(select(SignInGuess.key)).all()
    assert len(kept) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in kept)


# --- a password that somebody gave ---------------------------------------------------------------


def test_a_given_password_is_changed_before_anything_else(door, make_staff, database):
    given = make_staff("孙工", Role.DESK, number="1009", password="k2m4-p6r8", is_provisional=True)

    page = door.enters("1009", "k2m4-p6r8", to="/console/board")
    assert page.path == "/account/sign-in/new-password"
    assert not door.is_in
    page = door.sends(page.path, new_password=WORDS, again_password=WORDS)

    assert page.response.location == "/console/board"
    assert door.is_in
    with database.reading() as session:
        assert not session.get_one(Credential, given.id).is_provisional


def test_a_weak_choice_is_refused_with_the_reason(door, make_staff):
    make_staff("孙工", number="1009", password="k2m4-p6r8-x", is_provisional=True)
    path = door.enters("1009", "k2m4-p6r8-x").path

    for chosen, why in (("qwertyuiop", "太常见"), ("k2m4-p6r8-x", "和现在的密码一样")):
        page = door.sends(path, new_password=chosen, again_password=chosen)

        assert (page.status, why in page.text) == (400, True)
        assert chosen not in page.form(path).fields.values()
    assert "两次输入的不一样" in door.sends(path, new_password=WORDS, again_password="x").text


def test_a_given_password_that_nobody_used_is_void_after_three_days(door, make_staff, clock):
    make_staff("孙工", number="1009", password="k2m4-p6r8", is_provisional=True)
    clock.passes(days=3)

    assert door.enters("1009", "k2m4-p6r8").status == 403


# --- the second step -----------------------------------------------------------------------------


def test_with_a_second_factor_the_password_alone_opens_nothing(door, clerk, second_factor, clock):
    phone = second_factor(clerk)

    page = door.enters("1001", WORDS, to="/console/board")
    assert page.path == "/account/sign-in/code"
    assert not door.is_in
    page = door.sends(page.path, code=phone.at(clock()))

    assert page.response.location == "/console/board"
    assert door.is_in


def test_a_code_counts_once(door, another_door, clerk, second_factor, clock):
    code = second_factor(clerk).at(clock())
    path = door.enters("1001", WORDS).path
    door.sends(path, code=code)

    path = another_door.enters("1001", WORDS).path
    page = another_door.sends(path, code=code)

    assert page.status == 403
    assert not another_door.is_in


def test_codes_are_not_guessed(door, clerk, second_factor, clock):
    phone = second_factor(clerk)
    path = door.enters("1001", WORDS).path
    for _ in range(5):
        assert door.sends(path, code="000000").status == 403

    assert door.sends(path, code=phone.at(clock())).status == 429
    assert not door.is_in


def test_a_code_from_paper_counts_once(door, another_door, clerk, second_factor, database):
    second_factor(clerk)
    with database.transaction() as session:
        paper = credentials.new_recovery_codes(session.get_one(Credential, clerk.id))[0]

    door.sends(door.enters("1001", WORDS).path, code=paper.upper())
    another_door.sends(another_door.enters("1001", WORDS).path, code=paper)

    assert door.is_in
    assert not another_door.is_in


def test_the_second_step_waits_ten_minutes(door, clerk, second_factor, clock):
    phone = second_factor(clerk)
    path = door.enters("1001", WORDS).path
    clock.passes(minutes=11)

    page = door.sends(path, code=phone.at(clock()))

    assert page.path == SIGN_IN


def test_a_way_that_began_with_a_former_password_has_ended(
    door, clerk, second_factor, database, clock
):
    phone = second_factor(clerk)
    path = door.enters("1001", WORDS).path
    clock.passes(seconds=1)
    with database.transaction() as session:
        credentials.set_password(session, clerk.id, credentials.hash_of("another one"), clock())

    assert door.sends(path, code=phone.at(clock())).path == SIGN_IN


def test_nobody_begins_with_the_second_step(door, clerk):
    assert door.browser.opens("/account/sign-in/code").path == SIGN_IN
    assert door.browser.opens("/account/sign-in/new-password").path == SIGN_IN


# --- headers -------------------------------------------------------------------------------------


def test_the_sign_in_is_neither_framed_nor_kept(door):
    headers = door.browser.opens(SIGN_IN).response.headers

    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_looking_at_the_sign_in_writes_nothing(door, database):
    """H-30: neither a session nor a code to scan."""
    from models import SignInScan

    door.browser.opens(SIGN_IN)

    with database.reading() as session:
        assert session.scalars(select(SignInScan)).all() == []
        assert session.scalars(select(WebSession)).all() == []


def test_the_database_away_is_said_kindly_and_shows_no_password(door, clerk, database, monkeypatch):
    from models import DatabaseUnavailable

    door.browser.opens(SIGN_IN)

    def away(*_, **__):
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(type(database), "transaction", away)
    page = door.sends(SIGN_IN, number="1001", password=WORDS)

    assert page.status == 503
    assert WORDS not in page.html


def _told_of_browsers(database):
    with database.transaction() as session:
        keys = select(Notice.text_key).where(Notice.text_key.startswith("notice.new_browser"))
        return list(session.scalars(keys))


def test_of_a_new_browser_its_owner_is_told_but_not_of_the_first_h31(
    door, another_door, make_staff, database, caplog
):
    make_staff("陈静", Role.DESK, number="1001")
    caplog.set_level(logging.INFO)

    door.enters("1001", WORDS)
    door.browser.client.delete_cookie("desk")
    door.enters("1001", WORDS)
    assert _told_of_browsers(database) == []
    another_door.enters("1001", WORDS)

    (said,) = _told_of_browsers(database)
    assert said.startswith("notice.new_browser")
    assert another_door.address not in caplog.text


def test_a_computer_that_two_people_share_is_known_to_each_by_itself_h31(
    door, make_staff, database
):
    make_staff("陈静", Role.DESK, number="1001")
    make_staff("李娜", Role.DESK, number="1002")

    for number in ("1001", "1002", "1001"):
        door.enters(number, WORDS)
        door.browser.client.delete_cookie("desk")

    assert _told_of_browsers(database) == []
    with database.transaction() as session:
        marks = session.scalars(select(KnownBrowser.mark)).all()
        assert len(set(marks)) == 2
    known = door.browser.client.get_cookie("known")
    assert known.http_only and known.value not in "".join(marks)
