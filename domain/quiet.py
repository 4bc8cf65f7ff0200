"""Hours in which somebody wants no ordinary notice: of each day, often over midnight (C §24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import CHINA

DAY = 24 * 60  # minutes
LONGEST = 14 * 60
"""Minutes: a notice is worth saying for a day, so it must come out well before."""

GATHERED_FOR = timedelta(minutes=1)
"""After their end what has waited is made one message before anything goes out."""

AWAKE_FOR = timedelta(minutes=15)
"""Whoever has just written is up: what they wait for is not kept from them."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """From and until, in minutes after midnight at the desk."""

    since: int
    until: int

    @property
    def length(self) -> int:
        return (self.until - self.since) % DAY


def is_quiet(quiet: Quiet, now: datetime) -> bool:
    """The minute in which they end belongs to them: it is for gathering."""
    return (_minute(now) - quiet.since) % DAY < quiet.length + _GATHERED


def began_at(quiet: Quiet, now: datetime) -> datetime:
    """When the last of them began."""
    gone = (_minute(now) - quiet.since) % DAY
    local = now.astimezone(CHINA).replace(second=0, microsecond=0)
    return local - timedelta(minutes=gone)


def has_just_ended(quiet: Quiet, now: datetime) -> bool:
    """Now is the minute for gathering."""
    return quiet.length <= (_minute(now) - quiet.since) % DAY < quiet.length + _GATHERED


def quiet_now(hours: Mapping[int, Quiet], now: datetime) -> frozenset[int]:
    return frozenset(person for person, quiet in hours.items() if is_quiet(quiet, now))


_GATHERED = int(GATHERED_FOR.total_seconds()) // 60


def _minute(now: datetime) -> int:
    local = now.astimezone(CHINA)
    return local.hour * 60 + local.minute
