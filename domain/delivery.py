"""How a notice reaches somebody: which ways, in which order, and what follows from each try."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.calendar import CHINA

SAME_ID_FOR = timedelta(minutes=10)
"""So long the platform sends two template messages with the same client_msg_id once (R-009)."""

REPORTED_WITHIN = timedelta(minutes=10)
"""A template message of which nothing was reported by then never will be reported (R-060)."""

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
    WINDOW_SHUT = auto()  # 45015: the person has to do something first
    WINDOW_USED_UP = auto()  # 45047: likewise; its messages are spent
    UNREACHABLE = auto()  # nothing wrong with the message: it does not reach this person
    MISCONFIGURED = auto()  # an operator has to act
    UNKNOWN = auto()  # an errcode that is in no table
    UNCLEAR = auto()  # it may have had its effect
    PARTLY = auto()  # its first part surely had


class Move(StrEnum):
    """What follows for the notice."""

    DONE = auto()
    OTHER_CHANNEL = auto()  # at once
    AGAIN = auto()  # after a while
    TOMORROW = auto()
    HOLD = auto()  # until the person's next contact
    GIVE_UP = auto()


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """How many customer messages let by what, for how long; an operator may correct them."""

    message_count: int = 5
    message_for: timedelta = timedelta(hours=48)
    tap_count: int = 3
    tap_for: timedelta = timedelta(minutes=1)
    line_counts_as: Cause = Cause.CLICK


LIMITS = WindowLimits()


@dataclass(frozen=True, slots=True)
class Wallet:
    """What is known of a person's windows; errcodes know better (R-057)."""

    heard_at: datetime | None = None
    heard_left: int = 0
    tapped_at: datetime | None = None
    tapped_left: int = 0
    tapped_by: Cause | None = None

    def opened(self, cause: Cause, now: datetime, limits: WindowLimits = LIMITS) -> "Wallet":
        """After an act of theirs: counts do not add up, the new one fills its window anew."""
        if cause is Cause.MESSAGE:
            return replace(self, heard_at=now, heard_left=limits.message_count)
        return replace(self, tapped_at=now, tapped_left=limits.tap_count, tapped_by=cause)

    def spent(self, messages: int, now: datetime, limits: WindowLimits = LIMITS) -> "Wallet":
        """After so many customer messages: out of the window that ends first (§14.3)."""
        of_tap = min(messages, self._tap_left(now, limits))
        of_words = min(messages - of_tap, self.heard_left)
        return replace(
            self, tapped_left=self.tapped_left - of_tap, heard_left=self.heard_left - of_words
        )

    def corrected(self, now: datetime, limits: WindowLimits = LIMITS) -> "Wallet":
        """After 45015 or 45047: nothing goes until they do something."""
        heard_at = self.heard_at or now - limits.message_for
        return replace(self, heard_at=heard_at, heard_left=0, tapped_left=0)

    def left(self, now: datetime, limits: WindowLimits = LIMITS) -> int:
        """Customer messages that can still be sent, as far as is known."""
        words = self.heard_left if _within(self.heard_at, limits.message_for, now) else 0
        return words + self._tap_left(now, limits)

    def is_known(self) -> bool:
        """Of somebody whom the desk never heard nothing is known."""
        return self.heard_at is not None or self.tapped_at is not None

    def ends_at(self, limits: WindowLimits = LIMITS) -> datetime | None:
        """When their own words stop letting messages by."""
        return None if self.heard_at is None else self.heard_at + limits.message_for

    def _tap_left(self, now: datetime, limits: WindowLimits) -> int:
        return self.tapped_left if _within(self.tapped_at, limits.tap_for, now) else 0


def _within(at: datetime | None, duration: timedelta, now: datetime) -> bool:
    return at is not None and now < at + duration


@dataclass(frozen=True, slots=True)
class Weight:
    """What a notice is worth, against the messages that are left."""

    is_urgent: bool = False
    asks: bool = False  # it has lines to tap: somebody waits for the answer
    has_template: bool = False
    parts: int = 1


def channels(
    wallet: Wallet, weight: Weight, now: datetime, limits: WindowLimits = LIMITS
) -> tuple[Channel, ...]:
    """The ways to try, the best first; none: it waits for the person's next contact.

    Only a customer message carries buttons. The last one of a window is kept for what is urgent or
    asks for an answer. What is surely closed is tried last all the same: errcodes know better.
    """
    template = (Channel.TEMPLATE,) if weight.has_template else ()
    left = wallet.left(now, limits)
    if wallet.is_known() and left < weight.parts:
        return (*template, Channel.CUSTOM)
    if wallet.is_known() and left == weight.parts and not (weight.is_urgent or weight.asks):
        return template
    return (Channel.CUSTOM, *template)


@dataclass(frozen=True, slots=True)
class Tried:
    """One try with what led to it."""

    verdict: Verdict
    channel: Channel
    tries: int  # with this one
    unclear: int  # tries that nobody knows the effect of, with this one
    first_at: datetime  # when the notice was tried first
    is_last_channel: bool = True


_WINDOW = (Verdict.WINDOW_SHUT, Verdict.WINDOW_USED_UP)


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
        case Verdict.PARTLY:
            return Move.HOLD
        case Verdict.UNCLEAR:
            return Move.AGAIN if _may_repeat(tried, now) else Move.HOLD
        case _ if not tried.is_last_channel:
            return Move.OTHER_CHANNEL
        case _ if tried.verdict in _WINDOW:
            return Move.HOLD
    return Move.GIVE_UP


def _may_repeat(tried: Tried, now: datetime) -> bool:
    """One id makes it once; without one, once more: silence would be worse than a second copy."""
    if tried.channel is Channel.TEMPLATE and now < tried.first_at + SAME_ID_FOR:
        return True
    return tried.unclear < 2


@dataclass(frozen=True, slots=True)
class ReachRules:
    """When somebody counts as not reached, and how old a notice grows before the desk hears."""

    limits: WindowLimits = LIMITS
    unreached_within: timedelta = timedelta(seconds=60)
    alarm_after: timedelta = timedelta(hours=4)


def pause(tries: int, dice: Callable[[], float]) -> timedelta:
    """Exponential with full jitter: many that failed together do not come back together."""
    most = min(BACKOFF_TO, BACKOFF_FROM * 2.0 ** min(tries, 10))
    return timedelta(seconds=max(BACKOFF_FROM, most * dice()))


def next_midnight(now: datetime) -> datetime:
    """When the platform counts anew: its days end at midnight UTC+8."""
    local = now.astimezone(CHINA) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
