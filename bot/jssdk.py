"""The JS-SDK's signature for a page, under a ticket that all processes share (§9)."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from typing import Protocol

from bot.errors import ApiError, ApiUnsent
from bot.tokens import Fetched, TokenStore
from bot.transport import TICKET_PATH, Answer, whole

RESTS_FOR = 10.0  # seconds after a failure in which no page waits for the platform again


class Api(Protocol):
    """What is asked of the client."""

    def call(self, method: str, path: str, *, params: dict[str, str] | None = None) -> Answer: ...


@dataclass(frozen=True, slots=True)
class JsConfig:
    """What `wx.config` takes."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


def ticket_key(app_id: str) -> str:
    """The ticket's row among the account's tokens."""
    return f"{app_id}:jsapi"


def signed(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Of the page's whole address, undecoded and without its fragment."""
    page = url.partition("#")[0]
    line = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return sha1(line.encode()).hexdigest()


class JsSdk:
    """Signs pages; a page works without, so nobody waits for it twice."""

    def __init__(
        self,
        client: Api,
        store: TokenStore,
        app_id: str,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._store = store
        self._app_id = app_id
        self._clock = clock
        self._monotonic = monotonic
        self._rests_until = float("-inf")

    def signature(self, url: str) -> JsConfig:
        """For one page, by its whole address; ApiError while no ticket can be had."""
        ticket = self._store.current() or self._fetched()
        timestamp, nonce = int(self._clock().timestamp()), secrets.token_hex(8)
        return JsConfig(self._app_id, timestamp, nonce, signed(ticket, nonce, timestamp, url))

    def _fetched(self) -> str:
        if self._monotonic() < self._rests_until:
            raise ApiUnsent(TICKET_PATH, "no ticket a moment ago")
        try:
            return self._store.refresh(None, self._fetch)
        except ApiError:
            self._rests_until = self._monotonic() + RESTS_FOR
            raise

    def _fetch(self) -> Fetched:
        answer = self._client.call("GET", TICKET_PATH, params={"type": "jsapi"})
        return Fetched(answer["ticket"], whole(answer.get("expires_in")) or 7200)
