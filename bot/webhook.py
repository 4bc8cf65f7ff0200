"""Where WeChat calls: refuses what is not its own, answers within the budget, loses nothing.

Refusals are 403 (413 for too much) with a short body and a count. A message that was answered with
200 is in the database or on the disk; if it can be neither, 503 lets the platform send it again.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

import failpoints
from bot.envelope import Keys, Opened, Refused, open_callback, seal_reply, verify_url
from bot.hearing import is_acted_on
from bot.replay import Outage
from bot.reply import Reply
from bot.spool import Spool
from bot.turns import Turns
from bot.xml import MAX_BYTES
from counts import CALLBACKS, TURN_SECONDS
from domain.sentence import Say
from models import DatabaseUnavailable
from texts import Texts

log = logging.getLogger(__name__)

BUDGET = 4.5  # seconds; the platform hangs up after 5 (wechat-platform §2)
PATH = "/wechat"
_XML = "application/xml; charset=utf-8"


class Webhook:
    """The callback's two methods."""

    def __init__(
        self,
        keys: Keys,
        turns: Turns,
        spool: Spool,
        outage: Outage,
        texts: Texts,
        clock: Callable[[], datetime],
    ) -> None:
        self._keys = keys
        self._turns = turns
        self._spool = spool
        self._outage = outage
        self._texts = texts
        self._clock = clock

    def blueprint(self) -> Blueprint:
        routes = Blueprint("wechat", __name__)
        routes.add_url_rule(PATH, "verify", self.verify, methods=["GET"])
        routes.add_url_rule(PATH, "receive", self.receive, methods=["POST"])
        return routes

    def verify(self) -> Response:
        """The address is being saved in the platform's backend: answer its echo."""
        try:
            echo = verify_url(request.args, self._keys)
        except Refused as no:
            return _refused(no.reason)
        CALLBACKS.labels("verified").inc()
        return _plain(echo.encode(), 200)

    def receive(self) -> Response:
        """One message or event."""
        started = time.monotonic()
        try:
            opened = open_callback(request.args, _body(), self._keys, self._clock())
        except Refused as no:
            return _refused(no.reason)
        except RequestEntityTooLarge:
            return _refused("too_large")
        try:
            reply = self._answer(opened, started)
        except OSError:
            log.error("spool_failed")
            CALLBACKS.labels("unkept").inc()
            return _plain(b"", 503)  # never 200 for what is not on the disk
        TURN_SECONDS.observe(time.monotonic() - started)
        return self._response(opened, reply)

    def _answer(self, opened: Opened, started: float) -> Reply | None:
        message = opened.message
        if not is_acted_on(message):
            CALLBACKS.labels("noted").inc()
            return None
        if self._outage.is_on or self._spool.holds(message.openid):
            return self._spooled(opened)
        try:
            reply = self._turns.answer(
                message, self._clock(), lambda: time.monotonic() - started > BUDGET
            )
        except DatabaseUnavailable as error:
            self._outage.failed(str(error))
            return self._spooled(opened)
        self._outage.answered()
        CALLBACKS.labels("answered").inc()
        return reply

    def _spooled(self, opened: Opened) -> Reply | None:
        """On the disk first; then one line for each person and outage (P3)."""
        message = opened.message
        is_first = not self._spool.holds(message.openid)
        is_new = self._spool.append(message.openid, message.key, opened.xml, self._clock())
        CALLBACKS.labels("spooled" if is_new else "spooled_again").inc()
        if not is_first or message.event.startswith(("kf_", "unsubscribe")):
            return None
        return Reply(self._texts.render(Say("outage.received"), self._clock()).text)

    def _response(self, opened: Opened, reply: Reply | None) -> Response:
        message, now = opened.message, self._clock()
        xml = reply.xml(to=message.openid, account=message.account, at=now) if reply else ""
        response = Response(seal_reply(xml, self._keys, opened=opened, now=now), 200)
        response.content_type = _XML if xml else "text/plain"
        if failpoints.ENABLED:
            response.call_on_close(lambda: failpoints.hit("webhook.replied"))
        return response


def _body() -> bytes:
    request.max_content_length = MAX_BYTES
    return request.get_data(cache=False)


def _refused(reason: str) -> Response:
    """All refusals look alike: no oracle for whoever tries (H-05)."""
    CALLBACKS.labels(f"refused_{reason}").inc()
    return _plain(b"", 413 if reason == "too_large" else 403)


def _plain(body: bytes, status: int) -> Response:
    response = Response(body, status, content_type="text/plain; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
