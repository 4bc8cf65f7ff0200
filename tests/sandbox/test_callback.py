"""The delivery rule: five seconds, three attempts, and only a live and well-formed reply counts."""

import time

import pytest

from tests.bot.pushes import ACCOUNT, APP_ID, TOKEN, sign
from tests.sandbox.stage import WANG, ZHOU, eventually, says, sealed_reply, silence

FAULT = "该公众号提供的服务出现故障，请稍后再试"


def test_a_push_is_sealed_and_signed_as_in_safe_mode(stage, product):
    stage.do("say", text="打印机卡纸")

    heard = product.last
    stamp, nonce = heard.query["timestamp"], heard.query["nonce"]
    assert heard.query["msg_signature"] == sign(TOKEN, stamp, nonce, heard.sealed)
    assert heard.query["signature"] == sign(TOKEN, stamp, nonce)
    assert heard.query["encrypt_type"] == "aes"
    assert [child.tag for child in heard.envelope] == ["ToUserName", "Encrypt"]
    assert heard.app_id == APP_ID
    assert (heard["FromUserName"], heard["ToUserName"]) == (WANG, ACCOUNT)
    assert heard["Content"] == "打印机卡纸"


def test_the_reply_is_shown_on_the_phone_that_asked(stage, product):
    product.answers.append(says("收到"))

    fate = stage.do("say", text="打印机卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("replied", 1)
    assert fate["reply"] == {"kind": "text", "text": "收到"}
    assert stage.seen() == ["打印机卡纸", "收到"]
    assert stage.seen(ZHOU) == []


@pytest.mark.parametrize("content", [b"success", b""])
def test_silence_shows_nothing_and_is_not_tried_again(stage, product, content):
    product.answers.append(lambda _: content)

    fate = stage.do("say", text="打印机卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("silent", 1)
    assert stage.seen() == ["打印机卡纸"]


def test_who_never_answers_is_asked_three_times_then_the_person_reads_of_a_fault(stage, product):
    stage.rules(time_limit=0.15)
    product.answers.extend([product.hangs] * 3)

    fate = stage.do("say", text="打印机卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("gave_up", 3)
    assert len(product.heard) == 3
    assert len({heard["MsgId"] for heard in product.heard}) == 1
    assert len({heard.query["nonce"] for heard in product.heard}) == 3
    assert stage.seen() == ["打印机卡纸", FAULT]


def test_the_answer_to_a_later_attempt_counts(stage, product):
    stage.rules(time_limit=0.15)
    product.answers.extend([product.hangs, says("收到")])

    fate = stage.do("say", text="打印机卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("replied", 2)
    assert stage.seen() == ["打印机卡纸", "收到"]


def test_the_real_limit_is_five_seconds_and_three_attempts(stage):
    assert (stage.world.rules.time_limit, stage.world.rules.attempts) == (5.0, 3)


def test_nobody_at_the_port_counts_as_an_attempt(stage):
    stage.rules(callback_url="http://127.0.0.1:9/wechat")

    fate = stage.do("say", text="打印机卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("gave_up", 3)
    assert stage.seen()[-1] == FAULT


@pytest.mark.parametrize(
    "answer",
    [
        lambda heard: b"<html>oops</html>",
        lambda heard: b'{"errcode":0}',
        lambda heard: b"<xml><MsgType>text</MsgType></xml>",
        lambda heard: sealed_reply(heard, "<Content></Content>"),
        lambda heard: sealed_reply(heard, f"<Content>{'字' * 683}</Content>"),
        lambda heard: sealed_reply(heard, "<Image><MediaId>none</MediaId></Image>", "image"),
        lambda heard: sealed_reply(heard, "", "hologram"),
        lambda heard: says("收到")(heard).replace(
            b"<MsgSignature><![CDATA[", b"<MsgSignature>x<![CDATA["
        ),
    ],
)
def test_a_malformed_answer_is_a_fault_at_once(stage, product, answer):
    product.answers.append(answer)

    fate = stage.do("say", text="打印机卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("fault", 1)
    assert stage.seen() == ["打印机卡纸", FAULT]


def test_a_fault_after_an_unfollow_is_shown_to_nobody(stage, product):
    product.answers.append(lambda _: b"<html>oops</html>")

    assert stage.do("unfollow")["outcome"] == "fault"

    assert FAULT not in stage.seen()


def test_events_have_no_message_id_and_messages_have_large_ones(stage, product):
    stage.do("press", key="REPORT")
    stage.do("say", text="打印机卡纸")

    click, text = product.heard
    assert (click["MsgType"], click["Event"], click["EventKey"]) == ("event", "CLICK", "REPORT")
    assert click["MsgId"] == ""
    assert int(text["MsgId"]) > 2**53


def test_the_messages_of_one_person_come_one_after_the_other(stage, product):
    product.answers.extend([says("一"), says("二"), says("三")])

    for word in ("a", "b", "c"):
        stage.phone("say", text=word)
    stage.settle()

    assert [heard["Content"] for heard in product.heard] == ["a", "b", "c"]
    assert sorted(stage.seen()) == sorted(["a", "b", "c", "一", "二", "三"])


def test_one_persons_wait_does_not_hold_up_another(stage, product):
    product.answers.extend([product.hangs, silence])

    stage.phone("say", text="慢")
    assert eventually(lambda: len(product.heard) == 1)

    assert stage.do("say", ZHOU, text="快")["outcome"] == "silent"
    product.released.set()


def test_copies_arrive_in_parallel_and_one_reply_is_shown(stage, product):
    stage.rules(copies=3)
    product.answers.extend([says("收到")] * 3)

    assert stage.do("say", text="打印机卡纸")["outcome"] == "replied"

    assert len(product.heard) == 3
    assert len({heard["MsgId"] for heard in product.heard}) == 1
    assert stage.seen() == ["打印机卡纸", "收到"]
    outcomes = sorted(entry["outcome"] for entry in stage.journal())
    assert outcomes == ["replied", "replied again", "replied again"]


def test_copies_that_are_answered_differently_are_noted(stage, product):
    stage.rules(copies=2)
    product.answers.extend([says("一"), says("二")])

    stage.do("say", text="打印机卡纸")

    assert sorted(entry["outcome"] for entry in stage.journal()) == [
        "replied",
        "replied differently",
    ]


def test_a_dropped_push_never_leaves(stage, product):
    stage.rules(drop=1)

    assert stage.do("say", text="打印机卡纸")["outcome"] == "dropped"

    assert product.heard == []
    assert stage.journal()[-1]["outcome"] == "dropped"


def test_within_the_window_pushes_leave_in_another_order(stage, product):
    stage.rules(reorder_window=0.2)
    words = ["a", "b", "c", "d"]

    for word in words:
        stage.phone("say", text=word)
    stage.settle()

    came = [heard["Content"] for heard in product.heard]
    assert came != words
    assert sorted(came) == words


def test_a_delayed_push_comes_late(stage, product):
    stage.rules(delay=0.2)
    began = time.monotonic()

    stage.do("say", text="打印机卡纸")

    assert time.monotonic() - began >= 0.2
    assert len(product.heard) == 1


def test_a_raw_push_carries_what_the_test_wants(stage, product):
    fields = {"MsgType": "file", "Title": "a.doc", "FileMd5": "0" * 32}

    push = stage.control("push", openid=WANG, fields=fields).get_json()["push_id"]

    assert stage.fate(push)["outcome"] == "silent"
    assert (product.last["MsgType"], product.last["Title"]) == ("file", "a.doc")


def test_a_raw_body_goes_out_as_it_is(stage, product):
    push = stage.control("push", openid=WANG, body="<xml><MsgType>?</MsgType></xml>").get_json()

    stage.fate(push["push_id"])

    assert product.last.xml == "<xml><MsgType>?</MsgType></xml>"


def test_what_a_person_writes_cannot_break_out_of_its_element(stage, product):
    text = "]]></Content><MsgType>event</MsgType><Content><![CDATA["

    stage.do("say", text=text)

    assert product.last["Content"] == text
    assert product.last["MsgType"] == "text"


def test_a_reset_forgets_chats_and_gives_people_back(stage):
    stage.do("say", text="打印机卡纸")
    stage.do("unfollow")

    assert stage.control("reset").status_code == 200

    assert stage.seen() == []
    assert stage.do("say", text="又来了")["outcome"] == "silent"


def test_the_feed_tells_what_is_new_and_waits_for_it(stage):
    first = stage.http.get("/phone/feed").get_json()
    stage.do("say", text="打印机卡纸")

    query = {"epoch": first["epoch"], "version": first["version"], "wait": 5}
    news = stage.http.get("/phone/feed", query_string=query).get_json()

    assert [bubble["text"] for bubble in news["bubbles"]] == ["打印机卡纸"]
    assert [entry["outcome"] for entry in news["journal"]] == ["silent"]
    assert news["version"] > first["version"]
    after = {**query, "version": -1, "after": news["bubbles"][-1]["id"]}
    assert stage.http.get("/phone/feed", query_string=after).get_json()["bubbles"] == []


def test_a_page_of_an_earlier_time_is_told_everything_again(stage):
    stage.do("say", text="打印机卡纸")
    stage.control("reset")
    stage.do("say", text="又来了")

    news = stage.http.get("/phone/feed?epoch=earlier&after=99&version=1").get_json()

    assert [bubble["text"] for bubble in news["bubbles"]] == ["又来了"]


def test_the_callback_is_verified_as_when_its_address_is_saved(stage):
    assert stage.control("verify").get_json() == {"verified": True, "why": ""}

    stage.rules(token="another_token")
    assert stage.control("verify").get_json() == {"verified": False, "why": "not the echo"}
    stage.rules(callback_url="http://127.0.0.1:9/wechat")
    assert stage.control("verify").get_json() == {"verified": False, "why": "refused"}


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example:9001"}],
)
def test_pages_of_other_places_may_not_act_here(stage, headers):
    answer = stage.http.post(f"/phone/{WANG}/photo", headers=headers)

    assert answer.status_code == 403
    assert stage.seen() == []


def test_a_page_of_the_sandbox_may(stage):
    headers = {"Origin": "http://127.0.0.1:9001", "Host": "127.0.0.1:9001"}

    assert stage.http.post(f"/phone/{WANG}/photo", headers=headers).status_code == 200
