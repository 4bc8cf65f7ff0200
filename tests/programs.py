"""Starts programs of this project as processes of their own, by a fork of one that is warm.

`program("run.py", "serve", …)` or `program("sandbox", …)`; a test of how a program starts, or of
what an operator types, starts it with `subprocess` instead.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from tests.house.source import ROOT

ENDS_WITHIN = 30.0  # seconds


class Program:
    """A running program: `stdin` and `stdout` are its ends, `pid` is real."""

    def __init__(self, forge: "Forge", pid: int, stdin: int, stdout: int) -> None:
        self._forge = forge
        self._handle = os.pidfd_open(pid)
        self._code: int | None = None
        self._lock = threading.Lock()  # whoever kills must not meet whoever lets go of the handle
        self.pid = pid
        self.stdin = os.fdopen(stdin, "w", encoding="utf-8")
        self.stdout = os.fdopen(stdout, encoding="utf-8")

    def send_signal(self, number: signal.Signals) -> None:
        """To nobody else: until it was waited for, the number is its own."""
        with self._lock, suppress(ProcessLookupError):
            if self._code is None:
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def is_alive(self, within: float = 0.0) -> bool:
        """Whether it still runs after so many seconds; it is known at once when it ends."""
        return self._code is None and not select.select([self._handle], [], [], within)[0]

    def wait(self, within: float = ENDS_WITHIN) -> int:
        """Its exit code; TimeoutError if it does not end."""
        if self.is_alive(within):
            raise TimeoutError(f"process {self.pid} goes on after {within} s")
        with self._lock:
            if self._code is None:
                self._code = self._forge.order({"wait": self.pid})
                os.close(self._handle)
            return self._code

    def close(self) -> int:
        """Kill it, if that is still to be done; its exit code."""
        self.kill()
        code = self.wait()
        self.stdout.close()
        with suppress(BrokenPipeError):
            self.stdin.close()
        return code


class Forge:
    """The process that forks; one for each that runs tests, begun when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # no thread before a fork
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forge", str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                pass_fds=[theirs.fileno()],
            )
        self._answers = self._socket.makefile()
        assert self._answers.readline() == "ready\n", "the forge did not start"

    def order(self, order: Mapping[str, Any], ends: tuple[int, ...] = ()) -> int:
        with self._lock:
            socket.send_fds(self._socket, [json.dumps(order).encode()], list(ends))
            return int(self._answers.readline())


_forges: list[Forge] = []
_beginning = threading.Lock()


def _forge() -> Forge:
    with _beginning:
        if not _forges:
            _forges.append(Forge())
        return _forges[0]


def failing_at(failpoint: str, nth: int = 1) -> dict[str, str]:
    """An environment in which a program kills itself there, at the n-th time (failpoints.py)."""
    return {**os.environ, "ITDESK_FAILPOINT": f"{failpoint}:{nth}", "ITDESK_TESTING": "1"}


def program(*words: str, log: Path, environment: Mapping[str, str] | None = None) -> Program:
    """A program and its arguments, with its complaints added to `log`."""
    given = dict(os.environ if environment is None else environment)
    forge = _forge()
    with ExitStack() as stack:
        complaints = stack.enter_context(log.open("ab"))
        (theirs_in, ours_in), (ours_out, theirs_out) = os.pipe(), os.pipe()
        stack.callback(os.close, theirs_in)
        stack.callback(os.close, theirs_out)
        ends = (theirs_in, theirs_out, complaints.fileno())
        pid = forge.order({"program": list(words), "environment": given}, ends)
        return Program(forge, pid, ours_in, ours_out)
