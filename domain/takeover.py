"""How long somebody waits for the desk and is held by it, and when the talk is fetched (W1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class TakeoverRules:
    """What an operator set for the desk in the WeChat backend (wechat-platform §6)."""

    is_enabled: bool = True
    room: int = 10  # talks that one clerk holds at a time
    waits_for: timedelta = timedelta(minutes=15)
    idle_for: timedelta = timedelta(minutes=30)
    is_missing: Callable[[], bool] = _never  # the account has no customer service (65400)

    @property
    def is_there(self) -> bool:
        """Whether it is of use to put somebody into the queue."""
        return self.is_enabled and not self.is_missing()


# --- who is named at a transfer ------------------------------------------------------------------

SERVED_WITHIN = timedelta(hours=1)
"""So long a person is given to the clerk who knows their matter already."""

SEEN_WITHIN = timedelta(minutes=1)
"""An older look at who is online says nothing: naming who is away strands the person (§6)."""


@dataclass(frozen=True, slots=True)
class ClerkSeen:
    """A customer-service account as the platform last showed it."""

    is_online: bool
    sessions: int
    seen_at: datetime


def may_be_named(clerk: ClerkSeen, room: int, now: datetime) -> bool:
    """Only who is surely there and has room."""
    is_fresh = now - clerk.seen_at <= SEEN_WITHIN
    return is_fresh and clerk.is_online and clerk.sessions < room


def spoken_name(nickname: str) -> str:
    """The clerk's name without the desk's in front of it, which the sentence says already."""
    return nickname.removeprefix("服务台").lstrip(" -_·:：") or nickname


# --- a clerk's session ---------------------------------------------------------------------------

ON_THE_WAY = timedelta(seconds=5)
"""A message sent so shortly after a session began had left before the platform knew of it."""


def held_until(sign_at: datetime, idle_for: timedelta, *, is_open: bool) -> datetime:
    """How long a session that the platform still shows is believed after the last sign of life.

    Twice the platform's own half hour, for nobody tells us each word; off hours just once.
    """
    return sign_at + idle_for * (2 if is_open else 1)


# --- fetching what was said ----------------------------------------------------------------------

FIRST_PULL = timedelta(seconds=90)
"""The platform's records lag by minutes (§6): sooner there is nothing to be had."""

RUNNING_PULL = timedelta(minutes=2)
"""While the talk goes on: its newest line is the sign that it does."""

KEPT_FOR = timedelta(days=30)
"""After this the platform has nothing any more."""

_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (3, 10, 30, 120))
_TRIES = len(_PAUSES) + 1
_EMPTY_ENOUGH = 2  # in a row
_CLOSE_OWED = -1


@dataclass(frozen=True, slots=True)
class Pulls:
    """How often an ended talk was fetched, kept as one number; before that it may be open still."""

    tries: int = 0
    empties: int = 0  # in a row
    owes_close: bool = False  # the person ended it: the platform is to be told first

    @classmethod
    def of(cls, kept: int) -> "Pulls":
        return cls(owes_close=True) if kept == _CLOSE_OWED else cls(kept % 10, kept // 10)

    @property
    def kept(self) -> int:
        return _CLOSE_OWED if self.owes_close else 10 * self.empties + self.tries

    def after(self, found: int) -> "Pulls":
        """One more try that brought so many new lines."""
        return Pulls(self.tries + 1, 0 if found else self.empties + 1)

    @property
    def pause(self) -> timedelta | None:
        """Until the next try; None when nothing more is expected."""
        if self.tries == 0:
            return FIRST_PULL
        is_over = self.tries >= _TRIES or self.empties >= _EMPTY_ENOUGH
        return None if is_over else _PAUSES[self.tries - 1]
