"""Rings what is due: in batches, urgent ones first, each once (P7, R-074, R-075)."""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from jobs.clock_watch import ClockWatch
from logs import failure
from models import Database, DatabaseUnavailable, Session
from services import catching_up, notices, ringing
from services.desk import Rules

log = logging.getLogger(__name__)

LOOKS_AGAIN_AFTER = 1.0  # seconds
HANDS = 4  # that ring at a time on PostgreSQL: one thinks while the database works for another
TRY_AGAIN_AFTER = 60.0  # seconds; a deadline whose act broke does not break each tick


class Bell:
    """What one tick does; what is due stands in the database, nothing of value is kept here."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        clock: Callable[[], datetime],
        nudge: Callable[[], None],
        watch: ClockWatch | None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock
        self._nudge = nudge
        self._watch = watch
        self._is_told = False  # that the time has jumped
        self._has_late = True  # notices of a catching-up that a former process did not end
        self._broken: dict[int, float] = {}  # deadline id → not before
        self._is_stopping = False
        self._others = HANDS - 1 if database.engine.dialect.name == "postgresql" else 0
        self._hands = ThreadPoolExecutor(max(1, self._others), thread_name_prefix="bell")

    def stop(self) -> None:
        """What is under way is finished, and nothing else begun."""
        self._is_stopping = True
        self._hands.shutdown()

    @property
    def is_paused(self) -> bool:
        """Whether the time has jumped and nobody has said yet that it is right."""
        return self._watch is not None and self._watch.is_paused

    def ring_due(self) -> int:
        """Until nothing is due that can be rung now: ten thousand clocks may ring at eight."""
        if not self._may_ring():
            return 0
        rang = 0
        while not self._is_stopping:
            with self._database.reading() as session:
                batches = ringing.due(session, self._clock(), self._broken_now())
                self._has_late |= bool(batches) and self._is_late_in(session)
            here = self._rung_for_a_while(batches)
            rang += here
            if here == 0:
                break
        summed = self._summed_up() if self._has_late else 0
        if rang or summed:
            self._nudge()
        return rang

    def _may_ring(self) -> bool:
        """Not by a clock that has jumped, until it is known to be right (R-070)."""
        if self._watch is None or self._watch.may_ring(self._is_late):
            self._is_told = False
            return True
        if self._watch.is_to_be_said():
            log.error("clock_not_believed theirs=%s", self._watch.theirs)
            self._tell_operators(self._watch.theirs)
        return False

    def _is_late(self) -> bool:
        with self._database.reading() as session:
            return self._is_late_in(session)

    def _is_late_in(self, session: Session) -> bool:
        return catching_up.is_late(session, self._clock(), self._broken)

    def _tell_operators(self, theirs: datetime | None) -> None:
        """Once for each jump; the log goes on saying it."""
        if self._is_told:
            return
        now = self._clock()
        with self._database.transaction() as session:
            notices.tell_operators(session, "notice.clock_jumped", now, ours=now, theirs=theirs)
        self._is_told = True
        self._nudge()

    def _summed_up(self) -> int:
        """After a stop: one message for each person, once nothing late is left (R-073)."""
        now = self._clock()
        with self._database.reading() as session:
            if self._is_late_in(session):
                return 0
            self._has_late = False
            if not catching_up.is_waiting(session, now):
                return 0
        with self._database.transaction() as session:
            return catching_up.sum_up(session, now)

    def _rung_for_a_while(self, batches: Sequence[Sequence[int]]) -> int:
        """Not for long: what falls due meanwhile may be more urgent (R-075)."""
        todo, ends_at = deque(batches), time.monotonic() + LOOKS_AGAIN_AFTER
        helping = [
            self._hands.submit(self._rung_until, ends_at, todo)
            for _ in range(min(self._others, len(todo) - 1))
        ]
        rang = self._rung_until(ends_at, todo)
        return rang + sum(each.result() for each in helping)

    def _rung_until(self, ends_at: float, todo: deque[Sequence[int]]) -> int:
        """One hand's part of what is to be rung; each takes one batch at least."""
        rang, is_over = 0, False
        while not (is_over or self._is_stopping):
            try:
                batch = todo.popleft()
            except IndexError:  # another hand has the last one
                break
            rang += self._rung(batch)
            is_over = time.monotonic() >= ends_at
        return rang

    def _rung(self, batch: Sequence[int]) -> int:
        try:
            with self._database.transaction() as session:
                return ringing.ring(session, batch, self._rules, self._clock())
        except DatabaseUnavailable:
            raise
        except Exception as error:
            if len(batch) > 1:  # one of them is broken: the others do not wait for it
                return sum(self._rung([each]) for each in batch)
            failure(log, "deadline_failed", error, deadline=batch[0])
            self._broken[batch[0]] = time.monotonic() + TRY_AGAIN_AFTER
        return 0

    def _broken_now(self) -> Collection[int]:
        now = time.monotonic()
        self._broken = {each: until for each, until in self._broken.items() if until > now}
        return self._broken.keys()
