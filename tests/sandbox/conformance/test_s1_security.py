"""§1: how the account's address is verified, and how what is pushed is signed and sealed."""

import base64
import hashlib
import re
from xml.etree import ElementTree

import pytest

from sandbox import crypto
from tests.bot.pushes import ACCOUNT, AES_KEY, APP_ID, TOKEN, sign
from tests.sandbox.stage import WANG

# The reference's own test vector.
VECTOR = {
    "timestamp": "1767225600",
    "nonce": "1320562132",
    "signature": "c7d1149ce835c4a5431b36cde8ede7c872f185f5",
    "sealed": (
        "20NB26+SE734ixI3iH5OOjvtlvnadeDU/flLLPjhypydCGuYmnItcx/4NBZOrIIF1T/DxC0THhd/d/i5xISY1Q=="
    ),
    "msg_signature": "7532c129d305c57dcec011b51f806a4d9d2c0cbf",
}


def test_signature_and_cipher_are_those_of_the_vector():
    stamp, nonce = VECTOR["timestamp"], VECTOR["nonce"]
    sealed = crypto.seal(b"success", AES_KEY, APP_ID, b"0123456789abcdef")

    assert crypto.sign(TOKEN, stamp, nonce) == VECTOR["signature"]
    assert sealed == VECTOR["sealed"]
    assert crypto.sign(TOKEN, stamp, nonce, sealed) == VECTOR["msg_signature"]
    assert crypto.unseal(sealed, AES_KEY, APP_ID) == b"success"
    assert base64.b64decode(AES_KEY + "=").hex().startswith("937c9200c3cb11d7")


def test_the_address_is_verified_by_an_echo(live):
    assert live.post("/control/verify") == {"verified": True, "why": ""}


def test_a_wrong_echo_is_told(live):
    live.rules(token="other_token_2026")

    assert live.post("/control/verify")["verified"] is False


def test_a_push_in_safe_mode_has_an_envelope_and_nothing_else(live, product):
    live.do(WANG, "say", text="卡纸")

    heard = product.last
    stamp, nonce = heard.query["timestamp"], heard.query["nonce"]
    assert [child.tag for child in heard.envelope] == ["ToUserName", "Encrypt"]
    assert heard.query["signature"] == sign(TOKEN, stamp, nonce)
    assert heard.query["msg_signature"] == sign(TOKEN, stamp, nonce, heard.sealed)
    assert (heard.query["encrypt_type"], heard.query["openid"]) == ("aes", WANG)
    assert heard.app_id == APP_ID


class Plain:
    """A push whose fields stand in the open."""

    def __init__(self, query, body):
        self.query = query
        self.root = ElementTree.fromstring(body)


@pytest.fixture
def open_product(live, product, monkeypatch):
    """Takes a push as it comes, sealed or not."""
    heard = []
    monkeypatch.setattr("tests.sandbox.stage.Heard", Plain)

    def take(push):
        heard.append(push)
        return b"success"

    monkeypatch.setattr(product, "take", take)
    return heard


def test_a_push_in_plain_mode_stands_in_the_open(live, open_product):
    live.rules(mode="plain")
    live.do(WANG, "say", text="卡纸")

    (heard,) = open_product
    assert "encrypt_type" not in heard.query
    assert "msg_signature" not in heard.query
    assert heard.root.findtext("Content") == "卡纸"


def test_a_push_in_compat_mode_has_both(live, open_product):
    live.rules(mode="compat")
    live.do(WANG, "say", text="卡纸")

    (heard,) = open_product
    stamp, nonce, sealed = (
        heard.query["timestamp"],
        heard.query["nonce"],
        heard.root.findtext("Encrypt"),
    )
    assert heard.root.findtext("Content") == "卡纸"
    assert heard.query["msg_signature"] == sign(TOKEN, stamp, nonce, sealed)


def test_the_signature_covers_no_body(live, product):
    live.do(WANG, "say", text="卡纸")

    query = product.last.query
    parts = sorted([TOKEN, query["timestamp"], query["nonce"]])
    assert query["signature"] == hashlib.sha1("".join(parts).encode()).hexdigest()


def test_the_key_has_exactly_43_letters_and_digits(account):
    for key in ("a" * 42, "a" * 44, "a" * 42 + "-"):
        answer = account.ask("PATCH", "/control/rules", json={"aes_key": key})
        assert answer.status_code == 400
    assert re.fullmatch(r"[A-Za-z0-9]{43}", account.live.get("/control/rules")["aes_key"])


def test_messages_carry_the_four_common_fields(live, product):
    live.do(WANG, "say", text="卡纸")

    heard = product.last
    assert (heard["ToUserName"], heard["FromUserName"]) == (ACCOUNT, WANG)
    assert heard["CreateTime"].isdecimal()
    assert int(heard["MsgId"]) > 2**53
