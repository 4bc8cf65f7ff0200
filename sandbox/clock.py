"""The sandbox's time: the machine's, plus what was skipped by hand, or faster than that."""

import time
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


class Clock:
    """Seconds since 1970, as the platform counts them."""

    def __init__(self, skipped: float = 0) -> None:
        self._ahead = skipped
        self._since = self.real()  # from when on it runs at this speed
        self.speed = 1.0

    def now(self) -> float:
        return self.real() + self.skipped

    def real(self) -> float:
        return time.time()

    @property
    def skipped(self) -> float:
        """Seconds by which this clock is ahead of the machine's."""
        return self._ahead + (self.real() - self._since) * (self.speed - 1)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def run(self, speed: float) -> None:
        """Goes on this many times as fast as the machine's clock."""
        self._ahead, self._since = self.skipped, self.real()
        self.speed = speed

    def reset(self) -> None:
        self._ahead, self._since, self.speed = 0, self.real(), 1.0

    def china_day(self) -> str:
        """The day whose quotas are being used; they start anew at midnight in China."""
        return datetime.fromtimestamp(self.now(), CHINA).strftime("%Y-%m-%d")
