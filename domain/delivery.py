"""How a notice reaches somebody: which ways, in which order, and what follows from each try."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.calendar import CHINA

HEARD_FOR = timedelta(hours=48)
TAPPED_FOR = timedelta(minutes=1)
"""How long own words and a tap let customer messages through (the platform's windows)."""

SAME_ID_FOR = timedelta(minutes=10)
"""So long the platform sends two template messages with the same client_msg_id once (R-009)."""

BACKOFF_FROM = 1.0
BACKOFF_TO = 60.0
"""Seconds between two tries, before the dice (R-055)."""

TRIES_OF_UNKNOWN = 3
"""An errcode that nobody knows is taken for a passing one this often (R-061)."""


class Cause(StrEnum):
    """What opens a window for customer messages (wechat-platform §5)."""

    MESSAGE = auto()
    CLICK = auto()  # a menu button, or a line to tap (contested: the worse is assumed)
    FOLLOW = auto()
    SCAN = auto()


class Channel(StrEnum):
    """The ways out."""

    PASSIVE = auto()  # with the answer to a message of theirs: takes nothing out of the wallet
    CUSTOM = auto()
    TEMPLATE = auto()


class Verdict(StrEnum):
    """What one try showed."""

    ACCEPTED = auto()
    BUSY = auto()  # nothing happened; the same may go through later
    QUOTA = auto()  # the day's calls are used up
    REFUSED = auto()  # this message will never be taken
    UNREACHABLE = auto()  # nothing wrong with the message: it does not reach this person
    MISCONFIGURED = auto()  # an operator has to act
    UNKNOWN = auto()  # an errcode that is in no table
    UNCLEAR = auto()  # it may have had its effect


class Move(StrEnum):
    """What follows for the notice."""

    DONE = auto()
    OTHER_CHANNEL = auto()  # at once
    AGAIN = auto()  # after a while
    TOMORROW = auto()
    GIVE_UP = auto()
    LEAVE_OPEN = auto()  # nobody knows, and nobody will ask again


@dataclass(frozen=True, slots=True)
class Wallet:
    """What is known of a person's windows; errcodes know better (R-057)."""

    heard_at: datetime | None = None
    tapped_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return _within(self.heard_at, HEARD_FOR, now) or _within(self.tapped_at, TAPPED_FOR, now)

    def is_closed(self, now: datetime) -> bool:
        """Surely closed: of somebody whom the desk never heard nothing is known."""
        return self.heard_at is not None and not self.is_open(now)


def _within(at: datetime | None, duration: timedelta, now: datetime) -> bool:
    return at is not None and now < at + duration


def channels(wallet: Wallet, now: datetime, *, has_template: bool) -> tuple[Channel, ...]:
    """The ways to try, the best first: only a customer message carries buttons."""
    if not has_template:
        return (Channel.CUSTOM,)
    if wallet.is_closed(now):
        return (Channel.TEMPLATE, Channel.CUSTOM)
    return (Channel.CUSTOM, Channel.TEMPLATE)


@dataclass(frozen=True, slots=True)
class Tried:
    """One try with what led to it."""

    verdict: Verdict
    channel: Channel
    tries: int  # with this one
    unclear: int  # tries that nobody knows the effect of, with this one
    first_at: datetime  # when the notice was tried first
    is_urgent: bool
    is_last_channel: bool = True


_FINAL = (Verdict.REFUSED, Verdict.UNREACHABLE, Verdict.MISCONFIGURED)


def next_move(tried: Tried, now: datetime) -> Move:
    """What follows from a try (R-009, R-055…R-058, R-061)."""
    match tried.verdict:
        case Verdict.ACCEPTED:
            return Move.DONE
        case Verdict.BUSY:
            return Move.AGAIN
        case Verdict.QUOTA:
            return Move.TOMORROW if tried.is_last_channel else Move.OTHER_CHANNEL
        case Verdict.UNKNOWN:
            return Move.AGAIN if tried.tries < TRIES_OF_UNKNOWN else Move.GIVE_UP
        case Verdict.UNCLEAR:
            return Move.AGAIN if _may_repeat(tried, now) else Move.LEAVE_OPEN
        case _ if tried.verdict in _FINAL and not tried.is_last_channel:
            return Move.OTHER_CHANNEL
    return Move.GIVE_UP


def _may_repeat(tried: Tried, now: datetime) -> bool:
    """Where twice does no harm: one id makes it once, or silence would be worse."""
    if tried.channel is Channel.TEMPLATE and now < tried.first_at + SAME_ID_FOR:
        return True
    return tried.is_urgent and tried.unclear < 2


def pause(tries: int, dice: Callable[[], float]) -> timedelta:
    """Exponential with full jitter: many that failed together do not come back together."""
    most = min(BACKOFF_TO, BACKOFF_FROM * 2.0 ** min(tries, 10))
    return timedelta(seconds=max(BACKOFF_FROM, most * dice()))


def next_midnight(now: datetime) -> datetime:
    """When the platform counts anew: its days end at midnight UTC+8."""
    local = now.astimezone(CHINA) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
