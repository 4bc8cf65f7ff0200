"""§5: customer messages, their windows, and what may stand in them."""

import pytest

from tests.sandbox.conformance.account import JPEG, SEND
from tests.sandbox.stage import STRANGER, WANG, ZHOU

TYPING = "/cgi-bin/message/custom/typing"
BLACKLIST = "/cgi-bin/tags/members/batchblacklist"


def send(account, kind, **content):
    return account.code(SEND, {"touser": WANG, "msgtype": kind, kind: content})


def types(account, command="Typing"):
    return account.code(TYPING, {"touser": WANG, "command": command})


@pytest.fixture
def wang(live):
    """She has just written, so that five messages may be sent."""
    live.do(WANG, "say", text="在吗")


# --- windows ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("wang")
def test_a_message_opens_five_for_48_hours(account):
    account.advance(48 * 3600 - 5)

    assert [account.says() for _ in range(6)] == [0] * 5 + [45047]


@pytest.mark.parametrize("what", ["photo", "voice", "video", "location"])
def test_every_kind_of_message_opens_the_window(account, what):
    account.live.do(WANG, what)

    assert [account.says() for _ in range(6)] == [0] * 5 + [45047]


def test_a_menu_key_opens_three_for_one_minute(account):
    account.live.do(WANG, "press", key="REPORT")
    assert [account.says() for _ in range(4)] == [0] * 3 + [45047]

    account.live.do(WANG, "press", key="REPORT")
    account.advance(60)

    assert account.says() == 45015


def test_a_follow_opens_three_for_one_minute(account):
    account.live.do(WANG, "unfollow")
    account.live.do(WANG, "follow")

    assert [account.says() for _ in range(4)] == [0] * 3 + [45047]
    account.advance(60)
    assert account.says() == 45015


def test_a_scan_opens_three_for_one_minute(account):
    scene = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "lobby"}}}
    account.call("/cgi-bin/qrcode/create", scene)
    account.live.do(WANG, "scan", scene="lobby")

    assert [account.says() for _ in range(4)] == [0] * 3 + [45047]
    account.advance(60)
    assert account.says() == 45015


def test_a_view_button_opens_nothing(account):
    button = {"type": "view", "name": "页面", "url": "https://desk.example.com/"}
    account.call("/cgi-bin/menu/create", {"button": [button]})
    account.live.get(f"/phone/{WANG}/menu?fresh")
    account.live.do(WANG, "press", key="https://desk.example.com/")

    assert account.says() == 45015


def test_45015_when_no_window_is_open(account):
    assert account.says() == 45015


@pytest.mark.usefixtures("wang")
def test_45015_when_the_person_has_left(account):
    account.live.do(WANG, "unfollow")

    assert account.says() == 45015


def test_the_number_for_who_left_is_a_rule(account):
    account.live.rules(unfollowed_errcode=50005)
    account.live.do(WANG, "unfollow")

    assert account.says() == 50005


@pytest.mark.usefixtures("wang")
def test_45047_when_the_window_s_five_are_used_up(account):
    assert [account.says() for _ in range(6)] == [0] * 5 + [45047]


@pytest.mark.usefixtures("wang")
def test_windows_do_not_add_up(account):
    account.says()
    account.live.do(WANG, "say", text="在吗")

    assert [account.says() for _ in range(6)] == [0] * 5 + [45047]


@pytest.mark.usefixtures("wang")
def test_leaving_shuts_all_windows(account):
    account.live.do(WANG, "unfollow")
    account.live.do(WANG, "follow")

    assert [account.says() for _ in range(4)] == [0] * 3 + [45047]


@pytest.mark.usefixtures("wang")
@pytest.mark.parametrize(("order", "left_later"), [("soonest", 5), ("newest", 2)])
def test_which_window_is_used_first_is_a_rule(account, order, left_later):
    account.live.rules(consume=order)
    account.live.do(WANG, "press", key="REPORT")
    for _ in range(3):
        account.says()

    account.advance(60)

    assert [account.says() for _ in range(left_later + 1)] == [0] * left_later + [45047]


@pytest.mark.parametrize(("opens", "most"), [("click", 3), ("message", 5)])
def test_what_a_tapped_line_opens_is_a_rule(account, opens, most):
    account.live.rules(msgmenu_tap_opens=opens)
    account.live.do(WANG, "tap", content="接单", id="ack:7")

    assert [account.says() for _ in range(most + 1)] == [0] * most + [45047]


@pytest.mark.usefixtures("wang")
@pytest.mark.parametrize(("renews", "errcode"), [(False, 45015), (True, 0)])
def test_whether_a_click_renews_an_open_message_window_is_a_rule(account, renews, errcode):
    account.live.rules(acts_refresh_message_window=renews)
    account.advance(47 * 3600)
    account.live.do(WANG, "press", key="REPORT")
    account.advance(2 * 3600)

    assert account.says() == errcode


@pytest.mark.usefixtures("wang")
@pytest.mark.parametrize(("consumes", "left"), [(False, 5), (True, 4)])
def test_whether_a_clerks_words_use_the_window_is_a_rule(account, consumes, left):
    account.live.rules(clerk_words_consume=consumes)
    account.live.post("/control/kf/desk1@itdesk/accept", openid=WANG)
    account.live.post("/control/kf/desk1@itdesk/say", openid=WANG, text="您好")

    assert [account.says() for _ in range(left + 1)] == [0] * left + [45047]


@pytest.mark.parametrize(("opens", "errcode"), [("nothing", 45015), ("message", 0)])
def test_whether_a_session_opens_a_window_is_a_rule(account, opens, errcode):
    account.live.rules(session_opens=opens)
    account.live.post("/control/kf/desk1@itdesk/accept", openid=WANG)

    assert account.says() == errcode


@pytest.mark.usefixtures("wang")
def test_passive_answers_and_templates_use_no_window(account, product):
    template = account.call("/cgi-bin/template/get_all_private_template")["template_list"][3]
    values = {"character_string1": "IT-7", "thing2": "打印机", "time3": "10:42"}
    data = {name: {"value": value} for name, value in values.items()}
    body = {"touser": WANG, "template_id": template["template_id"], "data": data}
    assert account.code("/cgi-bin/message/template/send", body) == 0

    assert [account.says() for _ in range(6)] == [0] * 5 + [45047]


# --- people -----------------------------------------------------------------------------------


def test_40003_when_the_openid_is_unknown(account):
    assert account.says(openid=STRANGER) == 40003


@pytest.mark.usefixtures("wang")
def test_43019_when_the_person_is_blacklisted(account):
    account.call(BLACKLIST, {"openid_list": [WANG]})

    assert account.says() == 43019


@pytest.mark.usefixtures("wang")
def test_48002_when_the_person_switched_messages_off(account):
    account.live.post(f"/phone/{WANG}/block", is_blocking=True)

    assert account.says() == 48002


@pytest.mark.usefixtures("wang")
def test_each_person_has_windows_of_their_own(account):
    assert (account.says(), account.says(openid=ZHOU)) == (0, 45015)


# --- contents ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("wang")
def test_40008_when_the_type_is_unknown(account):
    assert send(account, "hologram", x=1) == 40008


@pytest.mark.usefixtures("wang")
def test_40007_when_the_media_is_unknown(account):
    assert send(account, "image", media_id="unknown") == 40007


@pytest.mark.usefixtures("wang")
def test_40007_when_the_media_is_of_another_kind(account):
    media = account.upload("/cgi-bin/media/upload", JPEG, "a.jpg", type="image")["media_id"]

    assert send(account, "voice", media_id=media) == 40007
    assert send(account, "image", media_id=media) == 0


@pytest.mark.usefixtures("wang")
def test_44004_when_the_content_is_empty(account):
    assert send(account, "text", content=" ") == 44004
    assert account.code(SEND, {"touser": WANG, "msgtype": "text"}) == 44004


@pytest.mark.usefixtures("wang")
def test_44003_when_there_is_no_article(account):
    assert send(account, "news", articles=[]) == 44003


@pytest.mark.usefixtures("wang")
def test_45002_when_a_text_is_longer_than_2048_bytes(account):
    assert send(account, "text", content="字" * 682 + "abc") == 45002
    assert send(account, "text", content="字" * 682 + "ab") == 0


@pytest.mark.usefixtures("wang")
def test_whether_texts_are_measured_in_bytes_or_characters_is_a_rule(account):
    account.live.rules(text_limit=600, text_limit_unit="characters")

    assert send(account, "text", content="字" * 601) == 45002
    assert send(account, "text", content="字" * 600) == 0


@pytest.mark.usefixtures("wang")
def test_45008_when_there_are_two_articles(account):
    assert send(account, "news", articles=[{"title": "一"}, {"title": "二"}]) == 45008


@pytest.mark.usefixtures("wang")
def test_45098_when_a_menu_has_no_line_or_more_than_ten(account):
    rows = [{"id": str(number), "content": "接单"} for number in range(11)]

    assert send(account, "msgmenu", head_content="请选", list=[]) == 45098
    assert send(account, "msgmenu", head_content="请选", list=rows) == 45098
    assert send(account, "msgmenu", head_content="请选", list=rows[:10]) == 0


@pytest.mark.usefixtures("wang")
def test_45099_when_a_line_is_too_long(account):
    assert send(account, "msgmenu", list=[{"id": "1", "content": "字" * 171}]) == 45099


@pytest.mark.usefixtures("wang")
def test_65401_when_the_clerk_in_whose_name_it_is_sent_is_unknown(account):
    assert account.says(customservice={"kf_account": "nobody@itdesk"}) == 65401


@pytest.mark.usefixtures("wang")
def test_a_clerks_name_stands_beside_what_is_sent_in_it(account):
    assert account.says(customservice={"kf_account": "desk1@itdesk"}) == 0

    assert account.live.get(f"/phone/{WANG}/chat")["bubbles"][-1]["clerk"] == "小陈"


@pytest.mark.usefixtures("wang")
def test_a_refused_message_uses_nothing_up(account):
    send(account, "text", content="")

    assert [account.says() for _ in range(6)] == [0] * 5 + [45047]


# --- typing -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("wang")
def test_45072_when_the_command_is_unknown(account):
    assert types(account, "Sing") == 45072


@pytest.mark.usefixtures("wang")
def test_45080_when_nothing_was_said_within_thirty_seconds(account):
    assert types(account) == 0
    account.advance(31)

    assert types(account) == 45080


@pytest.mark.usefixtures("wang")
def test_45081_when_typing_already(account):
    assert [types(account), types(account)] == [0, 45081]
    assert [types(account, "CancelTyping"), types(account)] == [0, 0]
