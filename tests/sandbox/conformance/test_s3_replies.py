"""§3: what may be answered to a push, and what makes the account look broken."""

import pytest

from tests.bot.pushes import NONCE, SENT_AT, TOKEN, seal, sign
from tests.sandbox.conformance.account import JPEG
from tests.sandbox.stage import WANG, says, sealed_reply

FAULT = "该公众号提供的服务出现故障，请稍后再试"
ARTICLE = (
    "<item><Title>怎么连打印机</Title><Description>带图</Description>"
    "<PicUrl>https://a</PicUrl><Url>https://desk.example.com/</Url></item>"
)


def replying(live, product, inner, kind="text"):
    product.answers.append(lambda heard: sealed_reply(heard, inner, kind))
    return live.do(WANG, "say", text="卡纸")["outcome"]


def last(live):
    return live.get(f"/phone/{WANG}/chat")["bubbles"][-1]


def media(account, kind, filename):
    told = account.upload("/cgi-bin/media/upload", JPEG, filename, type=kind)
    return told.get("media_id") or told["thumb_media_id"]


def test_a_text_of_2048_bytes(live, product):
    text = "字" * 682 + "ab"

    assert replying(live, product, f"<Content>{text}</Content>") == "replied"
    assert last(live)["text"] == text


def test_a_longer_text_is_a_fault(live, product):
    assert replying(live, product, f"<Content>{'字' * 683}</Content>") == "fault"
    assert last(live)["text"] == FAULT


def test_an_empty_text_is_a_fault(live, product):
    assert replying(live, product, "<Content></Content>") == "fault"


@pytest.mark.parametrize(("kind", "tag"), [("image", "Image"), ("voice", "Voice")])
def test_a_picture_and_a_voice(account, product, kind, tag):
    media_id = media(account, kind, {"image": "a.jpg", "voice": "a.mp3"}[kind])
    inner = f"<{tag}><MediaId>{media_id}</MediaId></{tag}>"

    assert replying(account.live, product, inner, kind) == "replied"
    assert last(account.live)["media_id"] == media_id


def test_a_film(account, product):
    media_id = media(account, "video", "a.mp4")
    inner = f"<Video><MediaId>{media_id}</MediaId><Title>甲</Title></Video>"

    assert replying(account.live, product, inner, "video") == "replied"
    assert last(account.live)["title"] == "甲"


def test_media_that_are_unknown_are_a_fault(live, product):
    inner = "<Image><MediaId>none</MediaId></Image>"

    assert replying(live, product, inner, "image") == "fault"


def test_music_needs_a_thumb(live, product):
    inner = "<Music><Title>甲</Title><MusicUrl>https://a</MusicUrl>{}</Music>"
    thumb = "<ThumbMediaId>x</ThumbMediaId>"

    assert replying(live, product, inner.format(""), "music") == "fault"
    assert replying(live, product, inner.format(thumb), "music") == "replied"


def test_one_article(live, product):
    inner = f"<ArticleCount>1</ArticleCount><Articles>{ARTICLE}</Articles>"

    assert replying(live, product, inner, "news") == "replied"
    assert last(live)["url"] == "https://desk.example.com/"


def test_two_articles_to_a_message_are_a_fault(live, product):
    inner = f"<ArticleCount>2</ArticleCount><Articles>{ARTICLE}{ARTICLE}</Articles>"

    assert replying(live, product, inner, "news") == "fault"


def test_a_transfer_shows_nothing(live, product):
    assert replying(live, product, "", "transfer_customer_service") == "replied"
    assert live.seen(WANG) == ["卡纸"]


def test_an_unknown_kind_is_a_fault(live, product):
    assert replying(live, product, "", "hologram") == "fault"


def test_a_plain_answer_in_safe_mode_is_a_fault(live, product):
    product.answers.append(lambda heard: heard.xml.encode())

    assert live.do(WANG, "say", text="卡纸")["outcome"] == "fault"


def test_sealed_success_is_a_fault(live, product):
    sealed = seal(b"success")
    signature = sign(TOKEN, str(SENT_AT), NONCE, sealed)
    envelope = (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signature}</MsgSignature>"
        f"<TimeStamp>{SENT_AT}</TimeStamp><Nonce>{NONCE}</Nonce></xml>"
    )
    product.answers.append(lambda _: envelope.encode())

    assert live.do(WANG, "say", text="卡纸")["outcome"] == "fault"


def test_a_wrong_signature_is_a_fault(live, product):
    product.answers.append(
        lambda heard: says("收到")(heard).replace(b"<Nonce><![CDATA[1", b"<Nonce><![CDATA[2")
    )

    assert live.do(WANG, "say", text="卡纸")["outcome"] == "fault"


def test_a_cdata_end_that_is_split_arrives_whole(live, product):
    inner = "<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>"

    assert replying(live, product, inner) == "replied"
    assert last(live)["text"] == "a]]>b"


def test_links_and_lines_in_a_text(live, product):
    href = "weixin://bizmsgmenu?msgmenucontent=接单&amp;msgmenuid=ack:7"
    inner = f'<Content><![CDATA[<a href="{href}">接单</a> <a href="https://a/">看</a>]]></Content>'

    assert replying(live, product, inner) == "replied"

    line, _, link = last(live)["parts"]
    assert (line["kind"], line["id"]) == ("line", "ack:7")
    assert (link["kind"], link["href"]) == ("link", "https://a/")


def test_events_that_nobody_waits_for_cannot_be_answered(live, product):
    product.answers.append(says("再见"))

    live.do(WANG, "unfollow")

    assert "再见" not in live.seen(WANG)
