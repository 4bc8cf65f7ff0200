"""The platform's side: messages sealed and signed, sent again until one attempt is answered."""

import http.client
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

from tests.bot.pushes import callback_xml, opened_reply, seal, sealed_push

ANSWERED_WITHIN = 60.0  # seconds; with a server that dies once or twice an early attempt is
REFUSED_FOR = 0.05  # seconds before the next attempt; a server that died refuses at once
HANGS_UP_AFTER = 5.0  # seconds
OUTAGE = "系统正在恢复"  # is said while the database is away

Key = tuple[str, str]  # openid, and what tells one message of theirs from the others


@dataclass
class Log:
    """What the platform knows of the account: what it sent, and what it was answered."""

    sent: set[Key] = field(default_factory=set)
    answered: set[Key] = field(default_factory=set)  # with 200
    replies: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))


class Phones:
    """Everybody's phone; an act returns when the product has answered for it."""

    def __init__(self, port: Callable[[], int], now: Callable[[], datetime]) -> None:
        self._port = port
        self._now = now
        self._ids = count(24567890123456789)
        self._lock = threading.Lock()
        self.log = Log()

    def says(self, openid: str, text: str, *, copies: int = 1) -> Key:
        return self._sends(openid, f"<MsgType>text</MsgType>{_cdata('Content', text)}", copies)

    def taps(self, openid: str, act: str, *, copies: int = 1) -> Key:
        inner = f"<MsgType>text</MsgType>{_cdata('Content', '点')}{_cdata('bizmsgmenuid', act)}"
        return self._sends(openid, inner, copies)

    def photo(self, openid: str, media_id: str, *, copies: int = 1) -> Key:
        inner = f"<MsgType>image</MsgType><PicUrl/>{_cdata('MediaId', media_id)}"
        return self._sends(openid, inner, copies)

    def _sends(self, openid: str, inner: str, copies: int) -> Key:
        msg_id = next(self._ids)
        at = int(self._now().timestamp())
        xml = callback_xml(f"{inner}<MsgId>{msg_id}</MsgId>", openid=openid, at=at)
        key = (openid, f"m:{msg_id}")
        with self._lock:
            self.log.sent.add(key)
        deliveries = [
            threading.Thread(target=self._deliver, args=(xml, key)) for _ in range(copies - 1)
        ]
        for each in deliveries:
            each.start()
        self._deliver(xml, key)
        for each in deliveries:
            each.join()
        return key

    def _deliver(self, xml: bytes, key: Key) -> None:
        """The same message again, also to the server that came after, until somebody answers."""
        give_up_at = time.monotonic() + ANSWERED_WITHIN
        while time.monotonic() < give_up_at:
            answer = self._attempt(xml)
            if answer is not None:
                with self._lock:
                    self.log.answered.add(key)
                    self.log.replies[key].append(answer)
                return
            time.sleep(REFUSED_FOR)
        raise AssertionError(f"nobody answered {key}")

    def _attempt(self, xml: bytes) -> str | None:
        stamp = str(int(self._now().timestamp()))
        query, body = sealed_push(seal(xml), timestamp=stamp)
        path = "/wechat?" + urlencode({name: values[0] for name, values in query.items()})
        line = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=HANGS_UP_AFTER)
        try:
            line.request("POST", path, body, {"Content-Type": "text/xml"})
            response = line.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        assert response.status in (200, 503), response.status
        return said_in(content) if response.status == 200 else None


def said_in(content: bytes) -> str:
    """What the phone shows; empty for silence."""
    if content == b"success":
        return ""
    return opened_reply(content).findtext("Content") or ""


def _cdata(name: str, text: str) -> str:
    return f"<{name}><![CDATA[{text}]]></{name}>"
