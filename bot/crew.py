"""Threads that work when nudged, and a sweep that finds what a nudge or a crash left (R-005)."""

import logging
import threading
import time
from collections.abc import Callable

from logs import failure
from models import DatabaseUnavailable

log = logging.getLogger(__name__)

SWEEP_EVERY = 2.0  # seconds
DATABASE_BACK_WITHIN = 1.0  # seconds between two looks at a database that is away


class Crew:
    """No exception ends a thread; a database that is away only makes it wait."""

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        sweep: Callable[[], None],
        size: int,
        *,
        sweep_every: float = SWEEP_EVERY,
        gather: float = 0.0,
    ) -> None:
        """`gather`: seconds that a woken thread lets work pile up, to take it in one go."""
        self._work = work
        self._sweep = sweep
        self._sweep_every = sweep_every
        self._size = size
        self._wanted = 0
        self._gather = gather
        self._is_gathering = False
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{n}", daemon=True)
            for n in range(1, size + 1)
        ]
        self._threads.append(
            threading.Thread(target=self._watch, name=f"{name}-sweep", daemon=True)
        )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def nudge(self) -> None:
        """There may be work: one more thread looks."""
        with self._changed:
            if not self._is_gathering:  # whoever gathers will find this, too
                self._wanted = min(self._wanted + 1, self._size)
                self._changed.notify()

    def stop(self, within: float) -> bool:
        """What is under way is finished, nothing new begun; whether all ended in time."""
        ends = time.monotonic() + within
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, ends - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Waits, but not past the stop."""
        self._stopping.wait(seconds)

    def _serve(self) -> None:
        while self._is_wanted():
            self._guarded(self._work)

    def _is_wanted(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted > 0 or self.is_stopping)
            self._wanted = max(0, self._wanted - 1)
            self._is_gathering = self._gather > 0
        if self._gather:
            self.pause(self._gather)
            with self._changed:
                self._is_gathering = False
        return not self.is_stopping

    def _watch(self) -> None:
        while not self.is_stopping:
            self._guarded(self._sweep)
            self.pause(self._sweep_every)

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except DatabaseUnavailable as error:
            log.warning("database_away thread=%s why=%s", threading.current_thread().name, error)
            self.pause(DATABASE_BACK_WITHIN)
        except Exception as error:
            failure(log, "thread_failed", error, thread=threading.current_thread().name)
            self.pause(DATABASE_BACK_WITHIN)
