"""Circuit breakers: what has failed often is left alone for a while, then tried by one call."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from counts import API_CIRCUITS
from domain.delivery import next_midnight

FAILURES = 5
"""So many temporary failures in a row open a path."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds until one call may try again: 1, 2, 4 … 30."""

MINUTE = 60.0
"""Seconds after 45011 (R-055), and after a token or a secret that is refused again (R-053)."""

PROBE_TAKES = 1.0
"""Seconds after which whoever came during the one try may ask again."""

HELD_BACK = "left alone for a while"

_BUSY, _SLOWER = -1, 45011

CLOSED, HALF_OPEN, OPEN = 0, 1, 2

Clock = Callable[[], datetime]


class Breaker:
    """One path's: closed, open until a moment, or half-open for one call; safe for threads."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0  # in a row
        self._openings = 0  # in a row
        self._tried_at: float | None = None  # when one call may try; None while closed
        self._midnight: datetime | None = None  # the day's quota is used up
        self._probes = 0
        self._probe: int | None = None  # the one call that tries now

    @property
    def state(self) -> int:
        with self._lock:
            if self._remaining() > 0:
                return OPEN
            return CLOSED if self._tried_at is None else HALF_OPEN

    def closed_until(self) -> datetime | None:
        """Before this moment a call would fail at once; None if one may go."""
        with self._lock:
            now = self._clock()
            if self._midnight is not None and self._midnight > now:
                return self._midnight
            left = self._remaining()
            if left <= 0 and self._probe is not None:
                left = PROBE_TAKES
            return now + timedelta(seconds=left) if left > 0 else None

    def enter(self) -> int | None:
        """0 for a call that may go, the number of one that tries; None if none may go now."""
        with self._lock:
            if self._remaining() > 0 or self._probe is not None:
                return None
            if self._tried_at is None:
                return 0
            self._probes += 1
            self._probe = self._probes
            return self._probe

    def answered(self) -> None:
        """The path works: everybody may go."""
        with self._lock:
            self._failures = self._openings = 0
            self._tried_at = self._midnight = self._probe = None

    def failed(self, call: int) -> None:
        """A temporary failure; of calls that left before the opening none counts."""
        with self._lock:
            is_probe = call != 0 and call == self._probe
            if self._tried_at is not None and not is_probe:
                return
            self._failures += 1
            if is_probe or self._failures >= FAILURES:
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._openings, 10))
                self._openings += 1
                self._tried_at = self._monotonic() + pause

    def open_for(self, seconds: float) -> None:
        with self._lock:
            self._tried_at = self._monotonic() + seconds

    def open_until_midnight(self) -> None:
        """No call until the platform counts anew (R-056)."""
        with self._lock:
            self._midnight = next_midnight(self._clock())

    def leave(self, call: int) -> None:
        """The call that tried is over, whatever came of it."""
        with self._lock:
            if call == self._probe:
                self._probe = None

    def _remaining(self) -> float:
        left = 0.0 if self._tried_at is None else self._tried_at - self._monotonic()
        if self._midnight is not None:
            left = max(left, (self._midnight - self._clock()).total_seconds())
        return left


class Breakers:
    """A breaker for each path of the API."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._by_path: dict[str, Breaker] = {}

    def of(self, path: str) -> Breaker:
        breaker = self._by_path.get(path)
        if breaker is None:
            with self._lock:
                fresh = Breaker(self._clock, self._monotonic)
                breaker = self._by_path.setdefault(path, fresh)
        return breaker

    def closed_until(self, path: str) -> datetime | None:
        breaker = self._by_path.get(path)
        return breaker.closed_until() if breaker else None

    def close_all(self) -> None:
        """The quotas were cleared: whatever was learnt before is no longer so."""
        with self._lock:
            self._by_path.clear()

    @contextmanager
    def passing(self, path: str) -> Iterator[None]:
        """One call: made and judged, or not made at all (ApiUnsent)."""
        breaker = self.of(path)
        call = breaker.enter()
        if call is None:
            raise ApiUnsent(path, HELD_BACK, until=breaker.closed_until())
        try:
            yield
        except ApiError as error:
            _judge(breaker, error, call)
            raise
        else:
            breaker.answered()
        finally:
            breaker.leave(call)
            API_CIRCUITS.labels(path).set(breaker.state)


def _judge(breaker: Breaker, error: ApiError, call: int) -> None:
    """A refusal is an answer, too: the path works."""
    if isinstance(error, ApiUnclear | ApiUnsent) or error.errcode == _BUSY:
        breaker.failed(call)
        return
    breaker.answered()
    if error.errcode == _SLOWER:
        breaker.open_for(MINUTE)
    elif error.reaction is Reaction.RETRY_TOMORROW:
        breaker.open_until_midnight()
