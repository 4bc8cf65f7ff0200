"""What a check finds, and what it finds it with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from bot.client import MemoryTokenStore, WeChatClient
from cli.columns import printable
from cli.context import Desk
from models import Database
from settings import ROOT, Settings
from texts import Texts, read_texts

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Mark(StrEnum):
    RIGHT = auto()
    LOOK = auto()  # worth a look: it works, or nobody can tell
    WRONG = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: its sentence's second line says what to do, and where."""

    mark: Mark
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def right(key: str, **facts: Any) -> Finding:
    return Finding(Mark.RIGHT, key, facts)


def look(key: str, **facts: Any) -> Finding:
    return Finding(Mark.LOOK, key, facts)


def wrong(key: str, **facts: Any) -> Finding:
    return Finding(Mark.WRONG, key, facts)


@cache
def _texts() -> Texts:
    """For a terminal: addresses stay as they are."""
    return read_texts(ROOT / "texts.yaml", printable)


@dataclass
class Room:
    """The desk that is examined; nothing in it is changed."""

    desk: Desk

    @property
    def settings(self) -> Settings:
        return self.desk.settings

    @property
    def database(self) -> Database:
        return self.desk.database

    @cached_property
    def now(self) -> datetime:
        return self.desk.clock()

    def words(self, key: str, **facts: Any) -> str:
        return _texts().words(key, facts, self.now)

    @cached_property
    def client(self) -> WeChatClient:
        """With a stable token of its own: asked for in normal mode it takes nobody's away (§4)."""
        account = self.settings.wechat
        return WeChatClient(
            account.app_id,
            account.app_secret.get_secret_value(),
            account.api_base_url,
            MemoryTokenStore(),
            stable_token=True,
            clock=self.desk.clock,
        )

    @property
    def is_sandbox(self) -> bool:
        return is_local(self.settings.wechat.api_base_url)

    @property
    def public_url(self) -> str:
        return self.settings.server.public_url.rstrip("/")


def is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


class Needs(StrEnum):
    """What must work before a check can tell anything."""

    DATABASE = auto()
    API = auto()


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    act: Callable[[Room], Iterable[Finding]]
    needs: tuple[Needs, ...] = ()
