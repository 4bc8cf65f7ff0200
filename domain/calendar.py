"""Service hours: is the desk open, and when does it open next (F15)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Every person of the desk reads this clock; China has had no summer time since 1991."""


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """Daily hours on working days; `is_working_day` knows holidays and make-up days."""

    opens: time
    closes: time
    is_working_day: Callable[[date], bool]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(CHINA)
        return self.is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def next_opening(self, at: datetime) -> datetime:
        """The first opening after `at`, looked for through one year."""
        local = at.astimezone(CHINA)
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        for _ in range(366):
            if self.is_working_day(day):
                return datetime.combine(day, self.opens, CHINA)
            day += timedelta(days=1)
        raise ValueError("the service calendar has no working day within a year")
