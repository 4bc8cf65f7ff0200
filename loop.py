"""A thread that does one thing again and again, rests as it says, and outlives whatever fails."""

import logging
import threading
from collections.abc import Callable

from logs import failure
from models import DatabaseUnavailable

log = logging.getLogger(__name__)

AFTER_FAILURE = 15.0  # seconds
_STOPS_WITHIN = 10.0  # seconds


class Loop:
    """`step` does a little and answers with the seconds to rest, which a nudge ends."""

    def __init__(
        self,
        name: str,
        step: Callable[[], float],
        *,
        first: float = 0.0,
        after_failure: float = AFTER_FAILURE,
    ) -> None:
        """`first`: seconds before the first step."""
        self._name = name
        self._step = step
        self._first = first
        self._after_failure = after_failure
        self._woken = threading.Event()
        self.stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """There may be something to do: the rest is over."""
        self._woken.set()

    def stop(self, within: float = _STOPS_WITHIN) -> None:
        """What is under way is finished, as far as it ends in time."""
        self.stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(within)

    def guarded(self, act: Callable[[], object]) -> bool:
        """Does it; whatever goes wrong is told in the log, and False."""
        try:
            act()
        except DatabaseUnavailable as error:
            log.warning("database_away job=%s why=%s", self._name, error)
        except Exception as error:
            failure(log, "job_failed", error, job=self._name)
        else:
            return True
        return False

    def _run(self) -> None:
        pause = self._first
        while not self._rested(pause):
            pause = self._once()

    def _rested(self, pause: float) -> bool:
        """Whether it was stopped meanwhile."""
        self._woken.wait(pause)
        if not self.stopped.is_set():
            self._woken.clear()
        return self.stopped.is_set()

    def _once(self) -> float:
        rests: list[float] = []
        is_done = self.guarded(lambda: rests.append(self._step()))
        return rests[0] if is_done else self._after_failure
