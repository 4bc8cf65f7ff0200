"""The clock: it acts on what is due within a second; many may run, each deadline acts once (P7)."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from jobs.bell import Bell
from jobs.clock_watch import ClockWatch
from jobs.trainer import Trainer
from logs import failure
from models import Database, DatabaseUnavailable, Session
from services import dispatching, reaching, reports, roster_ahead, roster_watch
from services.alerts import recovering as alerts_recovering
from services.complaints import ringing as complaints_ringing
from services.desk import Rules
from services.knowledge import illustrating as article_pictures
from services.knowledge import reminding as article_reminders
from services.knowledge import telling as article_telling

log = logging.getLogger(__name__)

TICK_EVERY = 0.25  # seconds; a tick with nothing due is one look at an index
WATCH_EVERY = 5  # seconds; with it an assignment that is not delivered is seen within its minute
DISPATCH_EVERY = 30  # seconds; signing in and finishing dispatch at once, this finds the rest
COMPLAINTS_EVERY = 5  # seconds; one look at an index
ALERTS_EVERY = 10  # seconds; one look at an index
ARTICLES_EVERY = 3600  # seconds; review dates are days
REASONS_EVERY = 30  # seconds; why an answer was of no use is waited for ten minutes
ROSTER_EVERY = 30  # seconds; duties begin and end at minutes
FILL_EVERY = 600  # seconds; patterns go on by a day each midnight
STATISTICS_EVERY = 3600  # seconds; what the planner of SQLite knows of its rows


class Timetable:
    """The scheduler holds nothing but the tick: what is due stands in the database (R-073)."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        clock: Callable[[], datetime],
        nudge: Callable[[], None],
        watch: ClockWatch | None = None,
    ) -> None:
        """Without a watch the clock is believed whatever it says."""
        self._database = database
        self._rules = rules
        self._clock = clock
        self._nudge = nudge
        self._bell = Bell(database, rules, clock, nudge, watch)
        self._trainer = Trainer(database, rules, clock, nudge)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        self._scheduler.add_job(self.tick, "interval", seconds=TICK_EVERY)
        self._scheduler.add_job(self.watch, "interval", seconds=WATCH_EVERY)
        self._scheduler.add_job(self.redispatch, "interval", seconds=DISPATCH_EVERY)
        self._scheduler.add_job(self.ring_complaints, "interval", seconds=COMPLAINTS_EVERY)
        self._scheduler.add_job(self.settle_alerts, "interval", seconds=ALERTS_EVERY)
        self._scheduler.add_job(self.remind_of_articles, "interval", seconds=ARTICLES_EVERY)
        self._scheduler.add_job(self.tell_of_no_use, "interval", seconds=REASONS_EVERY)
        self._scheduler.add_job(self.sweep_pictures, "interval", seconds=ARTICLES_EVERY)
        self._scheduler.add_job(self.watch_roster, "interval", seconds=ROSTER_EVERY)
        self._scheduler.add_job(self.fill_roster, "interval", seconds=FILL_EVERY)
        self._scheduler.add_job(self.refresh_statistics, "interval", seconds=STATISTICS_EVERY)
        self._scheduler.start()
        self._trainer.start()

    def stop(self) -> None:
        """What is under way is finished, but for a training, which is given up."""
        self._trainer.stop()
        self._bell.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def tick(self) -> int:
        """Ring what is due; answers how many rang here."""
        return self._guarded("tick", self._bell.ring_due)

    def watch(self) -> int:
        """Tell the desk whom notices do not reach; answers how many were found."""
        return self._guarded("watch", self._watch_reach)

    def redispatch(self) -> int:
        """Offer waiting tickets again; answers how many went."""
        return self._guarded("redispatch", self._offer_waiting)

    def ring_complaints(self) -> int:
        """Warn before a complaint is late, say when it is; answers how many rang."""
        return self._guarded("complaints", self._ring_complaints)

    def settle_alerts(self) -> int:
        """Tickets whose alarms have all recovered for a while; answers of how many groups."""
        return self._guarded(
            "alerts",
            lambda: self._where_due(
                alerts_recovering.is_due,
                lambda session, now: alerts_recovering.settle_due(session, self._rules, now),
            ),
        )

    def remind_of_articles(self) -> int:
        """Owners hear that an article is to be looked at; answers of how many."""
        return self._guarded(
            "articles", lambda: self._where_due(article_reminders.is_due, article_reminders.remind)
        )

    def tell_of_no_use(self) -> int:
        """Owners hear of 没用 though no reason followed; answers how many times."""
        return self._guarded(
            "no_use",
            lambda: self._where_due(article_telling.is_due, article_telling.tell_without_reason),
        )

    def sweep_pictures(self) -> int:
        """Pictures that no article has come for go; answers how many."""
        return self._guarded(
            "pictures", lambda: self._where_due(article_pictures.is_due, article_pictures.sweep)
        )

    def watch_roster(self) -> int:
        """Reminds of duties, tells who did not come, signs out; answers how much there was."""
        return self._guarded("roster", self._look_at_roster)

    def fill_roster(self) -> int:
        """Patterns go on by themselves; answers how many days were filled."""
        return self._guarded("fill_roster", self._fill_ahead)

    def refresh_statistics(self) -> int:
        """Lists stay quick while tables grow."""
        return self._guarded("statistics", self._look_at_rows)

    def _look_at_rows(self) -> int:
        self._database.refresh_statistics()
        return 1

    def _watch_reach(self) -> int:
        rules = self._rules.reach

        def is_due(session: Session, now: datetime) -> bool:
            return reaching.is_due(session, rules, now) or reports.is_over(session, now)

        def watch(session: Session, now: datetime) -> int:
            found = reaching.watch(session, rules, now)
            reports.close_awaited(session, now)
            return found

        return self._where_due(is_due, watch)

    def _ring_complaints(self) -> int:
        return self._where_due(
            complaints_ringing.is_due,
            lambda session, now: complaints_ringing.ring(session, self._rules, now),
        )

    def _look_at_roster(self) -> int:
        return self._where_due(
            roster_watch.is_due,
            lambda session, now: roster_watch.watch(session, self._rules, now),
        )

    def _where_due(
        self,
        is_due: Callable[[Session, datetime], bool],
        act: Callable[[Session, datetime], int],
    ) -> int:
        """Nothing is written where nothing is due, or by a clock that has jumped (R-070)."""
        if self._bell.is_paused:
            return 0
        now = self._clock()
        with self._database.reading() as session:
            if not is_due(session, now):
                return 0
        with self._database.transaction() as session:
            done = act(session, now)
        self._nudge()
        return done

    def _fill_ahead(self) -> int:
        """A week at a time: many clocks share it, and messages come in between."""
        filled = 0
        while not self._bell.is_paused:  # a clock that has jumped would plan another year
            with self._database.reading() as session:
                if not roster_ahead.is_due(session, self._rules, self._clock()):
                    break
            with self._database.transaction() as session:
                days = roster_ahead.fill(session, self._rules, self._clock())
            if not days:
                break  # another clock is at it
            filled += days
        return filled

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
