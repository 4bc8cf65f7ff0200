"""Texts and buttons as what WeChat takes: passive replies and customer messages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.xml import cdata, clean

__all__ = [
    "Button",
    "clean",
    "cut_bytes",
    "media_message",
    "neutral",
    "split_bytes",
    "text_message",
    "text_reply",
    "transfer_reply",
]

TEXT_LIMIT = 2048  # bytes of UTF-8, in passive replies and customer messages alike
MENU_LINES = 10
ID_LIMIT = 128  # bytes
LABEL_LIMIT = 60  # bytes; a label is a verb of a few characters

_CUT_MARK = "…"
_LONGEST_CODE_POINT = 4  # bytes
_LONGEST_GRAPHEME = 40  # characters; a family emoji has 11, stacked accents may have thousands


@dataclass(frozen=True, slots=True)
class Button:
    id: str
    label: str

    def __post_init__(self) -> None:
        if not 0 < len(self.id.encode("utf-8", "replace")) <= ID_LIMIT:
            raise ValueError(f"a button's id has 1 to {ID_LIMIT} bytes")


# --- cutting ---------------------------------------------------------------------------------


def cut_bytes(text: str, limit: int) -> str:
    """The longest start of `text` within `limit` bytes that splits no visible character."""
    end = _code_points_within(text, limit)
    return text if end == len(text) else text[: _grapheme_bound(text, end)]


def split_bytes(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in pieces of at most `limit` bytes, cut at a line or sentence end if one is near."""
    if limit < _LONGEST_CODE_POINT:
        raise ValueError("the limit is smaller than one character")
    pieces = []
    while len(text.encode("utf-8", "replace")) > limit:
        # One visible character can be longer than the limit; then it has to be split after all.
        piece = cut_bytes(text, limit) or text[: _code_points_within(text, limit)]
        piece = _natural_end(_outside_link(piece))
        pieces.append(piece.rstrip("\n"))
        text = text[len(piece) :].lstrip("\n")
    pieces.append(text)
    return [piece for piece in pieces if piece.strip()]


def _code_points_within(text: str, limit: int) -> int:
    encoded = text.encode("utf-8", "replace")
    return len(encoded[: max(limit, 0)].decode("utf-8", "ignore"))


_SENTENCE_END = re.compile("[\u3002\uff01\uff1f\uff1b;!?]")  # 。！？； and their ASCII likes


def _natural_end(piece: str) -> str:
    """`piece` up to its last line end, else sentence end, if that keeps at least half of it."""
    half = len(piece) // 2
    line = piece.rfind("\n")
    if line >= half:
        return piece[: line + 1]
    ends = [match.end() for match in _SENTENCE_END.finditer(piece, half)]
    return piece[: ends[-1]] if ends else piece


def _outside_link(piece: str) -> str:
    """`piece` without a link that the cut left open, unless nothing else is in it."""
    opened = piece.rfind("<a ")
    return piece if opened <= 0 or "</a>" in piece[opened:] else piece[:opened]


def _grapheme_bound(text: str, end: int) -> int:
    """The nearest place at or before `end` where a visible character ends."""
    for bound in range(end, max(end - _LONGEST_GRAPHEME, 0), -1):
        if _is_bound(text, bound):
            return bound
    return end if end > _LONGEST_GRAPHEME else 0


def _is_bound(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if _extends(after) or before == "\u200d" or (before == "\r" and after == "\n"):
        return False
    if _is_flag_half(before) and _is_flag_half(after):
        return _flag_halves_before(text, at) % 2 == 0
    return not _joins_hangul(before, after)


def _extends(char: str) -> bool:
    """Whether `char` is drawn as part of the one before it."""
    return (
        char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags, as in the flag of Scotland
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and at - start < _LONGEST_GRAPHEME and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start


def _joins_hangul(before: str, after: str) -> bool:
    jamo = "\u1100" <= after <= "\u11ff"
    return jamo and ("\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")


# --- a person's words in our texts -----------------------------------------------------------

_INVISIBLE_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # turns the rest of a line round
_OTHER_LINE_ENDS = re.compile("[\u2028\u2029\x0b\x0c\x85]")
# Their wide forms look the same and mean nothing to a client.
_INERT = str.maketrans({"<": "\uff1c", ">": "\uff1e"})
_SCHEME = re.compile(r"(weixin)\s*:", re.IGNORECASE)
_MENU_WORD = re.compile(r"(bizmsg)(menu)", re.IGNORECASE)
_LINES = 3


def neutral(value: str, lines: int = _LINES) -> str:
    """A person's words as words only: no links, taps or steering, at most `lines` lines."""
    text = clean(_OTHER_LINE_ENDS.sub("\n", value))
    text = _INVISIBLE_STEERING.sub("", text).translate(_INERT)
    text = _SCHEME.sub("\\1\uff1a", text)
    text = _MENU_WORD.sub("\\1\u00b7\\2", text)
    kept = [line.rstrip() for line in text.split("\n") if line.strip()]
    return "\n".join([*kept[: lines - 1], " ".join(kept[lines - 1 :])]).strip("\n")


# --- passive replies -------------------------------------------------------------------------

# Characters that would end the attribute, the parameter or the tag they stand in.
_LINK_SAFE = str.maketrans(
    {"&": "\uff06", "#": "\uff03", "%": "\uff05", '"': "\uff02", "'": "\uff07", "\n": " "}
)


def text_reply(text: str, buttons: Sequence[Button], *, to: str, account: str, at: datetime) -> str:
    """The passive reply; empty when there is nothing to say, for an empty text shows as a fault."""
    links = _links(buttons)
    room = TEXT_LIMIT - len(links.encode())
    content = _shortened(clean(text), room - 1 if links else room)
    body = f"{content}\n{links}" if content and links else content or links
    if not body.strip():
        return ""
    return _reply(to, account, at, "text", f"<Content>{cdata(body)}</Content>")


def transfer_reply(*, to: str, account: str, at: datetime, kf_account: str | None = None) -> str:
    """Hands the message to the desk; only ever the answer to a message, never to an event."""
    named = ""
    if kf_account:
        named = f"<TransInfo><KfAccount>{cdata(kf_account)}</KfAccount></TransInfo>"
    return _reply(to, account, at, "transfer_customer_service", named)


def _reply(to: str, account: str, at: datetime, kind: str, content: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName>"
        f"<FromUserName>{cdata(account)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime>"
        f"<MsgType>{cdata(kind)}</MsgType>{content}</xml>"
    )


def _links(buttons: Sequence[Button]) -> str:
    return "  ".join(_within(buttons, TEXT_LIMIT))


def _within(buttons: Sequence[Button], limit: int) -> Iterator[str]:
    """Each button as a link, as long as all fit: only absurd ids make the last ones go."""
    used = 0
    for button in buttons:
        link = _link(button)
        used += len(link.encode()) + 2
        if used > limit + 2:
            return
        yield link


def _link(button: Button) -> str:
    label = _label(button)
    tapped = clean(button.id).translate(_INERT).translate(_LINK_SAFE)
    target = f"weixin://bizmsgmenu?msgmenucontent={label}&msgmenuid={tapped}"
    return f'<a href="{target}">{label}</a>'


def _label(button: Button) -> str:
    label = neutral(button.label, lines=1).translate(_LINK_SAFE)
    return cut_bytes(label, LABEL_LIMIT) or _CUT_MARK


def _shortened(text: str, limit: int) -> str:
    """`text` within `limit` bytes, a mark where its end is missing."""
    if len(text.encode()) <= limit:
        return text
    room = limit - len(_CUT_MARK.encode())
    return _outside_link(cut_bytes(text, room)).rstrip() + _CUT_MARK if room > 0 else ""


# --- customer messages -----------------------------------------------------------------------


def text_message(text: str, buttons: Sequence[Button]) -> list[dict[str, object]]:
    """Bodies for `message/custom/send`, in order; the last one carries the buttons."""
    listed = buttons[:MENU_LINES]
    lines: list[dict[str, str]] = [{"id": b.id, "content": _label(b)} for b in listed]
    room = TEXT_LIMIT - sum(len(line["content"].encode()) + 1 for line in lines)
    pieces = split_bytes(clean(text), room)
    if not lines:
        return [_text_body(piece) for piece in pieces]
    *before, last = pieces or [""]
    return [*map(_text_body, before), _menu_body(last, lines)]


def media_message(kind: str, media_id: str) -> dict[str, object]:
    """A photo or a voice that the platform still has, by its id."""
    return {"msgtype": kind, kind: {"media_id": media_id}}


def _text_body(content: str) -> dict[str, object]:
    return {"msgtype": "text", "text": {"content": content}}


def _menu_body(head: str, lines: list[dict[str, str]]) -> dict[str, object]:
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": lines}}
