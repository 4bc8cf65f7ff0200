"""§6: what was said in sessions, as getmsglist tells it."""

import pytest

from tests.sandbox.conformance.desk import RECORDS, create, events, transfer
from tests.sandbox.stage import CLERK, WANG, WITHIN


def asked(account, **changes):
    now = int(account.live.get("/control/clock")["now"])
    body = {"starttime": now - 3600, "endtime": now + 60, "msgid": 1, "number": 100}
    return account.call(RECORDS, {**body, **changes})


def test_65416_when_the_records_wanted_make_no_sense(account):
    assert asked(account, number=0)["errcode"] == 65416
    assert asked(account, number=10_001)["errcode"] == 65416
    assert asked(account, endtime=1)["errcode"] == 65416
    assert asked(account, starttime="gestern")["errcode"] == 65416


def test_65417_when_more_than_a_day_is_wanted(account):
    assert asked(account, starttime=1, endtime=86402)["errcode"] == 65417
    assert "recordlist" in asked(account, starttime=1, endtime=86401)


def test_both_sides_are_recorded_and_told_a_minute_later_page_by_page(account, online):
    create(account)
    account.live.do(WANG, "say", text="卡纸")
    account.live.post(f"/control/kf/{CLERK}/say", openid=WANG, text="马上来")
    assert asked(account)["recordlist"] == []

    account.advance(61)

    first = asked(account, number=1)
    rest = asked(account, msgid=first["msgid"])
    rows = first["recordlist"] + rest["recordlist"]
    assert [(row["opercode"], row["text"]) for row in rows] == [(2003, "卡纸"), (2002, "马上来")]
    assert asked(account, msgid=rest["msgid"])["number"] == 0


def test_media_are_recorded_as_words(account, online):
    create(account)
    account.live.do(WANG, "photo")
    account.advance(61)

    assert asked(account)["recordlist"][0]["text"] == "[image]"


@pytest.mark.parametrize(("is_seen", "texts"), [(False, ["转人工"]), (True, ["转人工", "卡纸"])])
def test_whether_the_desk_reads_what_who_waits_says_is_a_rule(account, product, is_seen, texts):
    account.live.rules(kf_waiting_is_seen=is_seen)
    transfer(account, product)
    account.live.do(WANG, "say", text="卡纸")
    account.advance(61)

    assert [row["text"] for row in asked(account)["recordlist"]] == texts


def test_records_are_kept_for_thirty_days(account, online):
    create(account)
    account.live.do(WANG, "say", text="卡纸")
    then = int(account.live.get("/control/clock")["now"])
    span = {"starttime": then - 60, "endtime": then + 60}
    account.advance(29 * 86400)
    assert len(asked(account, **span)["recordlist"]) == 1

    account.advance(2 * 86400)

    assert asked(account, **span)["recordlist"] == []


def test_a_session_of_who_leaves_ends(account, product, online):
    create(account)

    account.live.do(WANG, "unfollow")
    account.live.get(f"/settled?wait={WITHIN}")

    assert "kf_close_session" in events(product)
