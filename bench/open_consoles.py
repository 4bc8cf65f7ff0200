"""200 consoles stand open and ask every few seconds, while quick requests come in (T12)."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPResponse
from itertools import count
from socket import create_connection

from bench.account import LOOPBACK
from bench.browser import Browser, Part, Times
from bench.figures import WrongAnswers
from bench.servers import Server
from bench.turns import ASKS

CONSOLES = 200
EVERY = 4.5  # seconds between two questions of one part
_LINES = 16  # connections that the consoles share: each has one open for a moment only
_PAUSE = 0.02  # seconds between two quick requests
_askers = count()


class Consoles:
    """They ask for what moves on one page, each at a moment of its own."""

    def __init__(self, port: int, token: str, parts: Sequence[Part], consoles: int) -> None:
        self._port, self._token = port, token
        self._parts, self._consoles = parts, consoles
        self._stopped = threading.Event()
        self.asked = 0
        self.changed = 0
        self.failed: list[Exception] = []
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._line, args=(place,), daemon=True)
            for place in range(_LINES)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()
        if self.failed:
            raise self.failed[0]

    def _line(self, place: int) -> None:
        """The consoles of this connection, one after the other."""
        browser = Browser(self._port, self._token)
        own = [list(self._parts) for _ in range(place, self._consoles, _LINES)]
        pause = EVERY / (len(own) * len(self._parts))
        self._stopped.wait(pause * place / _LINES)
        try:
            while not self._stopped.is_set():
                for console in own:
                    for number, part in enumerate(console):
                        console[number] = self._ask(browser, part)
                        if self._stopped.wait(pause):
                            return
        except Exception as error:
            self.failed.append(error)

    def _ask(self, browser: Browser, part: Part) -> Part:
        body, mark = browser.get(part.path, mark=part.mark, right=(200, 304))
        with self._lock:
            self.asked += 1
            self.changed += bool(body)
        return Part(part.path, mark or part.mark)


def quick_requests(port: int, seconds: float, people: int) -> Times:
    """A person asks for their tickets, twenty times a second or more; how long each waited."""
    found = []
    stop_at = time.monotonic() + seconds
    with create_connection((LOOPBACK, port), timeout=10) as line:
        while time.monotonic() < stop_at:
            (callback,) = ASKS.callbacks([next(_askers) % people])
            began = time.perf_counter()
            line.sendall(callback.request)
            answer = HTTPResponse(line)
            answer.begin()
            answer.read()
            found.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise WrongAnswers(f"a quick request was answered {answer.status}")
            time.sleep(_PAUSE)
    return Times(found)


def measure(
    server: Server, token: str, page: str, *, seconds: float, people: int
) -> dict[str, object]:
    """Quick requests without consoles and with them; what the consoles alone cost."""
    parts = Browser(server.port, token).parts(page)
    if not parts:
        raise WrongAnswers(f"{page} has nothing that moves")
    quick_requests(server.port, 2, people)
    alone = quick_requests(server.port, seconds, people)
    consoles = Consoles(server.port, token, parts, CONSOLES)
    with consoles.open():
        time.sleep(EVERY)  # each has asked once
        began, cpu = time.monotonic(), server.cpu()
        time.sleep(seconds)
        share = (server.cpu() - cpu) / (time.monotonic() - began)
        beside = quick_requests(server.port, seconds, people)
    quick, slow = alone.figures(), beside.figures()
    return {
        "page": page,
        "parts": [part.path.partition("?")[0] for part in parts],
        "asked": consoles.asked,
        "changed": consoles.changed,
        "cpu_share": round(share, 4),
        "quick_alone_ms": quick,
        "quick_beside_ms": slow,
        "p99_ratio": round(slow["p99"] / quick["p99"], 2),
    }
