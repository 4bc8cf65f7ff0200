"""Customer messages: the windows that people's acts open, and what may be sent in them."""

import pytest

from tests.sandbox.stage import STRANGER, WANG, ZHOU

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"


def send(stage, kind, **content):
    return stage.api(SEND, {"touser": WANG, "msgtype": kind, kind: content})["errcode"]


def test_who_did_nothing_cannot_be_written_to(stage):
    assert stage.send_text() == 45015


def test_a_message_allows_five_answers_in_48_hours(stage):
    stage.do("say", text="在吗")

    assert [stage.send_text() for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert stage.seen() == ["在吗", *["您好"] * 5]


def test_after_48_hours_the_window_is_shut(stage):
    stage.do("say", text="在吗")

    stage.advance(48 * 3600 - 1)
    assert stage.send_text() == 0
    stage.advance(1)

    stage.token = ""
    assert stage.send_text() == 45015


def test_a_new_message_fills_the_window_anew_and_does_not_add_to_it(stage):
    stage.do("say", text="在吗")
    stage.send_text()

    stage.do("say", text="在吗")

    assert [stage.send_text() for _ in range(6)] == [0] * 5 + [45047]


def test_a_menu_key_allows_three_answers_in_one_minute(stage):
    stage.do("press", key="MY_TICKETS")

    assert [stage.send_text() for _ in range(4)] == [0, 0, 0, 45047]
    stage.do("press", key="MY_TICKETS")
    stage.advance(60)
    assert stage.send_text() == 45015


def test_following_allows_three_answers_in_one_minute(stage):
    stage.do("unfollow")
    stage.do("follow")

    assert [stage.send_text() for _ in range(4)] == [0, 0, 0, 45047]


@pytest.mark.parametrize(("opens", "sent"), [("click", 3), ("message", 5)])
def test_a_tapped_line_opens_the_window_that_the_rules_name(stage, opens, sent):
    stage.rules(msgmenu_tap_opens=opens)

    stage.do("tap", content="接单", id="ack:7")

    assert [stage.send_text() for _ in range(sent + 1)] == [0] * sent + [45047]


def test_the_window_that_shuts_first_is_used_up_first(stage):
    stage.do("say", text="在吗")
    stage.do("press", key="MY_TICKETS")

    for _ in range(3):
        assert stage.send_text() == 0

    stage.advance(60)
    assert [stage.send_text() for _ in range(6)] == [0] * 5 + [45047]


def test_who_unfollowed_is_out_of_reach_and_loses_the_window(stage):
    stage.do("say", text="在吗")

    stage.do("unfollow")
    assert stage.send_text() == 45015
    stage.do("follow")

    assert [stage.send_text() for _ in range(4)] == [0, 0, 0, 45047]


def test_an_openid_of_nobody_is_refused(stage):
    assert stage.send_text(STRANGER) == 40003


def test_who_switched_messages_off_is_out_of_reach(stage):
    stage.do("say", text="在吗")
    stage.phone("block", is_blocking=True)

    assert stage.send_text() == 48002


def test_who_is_blacklisted_is_out_of_reach_and_unheard(stage, product):
    stage.do("say", text="在吗")
    stage.api("/cgi-bin/tags/members/batchblacklist", {"openid_list": [WANG]})

    assert stage.send_text() == 43019
    assert stage.do("say", text="喂")["outcome"] == "dropped"
    assert len(product.heard) == 1


def test_a_refused_message_uses_nothing_up(stage):
    stage.do("say", text="在吗")

    assert send(stage, "text", content="字" * 683) == 45002

    assert [stage.send_text() for _ in range(6)] == [0] * 5 + [45047]


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "字" * 683}, 45002),
        ("image", {"media_id": "unknown"}, 40007),
        ("news", {"articles": []}, 44003),
        ("news", {"articles": [{"title": "一"}, {"title": "二"}]}, 45008),
        ("msgmenu", {"list": []}, 45098),
        ("msgmenu", {"list": [{"id": str(n), "content": "行"} for n in range(11)]}, 45098),
        ("msgmenu", {"list": [{"id": "1", "content": "字" * 171}]}, 45099),
        ("hologram", {"x": 1}, 40008),
    ],
)
def test_a_message_that_breaks_a_limit_is_refused(stage, kind, content, errcode):
    stage.do("say", text="在吗")

    assert send(stage, kind, **content) == errcode
    assert stage.seen() == ["在吗"]


def test_a_text_of_2048_bytes_is_shown_whole(stage):
    stage.do("say", text="在吗")
    text = "字" * 682 + "ab"

    assert send(stage, "text", content=text) == 0
    assert stage.seen()[-1] == text


def test_a_menu_message_shows_its_lines(stage):
    stage.do("say", text="在吗")
    lines = [{"id": "ack:7", "content": "接单"}, {"id": "no:7", "content": "转派"}]

    assert send(stage, "msgmenu", head_content="新工单", list=lines, tail_content="请选") == 0

    shown = stage.chat()[-1]
    assert (shown["kind"], shown["text"], shown["tail"]) == ("msgmenu", "新工单", "请选")
    assert shown["lines"] == lines


def test_a_link_in_a_text_is_a_line_that_can_be_tapped(stage):
    stage.do("say", text="在吗")
    href = "weixin://bizmsgmenu?msgmenucontent=确认报修&msgmenuid=ok:7"

    send(stage, "text", content=f'对吗?<a href="{href}">〔确认〕</a>')

    shown = stage.chat()[-1]
    assert shown["lines"] == [{"id": "ok:7", "content": "确认报修"}]
    assert [part["text"] for part in shown["parts"]] == ["对吗?", "〔确认〕"]


def test_news_and_a_clerks_name_are_shown(stage):
    stage.do("say", text="在吗")
    article = {"title": "怎么连打印机", "description": "带图", "url": "https://desk.example.com/"}
    body = {"touser": WANG, "msgtype": "news", "news": {"articles": [article]}}

    answer = stage.api(SEND, {**body, "customservice": {"kf_account": "desk1@itdesk"}})

    assert answer["errcode"] == 0
    shown = stage.chat()[-1]
    assert (shown["title"], shown["clerk"]) == ("怎么连打印机", "小陈")


def test_typing_is_shown_only_to_who_wrote_within_thirty_seconds(stage):
    body = {"touser": WANG, "command": "Typing"}
    assert stage.api(TYPING, body)["errcode"] == 45080

    stage.do("say", text="在吗")
    assert stage.api(TYPING, body)["errcode"] == 0
    assert stage.api(TYPING, body)["errcode"] == 45081

    assert stage.api(TYPING, {**body, "command": "CancelTyping"})["errcode"] == 0
    assert stage.api(TYPING, {**body, "command": "Sing"})["errcode"] == 45072
    stage.advance(31)
    assert stage.api(TYPING, body)["errcode"] == 45080


def test_each_person_has_windows_of_their_own(stage):
    stage.do("say", text="在吗")

    assert stage.send_text(ZHOU) == 45015


def test_who_wrote_before_the_start_can_be_answered(stage):
    stage.control("people", openid=STRANGER, name="新人", has_written=True)

    assert [stage.send_text(STRANGER) for _ in range(6)] == [0] * 5 + [45047]
