"""The sandbox's time: the machine's, plus what was skipped by hand."""

import time
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


class Clock:
    """Seconds since 1970, as the platform counts them."""

    def __init__(self, skipped: float = 0) -> None:
        self.skipped = skipped

    def now(self) -> float:
        return self.real() + self.skipped

    def real(self) -> float:
        return time.time()

    def advance(self, seconds: float) -> None:
        self.skipped += seconds

    def china_day(self) -> str:
        """The day whose quotas are being used; they start anew at midnight in China."""
        return datetime.fromtimestamp(self.now(), CHINA).strftime("%Y-%m-%d")
