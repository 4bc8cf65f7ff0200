"""Web authorization 网页授权: the address that finds out who reads a page, and its answer (§9)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from bot.breaker import Breakers
from bot.calls import Nobody, Observer, reading
from bot.errors import ApiError, Reaction
from bot.transport import (
    AUTHORIZATION_PATH,
    Request,
    Transport,
    checked_answer,
    machine_time,
    whole,
)

STATE = re.compile(r"[A-Za-z0-9]{1,128}", re.ASCII)
"""What the platform hands back unchanged."""

_SPENT = frozenset({40029, 40163, 41008, 42003})  # invalid, used, missing, expired


class CodeSpent(ApiError):
    """The code counts no more (a page loaded twice, a look back): the way is gone once again."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who came back from the platform's page."""

    openid: str = field(repr=False)
    is_snapshot: bool  # a virtual person, who may not be remembered


class WebAuthorization:
    """With snsapi_base: silent, and of people who do not follow, too."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        oauth_base_url: str,
        transport: Transport,
        *,
        clock: Callable[[], datetime] = machine_time,
        observer: Observer | None = None,
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._page = f"{oauth_base_url.rstrip('/')}/connect/oauth2/authorize"
        self._transport = transport
        self._breakers = Breakers(clock)
        self._observer: Observer = observer or Nobody()

    def __repr__(self) -> str:
        return f"WebAuthorization({self._app_id})"

    def address(self, redirect_uri: str, state: str) -> str:
        """Where a browser inside WeChat is sent; some phones want this very order."""
        if not STATE.fullmatch(state):
            raise ValueError("state must be at most 128 letters and digits")
        query = urlencode(
            [
                ("appid", self._app_id),
                ("redirect_uri", redirect_uri),
                ("response_type", "code"),
                ("scope", "snsapi_base"),
                ("state", state),
            ]
        )
        return f"{self._page}?{query}#wechat_redirect"

    def visitor_of(self, code: str) -> Visitor:
        """Who it is; `CodeSpent` for a code that counts no more, ApiError for anything else."""
        request = Request(
            "GET",
            AUTHORIZATION_PATH,
            {
                "appid": self._app_id,
                "secret": self._secret,
                "code": code,
                "grant_type": "authorization_code",
            },
        )
        spent: ApiError | None = None
        try:
            return self._exchanged(request)
        except ApiError as error:
            self._observer.called(request.path, error)
            if error.errcode not in _SPENT:
                raise
            spent = error
        raise CodeSpent(spent.path, Reaction.PERMANENT, errcode=spent.errcode, errmsg=spent.errmsg)

    def _exchanged(self, request: Request) -> Visitor:
        with self._breakers.passing(request.path), reading(request.path):
            answer = checked_answer(request.path, self._transport.exchange(request))
            if not answer["openid"]:
                raise ValueError("nobody")
            visitor = Visitor(answer["openid"], whole(answer.get("is_snapshotuser")) == 1)
        self._observer.called(request.path, None)
        return visitor
