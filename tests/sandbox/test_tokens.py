"""Access tokens: what each kind's birth does to its elders, and how each one dies."""

import pytest

from tests.bot.pushes import APP_ID
from tests.sandbox.stage import SECRET

CREDENTIALS = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}


def stable(stage, **more):
    return stage.bare("/cgi-bin/stable_token", {**CREDENTIALS, **more})


def errcode_of(stage, token):
    return stage.bare("/cgi-bin/tags/get", access_token=token).get("errcode", 0)


def test_a_superseded_token_lives_on_for_five_minutes(stage):
    former = stage.fetch_token()

    assert stage.fetch_token() != former

    assert errcode_of(stage, former) == 0
    stage.advance(300)
    assert errcode_of(stage, former) == 40001


def test_a_token_expires_after_two_hours(stage):
    token = stage.fetch_token()

    stage.advance(7199)
    assert errcode_of(stage, token) == 0
    stage.advance(1)

    assert errcode_of(stage, token) == 42001


def test_a_stable_token_stays_the_same_until_its_last_five_minutes(stage):
    first = stable(stage)
    assert first["expires_in"] == 7200

    stage.advance(6000)
    again = stable(stage)
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] == pytest.approx(1200, abs=2)

    stage.advance(1000)
    assert stable(stage)["access_token"] != first["access_token"]
    assert errcode_of(stage, first["access_token"]) == 0


def test_a_forced_stable_token_kills_the_former_one_at_once(stage):
    former = stable(stage)["access_token"]

    assert stable(stage, force_refresh=True)["access_token"] != former

    assert errcode_of(stage, former) == 40001


def test_forcing_twice_within_thirty_seconds_forces_once(stage):
    forced = stable(stage, force_refresh=True)["access_token"]

    assert stable(stage, force_refresh=True)["access_token"] == forced


def test_forcing_is_allowed_twenty_times_a_day(stage):
    for _ in range(20):
        assert "access_token" in stable(stage, force_refresh=True)
        stage.advance(30)

    assert stable(stage, force_refresh=True)["errcode"] == 45009


def test_the_two_kinds_of_token_leave_each_other_alone(stage):
    plain, fixed = stage.fetch_token(), stable(stage)["access_token"]

    stable(stage, force_refresh=True)
    assert errcode_of(stage, plain) == 0
    assert errcode_of(stage, fixed) == 40001


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxffffffffffffffff"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_wrong_credentials_get_no_token(stage, change, errcode):
    assert stage.bare("/cgi-bin/token", **{**CREDENTIALS, **change})["errcode"] == errcode
    assert stable(stage, **change)["errcode"] == errcode


def test_only_addresses_of_the_whitelist_get_a_token(stage):
    stage.rules(allowed_ips=["203.0.113.9"])

    answer = stable(stage)

    assert answer["errcode"] == 40164
    assert "127.0.0.1" in answer["errmsg"]


def test_a_ticket_for_pages_lasts_up_to_two_hours(stage):
    answer = stage.api("/cgi-bin/ticket/getticket", type="jsapi")

    assert 0 < answer["expires_in"] <= 7200
    assert answer["ticket"] == stage.api("/cgi-bin/ticket/getticket", type="jsapi")["ticket"]
