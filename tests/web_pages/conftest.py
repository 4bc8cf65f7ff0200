"""The pages on a real database, with a WeChat that knows who reads.

platform        who comes back with which code: `platform.visitors["CODE1"] = Visitor(openid)`
site, app       the pages of one desk, without the rest of a server
browser_of      `browser_of(wang)`: a signed-in browser; `browser_of()`: one that nobody knows
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask

from domain.speaker import Speaker
from models import Notice
from services import web_sessions
from services.live_rules import LiveRules
from services.web_sessions import Via
from settings import ROOT, Service
from storage import MediaStore
from tests.services.conftest import *  # noqa: F403
from tests.web_pages.browsing import Browser
from texts import Texts, read_sentences
from web.app import make_app
from web.assets import Assets
from web.installing import Pages
from web.site import Site, keep
from wiring import office_of

PUBLIC_URL = "http://desk.example.com"


class Spent(Exception):
    """A code that was used."""


@dataclass(frozen=True)
class Visitor:
    openid: str
    is_snapshot: bool = False


@dataclass
class Platform:
    """WeChat's authorization, as far as pages see it."""

    visitors: dict[str, Visitor] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    is_away: bool = False

    def address(self, redirect_uri: str, state: str) -> str:
        self.asked.append((redirect_uri, state))
        return f"http://open.example.com/authorize?state={state}"

    def visitor_of(self, code: str) -> Visitor:
        if self.is_away:
            raise OSError("no way to the platform")
        try:
            return self.visitors.pop(code)
        except KeyError:
            raise Spent from None


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 2, 30, tzinfo=UTC))


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def nudges() -> list[int]:
    return []


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets()


@pytest.fixture
def database_url(sqlite_databases) -> Iterator[str]:
    """SQLite alone: what differs between engines is tested with the services."""
    with sqlite_databases.migrated() as url:
        yield url


@cache
def sentences() -> dict[str, str]:
    """Read once for all tests; what an admin says otherwise is laid over a copy."""
    return read_sentences(ROOT / "texts.yaml")


@pytest.fixture
def site(database, rules, clock, platform, nudges, assets, tmp_path) -> Site:
    live, texts = LiveRules(rules), Texts(sentences(), str, PUBLIC_URL)
    service = Service(max_open_tickets=rules.max_open_tickets)
    return Site(
        database=database,
        texts=texts,
        rules=live,
        clock=clock,
        nudge=lambda: nudges.append(1),
        store=MediaStore(tmp_path / "media"),
        public_url=PUBLIC_URL,
        secret_key=b"of the tests alone, and long enough",
        authorization=platform,
        code_spent=Spent,
        assets=assets,
        opened=_opened,
        office=office_of(database, live, service, clock, texts),
        domain_files={"MP_verify_abc123.txt": "abc123"},
    )


def _opened(session: Any, person_id: int, notice_id: int, now: datetime) -> str | None:
    notice = session.get(Notice, notice_id)
    if notice is None or notice.recipient_id != person_id:
        return None
    notice.opened_at = now
    return "/h5/tickets"


@pytest.fixture(autouse=True)
def every_sentence_is_written(request, caplog) -> Iterator[None]:
    """What falls back is of an older release; a sentence of this one that is missing fails."""
    yield
    if "an_older_release" in request.fixturenames:
        return
    gone = [each.getMessage() for each in caplog.get_records("call") if "sentence_gone" in each.msg]
    assert gone == []


@pytest.fixture
def an_older_release(database) -> Callable[[int], None]:
    """Makes a notice one whose sentence was said by a release that is gone."""

    def outlive(notice_id: int) -> None:
        with database.transaction() as session:
            session.get_one(Notice, notice_id).say = {
                "key": "notice.of_last_year",
                "facts": {"what": {"word": "category.abacus"}},
            }

    return outlive


_built: list[Flask] = []


@pytest.fixture
def app(site: Site) -> Flask:
    """One application for all tests of a process, each with a desk of its own behind it."""
    if not _built:
        _built.append(make_app([], Pages(site)))
    (built,) = _built
    keep(built.extensions, site)
    return built


@pytest.fixture
def browser_of(app: Flask, platform: Platform) -> Callable[..., Browser]:
    def browse(person: Speaker | None = None) -> Browser:
        opened = Browser(app.test_client())
        if person is not None:
            opened.sign_in(platform, person.openid)
        return opened

    return browse


@pytest.fixture
def at_desk(app: Flask, database, clock) -> Callable[..., Browser]:
    """`at_desk(clerk)`: a browser at a computer, signed in by password."""

    def signed_in(person: Speaker) -> Browser:
        with database.transaction() as session:
            token = web_sessions.start_at_desk(session, person.id, Via.PASSWORD, clock())
        opened = Browser(app.test_client())
        opened.client.set_cookie("desk", token, domain="localhost")
        return opened

    return signed_in
