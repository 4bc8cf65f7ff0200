"""Working time counted minute by minute over ten years: slow, and too simple to be wrong.

It shares nothing with domain/calendar.py but the numbers of its days: each minute of each day is
looked at, and how many were open before it is added up.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate, chain

DAY = 24 * 60
FIRST, YEARS = date(2020, 1, 1), 10
_WINDOW = 120 * DAY  # in which what is added beside pauses must be found
_BEGIN = datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=8)))
_DAYS = (date(2030, 1, 1) - FIRST).days


class MinuteCounter:
    """Which minutes of ten years are open, told by one question for each day."""

    def __init__(self, hours_of: Callable[[date], Iterable[tuple[int, int]]]) -> None:
        days = (FIRST + timedelta(days=number) for number in range(_DAYS))
        self.open = bytearray(chain.from_iterable(_minutes(hours_of(day)) for day in days))
        self._before = array("L", chain((0,), accumulate(self.open)))

    def between(self, begin: datetime, end: datetime) -> int:
        first, last = _index(begin), _index(end)
        return self._before[last] - self._before[first] if last > first else 0

    def add(self, start: datetime, minutes: int) -> datetime:
        """The end of the minute that makes it full."""
        wanted = self._before[_index(start)] + minutes
        return _BEGIN + timedelta(minutes=bisect_left(self._before, wanted))

    def add_beside(
        self, start: datetime, minutes: int, pauses: Iterable[tuple[datetime, datetime]]
    ) -> datetime:
        """The same, with minutes in which the clock stood still."""
        first = _index(start)
        window = self.open[first : first + _WINDOW]
        for begins, ends in pauses:
            for minute in range(max(0, _index(begins) - first), _index(ends) - first):
                if minute < _WINDOW:
                    window[minute] = 0
        return start + timedelta(minutes=bisect_left(list(accumulate(window)), minutes) + 1)

    def is_open(self, at: datetime) -> bool:
        return bool(self.open[_index(at)])


def _minutes(hours: Iterable[tuple[int, int]]) -> bytearray:
    day = bytearray(DAY)
    for begins, ends in hours:
        for minute in range(begins, ends):
            day[minute] = 1
    return day


def _index(at: datetime) -> int:
    return (at - _BEGIN) // timedelta(minutes=1)
