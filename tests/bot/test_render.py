"""Replies and messages as WeChat takes them."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.render import (
    TEXT_LIMIT,
    Button,
    clean,
    cut_bytes,
    neutral,
    split_bytes,
    text_message,
    text_reply,
    transfer_reply,
)
from bot.xml import parse_flat
from tests.bot.pushes import ACCOUNT, NOW, OPENID

FAMILY = "👨‍👩‍👧‍👦"  # seven code points, 25 bytes
THUMB = "👍🏽"
FLAG = "🇨🇳"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ACCENT = "e\u0301"
KEYCAP = "1\ufe0f\u20e3"
HANGUL = "\u1100\u1161\u11a8"
WHOLE = [FAMILY, THUMB, FLAG, SCOTLAND, ACCENT, KEYCAP, HANGUL]

any_text = st.text(st.characters(exclude_categories=()), max_size=300)
buttons = st.lists(
    st.builds(
        Button,
        id=st.from_regex(r"[a-z_]{1,20}:[0-9]{1,9}", fullmatch=True),
        label=st.text(min_size=1, max_size=12),
    ),
    max_size=4,
)


def content(xml: str) -> str:
    value = parse_flat(xml.encode())["Content"]
    assert isinstance(value, str)
    return value


def reply(text: str, *listed: Button) -> str:
    return text_reply(text, listed, to=OPENID, account=ACCOUNT, at=NOW)


def size(text: str) -> int:
    return len(text.encode())


# --- H-06, H-11: what is rendered is what is read ---------------------------------------------


@given(any_text)
@example("]]>")
@example("]]]]>>]]>")
@example("a\r\nb\rc\x00\x0b\ud800\ufffe")
@example("<xml>&amp;</xml>")
def test_h11_what_is_rendered_is_what_is_read(text):
    kept = clean(text)
    rendered = reply(text)

    if not kept.strip():
        assert rendered == ""
    elif size(kept) <= TEXT_LIMIT:
        assert content(rendered) == kept


@given(any_text)
def test_h06_cleaned_text_is_kept_by_xml_and_both_databases(text):
    kept = clean(text)

    kept.encode()
    assert clean(kept) == kept
    assert not [c for c in kept if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]


def test_clean_keeps_what_people_write():
    words = "三楼 打印机\t卡纸\n" + "".join(WHOLE) + "\u200f\u200b𠮷１２３"

    assert clean(words) == words


# --- H-23: cutting ---------------------------------------------------------------------------


@pytest.mark.parametrize("whole", WHOLE)
def test_h23_a_visible_character_is_never_split(whole):
    text = "甲" + whole + whole
    for limit in range(3, size(text) + 1):
        cut = cut_bytes(text, limit)
        assert size(cut) <= limit
        assert cut in ("甲", "甲" + whole, text)


@given(any_text, st.integers(0, 400))
def test_h23_a_cut_fits_and_is_a_start(text, limit):
    cut = cut_bytes(text, limit)

    assert text.startswith(cut)
    assert len(cut.encode("utf-8", "replace")) <= limit


def test_h23_a_flag_row_is_cut_between_flags():
    flags = FLAG * 30

    assert cut_bytes(flags, 8 * 7 + 5) == FLAG * 7


def test_h23_stacked_accents_cannot_swallow_a_message():
    zalgo = "a" + "\u0300" * 5000

    assert TEXT_LIMIT - 2 <= size(cut_bytes(zalgo, TEXT_LIMIT)) <= TEXT_LIMIT
    assert "".join(split_bytes(zalgo)) == zalgo


@given(any_text, st.integers(4, 200))
@example("a" + "\u0300" * 40, 16)
@example(FAMILY * 3, 4)
def test_split_pieces_fit_and_lose_nothing_but_line_ends_and_blanks(text, limit):
    kept = clean(text)
    pieces = split_bytes(kept, limit)

    assert all(0 < size(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(kept.split())


def test_a_long_text_is_cut_where_a_line_ends():
    lines = [f"第{n}行" + "字" * 60 for n in range(40)]
    pieces = split_bytes("\n".join(lines))

    assert len(pieces) > 2
    assert "\n".join(pieces) == "\n".join(lines)


def test_a_long_line_is_cut_where_a_sentence_ends():
    pieces = split_bytes("打印机又卡纸了。" * 200)

    assert all(piece.endswith("。") for piece in pieces)


def test_a_link_is_not_cut_in_two():
    link = '<a href="https://desk.example.com/h5/ticket?id=7">查看工单</a>'
    pieces = split_bytes("字" * 670 + link)

    assert pieces == ["字" * 670, link]


@pytest.mark.parametrize("bytes_in", [TEXT_LIMIT, TEXT_LIMIT + 1])
def test_the_text_limit_holds_at_n_and_n_plus_one(bytes_in):
    sent = content(reply("a" * bytes_in))

    assert size(sent) == TEXT_LIMIT
    assert sent.endswith("…") == (bytes_in > TEXT_LIMIT)


# --- replies ---------------------------------------------------------------------------------


def test_a_reply_swaps_the_two_ends():
    fields = parse_flat(reply("好").encode())

    assert fields == {
        "ToUserName": OPENID,
        "FromUserName": ACCOUNT,
        "CreateTime": "1767225602",
        "MsgType": "text",
        "Content": "好",
    }


def test_buttons_are_one_line_of_links_two_spaces_apart():
    sent = content(reply("新工单", Button("ack:7", "接单"), Button("no:7", "退单")))

    assert sent == (
        "新工单\n"
        '<a href="weixin://bizmsgmenu?msgmenucontent=接单&msgmenuid=ack:7">接单</a>  '
        '<a href="weixin://bizmsgmenu?msgmenucontent=退单&msgmenuid=no:7">退单</a>'
    )


@pytest.mark.parametrize("over", [0, 1])
def test_text_and_buttons_together_fill_the_limit_exactly(over):
    button = Button("ok:1", "确认")
    links = size(content(reply("x", button))) - 1
    sent = content(reply("a" * (TEXT_LIMIT - links + over), button))

    assert size(sent) == TEXT_LIMIT
    assert ("…" in sent) == bool(over)


@given(st.text(max_size=3000), buttons)
def test_a_full_reply_shortens_the_text_and_never_the_buttons(text, listed):
    rendered = reply(text, *listed)

    if rendered:
        sent = content(rendered)
        assert size(sent) <= TEXT_LIMIT
        assert re.findall(r"msgmenuid=([^\"]+)\"", sent) == [button.id for button in listed]


def test_shortening_leaves_no_link_open():
    link = '<a href="https://desk.example.com/h5/ticket?id=7">查看工单</a>'
    sent = content(reply("字" * 660 + link * 3, Button("a", "确认")))

    assert sent.count("<a ") == sent.count("</a>")


@pytest.mark.parametrize("label", ['"><script>', "a&msgmenuid=evil", "</a>", "a\nb", "%22", "#"])
def test_h22_a_label_cannot_leave_its_link(label):
    sent = content(reply("x", Button("ok:1", label)))

    found = re.fullmatch(
        r'x\n<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&<>#%\n]+)&msgmenuid=ok:1">([^<>\n]+)</a>',
        sent,
    )
    assert found
    assert found[1] == found[2]


def test_even_absurd_buttons_make_a_reply_that_fits():
    listed = [Button(f"{n}:" + "x" * 120, "很长的标签" * 10) for n in range(10)]

    assert size(content(reply("正文", *listed))) <= TEXT_LIMIT


@pytest.mark.parametrize("wrong", ["", "x" * 129, "键" * 43])
def test_a_buttons_id_has_1_to_128_bytes(wrong):
    with pytest.raises(ValueError):
        Button(wrong, "好")


def test_a_transfer_names_the_account_only_when_given():
    bare = parse_flat(transfer_reply(to=OPENID, account=ACCOUNT, at=NOW).encode())
    named = parse_flat(
        transfer_reply(to=OPENID, account=ACCOUNT, at=NOW, kf_account="desk1@itdesk").encode()
    )

    assert bare["MsgType"] == named["MsgType"] == "transfer_customer_service"
    assert "TransInfo" not in bare
    assert named["TransInfo"] == {"KfAccount": "desk1@itdesk"}


# --- customer messages -----------------------------------------------------------------------


def test_a_text_without_buttons_is_a_text():
    assert text_message("好", []) == [{"msgtype": "text", "text": {"content": "好"}}]


def test_nothing_to_say_is_no_message():
    assert text_message(" \n", []) == []


def test_buttons_make_a_menu():
    assert text_message("新工单", [Button("ack:7", "接单")]) == [
        {
            "msgtype": "msgmenu",
            "msgmenu": {"head_content": "新工单", "list": [{"id": "ack:7", "content": "接单"}]},
        }
    ]


@pytest.mark.parametrize(("given_lines", "sent_lines"), [(10, 10), (11, 10)])
def test_a_menu_has_ten_lines_and_loses_the_last_ones(given_lines, sent_lines):
    listed = [Button(f"t:{n}", f"选{n}") for n in range(given_lines)]
    (body,) = text_message("选一个", listed)

    menu = body["msgmenu"]
    assert isinstance(menu, dict)
    assert [line["id"] for line in menu["list"]] == [f"t:{n}" for n in range(sent_lines)]


def test_a_long_text_is_several_messages_and_the_last_has_the_buttons():
    bodies = text_message("打印机又卡纸了。" * 300, [Button("ok:1", "确认")])

    assert [body["msgtype"] for body in bodies[:-1]] == ["text"] * (len(bodies) - 1)
    assert bodies[-1]["msgtype"] == "msgmenu"
    assert len(bodies) > 2


# --- H-22: a person's words in our texts ------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "inert"),
    [
        ("温度<60", "温度＜60"),
        ('<a href="http://x">点我</a>', '＜a href="http://x"＞点我＜/a＞'),
        ("weixin://bizmsgmenu?msgmenuid=ack:7", "weixin：//bizmsg·menu?msgmenuid=ack:7"),
        ("WeiXin ://x", "WeiXin：//x"),
        ("一\n\n二\r\n三\u2028四\x0b五", "一\n二\n三 四 五"),
        ("金额\u202e001", "金额001"),
        ("a\x00b\ud800c", "abc"),
        (f"好{FAMILY}", f"好{FAMILY}"),
        ("加微信: abc", "加微信: abc"),
    ],
)
def test_h22_a_persons_words_are_only_words(words, inert):
    assert neutral(words) == inert


@given(any_text)
def test_h22_neutral_words_hold_no_markup_and_few_lines(text):
    words = neutral(text)

    assert neutral(words) == words
    assert not re.search(r"[<>]|weixin\s*:|bizmsgmenu", words, re.IGNORECASE)
    assert words.count("\n") <= 2


def test_h22_one_line_is_one_line():
    assert neutral("一\n二\n三", lines=1) == "一 二 三"


@pytest.mark.parametrize("bomb", ["weixin" * 10_000, "weixin" + " " * 60_000, "bizmsg" * 10_000])
@pytest.mark.timeout(5)
def test_h27_no_pattern_here_explodes(bomb):
    neutral(bomb)
    clean(bomb)
    split_bytes(bomb)
