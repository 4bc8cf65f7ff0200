"""Opening callbacks and sealing replies."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from bot.envelope import Keys, Opened, Refused, open_callback, seal_reply, verify_url
from bot.inbound import Kind
from bot.render import text_reply
from tests.bot.pushes import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    FORMER_AES_KEY,
    KEYS,
    NOW,
    OPENID,
    PLAIN_KEYS,
    SENT_AT,
    TOKEN,
    encrypt_raw,
    opened_reply,
    push,
    seal,
    sealed_push,
    sign,
    signed_query,
    text_xml,
    unseal,
)

VECTOR = "20NB26+SE734ixI3iH5OOjvtlvnadeDU/flLLPjhypydCGuYmnItcx/4NBZOrIIF1T/DxC0THhd/d/i5xISY1Q=="


def opened(message: bytes) -> Opened:
    query, body = push(message)
    return open_callback(query, body, KEYS, NOW)


def test_the_documented_vector_is_what_these_tests_build():
    assert sign(TOKEN, "1767225600", "1320562132") == "c7d1149ce835c4a5431b36cde8ede7c872f185f5"
    assert seal(b"success") == VECTOR
    assert unseal(VECTOR) == (b"success", APP_ID)
    assert sign(TOKEN, "1767225600", "1320562132", VECTOR) == (
        "7532c129d305c57dcec011b51f806a4d9d2c0cbf"
    )


def test_the_documented_vector_passes_the_cipher_and_fails_only_as_xml():
    with pytest.raises(Refused, match="bad_xml"):  # "success" is no message
        open_callback(*sealed_push(VECTOR), KEYS, NOW)


def test_the_address_is_verified_with_the_echo_alone():
    query = signed_query() | {"echostr": ["5837397576500011341"]}

    assert verify_url(query, KEYS) == "5837397576500011341"
    assert verify_url({name: values[0] for name, values in query.items()}, KEYS)
    assert verify_url(MultiDict(query), KEYS) == "5837397576500011341"


def test_a_sealed_text_is_opened():
    found = opened(text_xml("三楼打印机卡纸"))

    assert found.message.kind is Kind.TEXT
    assert found.message.text == "三楼打印机卡纸"
    assert found.message.openid == OPENID
    assert found.message.created_at == datetime.fromtimestamp(SENT_AT, UTC)
    assert found.sealed_with == AES_KEY


def test_a_web_frameworks_query_opens_too():
    query, body = push(text_xml())

    assert open_callback(MultiDict(query), body, KEYS, NOW).message.openid == OPENID


def test_while_keys_rotate_the_former_one_opens_and_answers():
    rotated = Keys(APP_ID, TOKEN, (AES_KEY, FORMER_AES_KEY), ACCOUNT)
    query, body = sealed_push(seal(text_xml(), key=FORMER_AES_KEY))

    found = open_callback(query, body, rotated, NOW)
    reply = seal_reply("<xml></xml>", rotated, opened=found, now=NOW)

    assert found.sealed_with == FORMER_AES_KEY
    sealed = reply.decode().split("CDATA[")[1].split("]]")[0]
    assert unseal(sealed, FORMER_AES_KEY) == (b"<xml></xml>", APP_ID)


def test_a_reply_is_sealed_so_that_the_platform_can_open_it():
    found = opened(text_xml())
    xml = text_reply("已登记]]>", [], to=OPENID, account=ACCOUNT, at=NOW)

    reply = opened_reply(seal_reply(xml, KEYS, opened=found, now=NOW))

    assert reply.findtext("Content") == "已登记]]>"
    assert reply.findtext("ToUserName") == OPENID
    assert reply.findtext("FromUserName") == ACCOUNT


def test_two_replies_alike_are_sealed_differently():
    found = opened(text_xml())
    one, other = (seal_reply("<xml/>", KEYS, opened=found, now=NOW) for _ in range(2))

    assert one != other


def test_an_empty_reply_is_never_sealed():
    assert seal_reply("", KEYS, opened=opened(text_xml()), now=NOW) == b"success"


def test_compat_mode_reads_the_sealed_fields_and_no_other():
    compat = Keys(APP_ID, TOKEN, (AES_KEY,), ACCOUNT, mode="compat")
    query, body = push(text_xml("真的"))
    forged = body.replace(b"<Encrypt>", b"<Content>\xe5\x81\x87</Content><Encrypt>")

    assert open_callback(query, forged, compat, NOW).message.text == "真的"


def test_plain_mode_opens_and_answers_in_plain():
    found = open_callback(signed_query(), text_xml(), PLAIN_KEYS, NOW)

    assert found.sealed_with is None
    assert seal_reply("<xml/>", PLAIN_KEYS, opened=found, now=NOW) == b"<xml/>"


def test_a_reply_of_every_length_is_padded_right():
    found = opened(text_xml())
    for size in range(70):
        sealed = seal_reply("x" * size or "y", KEYS, opened=found, now=NOW).decode()
        message, app_id = unseal(sealed.split("CDATA[")[1].split("]]")[0])
        assert (message.decode(), app_id) == ("x" * size or "y", APP_ID)


@pytest.mark.parametrize(
    ("age", "is_stale"),
    [
        (timedelta(hours=24), False),
        (timedelta(hours=24, seconds=1), True),
        (timedelta(minutes=-10), False),
        (timedelta(minutes=-10, seconds=-1), True),
    ],
)
def test_age_is_judged_at_its_two_limits(age, is_stale):
    query, body = push(text_xml())
    now = datetime.fromtimestamp(SENT_AT, UTC) + age

    if is_stale:
        with pytest.raises(Refused, match="stale"):
            open_callback(query, body, KEYS, now)
    else:
        assert open_callback(query, body, KEYS, now).message.text


@pytest.mark.parametrize("spare", ["0", "1", "2", "3", "A", "z"])
def test_the_spare_bits_of_a_key_do_not_matter(spare):
    keys = Keys(APP_ID, TOKEN, (AES_KEY[:-1] + spare,), ACCOUNT)
    query, body = sealed_push(seal(text_xml(), key=AES_KEY[:-1] + spare))

    assert open_callback(query, body, keys, NOW).message.text


def test_without_an_original_id_any_official_account_fits_and_nothing_else():
    keys = Keys(APP_ID, TOKEN, (AES_KEY,))
    other = text_xml().replace(ACCOUNT.encode(), b"gh_ffffffffffff")
    person = text_xml().replace(ACCOUNT.encode(), b"oSomebody0000000000000000000")

    assert open_callback(*push(other), keys, NOW).message.account == "gh_ffffffffffff"
    with pytest.raises(Refused, match="wrong_account"):
        open_callback(*push(person), keys, NOW)


def test_a_block_of_nothing_but_padding_is_refused():
    with pytest.raises(Refused, match="bad_cipher"):
        open_callback(*sealed_push(encrypt_raw(bytes([32]) * 32)), KEYS, NOW)


def test_neither_keys_nor_opened_callbacks_show_a_secret():
    shown = repr(KEYS) + repr(opened(text_xml()))

    assert TOKEN not in shown
    assert AES_KEY not in shown
