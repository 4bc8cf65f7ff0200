"""What the pages ask of WeChat, whoever does it: web authorization and the JS-SDK's signature."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Visitor(Protocol):
    """Who came back from the platform's authorization page."""

    @property
    def openid(self) -> str: ...

    @property
    def is_snapshot(self) -> bool:
        """A virtual person of a snapshot page (wechat-platform §9): never to be remembered."""


class Authorization(Protocol):
    """Web authorization 网页授权 with snsapi_base."""

    def address(self, redirect_uri: str, state: str) -> str:
        """The platform's page that sends the reader back with a code."""

    def visitor_of(self, code: str) -> Visitor:
        """Who it is; a code counts once and for five minutes."""


class JsConfig(Protocol):
    """What `wx.config` takes."""

    @property
    def app_id(self) -> str: ...

    @property
    def timestamp(self) -> int: ...

    @property
    def nonce(self) -> str: ...

    @property
    def signature(self) -> str: ...


class JsSdk(Protocol):
    def signature(self, url: str) -> JsConfig:
        """For one page, by its whole address without the fragment."""


Opened = Callable[..., str | None]
"""`opened(session, person_id, notice_id, now)`: where a notice leads; None if it is not theirs."""

Clock = Callable[[], datetime]
