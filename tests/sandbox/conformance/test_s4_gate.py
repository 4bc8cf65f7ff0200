"""§12, first paragraph, §4 and §11: what is looked at before each call, quotas, and the account."""

import re

import pytest
import requests

from tests.bot.pushes import APP_ID
from tests.sandbox.conformance.account import SEND
from tests.sandbox.stage import SECRET, WANG

TEXT = {"touser": WANG, "msgtype": "text", "text": {"content": "您好"}}
QUOTA = "/cgi-bin/openapi/quota/get"
RID = "/cgi-bin/openapi/rid/get"
CLEAR = "/cgi-bin/clear_quota"

# §11, the numbers of a certified account.
DAILY = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/menu/addconditional": 2000,
    "/cgi-bin/menu/delconditional": 2000,
    "/cgi-bin/menu/trymatch": 20_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/ticket/getticket": 1_000_000,
}


def test_43001_when_a_get_is_posted(account):
    assert account.code("/cgi-bin/menu/get", {}) == 43001


def test_43002_when_a_post_is_got(account):
    assert account.code(SEND) == 43002


def test_44002_when_the_body_is_empty(account):
    assert account.code(SEND, b"") == 44002


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"touser":"\xff"}'])
def test_47001_when_the_body_is_no_object(account, body):
    assert account.code(SEND, body) == 47001


def test_47002_when_words_are_escaped(account):
    assert account.code(SEND, b'{"touser":"\\u738b\\u82b3"}') == 47002


def test_45009_when_the_day_is_used_up(account):
    account.live.rules(quotas={SEND: 0})

    assert account.code(SEND, TEXT) == 45009


def test_a_days_quota_is_new_at_midnight_in_china(account):
    account.live.rules(quotas={"/cgi-bin/tags/get": 1})
    account.call("/cgi-bin/tags/get")
    assert account.code("/cgi-bin/tags/get") == 45009

    account.advance(86400)

    assert account.code("/cgi-bin/tags/get") == 0


def test_45011_when_the_minute_is_used_up(account):
    account.live.rules(minute_quotas={"/cgi-bin/tags/get": 1})
    account.call("/cgi-bin/tags/get")
    assert account.code("/cgi-bin/tags/get") == 45011

    account.advance(60)

    assert account.code("/cgi-bin/tags/get") == 0


def test_48001_when_the_account_lacks_the_interface(account):
    account.live.rules(unauthorized=[SEND])

    assert account.code(SEND, TEXT) == 48001


def test_40066_when_there_is_no_such_path(account):
    assert account.code("/cgi-bin/nothing") == 40066


def test_method_token_body_day_minute_and_permission_are_looked_at_in_this_order(account):
    account.live.rules(quotas={SEND: 0}, minute_quotas={SEND: 0}, unauthorized=[SEND])

    assert account.bare(SEND)["errcode"] == 43002
    assert account.bare(SEND, b"")["errcode"] == 41001
    assert account.code(SEND, b"{") == 47001
    assert account.code(SEND, TEXT) == 45009
    account.live.rules(quotas={})
    assert account.code(SEND, TEXT) == 45011
    account.live.rules(minute_quotas={})
    assert account.code(SEND, TEXT) == 48001


def test_a_refusal_is_http_200_and_carries_a_rid(account):
    answer = account.ask("GET", "/cgi-bin/tags/get")

    assert answer.status_code == 200
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", answer.json()["errmsg"])


def test_the_content_type_names_no_charset(account):
    answer = account.download("/cgi-bin/tags/get")

    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"


@pytest.mark.parametrize(("path", "daily"), DAILY.items())
def test_the_daily_quotas_are_those_of_the_reference(account, path, daily):
    assert account.call(QUOTA, {"cgi_path": path})["quota"]["daily_limit"] == daily


def test_codes_for_tokens_have_a_minutes_limit_and_no_daily_one(account):
    told = account.call(QUOTA, {"cgi_path": "/sns/oauth2/access_token"})

    assert told["rate_limit"] == {"call_count": 50_000, "refresh_second": 60}
    assert told["quota"]["daily_limit"] >= 10**12


def test_what_was_used_of_a_quota_is_told(account):
    account.call("/cgi-bin/user/get")

    quota = account.call(QUOTA, {"cgi_path": "/cgi-bin/user/get"})["quota"]

    assert quota == {"daily_limit": 500, "used": 1, "remain": 499}


def test_76021_when_the_path_of_a_quota_is_unknown(account):
    assert account.code(QUOTA, {"cgi_path": "/cgi-bin/nothing"}) == 76021


def test_76022_when_the_path_of_a_quota_is_not_ours(account):
    account.live.rules(unauthorized=[SEND])

    assert account.code(QUOTA, {"cgi_path": SEND}) == 76022


def test_a_cleared_quota_may_be_used_again(account):
    account.live.rules(quotas={"/cgi-bin/tags/get": 1})
    account.call("/cgi-bin/tags/get")

    assert account.code(CLEAR, {"appid": APP_ID}) == 0

    assert account.code("/cgi-bin/tags/get") == 0


def test_48006_when_quotas_are_cleared_more_than_ten_times_a_month_both_ways_together(account):
    by_secret = {"appid": APP_ID, "appsecret": SECRET}
    for _ in range(5):
        assert account.code(CLEAR, {"appid": APP_ID}) == 0
        assert account.bare(f"{CLEAR}/v2", b"", **by_secret)["errcode"] == 0

    assert account.code(CLEAR, {"appid": APP_ID}) == 48006
    assert account.bare(f"{CLEAR}/v2", b"", **by_secret)["errcode"] == 48006


def test_40013_when_quotas_of_another_account_are_cleared(account):
    assert account.code(CLEAR, {"appid": "wxffffffffffffffff"}) == 40013


def test_a_refused_call_is_told_of_by_its_rid(account):
    errmsg = account.call(SEND, TEXT)["errmsg"]

    request = account.call(RID, {"rid": errmsg.rpartition(" ")[2]})["request"]

    assert request["request_url"].startswith(SEND)
    assert WANG in request["request_body"]
    assert "45015" in request["response_body"]
    assert request["client_ip"] == "127.0.0.1"
    assert account.token() not in str(request)


def test_76001_when_a_rid_is_unknown(account):
    assert account.code(RID, {"rid": "00000000-00000000-00000000"}) == 76001


def test_76003_when_a_rid_is_older_than_seven_days(account):
    rid = account.call(SEND, TEXT)["errmsg"].rpartition(" ")[2]

    account.advance(7 * 86400)

    assert account.code(RID, {"rid": rid}) == 76003


def test_the_callback_can_be_checked(account):
    told = account.call("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})

    assert told["dns"][0].keys() == {"ip", "real_operator"}
    assert told["ping"][0].keys() == {"ip", "from_operator", "package_loss", "time"}


def test_40201_when_no_callback_is_set_and_then_nothing_is_pushed(account, product):
    account.live.rules(callback_is_set=False)

    assert account.code("/cgi-bin/callback/check", {"action": "all"}) == 40201
    assert account.live.do(WANG, "say", text="在吗")["outcome"] == "dropped"
    assert product.heard == []


def test_40202_when_the_action_of_a_check_is_unknown(account):
    assert account.code("/cgi-bin/callback/check", {"action": "sing"}) == 40202


def test_40203_when_the_operator_of_a_check_is_unknown(account):
    body = {"action": "all", "check_operator": "NOBODY"}

    assert account.code("/cgi-bin/callback/check", body) == 40203


@pytest.mark.parametrize("path", ["/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"])
def test_the_platforms_addresses_are_listed(account, path):
    assert account.call(path) == {"ip_list": ["127.0.0.1"]}


# --- faults -----------------------------------------------------------------------------------


def faults(account, **fault):
    account.live.rules(api_faults=[{"path": "/cgi-bin/tags/get", "times": 1, **fault}])


@pytest.mark.parametrize("kind", ["close", "lost"])
def test_a_connection_may_be_cut(account, kind):
    account.token()
    faults(account, kind=kind)

    with pytest.raises(requests.ConnectionError):
        account.download("/cgi-bin/tags/get")


@pytest.mark.parametrize(
    ("kind", "status", "start"), [("html502", 502, b"<html>"), ("empty", 200, b"")]
)
def test_an_answer_may_be_no_json(account, kind, status, start):
    account.token()
    faults(account, kind=kind)

    answer = account.download("/cgi-bin/tags/get")

    assert (answer.status_code, answer.content[: len(start) or 1]) == (status, start)


def test_an_answer_may_be_cut_in_half_after_the_act(account):
    account.live.do(WANG, "say", text="在吗")
    account.live.rules(api_faults=[{"path": SEND, "kind": "truncated", "times": 1}])

    answer = account.ask("POST", SEND, params={"access_token": account.token()}, json=TEXT_ASCII)

    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert account.live.seen(WANG) == ["在吗", "hello"]


TEXT_ASCII = {"touser": WANG, "msgtype": "text", "text": {"content": "hello"}}


def test_minus_1_when_the_platform_is_busy_for_one_path_or_for_all(account):
    account.token()
    faults(account, kind="errcode", errcode=-1)
    assert account.code("/cgi-bin/tags/get") == -1
    assert account.code("/cgi-bin/tags/get") == 0

    account.live.rules(api_faults=[{"path": "*", "kind": "errcode", "errcode": -1}])

    assert [account.code("/cgi-bin/user/get"), account.code("/cgi-bin/tags/get")] == [-1, -1]


def test_faults_count_how_often_they_struck(account):
    account.token()
    faults(account, kind="errcode", errcode=45009, times=2)
    account.call("/cgi-bin/tags/get")

    (fault,) = account.live.get("/control/rules")["api_faults"]

    assert (fault["times"], fault["spent"]) == (1, 1)


def test_an_answer_may_be_slow(account):
    account.token()
    faults(account, kind="latency", seconds=0.05)

    assert account.download("/cgi-bin/tags/get").elapsed.total_seconds() >= 0.05
