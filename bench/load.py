"""The load: a closed loop over keep-alive connections, each with one request under way.

Everything is prepared before the clock starts, and answers are judged after it has stopped.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bench.account import LOOPBACK

PATIENCE = 10.0  # seconds without any answer; the platform gives up on one after 5
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request; status 0 with an empty body: nothing whole did."""

    request: int  # its place in the list of requests
    seconds: float
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    answers: list[Answer]
    elapsed: float  # seconds from the first request to the last answer
    generator_cpu: float  # seconds that this process worked meanwhile


class _Line:
    """One connection and the request under way on it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket = self._connected()
        self._received = b""
        self._request = -1
        self._asked_at = 0.0

    def _connected(self) -> socket.socket:
        connection = socket.create_connection((LOOPBACK, self._port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, number: int, request: bytes) -> None:
        self._received, self._request = b"", number
        self._asked_at = time.perf_counter()
        with suppress(ConnectionError):  # noticed when the answer is read
            self.socket.sendall(request)

    def answer(self) -> Answer | None:
        """The answer once it is whole; one that is cut off has status 0."""
        try:
            chunk = self.socket.recv(_CHUNK)
        except ConnectionError:
            chunk = b""
        if not chunk:
            return self.nothing()
        self._received += chunk
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _content_length(head):
            return None
        return Answer(self._request, self._waited(), int(head[9:12]), body)

    def nothing(self) -> Answer:
        return Answer(self._request, self._waited(), 0, b"")

    def _waited(self) -> float:
        return time.perf_counter() - self._asked_at


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


class _Loop:
    """The requests that wait, the lines that are busy, the answers that have come."""

    def __init__(
        self, port: int, requests: Sequence[bytes], seconds: float, patience: float
    ) -> None:
        self._port = port
        self._patience = patience
        self._waiting = deque(enumerate(requests))
        self._stop_at = time.perf_counter() + seconds
        self._selector = selectors.DefaultSelector()
        self.answers: list[Answer] = []

    def run(self, lines: Sequence[_Line]) -> None:
        with self._selector:
            for line in lines:
                self._begin(line)
            while self._selector.get_map():
                self._read(self._selector.select(self._patience))

    def _begin(self, line: _Line) -> None:
        self._selector.register(line.socket, selectors.EVENT_READ, line)
        line.ask(*self._waiting.popleft())

    def _read(self, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        for key, _ in ready:
            answer = key.data.answer()
            if answer is not None:
                self._go_on(key.data, answer)
        if not ready:  # all that still wait have waited in vain
            for key in list(self._selector.get_map().values()):
                self._go_on(key.data, key.data.nothing())

    def _go_on(self, line: _Line, answer: Answer) -> None:
        self.answers.append(answer)
        has_more = bool(self._waiting) and time.perf_counter() < self._stop_at
        if has_more and answer.status:
            line.ask(*self._waiting.popleft())
            return
        self._selector.unregister(line.socket)
        line.socket.close()
        if has_more:
            self._begin(_Line(self._port))


def run(
    port: int,
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
    patience: float = PATIENCE,
) -> Load:
    """Send the requests in turn until all are answered or, after `seconds`, no more are sent."""
    lines = [_Line(port) for _ in range(min(connections, len(requests)))]
    cpu, started_at = time.process_time(), time.perf_counter()
    loop = _Loop(port, requests, seconds, patience)
    loop.run(lines)
    elapsed = time.perf_counter() - started_at
    return Load(loop.answers, elapsed, time.process_time() - cpu)
