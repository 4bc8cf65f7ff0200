"""Every documented callback as a typed value."""

from datetime import UTC, datetime

import pytest

from bot.errors import Refused
from bot.inbound import Inbound, Kind, Link, Location, parse
from tests.bot.pushes import OPENID, SENT_AT, callback_xml, event_xml, text_xml


def message(kind: str, inner: str) -> Inbound:
    return parse(callback_xml(f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}<MsgId>77</MsgId>"))


def test_a_typed_text_has_no_menu_id():
    found = parse(text_xml("三楼打印机卡纸"))

    assert found == Inbound(
        openid=OPENID,
        account="gh_0a1b2c3d4e5f",
        kind=Kind.TEXT,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        key="m:24567890123456789",
        text="三楼打印机卡纸",
        raw=found.raw,
    )
    assert found.raw["Content"] == "三楼打印机卡纸"


def test_a_tapped_line_brings_its_id():
    found = message("text", "<Content>接单</Content><bizmsgmenuid>ack:7</bizmsgmenuid>")

    assert (found.text, found.menu_id) == ("接单", "ack:7")


@pytest.mark.parametrize("length", [128, 129])
def test_a_menu_id_is_kept_up_to_the_length_of_ours(length):
    found = message("text", f"<Content>x</Content><bizmsgmenuid>{'m' * length}</bizmsgmenuid>")

    assert found.menu_id == "m" * 128


def test_an_image_is_known_by_its_media_id():
    found = message("image", "<PicUrl>http://mmbiz.qpic.cn/x</PicUrl><MediaId>m-1_A</MediaId>")

    assert (found.kind, found.media_id) == (Kind.IMAGE, "m-1_A")


@pytest.mark.parametrize(
    ("element", "words"),
    [("", ""), ("<Recognition/>", ""), ("<Recognition>打印机坏了</Recognition>", "打印机坏了")],
)
def test_a_voice_has_its_format_and_whatever_was_recognised(element, words):
    found = message(
        "voice", f"<MediaId>v1</MediaId><Format>amr</Format><MediaId16K>v16</MediaId16K>{element}"
    )

    assert (found.kind, found.media_id, found.media_format) == (Kind.VOICE, "v1", "amr")
    assert found.recognition == words
    assert found.raw["MediaId16K"] == "v16"


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.SHORTVIDEO])
def test_films_have_a_media_id(kind):
    found = message(kind.value, "<MediaId>f1</MediaId><ThumbMediaId>t1</ThumbMediaId>")

    assert (found.kind, found.media_id) == (kind, "f1")


def test_a_location_is_latitude_first():
    found = message(
        "location",
        "<Location_X>31.230416</Location_X><Location_Y>121.473701</Location_Y>"
        "<Scale>15</Scale><Label><![CDATA[A座]]></Label>",
    )

    assert found.location == Location(31.230416, 121.473701, "A座")


@pytest.mark.parametrize("value", ["NaN", "inf", "91", "1e1", "", "--1", "31,2", "0x1f"])
def test_h09_a_location_that_is_none_is_none(value):
    found = message("location", f"<Location_X>{value}</Location_X><Location_Y>1</Location_Y>")

    assert found.kind is Kind.LOCATION
    assert found.location is None


def test_a_shared_page_is_a_link():
    found = message(
        "link", "<Title>标题</Title><Description>说明</Description><Url>https://a.example/1</Url>"
    )

    assert found.link == Link("标题", "说明", "https://a.example/1")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "http://a b"])
def test_a_link_that_is_no_web_address_has_none(url):
    link = message("link", f"<Url><![CDATA[{url}]]></Url>").link

    assert link is not None
    assert link.url == ""


def test_an_unknown_type_is_kept_whole():
    found = message("file", "<Title>a.pdf</Title><FileKey>k</FileKey>")

    assert found.kind is Kind.UNKNOWN
    assert found.raw["MsgType"] == "file"
    assert found.raw["FileKey"] == "k"


def test_following_by_a_code_tells_the_scene():
    found = parse(
        event_xml("subscribe", "<EventKey>qrscene_bind:7f3a</EventKey><Ticket>gQH4</Ticket>")
    )

    assert (found.event, found.scene) == ("subscribe", "bind:7f3a")


@pytest.mark.parametrize("element", ["", "<EventKey/>", "<EventKey>qrscene_</EventKey>"])
def test_following_otherwise_tells_none(element):
    assert parse(event_xml("subscribe", element)).scene is None


def test_a_followers_scan_tells_the_scene_without_prefix():
    assert parse(event_xml("SCAN", "<EventKey>bind:7f3a</EventKey>")).scene == "bind:7f3a"


@pytest.mark.parametrize("sent", ["CLICK", "click", "Click"])
def test_event_names_are_read_in_any_case(sent):
    found = parse(event_xml(sent, "<EventKey>REPORT</EventKey>"))

    assert (found.kind, found.event, found.event_key) == (Kind.EVENT, "click", "REPORT")
    assert found.scene is None


def test_a_position_report_is_a_location():
    found = parse(event_xml("LOCATION", "<Latitude>31.2</Latitude><Longitude>121.4</Longitude>"))

    assert found.location == Location(31.2, 121.4, "")


def test_a_place_chosen_from_the_menu_is_a_location():
    found = parse(
        event_xml(
            "location_select",
            "<EventKey>K</EventKey><SendLocationInfo><Location_X>31.2</Location_X>"
            "<Location_Y>121.4</Location_Y><Label>A座</Label></SendLocationInfo>",
        )
    )

    assert found.location == Location(31.2, 121.4, "A座")


def test_nested_and_repeated_fields_stay_readable():
    pictures = "".join(f"<item><PicMd5Sum>{n:032x}</PicMd5Sum></item>" for n in range(9))
    found = parse(
        event_xml(
            "pic_weixin",
            f"<SendPicsInfo><Count>9</Count><PicList>{pictures}</PicList></SendPicsInfo>",
        )
    )

    assert found.raw["SendPicsInfo"] == {
        "Count": "9",
        "PicList": {"item": [{"PicMd5Sum": f"{n:032x}"} for n in range(9)]},
    }


def test_r060_the_fate_of_a_template_message_is_readable():
    found = parse(
        event_xml(
            "TEMPLATESENDJOBFINISH",
            "<MsgID>2001638361234567890</MsgID><Status>failed:user block</Status>",
        )
    )

    assert found.event == "templatesendjobfinish"
    assert found.raw["MsgID"] == "2001638361234567890"
    assert found.raw["Status"] == "failed:user block"


# --- what counts as the same -----------------------------------------------------------------


def test_r064_a_message_is_known_by_its_id_whatever_its_size():
    assert parse(text_xml(msg_id=2**63 - 1)).key == f"m:{2**63 - 1}"
    assert parse(text_xml(msg_id="007")).key == "m:7"


@pytest.mark.parametrize("msg_id", [0, "", "abc", "-1", "1.5", "9" * 21])
def test_r064_messages_without_an_id_are_told_apart_by_what_they_hold(msg_id):
    one, again, other = (parse(text_xml(t, msg_id=msg_id)).key for t in ("甲", "甲", "乙"))

    assert one == again != other
    assert one.startswith(f"d:{SENT_AT}:")


def test_r064_an_event_repeated_is_one_and_another_in_the_same_second_is_another():
    click = event_xml("CLICK", "<EventKey>A</EventKey>")
    keys = [
        parse(xml).key
        for xml in (
            click,
            event_xml("CLICK", "<EventKey>B</EventKey>"),
            event_xml("SCAN", "<EventKey>A</EventKey>"),
            event_xml("CLICK", "<EventKey>A</EventKey>", at=SENT_AT + 1),
            event_xml("CLICK", "<EventKey>A</EventKey><MenuId>1</MenuId>"),
            event_xml("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID>"),
            event_xml("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID>"),
            text_xml(),
        )
    ]

    assert parse(click).key == keys[0]
    assert len(set(keys)) == len(keys)


def test_a_key_always_fits_its_column():
    longest = event_xml("e" * 64, f"<EventKey>{'键' * 5000}</EventKey>", at=9999999999)

    assert len(parse(longest).key) <= 191


def test_h09_a_field_sent_twice_is_refused_rather_than_guessed():
    with pytest.raises(Refused, match="bad_field"):
        parse(callback_xml("<MsgType>text</MsgType><Content>a</Content><Content>b</Content>"))
