"""What the platform pushes: fields, the XML made of them, and what became of it."""

import re
import threading
from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]

# Only these tell the person that the account is broken.
_EVENTS_THAT_SHOW_FAULTS = {"subscribe", "SCAN", "CLICK", "scancode_waitmsg"}
# Only the answers to these reach the phone.
_UNANSWERABLE_EVENTS = {
    "unsubscribe",
    "LOCATION",
    "VIEW",
    "view_miniprogram",
    "TEMPLATESENDJOBFINISH",
    "MASSSENDJOBFINISH",
    "kf_create_session",
    "kf_close_session",
    "kf_switch_session",
    "user_authorization_revoke",
}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True, eq=False)
class Push:
    """One message or event on its way to the product."""

    id: int
    openid: str
    fields: Fields
    body: str | None = None  # sent instead of the fields, for tests of hardened parsing
    outcome: str = ""  # replied, silent, fault, gave_up, dropped, to_clerk; empty: under way
    reply: dict[str, Any] | None = None
    attempts: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def what(self) -> str:
        kind = str(self.fields.get("MsgType", ""))
        return str(self.fields.get("Event", "event")) if kind == "event" else kind

    @property
    def words(self) -> str:
        """What tells this push from others of its kind."""
        found = (self.fields.get(name) for name in ("Content", "EventKey", "Status", "Label"))
        return next((str(each) for each in found if each), "")

    @property
    def is_message(self) -> bool:
        return self.fields.get("MsgType") != "event"

    @property
    def shows_fault(self) -> bool:
        return self.is_message or self.what in _EVENTS_THAT_SHOW_FAULTS

    @property
    def is_answerable(self) -> bool:
        is_notice = self.what in _UNANSWERABLE_EVENTS or self.what.startswith("subscribe_msg_")
        return self.is_message or not is_notice

    def xml(self) -> str:
        return self.body if self.body is not None else to_xml(self.fields)

    def told(self) -> dict[str, Any]:
        return {
            "push_id": self.id,
            "outcome": self.outcome,
            "reply": self.reply,
            "attempts": self.attempts,
        }


def to_xml(fields: Fields) -> str:
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(_element(key, each) for key, each in value.items())
    elif isinstance(value, list):  # siblings of one name, not wrapped
        return "".join(_element(name, each) for each in value)
    elif isinstance(value, int):
        inner = str(value)
    else:
        inner = _cdata(str(value))
    return f"<{name}>{inner}</{name}>"


def _cdata(text: str) -> str:
    clean = _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"
