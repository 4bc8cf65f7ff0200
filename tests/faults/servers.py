"""Server processes that a test kills, and that are started again."""

import threading
import time
from pathlib import Path

from tests.faults.control import Control
from tests.faults.quick_server import Order, as_words
from tests.programs import Program, failing_at, program

STARTS_WITHIN = 30.0  # seconds, on a busy machine
DEATHS_AT_MOST = 5  # more than any test causes: it dies of itself


class KillableServer:
    """One database's server: whoever finds it dead starts it again, without a failpoint."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._said = Path(order.folder) / "server.log"
        self._lock = threading.Lock()
        self._program: Program | None = None
        self.control = Control(order.control)
        self.deaths = 0

    def start(self, failpoint: str | None = None, nth: int = 1) -> None:
        self.end()
        self.control.port = 0
        environment = failing_at(failpoint, nth) if failpoint else None
        words = ("tests.faults.quick_server", as_words(self._order))
        self._program = program(*words, log=self._said, environment=environment)

    def be_up(self) -> int:
        """The port of a server that lives, started again if it had died."""
        with self._lock:
            ends = time.monotonic() + STARTS_WITHIN
            while True:
                if not self.is_alive:
                    self.deaths += 1
                    assert self.deaths <= DEATHS_AT_MOST, self._last_words()
                    self.start()
                if port := self.control.port:
                    return port
                assert time.monotonic() < ends, "the server did not start"
                threading.Event().wait(0.002)

    def kill(self) -> None:
        """At once, wherever it stands."""
        if self._program is not None:
            self._program.kill()

    @property
    def is_alive(self) -> bool:
        return self._program is not None and self._program.is_alive()

    def end(self) -> None:
        if self._program is not None:
            self._program.close()

    def _last_words(self) -> str:
        return self._said.read_text(errors="replace")[-2000:]
