"""Counts the calls of this process for the day's quotas, and tells operators of what is wrong."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime

from bot.crew import Crew
from bot.errors import ApiError, ApiUnsent
from bot.troubles import FOUGHT_OVER, Trouble, name_of, trouble_of
from domain.delivery import next_midnight
from domain.quotas import DAILY, level_crossed, platform_day
from models import Database, DatabaseUnavailable, Session
from services import usage
from services.alarms import raise_alarm
from services.usage import Counted

KEPT_EVERY = 5.0  # seconds; what a crash costs of the counts

_Key = tuple[date, str]


class Usage:
    """What the client reports to; a database that is away only delays what is kept in it."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        on_notice: Callable[[], None],
        daily_quotas: Mapping[str, int] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._on_notice = on_notice
        self._limits = {**DAILY, **(daily_quotas or {})}
        self._lock = threading.Lock()
        self._calls: Counter[_Key] = Counter()
        self._refused: Counter[_Key] = Counter()
        self._troubles: dict[str, Trouble] = {}
        self._crew = Crew("usage", lambda: None, self.keep, 0, sweep_every=KEPT_EVERY)

    def start(self) -> None:
        self._crew.start()

    def stop(self, within: float = 5.0) -> bool:
        """The last counts are kept, if the database takes them."""
        is_stopped = self._crew.stop(within)
        with suppress(DatabaseUnavailable):
            self.keep()
        return is_stopped

    # --- what the client reports -----------------------------------------------------------------

    def called(self, path: str, error: ApiError | None) -> None:
        """One request; what surely never reached the platform does not count there either."""
        if isinstance(error, ApiUnsent):
            return
        key = (platform_day(self._clock()), path)
        is_refused = error is not None and error.errcode is not None
        trouble = trouble_of(error) if error is not None else None
        with self._lock:
            self._calls[key] += 1
            self._refused[key] += is_refused
            if trouble is not None:
                self._troubles.setdefault(trouble.key, trouble)

    def token_is_lost(self, error: ApiError) -> None:
        with self._lock:
            self._troubles.setdefault(FOUGHT_OVER.key, FOUGHT_OVER)

    # --- what is kept ----------------------------------------------------------------------------

    def keep(self) -> None:
        """Moves the counts into the database and raises what alarms are due."""
        with self._lock:
            calls, self._calls = self._calls, Counter()
            refused, self._refused = self._refused, Counter()
            troubles, self._troubles = self._troubles, {}
        if not calls and not troubles:
            return
        try:
            with self._database.transaction() as session:
                self._add(session, calls, refused)
                for trouble in troubles.values():
                    self._tell(session, trouble)
        except BaseException:
            self._take_back(calls, refused, troubles)
            raise
        if session.tells_somebody:
            self._on_notice()

    def _take_back(
        self, calls: Counter[_Key], refused: Counter[_Key], troubles: dict[str, Trouble]
    ) -> None:
        with self._lock:
            self._calls += calls
            self._refused += refused
            self._troubles = {**self._troubles, **troubles}

    def _add(self, session: Session, calls: Counter[_Key], refused: Counter[_Key]) -> None:
        counted = [Counted(day, path, n, refused[day, path]) for (day, path), n in calls.items()]
        today = platform_day(self._clock())
        for each, total in usage.add(session, counted):
            limit = self._limits.get(each.path)
            if limit and each.day == today:
                self._warn(session, each, total, limit)

    def _warn(self, session: Session, counted: Counted, total: int, limit: int) -> None:
        percent = level_crossed(total - counted.calls, total, limit)
        if percent is None:
            return
        now = self._clock()
        raise_alarm(
            session,
            f"quota_near:{percent}:{counted.path}",
            now,
            quiet_for=next_midnight(now) - now,
            text_key="alarm.quota_near",
            what=name_of(counted.path),
            percent=total * 100 // limit,
            used=total,
            limit=limit,
        )

    def _tell(self, session: Session, trouble: Trouble) -> None:
        now = self._clock()
        raise_alarm(
            session,
            trouble.key,
            now,
            quiet_for=trouble.quiet_for or next_midnight(now) - now,
            text_key=trouble.text_key,
            **trouble.facts,
        )
