"""A clerk's browser: signed in, one connection that is kept, the clock around each answer."""

import html
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import cycle, islice
from statistics import median, quantiles

from sqlalchemy import select

from bench.account import LOOPBACK
from bench.figures import WrongAnswers
from domain.permissions import Role
from models import Database, Person
from services import web_sessions
from services.web_sessions import Via

_LIVE = re.compile(r'data-live="([^"]+)"([^>]*)data-mark="([^"]+)"')
_EVERY = re.compile(r'data-live-every="(\d+)"')
_MARK = "HX-PTag"
_VOUCHED = "HX-Vouched"


@dataclass(frozen=True, slots=True)
class Times:
    """How long one page took, each time it was opened; milliseconds."""

    all: Sequence[float]

    def figures(self) -> dict[str, float]:
        cut = quantiles(self.all, n=100, method="inclusive")
        named = {"median": median(self.all), "p95": cut[94], "p99": cut[98], "worst": max(self.all)}
        return {name: round(value, 2) for name, value in named.items()}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that moves by itself, and the state that this browser has seen."""

    path: str
    mark: str
    every: float = 4.5  # seconds between two questions; live.js looks each half second


class Browser:
    """One clerk's, or those of several who share its connection."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = HTTPConnection(LOOPBACK, port, timeout=30)
        self.vouched: dict[str, str] = {}  # by address: the marks of other parts of that page
        self.signed_in(token)

    def signed_in(self, token: str) -> "Browser":
        self._cookie = {"Cookie": f"desk={token}"}
        return self

    def get(
        self, path: str, *, mark: str = "", right: Sequence[int] = (200, 303)
    ) -> tuple[str, str]:
        """The page and the mark that it carries; WrongAnswers for any other status."""
        headers = {**self._cookie, **({_MARK: mark, "HX-Request": "true"} if mark else {})}
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read().decode()
        self.vouched = dict(each.split("=") for each in answer.headers.get(_VOUCHED, "").split())
        if answer.status not in right or "/account/" in answer.headers.get("Location", ""):
            raise WrongAnswers(f"{path}: {answer.status} {answer.headers.get('Location', '')}")
        return body, answer.headers.get(_MARK, "")

    def times(self, path: str, many: int, warm_up: int = 3) -> Times:
        for _ in range(warm_up):
            self.get(path)
        found = []
        for _ in range(many):
            began = time.perf_counter()
            self.get(path)
            found.append((time.perf_counter() - began) * 1000)
        return Times(found)

    def parts(self, path: str) -> list[Part]:
        """What moves on this page."""
        body, _ = self.get(path)
        return [
            Part(html.unescape(way), mark, *map(float, _EVERY.findall(between)))
            for way, between, mark in _LIVE.findall(body)
        ]


def signed_in(url: str) -> str:
    """A session of the first clerk's; answers its token."""
    database = Database(url)
    try:
        with database.transaction() as session:
            clerk = session.scalars(
                select(Person.id).where(Person.roles == frozenset({Role.DESK})).order_by(Person.id)
            ).first()
            if clerk is None:
                raise WrongAnswers("this database has no clerk; bench.seed makes some")
            return web_sessions.start_at_desk(session, clerk, Via.PASSWORD, datetime.now(UTC))
    finally:
        database.dispose()


def all_signed_in(url: str, heads: int, sessions: int) -> tuple[str, ...]:
    """Sessions of all clerks, and of so many heads of IT, who are made; one after the other."""
    database, now = Database(url), datetime.now(UTC)
    try:
        with database.transaction() as session:
            for number in range(heads):
                roles = frozenset({Role.HEAD})
                session.add(Person(name=f"主任{number}", roles=roles, created_at=now))
            session.flush()
            wanted = [frozenset({role}) for role in (Role.DESK, Role.HEAD)]
            people = session.scalars(select(Person.id).where(Person.roles.in_(wanted))).all()
            return tuple(
                web_sessions.start_at_desk(session, person, Via.PASSWORD, now)
                for person in islice(cycle(people), sessions)
            )
    finally:
        database.dispose()
