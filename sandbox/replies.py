"""Reads what the product answered to a push, as strictly as the platform does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandbox.crypto import BadEnvelope, is_signed, unseal
from sandbox.settings import Mode

SILENT = (b"", b"success")


class BadReply(Exception):
    """An answer that makes the platform say that the account is broken."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What an answer must fit."""

    mode: Mode
    token: str
    aes_key: str
    app_id: str
    openid: str
    account: str
    is_to_message: bool
    text_limit: int
    size: Callable[[str], int]  # of a text, against the limit


@dataclass(frozen=True, slots=True)
class Reply:
    """A passive answer: its kind, and its parts as the phone needs them."""

    kind: str
    values: dict[str, Any]
    xml: str


def read_reply(body: bytes, frame: Frame) -> Reply | None:
    """The answer, None for silence; BadReply for anything that is neither."""
    if body.strip() in SILENT:
        return None
    root = _parsed(body)
    plain = body
    if root.find("Encrypt") is not None:
        plain = _opened(root, frame)
        root = _parsed(plain)
    elif frame.mode == "safe":
        raise BadReply("not encrypted")
    return _read(root, frame, plain.decode("utf-8", "replace"))


def _parsed(body: bytes) -> Element:
    try:
        root: Element = fromstring(body.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadReply("not XML") from None
    if root.tag != "xml":
        raise BadReply("root is not <xml>")
    return root


def _opened(envelope: Element, frame: Frame) -> bytes:
    if frame.mode == "plain":
        raise BadReply("encrypted in plain mode")
    sealed = _text(envelope, "Encrypt")
    moment, nonce = _text(envelope, "TimeStamp"), _text(envelope, "Nonce")
    if not moment.isdigit():
        raise BadReply("TimeStamp is not a number")
    signature = _text(envelope, "MsgSignature")
    if not is_signed(signature, frame.token, moment, nonce, sealed):
        raise BadReply("MsgSignature does not fit")
    try:
        return unseal(sealed, frame.aes_key, frame.app_id)
    except BadEnvelope as error:
        raise BadReply(f"Encrypt: {error}") from None


def _read(root: Element, frame: Frame, xml: str) -> Reply:
    if _text(root, "ToUserName") != frame.openid:
        raise BadReply("ToUserName is not the person who wrote")
    if _text(root, "FromUserName") != frame.account:
        raise BadReply("FromUserName is not this account")
    if not _text(root, "CreateTime").isdigit():
        raise BadReply("CreateTime is not a number")
    kind = _text(root, "MsgType")
    return Reply(kind, _values(kind, root, frame), xml)


def _values(kind: str, root: Element, frame: Frame) -> dict[str, Any]:
    match kind:
        case "text":
            return {"text": _content(root, frame)}
        case "image" | "voice":
            return {"media_id": _text(root, f"{kind.capitalize()}/MediaId")}
        case "video":
            return {
                "media_id": _text(root, "Video/MediaId"),
                "title": root.findtext("Video/Title") or "",
                "text": root.findtext("Video/Description") or "",
            }
        case "music":
            _text(root, "Music/ThumbMediaId")
            return _card(root, "Music/Title", "Music/Description", "Music/MusicUrl", "")
        case "news":
            return _article(root, frame)
        case "transfer_customer_service":
            return {"account": root.findtext("TransInfo/KfAccount") or ""}
    raise BadReply(f"unknown MsgType {kind[:40]!r}")


def _content(root: Element, frame: Frame) -> str:
    content = _text(root, "Content")
    if frame.size(content) > frame.text_limit:
        raise BadReply(f"Content is longer than {frame.text_limit}")
    return content


def _article(root: Element, frame: Frame) -> dict[str, Any]:
    items = root.findall("Articles/item")
    if not items or _text(root, "ArticleCount") != str(len(items)):
        raise BadReply("ArticleCount does not fit")
    if frame.is_to_message and len(items) > 1:
        raise BadReply("more than one article")
    return _card(items[0], "Title", "Description", "Url", "PicUrl")


def _card(root: Element, title: str, text: str, url: str, picture: str) -> dict[str, Any]:
    return {
        "title": root.findtext(title) or "",
        "text": root.findtext(text) or "",
        "url": root.findtext(url) or "",
        "picture": (root.findtext(picture) or "") if picture else "",
    }


def _text(root: Element, path: str) -> str:
    """An element's text; it has to be there, once, and not empty."""
    found = root.findall(path)
    if len(found) != 1:
        raise BadReply(f"{path} {'is missing' if not found else 'stands twice'}")
    if len(found[0]) or not (found[0].text or "").strip():
        raise BadReply(f"{path} is empty")
    return found[0].text or ""
