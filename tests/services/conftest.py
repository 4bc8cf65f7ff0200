"""A desk on a real database: people, engineers on duty, tickets in any state.

database        the transactions of a migrated database; each test runs on each engine
now             Tuesday, 10:30 in Shanghai
rules           the shipped targets and hours
make_person     somebody who may chat: `make_person("王芳")`, `make_person("陈台", Role.DESK)`
make_engineer   an engineer on duty: `make_engineer("周工", skills=["printer"])`
desk_of         `desk_of(session, speaker)`: every act of one person
make_ticket     by the services, up to a status: `make_ticket(status=Status.RESOLVED)`
queue, claim    a notice for somebody; what a worker takes of the open ones
send            one try whose answer is given: `send(claimed, Verdict.BUSY, errcode=-1)`
sweep           what the courier's sweep does
notice, tries   how a notice stands, and what was tried
by              one person's acts, each in its own transaction: `by(wang).report(a_report())`
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from domain.calendar import ServiceHours
from domain.category import Category
from domain.deadlines import Targets
from domain.delivery import Channel
from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Urgency
from domain.sentence import Say
from domain.speaker import Speaker
from models import Database, Delivery, Engineer, Notice, Session
from services import deliveries, notices, outbox, people
from services.deliveries import Answer
from services.desk import Desk, Rules
from services.people import NewPerson
from services.views import Report, TicketView, WorkResult
from tests.services.making import acts_of

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def rules() -> Rules:
    hours = ServiceHours.daily(time(8), time(18))
    return Rules(Targets(), hours, max_open_tickets=3)


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    database = Database(database_url, statement_within=20)  # other tests take the machine's time
    yield database
    database.dispose()


@pytest.fixture
def make_person(database) -> Callable[..., Speaker]:
    def make(name: str = "王芳", *roles: Role, **facts: Any) -> Speaker:
        known = {"department": "财务部", "phone": "13800001234", "office": "三楼财务室", **facts}
        openid = known.pop("openid", f"oDeskTester{next(_numbers):017d}")
        new = NewPerson(name, frozenset({*roles, Role.REQUESTER}), openid=openid, **known)
        with database.transaction() as session:
            person = people.add(session, new, NOW)
            return Speaker(
                person.id,
                openid or "",
                person.roles,
                name,
                person.department,
                person.office,
                person.phone,
                person.extension,
            )

    return make


@pytest.fixture
def make_engineer(database, make_person) -> Callable[..., Speaker]:
    def make(name: str = "周工", *, is_on_duty: bool = True, **facts: Any) -> Speaker:
        facts["skills"] = frozenset(Category(skill) for skill in facts.pop("skills", ()))
        facts.setdefault("phone", "13800002222")
        engineer: Speaker = make_person(name, Role.ENGINEER, **facts)
        if is_on_duty:
            with database.transaction() as session:
                session.get_one(Engineer, engineer.id).is_on_duty = True
        return engineer

    return make


@pytest.fixture
def desk_of(rules) -> Callable[..., Desk]:
    def desk(session: Session, actor: Speaker, at: datetime = NOW) -> Desk:
        return Desk(session, at, rules, actor)

    return desk


@pytest.fixture
def by(database, rules) -> Callable[..., Desk]:
    def by(actor: Speaker, at: datetime = NOW, inbox_id: int | None = None) -> Desk:
        return acts_of(database, rules, actor, at, inbox_id)

    return by


@pytest.fixture
def make_ticket(database, desk_of, make_person, make_engineer) -> Callable[..., TicketView]:
    def make(
        status: Status = Status.NEW,
        *,
        requester: Speaker | None = None,
        engineer: Speaker | None = None,
        at: datetime = NOW,
        **facts: Any,
    ) -> TicketView:
        requester = requester or make_person()
        if status is not Status.NEW and engineer is None:
            engineer = make_engineer()
        report = Report(
            **{
                "symptom": "惠普打印机一直卡纸",
                "description": "三楼财务室那台惠普打印机一直卡纸",
                "place": "三楼财务室",
                "category": Category.PRINTER,
                "urgency": Urgency.NORMAL,
                **facts,
            }
        )
        with database.transaction() as session:
            ticket = desk_of(session, requester, at).report(report).ticket
            for step in _WAY[status]:
                ticket = step(desk_of, session, requester, engineer, ticket, at)
        assert ticket.status is status
        return ticket

    return make


_RESULT = WorkResult("wear", "换了搓纸轮", 30, True)
_WAY: dict[Status, tuple[Any, ...]] = {}


def _accept(desk_of, session, requester, engineer, ticket, at):
    return desk_of(session, engineer, at).accept(ticket.id)


def _hold(desk_of, session, requester, engineer, ticket, at):
    return desk_of(session, engineer, at).hold(ticket.id, "等配件", at + timedelta(hours=2))


def _resolve(desk_of, session, requester, engineer, ticket, at):
    return desk_of(session, engineer, at).resolve(ticket.id, _RESULT)


def _confirm(desk_of, session, requester, engineer, ticket, at):
    return desk_of(session, requester, at).confirm(ticket.id)


def _cancel(desk_of, session, requester, engineer, ticket, at):
    return desk_of(session, requester, at).cancel(ticket.id)


_WAY.update(
    {
        Status.NEW: (),
        Status.ASSIGNED: (),
        Status.IN_PROGRESS: (_accept,),
        Status.ON_HOLD: (_accept, _hold),
        Status.RESOLVED: (_accept, _resolve),
        Status.CLOSED: (_accept, _resolve, _confirm),
        Status.CANCELLED: (_cancel,),
    }
)


# --- the outbox: queued, claimed, tried -----------------------------------------------------------


@pytest.fixture
def queue(database, now):
    def queue(recipient, key="notice.desk_left", **options):
        with database.transaction() as session:
            row = notices.row(recipient.id, Say(key), now, **options)
            notices.queue(session, [row])
            return session.scalar(select(Notice.id).order_by(Notice.id.desc()).limit(1))

    return queue


@pytest.fixture
def claim(database, now):
    def claim(at=now, most=10):
        with database.transaction() as session:
            return outbox.claim(session, at, most)

    return claim


@pytest.fixture
def send(database, now):
    """One try whose answer is given."""

    def send(claimed, verdict, at=now, channel=Channel.CUSTOM, errcode=None, **options):
        with database.transaction() as session:
            begun = deliveries.start_try(session, claimed, channel, at)
        assert begun is not None
        with database.transaction() as session:
            answer = Answer(verdict, errcode)
            return deliveries.settle_try(session, claimed, begun, answer, at, **options)

    return send


@pytest.fixture
def sweep(database):
    def sweep(at):
        with database.transaction() as session:
            outbox.expire(session, at)
            return deliveries.recover(session, at)

    return sweep


@pytest.fixture
def notice(database):
    def notice(notice_id):
        with database.reading() as session:
            found = session.get_one(Notice, notice_id)
            session.expunge(found)
            return found

    return notice


@pytest.fixture
def tries(database):
    def tries(notice_id):
        statement = select(Delivery).where(Delivery.notice_id == notice_id).order_by(Delivery.id)
        with database.reading() as session:
            return [(each.channel, each.outcome) for each in session.scalars(statement)]

    return tries
