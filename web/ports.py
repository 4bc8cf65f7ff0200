"""What the pages ask of others, whoever does it: of WeChat, and of the office's settings."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from domain.calendar import ServiceHours
from services.desk import Rules
from services.service_calendar import CalendarRows


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


class Office(Protocol):
    """What an admin sets at run time, as this process goes by it."""

    @property
    def given(self) -> Mapping[str, Any]:
        """What config.yaml says of the service, by name."""

    def rules_with(self, own: Mapping[str, Any]) -> Rules:
        """The rules if the admin set this; SettingsRefused for what cannot be."""

    def values_with(self, own: Mapping[str, Any]) -> Mapping[str, Any]:
        """All values of the service with these, as rows keep them; SettingsRefused as well."""

    def hours_with(self, rows: CalendarRows) -> ServiceHours:
        """The calendar if the admin set these weeks, days and years."""

    def refresh(self) -> None:
        """What was committed holds in this process when this returns."""


Opened = Callable[..., str | None]
"""`opened(session, person_id, notice_id, now)`: where a notice leads; None if it is not theirs."""

JoiningUrl = Callable[[str, int], str | None]
"""`url(scene, seconds)`: what a QR code holds that sends this scene when it is scanned."""


def no_url(scene: str, seconds: int) -> str | None:
    """Where nobody makes such codes."""
    return None


Clock = Callable[[], datetime]
