"""200 consoles stand open and ask every few seconds, while quick requests come in (T12).

Ten clerks and ten heads of IT have them open, each console with a session of its own, spread over
four lists; the desk goes on meanwhile.
"""

import heapq
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPResponse
from itertools import count
from socket import create_connection

from bench.account import LOOPBACK
from bench.acts import Acts
from bench.archive import CLERKS
from bench.browser import Browser, Part, Times, all_signed_in
from bench.figures import WrongAnswers
from bench.lines import started
from bench.servers import Server
from bench.turns import ASKS

CONSOLES = 200
HEADS = 10
PEOPLE = HEADS + CLERKS
_SETTLED = 5.0  # seconds until each console has asked once
_LINES = 16  # connections that the consoles share: each has one open for a moment only
_OPENED_WITHIN = 120.0  # seconds for all pages
_PAUSE = 0.02  # seconds between two quick requests
_askers = count()


@dataclass(slots=True)
class Console:
    """One open page: its reader's session, and the parts of it that move."""

    token: str
    parts: list[Part]
    _unchanged_at: dict[int, float] = field(default_factory=dict)  # by part: as another one told

    def vouched(self, marks: Mapping[str, str]) -> None:
        """As live.js has it: what is still as it is shown need not ask, what is not asks."""
        for which, part in enumerate(self.parts):
            if (mark := marks.get(part.path.partition("?")[0])) is not None:
                self._unchanged_at[which] = time.monotonic() if mark == part.mark else 0.0

    def rests(self, which: int) -> float:
        """Until then this part is not asked for."""
        return self._unchanged_at.get(which, 0.0) + self.parts[which].every


@dataclass
class Counted:
    """What the consoles have asked for, and got."""

    asked: int = 0
    changed: int = 0
    sent: int = 0  # bytes


class Consoles:
    """They ask for what moves on their pages, each at a moment of its own."""

    def __init__(self, port: int, tokens: Sequence[str], pages: Sequence[str]) -> None:
        self._port = port
        self._opened = [
            (token, pages[place // PEOPLE % len(pages)]) for place, token in enumerate(tokens)
        ]
        self._stopped = threading.Event()
        self._ready = threading.Barrier(_LINES + 1)
        self.counted = Counted()
        self.failed: list[Exception] = []
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[None]:
        threads = started(self._line, _LINES)
        self._ready.wait(_OPENED_WITHIN)
        try:
            yield
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()
        if self.failed:
            raise self.failed[0]

    def since(self) -> Counted:
        """What was counted until now; from here on it is counted anew."""
        with self._lock:
            until, self.counted = self.counted, Counted()
        return until

    def _line(self, place: int) -> None:
        """The consoles of this connection, each part of theirs when its time has come."""
        try:
            browser = Browser(self._port)
            own = [self._open(browser, *each) for each in self._opened[place::_LINES]]
            self._ready.wait(_OPENED_WITHIN)
            began = time.monotonic()
            due = [
                (began + part.every * (number + place / _LINES) / len(own), number, which)
                for number, console in enumerate(own)
                for which, part in enumerate(console.parts)
            ]
            heapq.heapify(due)
            while not self._stopped.wait(max(0.0, due[0][0] - time.monotonic())):
                at, number, which = due[0]
                if (rests_until := own[number].rests(which)) <= at:
                    self._ask(browser, own[number], which)
                    rests_until = at + own[number].parts[which].every
                heapq.heapreplace(due, (rests_until, number, which))
        except Exception as error:
            self.failed.append(error)
            self._ready.abort()

    def _open(self, browser: Browser, token: str, page: str) -> Console:
        parts = browser.signed_in(token).parts(page)
        if not parts:
            raise WrongAnswers(f"{page} has nothing that moves")
        return Console(token, parts)

    def _ask(self, browser: Browser, console: Console, which: int) -> None:
        part = console.parts[which]
        browser.signed_in(console.token)
        body, mark = browser.get(part.path, mark=part.mark, right=(200, 304))
        console.parts[which] = replace(part, mark=mark or part.mark)
        console.vouched(browser.vouched)
        with self._lock:
            self.counted.asked += 1
            self.counted.changed += bool(body)
            self.counted.sent += len(body.encode())


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
    server: Server, url: str, pages: Sequence[str], *, tickets: int, seconds: float, people: int
) -> dict[str, object]:
    """Quick requests without consoles and with them; what the consoles alone cost.

    Meanwhile tickets of these lists change hands as on a desk of that size, and clocks go on.
    """
    acts = Acts(url, tickets)
    with acts.going_on():
        quick_requests(server.port, 2, people)
        alone = quick_requests(server.port, seconds, people)
        bare = _share(server, seconds)
        consoles = Consoles(server.port, all_signed_in(url, HEADS, CONSOLES), pages)
        with consoles.open():
            time.sleep(_SETTLED)
            consoles.since()
            share = _share(server, seconds)
            counted = consoles.since()
            beside = quick_requests(server.port, seconds, people)
    quick, slow = alone.figures(), beside.figures()
    return {
        "pages": list(pages),
        "acts": acts.done,
        "asked": counted.asked,
        "changed_share": round(counted.changed / counted.asked, 3),
        "bytes_each_change": round(counted.sent / max(1, counted.changed)),
        "cpu_share_without": round(bare, 4),
        "cpu_share": round(share - bare, 4),
        "quick_alone_ms": quick,
        "quick_beside_ms": slow,
        "p99_ratio": round(slow["p99"] / quick["p99"], 2),
    }


def _share(server: Server, seconds: float) -> float:
    """How much of a core the server takes."""
    began, cpu = time.monotonic(), server.cpu()
    time.sleep(seconds)
    return (server.cpu() - cpu) / (time.monotonic() - began)
