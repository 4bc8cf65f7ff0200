"""§4 and §12, state machine "token": how a token is got, how it dies, what each death is called."""

import pytest

from tests.sandbox.conformance.account import CREDENTIALS

TAGS = "/cgi-bin/tags/get"


def errcode_of(account, token):
    return account.bare(TAGS, access_token=token).get("errcode", 0)


def refusals(account, **changes):
    """What both token calls answer to these credentials."""
    by_query = account.bare("/cgi-bin/token", **{**CREDENTIALS, **changes})
    return by_query["errcode"], account.stable_token(**changes)["errcode"]


def test_a_token_lasts_7200_seconds_and_is_long(account):
    answer = account.bare("/cgi-bin/token", **CREDENTIALS)

    assert answer["expires_in"] == 7200
    assert 100 < len(answer["access_token"]) <= 512


def test_a_superseded_token_works_for_five_minutes_more(account):
    former = account.fresh_token()
    account.fresh_token()

    account.advance(299)

    assert errcode_of(account, former) == 0


def test_40001_when_a_token_is_superseded(account):
    former = account.fresh_token()
    account.fresh_token()

    account.advance(300)

    assert errcode_of(account, former) == 40001


def test_the_number_of_a_superseded_token_is_a_rule(account):
    account.live.rules(superseded_errcode=42001)
    former = account.fresh_token()
    account.fresh_token()
    account.advance(300)

    assert errcode_of(account, former) == 42001


def test_42001_when_a_token_is_past_its_two_hours(account):
    token = account.fresh_token()

    account.advance(7200)

    assert errcode_of(account, token) == 42001


def test_40014_when_a_token_is_unknown(account):
    assert errcode_of(account, "nonsense") == 40014


def test_41001_when_there_is_no_token(account):
    assert account.bare(TAGS)["errcode"] == 41001


def test_40002_when_the_grant_type_is_another(account):
    assert refusals(account, grant_type="password") == (40002, 40002)


def test_40013_when_the_appid_is_anothers(account):
    assert refusals(account, appid="wxffffffffffffffff") == (40013, 40013)


def test_40125_when_the_secret_is_wrong(account):
    assert refusals(account, secret="wrong") == (40125, 40125)


def test_41002_when_the_appid_is_missing(account):
    assert refusals(account, appid="") == (41002, 41002)


def test_41004_when_the_secret_is_missing(account):
    assert refusals(account, secret="") == (41004, 41004)


def test_40164_when_the_caller_is_not_in_the_whitelist_and_only_for_tokens(account):
    token = account.token()
    account.live.rules(allowed_ips=["203.0.113.9"])

    assert refusals(account) == (40164, 40164)
    assert "127.0.0.1" in account.stable_token()["errmsg"]
    assert errcode_of(account, token) == 0


def test_40243_when_the_secret_is_frozen(account):
    account.live.rules(is_secret_frozen=True)

    assert refusals(account) == (40243, 40243)


def test_a_stable_token_stays_until_its_last_five_minutes(account):
    first = account.stable_token()
    account.advance(6000)

    again = account.stable_token()

    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] == pytest.approx(1200, abs=3)
    account.advance(1000)
    assert account.stable_token()["access_token"] != first["access_token"]
    assert errcode_of(account, first["access_token"]) == 0


def test_a_forced_stable_token_kills_the_former_at_once(account):
    former = account.stable_token()["access_token"]

    assert account.stable_token(force_refresh=True)["access_token"] != former

    assert errcode_of(account, former) == 40001


def test_force_within_thirty_seconds_is_not_heard(account):
    forced = account.stable_token(force_refresh=True)["access_token"]

    assert account.stable_token(force_refresh=True)["access_token"] == forced
    account.advance(30)
    assert account.stable_token(force_refresh=True)["access_token"] != forced


def test_45009_when_force_is_used_more_than_twenty_times_a_day(account):
    for _ in range(20):
        assert "access_token" in account.stable_token(force_refresh=True)
        account.advance(30)

    assert account.stable_token(force_refresh=True)["errcode"] == 45009


def test_the_two_kinds_of_token_leave_each_other_alone(account):
    plain = account.fresh_token()

    account.stable_token(force_refresh=True)
    assert errcode_of(account, plain) == 0

    stable = account.stable_token()["access_token"]
    account.fresh_token()
    account.advance(300)
    assert errcode_of(account, stable) == 0


def test_the_ticket_of_pages_lasts_two_hours_and_stays_the_same(account):
    first = account.call("/cgi-bin/ticket/getticket", type="jsapi")

    assert (first["errcode"], first["errmsg"]) == (0, "ok")
    assert 0 < first["expires_in"] <= 7200
    assert account.call("/cgi-bin/ticket/getticket", type="jsapi")["ticket"] == first["ticket"]


def test_40097_when_a_ticket_of_an_unknown_type_is_asked_for(account):
    assert account.code("/cgi-bin/ticket/getticket", type="hologram") == 40097
