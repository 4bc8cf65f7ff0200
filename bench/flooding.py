"""Alarms that pour in on ten connections, as fast as is wished or as they are answered."""

import gzip
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException

from bench.account import LOOPBACK
from bench.lines import started
from bench.monitoring import Source

LINES = 10
BODY_LIMIT = 1024 * 1024  # bytes (H-55)
_SAME = 15  # in a row are one alarm: it opens a ticket and is counted
_LATE = 1.0  # seconds that are caught up with; what is later is left out
_LARGE = 5  # of each kind, on each connection


def alarm(number: int, hosts: int = 1, pad: int = 0) -> bytes:
    """As Alertmanager reports it: a group, with an alarm of each host."""
    name = f"DiskFull{number // _SAME}"
    alerts = [
        {"status": "firing", "labels": {"alertname": name, "instance": f"db{host}"}}
        for host in range(hosts)
    ]
    return json.dumps({"version": "4", "alerts": alerts, "pad": "x" * pad}).encode()


@cache
def largest() -> tuple[tuple[bytes, dict[str, str], int], ...]:
    """A body at the limit, one above it, one that is packed; with the answers they must get."""
    room = BODY_LIMIT - len(alarm(0))
    packed = gzip.compress(bytes(16 * BODY_LIMIT))
    return (
        (alarm(0, pad=room), {}, 200),
        (alarm(0, pad=room + 1), {}, 413),
        (packed, {"Content-Encoding": "gzip"}, 415),
    )


def send_largest(port: int, source: Source) -> list[int]:
    """The answers that are not as they have to be."""
    line = Line(port, source)
    sent = [(line.send(body, headers), right) for body, headers, right in largest() * _LARGE]
    line.close()
    return [status for status, right in sent if status != right]


def use_up(port: int, source: Source) -> None:
    """Until one too many of its requests was refused."""
    line = Line(port, source)
    while line.send(alarm(0)) in (200, 503):
        pass
    line.close()


class Line:
    """One connection, from the address of a source."""

    def __init__(self, port: int, source: Source) -> None:
        place = (source.address, 0)
        self._connection = HTTPConnection(LOOPBACK, port, timeout=30, source_address=place)
        self._path = f"/api/v1/alerts/{source.slug}"
        self._headers = {
            "Authorization": f"Bearer {source.secret}",
            "Content-Type": "application/json",
        }

    def send(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """The status of the answer; 0 for none."""
        try:
            self._connection.request("POST", self._path, body, {**self._headers, **(headers or {})})
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self.close()
            return 0
        return answer.status

    def close(self) -> None:
        self._connection.close()


class Flood:
    """Each source sends so many requests on one connection, then it is the next one's turn."""

    def __init__(
        self,
        port: int,
        sources: Sequence[Source],
        each: int,
        per_second: float = 0,
        hosts: int = 1,
    ) -> None:
        """`per_second`: requests of all connections; 0: as fast as they are answered."""
        self._port = port
        self._turns = iter(sources)
        self._each = each
        self._hosts = hosts
        self._pause = LINES / per_second if per_second else 0.0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.answered: Counter[int] = Counter()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        threads = started(self._go, LINES)
        try:
            yield
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()

    def to_the_end(self) -> Counter[int]:
        """The answers by status."""
        for thread in started(self._go, LINES):
            thread.join()
        return self.answered

    def _go(self, place: int) -> None:
        due = time.monotonic() - self._pause * place / LINES
        while (source := self._next()) is not None and not self._stopped.is_set():
            line = Line(self._port, source)
            for number in range(self._each):
                due = max(due + self._pause, time.monotonic() - _LATE)
                if self._stopped.wait(max(0.0, due - time.monotonic())):
                    break
                self._note(line.send(alarm(number, self._hosts)))
            line.close()

    def _next(self) -> Source | None:
        with self._lock:
            return next(self._turns, None)

    def _note(self, status: int) -> None:
        with self._lock:
            self.answered[status] += 1
