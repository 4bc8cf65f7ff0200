"""The gate before each call: its order, its words, and the faults that stand before it."""

import re

import pytest

from tests.sandbox.stage import WANG

SEND = "/cgi-bin/message/custom/send"
TEXT = {"touser": WANG, "msgtype": "text", "text": {"content": "您好"}}


def test_the_method_is_looked_at_first(stage):
    assert stage.bare(SEND)["errcode"] == 43002
    assert stage.bare("/cgi-bin/menu/get", {})["errcode"] == 43001


def test_the_token_is_looked_at_before_the_body(stage):
    assert stage.bare(SEND, {})["errcode"] == 41001
    assert stage.bare(SEND, {}, access_token="nonsense")["errcode"] == 40014


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b'{"touser":"\\u738b\\u82b3"}', 47002),
        (b'{"touser":"\xff"}', 47001),
    ],
)
def test_the_body_is_looked_at_before_the_quota(stage, body, errcode):
    stage.rules(quotas={SEND: 0})

    answer = stage.http.post(SEND, query_string={"access_token": stage.fetch_token()}, data=body)

    assert answer.get_json()["errcode"] == errcode


def test_the_quota_is_looked_at_before_the_minute_and_that_before_the_permission(stage):
    stage.rules(quotas={SEND: 1}, minute_quotas={SEND: 0}, unauthorized=[SEND])
    assert stage.api(SEND, TEXT)["errcode"] == 45011
    assert stage.api(SEND, TEXT)["errcode"] == 45009

    stage.rules(quotas={}, minute_quotas={})
    assert stage.api(SEND, TEXT)["errcode"] == 48001


def test_a_days_quota_begins_anew_at_midnight_in_china(stage):
    stage.rules(quotas={"/cgi-bin/tags/get": 1})
    assert "tags" in stage.api("/cgi-bin/tags/get")
    assert stage.api("/cgi-bin/tags/get")["errcode"] == 45009

    stage.advance(86400)
    stage.token = ""

    assert "tags" in stage.api("/cgi-bin/tags/get")


def test_a_minutes_quota_is_free_again_after_a_minute(stage):
    stage.rules(minute_quotas={"/cgi-bin/tags/get": 1})
    assert "tags" in stage.api("/cgi-bin/tags/get")
    assert stage.api("/cgi-bin/tags/get")["errcode"] == 45011

    stage.advance(60)

    assert "tags" in stage.api("/cgi-bin/tags/get")


def test_a_cleared_quota_may_be_used_again_ten_times_a_month(stage):
    body = {"appid": stage.world.settings.app_id}
    stage.api("/cgi-bin/user/get")
    asked = {"cgi_path": "/cgi-bin/user/get"}
    quota = stage.api("/cgi-bin/openapi/quota/get", asked)["quota"]
    assert quota == {"daily_limit": 500, "used": 1, "remain": 499}

    answers = [stage.api("/cgi-bin/clear_quota", body)["errcode"] for _ in range(11)]

    assert answers == [0] * 10 + [48006]
    assert stage.api("/cgi-bin/openapi/quota/get", asked)["quota"]["used"] == 0


def test_the_quota_of_a_path_that_does_not_exist_is_refused(stage):
    asked = {"cgi_path": "/cgi-bin/nothing"}

    assert stage.api("/cgi-bin/openapi/quota/get", asked)["errcode"] == 76021


def test_a_refusal_carries_a_request_id(stage):
    answer = stage.bare(SEND, {})

    assert re.fullmatch(
        r"access_token missing rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}", answer["errmsg"]
    )


def test_each_answer_is_json_without_a_charset(stage):
    answer = stage.http.get("/cgi-bin/tags/get")

    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"


def test_each_call_is_in_the_journal_without_its_secrets(stage):
    stage.api(SEND, TEXT)

    calls = [entry for entry in stage.journal() if entry["direction"] == "api"]
    assert [call["path"] for call in calls] == ["/cgi-bin/token", SEND]
    assert calls[1]["errcode"] == 45015
    assert (calls[1]["openid"], calls[1]["what"], calls[1]["status"]) == (WANG, "text", 200)
    assert calls[1]["words"] == "您好"
    assert "您好" in calls[1]["request"]
    words = str(calls)
    assert stage.token not in words
    assert stage.world.settings.app_secret not in words


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [("html502", 502, b"502 Bad Gateway"), ("empty", 200, b"")],
)
def test_a_broken_answer_means_that_nothing_was_done(stage, kind, status, content):
    stage.phone("say", text="在吗")
    stage.api("/cgi-bin/tags/get")
    stage.rules(api_faults=[{"path": SEND, "kind": kind, "times": 1}])

    answer = stage.http.post(SEND, query_string={"access_token": stage.token}, json=TEXT)

    assert answer.status_code == status
    assert content in answer.data
    assert stage.seen() == ["在吗"]
    assert stage.send_text() == 0


def test_a_fault_with_an_errcode_says_it_and_does_nothing(stage):
    stage.phone("say", text="在吗")
    stage.rules(api_faults=[{"path": "/cgi-bin/message/*", "kind": "errcode", "errcode": -1}])

    assert stage.send_text() == -1
    assert stage.seen() == ["在吗"]
    assert "tags" in stage.api("/cgi-bin/tags/get")


def test_a_slow_answer_is_an_answer_all_the_same(stage):
    stage.phone("say", text="在吗")
    stage.rules(api_faults=[{"path": SEND, "kind": "latency", "seconds": 0.05, "times": 1}])

    assert stage.send_text() == 0

    (slow,) = [entry for entry in stage.journal() if entry["outcome"] == "latency"]
    assert slow["ms"] >= 50


def test_an_unknown_rule_or_a_wrong_one_changes_nothing(stage):
    before = stage.http.get("/control/rules").get_json()

    for wrong in ({"copies": 0}, {"no_such_rule": 1}, {"aes_key": "short"}):
        assert stage.http.patch("/control/rules", json=wrong).status_code == 400

    assert stage.http.get("/control/rules").get_json() == before
