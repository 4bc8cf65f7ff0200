"""The clock: each second it acts on what is due; many may run, each deadline acts once (P7)."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from logs import failure
from models import Database, DatabaseUnavailable, Session
from services import dispatching, reaching, reports, ringing
from services.desk import Rules

log = logging.getLogger(__name__)

TICK_EVERY = 1  # seconds
WATCH_EVERY = 5  # seconds; with it an assignment that is not delivered is seen within its minute
DISPATCH_EVERY = 30  # seconds; signing in and finishing dispatch at once, this finds the rest
STATISTICS_EVERY = 3600  # seconds; what the planner of SQLite knows of its rows
TRY_AGAIN_AFTER = 60.0  # seconds; a deadline whose act broke does not break each tick


class Timetable:
    """The scheduler holds nothing but the tick: what is due stands in the database (R-073)."""

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
        self._broken: dict[int, float] = {}  # deadline id → not before
        self._is_stopping = False
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        self._scheduler.add_job(self.tick, "interval", seconds=TICK_EVERY)
        self._scheduler.add_job(self.watch, "interval", seconds=WATCH_EVERY)
        self._scheduler.add_job(self.redispatch, "interval", seconds=DISPATCH_EVERY)
        self._scheduler.add_job(self.refresh_statistics, "interval", seconds=STATISTICS_EVERY)
        self._scheduler.start()

    def stop(self) -> None:
        """What is under way is finished."""
        self._is_stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def tick(self) -> int:
        """Ring what is due; answers how many rang here."""
        return self._guarded("tick", self._ring_due)

    def watch(self) -> int:
        """Tell the desk whom notices do not reach; answers how many were found."""
        return self._guarded("watch", self._watch_reach)

    def redispatch(self) -> int:
        """Offer waiting tickets again; answers how many went."""
        return self._guarded("redispatch", self._offer_waiting)

    def refresh_statistics(self) -> int:
        """Lists stay quick while tables grow."""
        return self._guarded("statistics", self._look_at_rows)

    def _look_at_rows(self) -> int:
        self._database.refresh_statistics()
        return 1

    def _ring_due(self) -> int:
        with self._database.reading() as session:
            ids = ringing.due(session, self._clock())
        rang = 0
        for deadline_id in ids:
            if self._is_stopping:
                break
            rang += self._rung(deadline_id)
        if rang:
            self._nudge()
        return rang

    def _rung(self, deadline_id: int) -> bool:
        if time.monotonic() < self._broken.get(deadline_id, 0.0):
            return False
        try:
            with self._database.transaction() as session:
                rang = ringing.ring(session, deadline_id, self._rules, self._clock())
        except DatabaseUnavailable:
            raise
        except Exception as error:
            failure(log, "deadline_failed", error, deadline=deadline_id)
            self._broken[deadline_id] = time.monotonic() + TRY_AGAIN_AFTER
            return False
        self._broken.pop(deadline_id, None)
        return rang

    def _watch_reach(self) -> int:
        rules, now = self._rules.reach, self._clock()
        with self._database.reading() as session:
            is_due = reaching.is_due(session, rules, now)
            is_awaited = reports.is_over(session, now)
        if not (is_due or is_awaited):
            return 0
        with self._database.transaction() as session:
            found = reaching.watch(session, rules, now)
            reports.close_awaited(session, now)
        self._nudge()
        return found

    def _offer_waiting(self) -> int:
        with self._database.transaction() as session:
            went = self._redispatched(session)
        if went:
            self._nudge()
        return went

    def _redispatched(self, session: Session) -> int:
        return dispatching.redispatch_waiting(session, self._rules, self._clock())

    def _guarded(self, name: str, act: Callable[[], int]) -> int:
        try:
            return act()
        except DatabaseUnavailable as error:
            log.warning("database_away job=%s why=%s", name, error)
        except Exception as error:
            failure(log, "job_failed", error, job=name)
        return 0
