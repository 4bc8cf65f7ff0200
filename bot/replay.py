"""While the database is away messages go to the spool; then they are handled in order."""

import logging
import threading
import time
from collections.abc import Callable

from bot.inbound import parse
from bot.spool import Spool, Spooled
from bot.turns import Turns
from failpoints import hit
from logs import failure
from models import Database, DatabaseUnavailable

log = logging.getLogger(__name__)

FAILURES_ALLOWED = 3
"""After so many in a row nobody waits for the database any more (R-023)."""

PROBES_EVERY = 1.0  # seconds


class Outage:
    """Whether the database is believed to be away."""

    def __init__(self) -> None:
        self._failures = 0
        self._lock = threading.Lock()

    @property
    def is_on(self) -> bool:
        return self._failures >= FAILURES_ALLOWED

    def failed(self, why: str) -> None:
        """A message could not be handled; `why` as an operator looks for it."""
        log.warning("turn_put_off why=%s", why)
        with self._lock:
            self._failures += 1
            if self._failures == FAILURES_ALLOWED:
                log.error("database_away")

    def answered(self) -> None:
        if self._failures:
            with self._lock:
                if self._failures >= FAILURES_ALLOWED:
                    log.warning("database_back")
                self._failures = 0


class Replayer:
    """Hands spooled messages to `Turns`, each person's in their order; replies leave as notices."""

    def __init__(
        self,
        spool: Spool,
        turns: Turns,
        database: Database,
        outage: Outage,
        nudge: Callable[[], None],
    ) -> None:
        self._spool = spool
        self._turns = turns
        self._database = database
        self._outage = outage
        self._nudge = nudge
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(PROBES_EVERY):
            if len(self._spool) or self._outage.is_on:
                self.replay()

    def replay(self) -> int:
        """Handle what waits, if the database answers; how many messages were handled."""
        handled = 0
        try:
            self._database.probe()
            self._outage.answered()
            for message in self._spool.waiting():
                if self._stopped.is_set():
                    break
                self._handle(message)
                handled += 1
        except DatabaseUnavailable as error:
            self._outage.failed(str(error))
        except Exception as error:
            failure(log, "replay_failed", error)
        return handled

    def _handle(self, message: Spooled) -> None:
        started = time.monotonic()
        self._turns.answer(parse(message.xml), message.received_at, is_late=_always)
        hit("replay.after_commit")
        self._spool.done(message)
        self._nudge()
        log.info("message_replayed ms=%d", (time.monotonic() - started) * 1000)


def _always() -> bool:
    return True
