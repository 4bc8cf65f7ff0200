"""§2: what is pushed, to which fields, how often, and what a person sees when nobody answers."""

import pytest

from tests.sandbox.stage import WANG, eventually, says, silence

FAULT = "该公众号提供的服务出现故障，请稍后再试"


def create_menu(account, *buttons):
    assert account.code("/cgi-bin/menu/create", {"button": list(buttons)}) == 0
    account.live.get(f"/phone/{WANG}/menu?fresh")


def fields(heard):
    return {child.tag: child.text for child in heard.root}


# --- messages ---------------------------------------------------------------------------------


def test_a_text(live, product):
    live.do(WANG, "say", text="三楼打印机卡纸")

    assert (product.last["MsgType"], product.last["Content"]) == ("text", "三楼打印机卡纸")


def test_a_tapped_line_carries_its_id_in_lower_case_and_a_typed_one_none(live, product):
    live.do(WANG, "tap", content="接单", id="ack:7")
    live.do(WANG, "say", text="接单")

    tapped, typed = product.heard
    assert (tapped["Content"], tapped["bizmsgmenuid"]) == ("接单", "ack:7")
    assert "bizmsgmenuid" not in fields(typed)


def test_an_image(live, product):
    live.do(WANG, "photo")

    heard = fields(product.last)
    assert heard.keys() >= {"PicUrl", "MediaId", "MsgId"}
    assert heard["PicUrl"].startswith("http://")


@pytest.mark.parametrize(("rule", "words"), [("off", None), ("empty", ""), ("text", "卡纸")])
def test_a_voice_and_how_much_of_it_was_understood_is_a_rule(live, product, rule, words):
    live.rules(recognition=rule)
    live.do(WANG, "voice", seconds=1, words="卡纸")

    assert product.last["Format"] == "amr"
    assert product.last["MediaId16K"]
    assert product.last.root.findtext("Recognition") == words


def test_recognition_is_empty_unless_told_otherwise(live):
    assert live.get("/control/rules")["recognition"] == "empty"


def test_a_video_has_a_thumb(live, product):
    live.do(WANG, "video")

    assert product.last["MsgType"] == "video"
    assert product.last["ThumbMediaId"]


def test_a_place_has_its_latitude_in_x(live, product):
    live.do(WANG, "location", latitude=31.2, longitude=121.4, label="A座")

    heard = product.last
    assert (float(heard["Location_X"]), float(heard["Location_Y"])) == (31.2, 121.4)
    assert (heard["Label"], heard["Scale"]) == ("A座", "16")


@pytest.mark.parametrize("kind", ["file", "shortvideo", "link", "hologram"])
def test_kinds_that_phones_here_cannot_make_are_pushed_by_hand(live, product, kind):
    push = live.post("/control/push", openid=WANG, fields={"MsgType": kind, "Title": "甲"})
    live.get(f"/push/{push['push_id']}?wait=10")

    assert (product.last["MsgType"], product.last["Title"]) == (kind, "甲")


def test_what_no_xml_may_hold_is_left_out_and_a_cdata_end_is_split(live, product):
    words = "a]]>b\x00\x0b\u200b🙂"

    live.do(WANG, "say", text=words)

    assert product.last["Content"] == "a]]>b\u200b🙂"


def test_a_body_may_be_a_hundred_kilobytes(live, product):
    live.do(WANG, "say", text="字" * 33_000)

    assert len(product.last["Content"]) == 33_000


# --- events -----------------------------------------------------------------------------------


def test_a_follow_and_a_goodbye(live, product):
    live.do(WANG, "unfollow")
    live.do(WANG, "follow")

    gone, came = map(fields, product.heard)
    assert (gone["Event"], came["Event"], came["EventKey"]) == ("unsubscribe", "subscribe", None)
    assert "MsgId" not in came


def test_a_click(live, product):
    live.do(WANG, "press", key="REPORT")

    assert (product.last["Event"], product.last["EventKey"]) == ("CLICK", "REPORT")


def test_a_view(account, product):
    url = "https://desk.example.com/"
    create_menu(account, {"type": "view", "name": "页面", "url": url})

    account.live.do(WANG, "press", key=url)

    assert (product.last["Event"], product.last["EventKey"]) == ("VIEW", url)
    assert product.last["MenuId"].isdecimal()


@pytest.mark.parametrize("kind", ["scancode_push", "scancode_waitmsg"])
def test_a_scan_by_a_button(account, product, kind):
    create_menu(account, {"type": kind, "name": "扫码", "key": "ASSET"})

    account.live.do(WANG, "press", key="ASSET", scan="PRN-0012")

    assert product.last["Event"] == kind
    assert product.last.root.findtext("ScanCodeInfo/ScanType") == "qrcode"
    assert product.last.root.findtext("ScanCodeInfo/ScanResult") == "PRN-0012"


@pytest.mark.parametrize("kind", ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"])
def test_a_picture_by_a_button_is_an_event_and_then_a_message(account, product, kind):
    create_menu(account, {"type": kind, "name": "拍照", "key": "PHOTO"})

    account.live.do(WANG, "press", key="PHOTO")
    account.settle()

    event, picture = product.heard
    assert (event["Event"], picture["MsgType"]) == (kind, "image")
    assert event.root.findtext("SendPicsInfo/Count") == "1"


def test_a_place_by_a_button_is_an_event_and_then_a_message(account, product):
    create_menu(account, {"type": "location_select", "name": "位置", "key": "PLACE"})

    account.live.do(WANG, "press", key="PLACE")
    account.settle()

    event, place = product.heard
    assert (event["Event"], place["MsgType"]) == ("location_select", "location")
    label = event.root.findtext("SendLocationInfo/Label")
    assert label == place["Label"]


# --- delivery ---------------------------------------------------------------------------------


def test_three_attempts_of_five_seconds_are_the_rule(live):
    rules = live.get("/control/rules")

    assert (rules["attempts"], rules["time_limit"]) == (3, 5.0)


def test_who_does_not_answer_in_time_is_asked_again_and_then_there_is_a_notice(live, product):
    live.rules(time_limit=0.15)
    product.answers.extend([product.hangs] * 3)

    fate = live.do(WANG, "say", text="卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("gave_up", 3)
    assert len({heard["MsgId"] for heard in product.heard}) == 1
    assert len({heard.query["nonce"] for heard in product.heard}) == 3
    assert live.seen(WANG)[-1] == FAULT


def test_whether_a_retry_has_a_fresh_nonce_is_a_rule(live, product):
    live.rules(time_limit=0.15, fresh_nonce=False)
    product.answers.extend([product.hangs] * 3)

    live.do(WANG, "say", text="卡纸")

    assert len({heard.query["nonce"] for heard in product.heard}) == 1


def test_how_many_attempts_there_are_is_a_rule(live, product):
    live.rules(time_limit=0.15, attempts=4)
    product.answers.extend([product.hangs] * 4)

    assert live.do(WANG, "say", text="卡纸")["attempts"] == 4


def test_only_the_answer_to_a_live_connection_counts(live, product):
    live.rules(time_limit=0.15)
    product.answers.extend([product.hangs, says("收到")])

    assert live.do(WANG, "say", text="卡纸")["attempts"] == 2

    assert live.seen(WANG) == ["卡纸", "收到"]


def test_nobody_at_the_port_is_tried_again(live):
    live.rules(callback_url="http://127.0.0.1:9/wechat")

    fate = live.do(WANG, "say", text="卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("gave_up", 3)


@pytest.mark.parametrize("content", [b"success", b""])
def test_success_or_nothing_is_an_answer(live, product, content):
    product.answers.append(lambda _: content)

    fate = live.do(WANG, "say", text="卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("silent", 1)
    assert live.seen(WANG) == ["卡纸"]


@pytest.mark.parametrize(("retries", "attempts"), [(False, 1), (True, 3)])
def test_a_malformed_answer_shows_the_notice_and_whether_it_is_retried_is_a_rule(
    live, product, retries, attempts
):
    live.rules(retry_bad_answer=retries)
    product.answers.extend([lambda _: b"<html>oops</html>"] * 3)

    fate = live.do(WANG, "say", text="卡纸")

    assert (fate["outcome"], fate["attempts"]) == ("fault", attempts)
    assert live.seen(WANG)[-1] == FAULT


def test_the_words_of_the_notice_are_a_rule(live, product):
    live.rules(fault_text="该公众号暂时无法提供服务，请稍后再试")
    product.answers.append(lambda _: b"{}")

    live.do(WANG, "say", text="卡纸")

    assert live.seen(WANG)[-1] == "该公众号暂时无法提供服务，请稍后再试"


@pytest.mark.parametrize(
    ("what", "body", "shown"),
    [("press", {"key": "REPORT"}, True), ("unfollow", {}, False)],
)
def test_only_some_pushes_show_the_notice(live, product, what, body, shown):
    product.answers.append(lambda _: b"<html>")

    live.do(WANG, what, **body)

    assert (FAULT in live.seen(WANG)) is shown


def test_copies_delays_losses_and_disorder_are_rules(live, product):
    live.rules(copies=2)
    live.do(WANG, "say", text="一")
    assert [heard["Content"] for heard in product.heard] == ["一", "一"]

    live.rules(copies=1, drop=1)
    assert live.do(WANG, "say", text="二")["outcome"] == "dropped"

    live.rules(drop=0, reorder_window=0.2)
    product.heard.clear()
    pushes = [live.post(f"/phone/{WANG}/say", text=text)["push_id"] for text in "三四"]
    for push in pushes:
        live.get(f"/push/{push}?wait=10")
    assert [heard["Content"] for heard in product.heard] == ["四", "三"]


@pytest.mark.parametrize(("order", "overlap"), [("serial", False), ("parallel", True)])
def test_whether_pushes_of_one_person_overlap_is_a_rule(live, product, order, overlap):
    live.rules(order=order)
    product.answers.extend([product.hangs, silence])
    first = live.post(f"/phone/{WANG}/say", text="一")["push_id"]
    second = live.post(f"/phone/{WANG}/say", text="二")["push_id"]

    if overlap:
        assert live.get(f"/push/{second}?wait=10")["outcome"] == "silent"
        assert live.get(f"/push/{first}")["outcome"] == ""
    else:
        assert eventually(lambda: len(product.heard) == 1)
        assert live.get(f"/push/{second}?wait=0.2")["outcome"] == ""
    product.released.set()
    assert live.get(f"/push/{first}?wait=10")["outcome"] == "silent"
