"""Trains when it was asked for, and each week; sweeps what nobody learns from (F6).

The training itself is a process of its own: no worker has the memory for it (T10).
"""

import time
from collections.abc import Callable
from datetime import datetime

from loop import Loop
from models import Database
from services.desk import Rules
from services.readings import storing, training, weekly

LOOKS_EVERY = 3.0  # seconds; one row by its key
TENDS_EVERY = 900.0  # seconds


class Trainer:
    """A thread; several processes may have one, a training is done by one of them."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        clock: Callable[[], datetime],
        nudge: Callable[[], None],
    ) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock
        self._nudge = nudge
        self._tended_at = float("-inf")
        self._loop = Loop("trainer", self._looked, first=LOOKS_EVERY)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        """A training that is under way is ended; it is asked for again after a while."""
        self._loop.stop()

    def _looked(self) -> float:
        self._loop.guarded(self.look)
        if time.monotonic() - self._tended_at > TENDS_EVERY:
            self._tended_at = time.monotonic()
            self._loop.guarded(self.tend)
        return LOOKS_EVERY

    def look(self) -> int | None:
        """Does the training that was asked for; answers with its candidate."""
        with self._database.reading() as session:
            if training.progress(session).state != "asked":
                return None
        claimed = training.claim(self._database, self._clock())
        if claimed is None:
            return None
        model_id = training.train(self._database, self._clock, claimed, self._loop.stopped)
        if model_id is not None and claimed.is_weekly:
            with self._database.transaction() as session:
                weekly.follow_up(session, model_id, self._rules.learning, self._clock())
            self._nudge()
        return model_id

    def tend(self) -> None:
        """Asks for the week's training when it is time; lets old rows go, some at a time."""
        now = self._clock()
        with self._database.reading() as session:
            is_due = weekly.is_due(session, self._rules.learning, now)
            is_old = storing.has_old(session, now)
        if is_due:
            with self._database.transaction() as session:
                training.ask_weekly(session, now)
        if is_old:
            with self._database.transaction() as session:
                storing.sweep(session, now)
