"""Turns a callback into what conversations hear: words, taps, media, events."""

from bot.inbound import Inbound, Kind
from domain.delivery import Cause, WindowLimits
from domain.heard import Heard, Medium

_MEDIA = {
    Kind.TEXT: Medium.TEXT,
    Kind.IMAGE: Medium.IMAGE,
    Kind.VOICE: Medium.VOICE,
    Kind.VIDEO: Medium.VIDEO,
    Kind.SHORTVIDEO: Medium.VIDEO,
    Kind.LOCATION: Medium.LOCATION,
    Kind.LINK: Medium.LINK,
    Kind.EVENT: Medium.EVENT,
    Kind.UNKNOWN: Medium.UNKNOWN,
}

# Pressed in the menu; the pictures or the place that such a press leads to come as messages.
_PRESSES = frozenset(
    {"click", "scancode_waitmsg", "scancode_push", "pic_sysphoto", "pic_photo_or_album"}
)
_GREETED = frozenset({"subscribe", "scan"})
_OF_THE_DESK = frozenset({"kf_create_session", "kf_close_session", "kf_switch_session"})
REPORT = "templatesendjobfinish"
_ACTED_ON = _PRESSES | _GREETED | _OF_THE_DESK | {"unsubscribe", REPORT}

# A sticker or an unknown kind comes as this text; it is kept and not read as words.
_UNSUPPORTED = "\u3010\u6536\u5230\u4e0d\u652f\u6301\u7684\u6d88\u606f\u7c7b\u578b"


def is_acted_on(message: Inbound) -> bool:
    """Whether anything comes of it; other events (views, positions, receipts) are only counted."""
    return message.kind is not Kind.EVENT or message.event in _ACTED_ON


_CAUSES = {
    "click": Cause.CLICK,
    "scancode_waitmsg": Cause.CLICK,
    "scancode_push": Cause.CLICK,
    "subscribe": Cause.FOLLOW,
    "scan": Cause.SCAN,
}


def cause_of(message: Inbound, limits: WindowLimits) -> Cause | None:
    """What the message opens a window by; None: nothing was opened (wechat-platform §5)."""
    if message.kind is Kind.EVENT:
        return _CAUSES.get(message.event)
    return Cause.MESSAGE if message.menu_id is None else limits.line_counts_as


def heard(message: Inbound) -> Heard:
    """The message as a conversation hears it."""
    medium = _medium(message)
    place = message.location
    is_press = message.kind is Kind.EVENT and message.event in _PRESSES
    return Heard(
        medium,
        text=message.recognition if medium is Medium.VOICE else message.text,
        tap=message.event_key if is_press else message.menu_id,
        event="click" if is_press else message.event,
        media_id=message.media_id,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        label=place.label if place else "",
        scene=message.scene,
        kf_account=_kf_account(message),
    )


def _medium(message: Inbound) -> Medium:
    if message.kind is Kind.TEXT and message.text.startswith(_UNSUPPORTED):
        return Medium.UNKNOWN
    return _MEDIA[message.kind]


def _kf_account(message: Inbound) -> str | None:
    account = message.raw.get("ToKfAccount") or message.raw.get("KfAccount")
    return account if isinstance(account, str) else None
