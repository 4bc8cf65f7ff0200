"""Desk, head and engineer on the phone, over a real database: a complaint and what counts.

cast      王芳 complains of 周工; 小陈 verifies; 陈主任 decides (tests/services/complaint_kit.py)
talk_of   somebody's talk with the account: `talk_of(cast.clerk).hears("核实 0001")`
at        a complaint in any status: `at(ComplaintStatus.REPORTED)`
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from bot.render import TEXT_LIMIT, neutral
from bot.reply import reply_of
from domain.complaints import ComplaintStatus
from domain.permissions import Role
from domain.speaker import Speaker
from handlers import router
from models import Database
from services.complaints import reading
from services.complaints.views import ComplaintView
from services.desk import Desk, Rules
from settings import ROOT
from tests.handlers.engineers.conftest import lacking
from tests.handlers.talking import Talk
from tests.services import complaint_kit
from tests.services.complaint_kit import Cast
from tests.services.conftest import *  # noqa: F403
from tests.services.conftest import NOW
from texts import read_texts

TEXTS = read_texts(ROOT / "texts.yaml", neutral)


class StaffTalk(Talk):
    """Each message is one transaction; every answer can be said, and fits into one reply."""

    def __init__(self, database: Database, rules: Rules, who: Speaker, now: datetime) -> None:
        super().__init__(None, who, now)
        self._database = database
        self._rules = rules
        self.inbox_id: int | None = None

    def hears(self, text: str = "", *, tap: str | None = None, **more: Any) -> "StaffTalk":
        with self._database.transaction() as session:
            is_hidden = router.is_confidential(self.standing)
            self.desk = Desk(session, self.now, self._rules, self.who, self.inbox_id, is_hidden)
            super().hears(text, tap=tap, **more)
        for say in self.says:
            assert not lacking(say.key, say.facts)
            assert not [lack for b in say.buttons for lack in lacking(b.label, b.facts)]
        assert len(self._xml().encode()) < TEXT_LIMIT + 400, "the answer is cut"
        return self

    def _xml(self) -> str:
        reply = reply_of(TEXTS.render(say, self.now) for say in self.says)
        return reply.xml(to="", account="", at=self.now) if reply else ""

    @property
    def content(self) -> str:
        """What stands in the reply, links and all."""
        return self._xml().partition("<Content><![CDATA[")[2].partition("]]></Content>")[0]

    @property
    def read(self) -> str:
        """What the person reads, with the lines to tap."""
        made = [TEXTS.render(say, self.now) for say in self.says]
        return "\n".join(
            each.text + "".join(f"〔{line.label}〕" for line in each.lines) for each in made
        )


@pytest.fixture
def database_url(sqlite_databases) -> Iterator[str]:
    """SQLite alone: what differs between engines is tested at once and with the services."""
    with sqlite_databases.migrated() as url:
        yield url


@pytest.fixture
def cast(make_person, make_engineer) -> Cast:
    return complaint_kit.cast_of(make_person, make_engineer)


@pytest.fixture
def other_clerk(make_person) -> Speaker:
    clerk: Speaker = make_person("李静", Role.DESK, phone="13800005555")
    return clerk


@pytest.fixture
def talk_of(database, rules) -> Callable[..., StaffTalk]:
    def talk(who: Speaker, now: datetime = NOW) -> StaffTalk:
        return StaffTalk(database, rules, who, now)

    return talk


WAYS = {
    ComplaintStatus.SUBMITTED: complaint_kit.submitted,
    ComplaintStatus.REPORTED: complaint_kit.reported,
    ComplaintStatus.DECIDED: complaint_kit.decided,
    ComplaintStatus.FED_BACK: complaint_kit.fed_back,
    ComplaintStatus.OBJECTED: complaint_kit.objected,
}


@pytest.fixture
def at(database, desk_of, cast) -> Callable[..., ComplaintView]:
    def made(status: ComplaintStatus = ComplaintStatus.SUBMITTED, **said: Any) -> ComplaintView:
        return WAYS[status](database, desk_of, cast, **said)

    return made


@pytest.fixture
def now_at(database, desk_of) -> Callable[..., ComplaintView]:
    """The complaint as this person finds it now."""

    def read(who: Speaker, number: str) -> ComplaintView:
        with database.reading() as session:
            return reading.find(desk_of(session, who), number)

    return read
