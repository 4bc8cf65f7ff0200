"""Whether this machine's time may be believed: a wrong clock must not ring a thousand deadlines.

Durations are measured by the monotonic clock, deadlines stand on the wall clock. Where the two
part by minutes somebody has set the time, or the machine has slept: nothing rings until the
platform's own time has told which (R-070).
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

JUMP = timedelta(minutes=5)
"""What the time may be off: less is corrected day by day, more is somebody's doing."""

ASKS_EVERY = 10.0  # seconds, while it is not known
SAYS_EVERY = 60.0  # seconds, in the log

PlatformTime = Callable[[], datetime | None]
"""What time it is over there; None if nobody answers."""


class ClockWatch:
    """Compares at each tick; asks the platform only when the time has jumped."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        platform_time: PlatformTime,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._platform_time = platform_time
        self._monotonic = monotonic
        self._known: tuple[datetime, float] | None = None  # a wall time that was right, and when
        self._asks_at = self._says_at = 0.0
        self.theirs: datetime | None = None  # what the platform said, while ours is wrong
        self.is_paused = False

    def may_ring(self, is_late: Callable[[], bool]) -> bool:
        """Whether deadlines may be kept by the time that it is now here.

        `is_late` is asked at the start: what is overdue then was due while nobody was here, or
        the machine woke up in another year.
        """
        now, passed = self._clock(), self._monotonic()
        if self._is_as_expected(now, passed, is_late) or self._is_confirmed(now, passed):
            self._believe(now, passed)
        else:
            self.is_paused = True
        return not self.is_paused

    def _is_as_expected(self, now: datetime, passed: float, is_late: Callable[[], bool]) -> bool:
        if self._known is None:
            return not self.is_paused and not is_late()
        wall, then = self._known
        jump = now - wall - timedelta(seconds=passed - then)
        if jump < -JUMP:
            # What rang is gone and does not ring again; what is to come, comes later.
            log.warning("clock_went_back seconds=%d", -jump.total_seconds())
        return jump <= JUMP

    def _is_confirmed(self, now: datetime, passed: float) -> bool:
        """The platform has the same time: it was a stop, a sleep, or a clock put right."""
        if passed < self._asks_at:
            return False
        self._asks_at = passed + ASKS_EVERY
        theirs = self._platform_time()
        if theirs is not None:
            self.theirs = theirs
            return abs(now - theirs) <= JUMP
        # At the start a stop is likelier than a wrong clock, and nobody tells.
        return self._known is None and not self.is_paused

    def _believe(self, now: datetime, passed: float) -> None:
        if self.is_paused:
            log.warning("clock_is_right_again")
        self._known = (now, passed)
        self._asks_at, self._says_at = 0.0, 0.0
        self.is_paused, self.theirs = False, None

    def is_to_be_said(self) -> bool:
        """Once a minute, for as long as it lasts."""
        passed = self._monotonic()
        if not self.is_paused or passed < self._says_at:
            return False
        self._says_at = passed + SAYS_EVERY
        return True
