"""Servers that the bench starts: each a process of its own, ready before it is measured."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.account import LOOPBACK
from settings import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 60.0  # seconds
STOPS_WITHIN = 15.0

_TICKS = os.sysconf("SC_CLK_TCK")


class DoesNotStart(Exception):
    """A server that ended or stayed deaf, with the end of what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and what its process has cost so far."""

    port: int
    pid: int
    ready_after: float  # seconds

    def cpu(self) -> float:
        """Seconds of processor, counted in ticks of 10 ms."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """MiB that are its own, and its share of what others hold too (PSS)."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kilobytes / 1024


def environment() -> dict[str, str]:
    """Ours without an operator's settings, for those would lead the bench to a real desk."""
    return {name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT)}


@contextmanager
def serving(name: str, arguments: list[str], folder: Path) -> Iterator[Server]:
    """Python with these arguments and `--port N`, from when it is ready until it has ended."""
    port, log = free_port(), folder / f"{name}.log"
    started_at = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments, "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment(),
        )
    try:
        _wait_until_ready(process, port, log)
        yield Server(port, process.pid, time.monotonic() - started_at)
    finally:
        _end(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise DoesNotStart(f"{log.stem}: {tail(log)}")
        time.sleep(0.02)


def _is_ready(port: int) -> bool:
    try:
        with closing(HTTPConnection(LOOPBACK, port, timeout=5)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def tail(log: Path) -> str:
    """The last lines that a server wrote."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
