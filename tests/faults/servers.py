"""Server processes that a test starts, kills and starts again."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tests.faults.control import Control
from tests.faults.forking import Order, as_line
from tests.house.source import ROOT

STARTS_WITHIN = 30.0  # seconds, on a busy machine
DEATHS_AT_MOST = 5  # more than any test causes: it dies of itself


class Forge:
    """The program that forks servers; one for a whole test run."""

    def __init__(self, process: subprocess.Popen[str], said: Path) -> None:
        self._process = process
        self._lock = threading.Lock()
        self.said = said
        assert self._answer() == "forks"

    def fork(self, order: Order) -> int:
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(as_line(order))
            self._process.stdin.flush()
            return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, self.last_words()
        return line

    def last_words(self) -> str:
        return self.said.read_text(errors="replace")[-2000:]


@contextmanager
def forge(folder: Path) -> Iterator[Forge]:
    said = folder / "servers.log"
    command = [sys.executable, "-m", "tests.faults.forking"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    with (
        said.open("wb") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        try:
            yield Forge(process, said)
        finally:
            process.kill()


class KillableServer:
    """One database's server: whoever finds it dead starts it again, without a failpoint."""

    def __init__(self, forge: Forge, order: Order) -> None:
        self._forge = forge
        self._order = order
        self._lock = threading.Lock()
        self._handle: int | None = None
        self.control = Control(order.control)
        self.deaths = 0

    def start(self, failpoint: str | None = None, nth: int = 1) -> None:
        self.control.port = 0
        pid = self._forge.fork(replace(self._order, failpoint=failpoint, nth=nth))
        self._close_handle()
        with suppress(ProcessLookupError):  # dead already
            self._handle = os.pidfd_open(pid)

    def be_up(self) -> int:
        """The port of a server that lives, started again if it had died."""
        with self._lock:
            ends = time.monotonic() + STARTS_WITHIN
            while True:
                if not self.is_alive:
                    self.deaths += 1
                    assert self.deaths <= DEATHS_AT_MOST, self._forge.last_words()
                    self.start()
                if port := self.control.port:
                    return port
                assert time.monotonic() < ends, "the server did not start"
                threading.Event().wait(0.002)

    def kill(self) -> None:
        """At once, wherever it stands."""
        with suppress(ProcessLookupError):
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    @property
    def is_alive(self) -> bool:
        """The handle of a process becomes readable when it ends."""
        return self._handle is not None and not select.select([self._handle], [], [], 0)[0]

    def end(self) -> None:
        self.kill()
        if self._handle is not None:
            select.select([self._handle], [], [], STARTS_WITHIN)
        self._close_handle()

    def _close_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
