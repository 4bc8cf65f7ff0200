"""Work on the classifier that is done in a process of its own, which knows no database (T10)."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

_ROOT = Path(__file__).parents[2]
_LOOKS_EVERY = 0.2  # seconds
_SAID_AT_MOST = 64 * 1024  # bytes of what it says of itself


class Failed(Exception):
    """It did not end well, or not in time; the message is for the log."""


def work(
    module: str,
    job: Mapping[str, Any],
    *,
    within: float,
    on_stage: Callable[[str], None] = lambda _: None,
    stopped: threading.Event | None = None,
) -> dict[str, Any]:
    """What the module answers to the job; it is ended when `stopped` is set."""
    stopped = stopped or threading.Event()
    with (
        tempfile.TemporaryFile("w+") as asked,
        tempfile.TemporaryFile("w+") as answered,
        tempfile.TemporaryFile("w+") as said,
    ):
        json.dump(job, asked)
        asked.seek(0)
        command = [sys.executable, "-m", module]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # the other core has messages
        with subprocess.Popen(
            command, stdin=asked, stdout=answered, stderr=said, cwd=_ROOT, env=environment
        ) as process:
            try:
                _wait(process, said, within, on_stage, stopped)
            finally:
                process.kill()
        if process.returncode != 0:
            raise Failed(f"{module} exit={process.returncode} {_last_line(said)}")
        answered.seek(0)
        found: dict[str, Any] = json.load(answered)
        return found


def _wait(
    process: "subprocess.Popen[bytes]",
    said: IO[str],
    within: float,
    on_stage: Callable[[str], None],
    stopped: threading.Event,
) -> None:
    told = 0
    for _ in range(int(within / _LOOKS_EVERY)):
        stages = [line for line in _lines(said) if line.startswith("progress ")]
        for line in stages[told:]:
            on_stage(line.removeprefix("progress "))
        told = len(stages)
        if stopped.is_set():
            raise Failed("stopped")
        try:
            process.wait(_LOOKS_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return
    raise Failed("too slow")


def _lines(said: IO[str]) -> list[str]:
    """What it said so far; the place where it goes on writing is not moved."""
    content = os.pread(said.fileno(), _SAID_AT_MOST, 0).decode(errors="replace")
    return content.splitlines()


def _last_line(said: IO[str]) -> str:
    """The kind of error, which stands in the last line of a traceback; never what was read."""
    lines = _lines(said)
    return lines[-1].partition(":")[0] if lines else ""
