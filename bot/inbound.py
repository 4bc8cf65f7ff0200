"""A callback's plain XML as one typed value; whatever has the wrong type is refused here."""

import hashlib
import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum, auto

from bot.errors import Refused
from bot.xml import Node, parse_flat


class Kind(StrEnum):
    TEXT = auto()
    IMAGE = auto()
    VOICE = auto()
    VIDEO = auto()
    SHORTVIDEO = auto()
    LOCATION = auto()
    LINK = auto()
    EVENT = auto()
    UNKNOWN = auto()  # a file, or a type younger than this code


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float  # GCJ-02
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    description: str
    url: str  # http(s), or empty


@dataclass(frozen=True, slots=True)
class Inbound:
    openid: str
    account: str
    kind: Kind
    created_at: datetime
    key: str  # with openid: one message or event, however often it is delivered; ≤ 191 characters
    text: str = ""
    menu_id: str | None = None  # the tapped line's id; None when the words were typed
    media_id: str | None = None
    media_format: str | None = None
    recognition: str = ""
    location: Location | None = None
    link: Link | None = None
    event: str = ""  # lower case
    event_key: str = ""
    scene: str | None = None  # what the scanned QR code carried
    raw: dict[str, object] = field(default_factory=dict)


_OPENID = re.compile(r"[A-Za-z0-9_-]{20,40}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{3,64}")
_INSTANT = re.compile(r"[0-9]{1,10}")
_MSG_ID = re.compile(r"[0-9]{1,20}")
_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")
_MEDIA_ID = re.compile(r"[!-~]{1,256}")
_URL = re.compile(r"https?://[!-~]{1,2000}", re.IGNORECASE)
_COORDINATE = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")

_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}
_SCENE_PREFIX = "qrscene_"
# A person's picture is fetched by its id through the API; this address is public and never used.
_NEVER_KEPT = frozenset({"PicUrl"})
_MENU_ID_LIMIT = 128  # characters; ours are ≤ 128 bytes
_EVENT_KEY_LIMIT = 1024  # the platform's own limit, for addresses
_KEY_PART = 48  # characters of an event key that stay readable in the dedup key


def parse(xml: bytes) -> Inbound:
    """The one reading of a callback; raises `Refused` and nothing else."""
    return read_fields(parse_flat(xml))


def read_fields(fields: dict[str, Node]) -> Inbound:
    openid = _required(fields, "FromUserName", _OPENID, "bad_openid")
    account = _required(fields, "ToUserName", _ACCOUNT, "wrong_account")
    instant = int(_required(fields, "CreateTime", _INSTANT))
    kind = _KINDS.get(_required(fields, "MsgType", _NAME).lower(), Kind.UNKNOWN)
    created_at = datetime.fromtimestamp(instant, UTC)
    raw: dict[str, object] = {n: v for n, v in fields.items() if n not in _NEVER_KEPT}
    if kind is Kind.EVENT:
        return _event(fields, openid, account, created_at, raw)
    return _message(fields, openid, account, created_at, raw, kind)


def _message(
    fields: dict[str, Node],
    openid: str,
    account: str,
    created_at: datetime,
    raw: dict[str, object],
    kind: Kind,
) -> Inbound:
    return Inbound(
        openid=openid,
        account=account,
        kind=kind,
        created_at=created_at,
        key=_message_key(fields, created_at),
        text=_optional(fields, "Content"),
        menu_id=_optional(fields, "bizmsgmenuid")[:_MENU_ID_LIMIT] or None,
        media_id=_matching(fields, "MediaId", _MEDIA_ID),
        media_format=_matching(fields, "Format", _NAME),
        recognition=_optional(fields, "Recognition"),
        location=_location(fields) if kind is Kind.LOCATION else None,
        link=_link(fields) if kind is Kind.LINK else None,
        raw=raw,
    )


def _event(
    fields: dict[str, Node],
    openid: str,
    account: str,
    created_at: datetime,
    raw: dict[str, object],
) -> Inbound:
    event = _required(fields, "Event", _NAME).lower()
    event_key = _optional(fields, "EventKey")[:_EVENT_KEY_LIMIT]
    return Inbound(
        openid=openid,
        account=account,
        kind=Kind.EVENT,
        created_at=created_at,
        key=_event_key(fields, created_at, event, event_key),
        location=_event_location(fields, event),
        event=event,
        event_key=event_key,
        scene=_scene(event, event_key),
        raw=raw,
    )


def _message_key(fields: dict[str, Node], created_at: datetime) -> str:
    msg_id = _matching(fields, "MsgId", _MSG_ID)
    if msg_id is not None and int(msg_id) > 0:
        return f"m:{int(msg_id)}"
    # Without an id the whole content tells messages apart: a retry carries the same.
    return f"d:{created_at.timestamp():.0f}:{_digest(fields)}"


def _event_key(fields: dict[str, Node], created_at: datetime, event: str, event_key: str) -> str:
    # One person can cause two events in one second, so every field takes part in the digest.
    readable = event_key[:_KEY_PART]
    return f"e:{created_at.timestamp():.0f}:{event}:{readable}:{_digest(fields)}"


def _digest(fields: dict[str, Node]) -> str:
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(canonical).hexdigest()[:32]


def _required(
    fields: dict[str, Node], name: str, pattern: re.Pattern[str], reason: str = "bad_field"
) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise Refused(reason)
    value = value.strip()
    if not pattern.fullmatch(value):
        raise Refused(reason)
    return value


def _optional(fields: dict[str, Node], name: str) -> str:
    """Absent is empty; repeated or nested is refused, for which of the two would be meant?"""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Refused("bad_field")
    return value


def _matching(fields: dict[str, Node], name: str, pattern: re.Pattern[str]) -> str | None:
    value = _optional(fields, name).strip()
    return value if pattern.fullmatch(value) else None


def _scene(event: str, event_key: str) -> str | None:
    if event == "scan":
        return event_key or None
    if event == "subscribe" and event_key.startswith(_SCENE_PREFIX):
        return event_key.removeprefix(_SCENE_PREFIX) or None
    return None


def _event_location(fields: dict[str, Node], event: str) -> Location | None:
    if event == "location":
        return _point(fields, "Latitude", "Longitude", "")
    if event == "location_select":
        inner = fields.get("SendLocationInfo")
        return _location(inner) if isinstance(inner, dict) else None
    return None


def _location(fields: dict[str, Node]) -> Location | None:
    return _point(fields, "Location_X", "Location_Y", _optional(fields, "Label"))


def _point(fields: dict[str, Node], lat: str, lon: str, label: str) -> Location | None:
    latitude, longitude = _degrees(fields, lat, 90), _degrees(fields, lon, 180)
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, label)


def _degrees(fields: dict[str, Node], name: str, limit: int) -> float | None:
    text = _matching(fields, name, _COORDINATE)
    if text is None:
        return None
    value = float(text)
    return value if math.isfinite(value) and abs(value) <= limit else None


def _link(fields: dict[str, Node]) -> Link:
    return Link(
        title=_optional(fields, "Title"),
        description=_optional(fields, "Description"),
        url=_matching(fields, "Url", _URL) or "",
    )
