"""Thousands of random steps: each notice ends in one fate, and is seen once (P6, I6, I7).

People speak, tap, leave and come back; clerks take over; windows run out; the platform fails in
every way it knows; the sender is killed anywhere; the clock leaps. One number replays a run.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

import bot.delivery
from bot.delivery import Courier
from bot.inbound import Inbound, Kind
from bot.turns import Turns
from domain.calendar import ServiceHours
from domain.category import Category
from domain.deadlines import Targets
from domain.delivery import Channel
from domain.permissions import Role
from domain.priority import Urgency
from domain.sentence import Button, Say
from models import Database, Delivery, Notice, NoticeState, Outcome, Person, Session
from services import conversations, notices, people, reaching, reports
from services.desk import Desk, Rules
from services.people import NewPerson
from services.views import Report
from tests.faults.reach_platform import FAULTS, MARKER, Phone, Platform
from wiring import texts_of

SEEDS = (20261125, 7, 8101, 42)
STEPS = {
    True: int(os.environ.get("ITDESK_SIM_STEPS", "1500")),
    False: int(os.environ.get("ITDESK_SIM_STEPS", "3000")) // 10,
}  # a seed, on SQLite and on PostgreSQL; `make crash` takes 5,000
PEOPLE = 8
START = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
FINAL = {
    NoticeState.DELIVERED,
    NoticeState.REPLACED,
    NoticeState.EXPIRED,
    NoticeState.FAILED,
}
PLACES = ("worker.claimed", "worker.request_sent", "worker.answered")
TEMPLATES = {
    "notice.assigned": SimpleNamespace(id="T1", fields={"thing1": "symptom"}),
    "notice.resolved": SimpleNamespace(id="T2", fields={"thing1": "action"}),
}


class Killed(BaseException):
    """The process is gone; nothing that it meant to do still happens."""


class Mortal:
    """A database that nobody reaches from a process that was killed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_dead = False

    @contextmanager
    def transaction(self, **options: float) -> Iterator[Session]:
        self._check()
        with self._database.transaction(**options) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        self._check()
        with self._database.reading() as session:
            yield session

    def _check(self) -> None:
        if self.is_dead:
            raise Killed()


class World:
    """The desk, its courier and the platform, moved on step by step in one thread."""

    def __init__(self, database: Database, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = START
        self.database = database
        self.mortal = Mortal(database)
        self.rules = Rules(Targets(), ServiceHours.round_the_clock())
        self.texts = texts_of()
        self.platform = Platform(lambda: self.now, self.dice)
        self.turns = Turns(database, self.texts, self.rules, lambda: self.now, lambda: None)
        self.numbers = count(1)
        self.kills: str | None = None
        self.killed = 0
        self.is_at_rest = False
        self.people: dict[str, int] = {}
        self.tickets: dict[str, int] = {}
        for number in range(PEOPLE):
            self._join(number)
        self.courier = self._new_courier()

    def _new_courier(self) -> Courier:
        return Courier(
            self.mortal,  # type: ignore[arg-type]
            self.platform,  # type: ignore[arg-type]
            self.texts,
            lambda: self.now,
            TEMPLATES,
            senders=1,
        )

    def _join(self, number: int) -> None:
        openid = f"oDeskWalker{number:017d}"
        role = Role.DESK if number == 0 else Role.REQUESTER
        new = NewPerson(
            f"人{number}",
            frozenset({role, Role.REQUESTER}),
            phone=f"1380000{number:04d}",
            department="财务部",
            office="A座305",
            openid=openid,
        )
        with self.database.transaction() as session:
            self.people[openid] = people.add(session, new, self.now).id
            talk = conversations.load(session, openid, self.now)
            desk = Desk(session, self.now, self.rules, talk.speaker)
            report = Report("卡纸", "卡纸", "A座305", Category.PRINTER, Urgency.NORMAL)
            self.tickets[openid] = desk.report(report).ticket.id
        self.platform.phones[openid] = Phone(openid)

    # --- steps ---------------------------------------------------------------------------------

    def step(self) -> None:
        acts = (
            (self.tells, 30),
            (self.sends, 28),
            (self.waits, 14),
            (self.somebody_acts, 14),
            (self.reports_come, 5),
            (self.breaks, 4),
            (self.watches, 3),
            (self.dies, 2),
        )
        act = self.dice.choices([each for each, _ in acts], [weight for _, weight in acts])[0]
        act()

    def tells(self) -> None:
        phone = self._anybody()
        marker = f"M{next(self.numbers):06d}M"
        key = self.dice.choice(
            ["notice.assigned", "notice.progress", "notice.progress", "notice.resolved"]
        )
        is_urgent = key == "notice.assigned"
        if is_urgent:
            self.platform.urgent.add(marker)
        facts = {"number": "IT1", "symptom": marker, "words": marker, "action": marker}
        buttons = (Button("confirm", "button.confirm"),) if key == "notice.resolved" else ()
        ticket_id = self.tickets[phone.openid] if key != "notice.assigned" else None
        with self.database.transaction() as session:
            if ticket_id is None:
                row = notices.row(
                    self.people[phone.openid], Say(key, facts), self.now, is_urgent=True
                )
                notices.queue(session, [row])
            else:
                ticket = SimpleNamespace(id=ticket_id, number="IT1")
                notices.tell(
                    session,
                    self.people[phone.openid],
                    key,
                    self.now,
                    ticket=ticket,  # type: ignore[arg-type]
                    buttons=buttons,
                    symptom=marker,
                    words=marker if key == "notice.progress" else None,
                    action=marker,
                )

    def sends(self) -> None:
        try:
            self.courier._sweep()
            self.courier._work()
        except Killed:
            self.killed += 1
            self.mortal.is_dead = False
            self.kills = None
            self.courier = self._new_courier()

    def waits(self) -> None:
        self.now += self.dice.choice(
            [timedelta(seconds=1), timedelta(seconds=20), timedelta(minutes=2), timedelta(hours=3)]
        )

    def breaks(self) -> None:
        self.platform.fault = self.dice.choice([None, None, None, *FAULTS])

    def watches(self) -> None:
        with self.database.transaction() as session:
            reaching.watch(session, self.rules.reach, self.now)
            reports.close_awaited(session, self.now)

    def dies(self) -> None:
        self.kills = self.dice.choice(PLACES)

    def reports_come(self) -> None:
        for _ in range(len(self.platform.reports)):
            openid, number, status = self.platform.reports.popleft()
            raw = {"MsgID": str(number), "Status": status}
            self._event(self.platform.phones[openid], "templatesendjobfinish", raw=raw)

    def somebody_acts(self) -> None:
        phone = self._anybody()
        act = self.dice.choices(
            [self._says, self._taps, self._leaves, self._clerk, self._blocks], [8, 4, 1, 2, 1]
        )[0]
        act(phone)

    def _says(self, phone: Phone) -> None:
        if not phone.follows:
            self.platform.follows(phone)
            self._event(phone, "subscribe")
        self.platform.says(phone)
        if not phone.is_in_session:  # in a session the platform keeps the words to the clerk
            self._push(phone, Kind.TEXT, text="谢谢")

    def _taps(self, phone: Phone) -> None:
        if phone.follows:
            self.platform.taps(phone)
            self._event(phone, "click", event_key="HELP")

    def _leaves(self, phone: Phone) -> None:
        if phone.follows and not phone.is_in_session:
            self.platform.leaves(phone)
            self._event(phone, "unsubscribe")

    def _blocks(self, phone: Phone) -> None:
        phone.blocks_templates = not phone.blocks_templates

    def is_taken_over_meanwhile(self) -> None:
        """R-090: between a worker's claim and its try a clerk may take the person."""
        phone = self._anybody()
        if self.dice.random() < 0.1 and phone.follows and not phone.is_in_session:
            self._clerk(phone)

    def _clerk(self, phone: Phone) -> None:
        if not phone.follows:
            return
        phone.is_in_session = not phone.is_in_session
        self.now += timedelta(seconds=1)
        name = "kf_create_session" if phone.is_in_session else "kf_close_session"
        self._event(phone, name, raw={"KfAccount": "desk1@itdesk"})

    # --- pushes --------------------------------------------------------------------------------

    def _event(
        self, phone: Phone, name: str, event_key: str = "", raw: dict[str, Any] | None = None
    ) -> None:
        self._push(phone, Kind.EVENT, event=name, event_key=event_key, raw=raw or {})

    def _push(self, phone: Phone, kind: Kind, **fields: Any) -> None:
        message = Inbound(
            phone.openid, "gh_0a1b2c3d4e5f", kind, self.now, f"k{next(self.numbers)}", **fields
        )
        reply = self.turns.answer(message, self.now, lambda: False)
        if reply is not None and reply.text:
            self.platform._show(phone, reply.text)

    def _anybody(self) -> Phone:
        return self.dice.choice(list(self.platform.phones.values()))

    # --- the end -------------------------------------------------------------------------------

    def comes_to_rest(self) -> None:
        """The platform is well, everybody but one comes back, and days pass."""
        self.platform.fault, self.kills, self.is_at_rest = None, None, True
        for phone in self.platform.phones.values():
            if phone.is_in_session:
                self._clerk(phone)
        for _ in range(4):
            self.now += timedelta(minutes=11)
            for phone in list(self.platform.phones.values())[:-1]:
                self._says(phone)
            self.reports_come()
            self.watches()
            for _ in range(12):
                self.now += timedelta(seconds=70)
                self.sends()
        self.now += timedelta(hours=25)
        self.sends()
        self.watches()
        self.sends()


@pytest.fixture
def database(tmp_path, database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def world(database, monkeypatch, request):
    world = World(database, request.param)

    def hit(name):
        if name == "worker.claimed" and not world.is_at_rest:
            world.is_taken_over_meanwhile()
        if world.kills == name:
            world.mortal.is_dead = True
            raise Killed()

    monkeypatch.setattr(bot.delivery, "hit", hit)
    return world


def marker_of(notice: Notice) -> str | None:
    found = MARKER.findall(str(notice.say))
    return found[0] if found else None


@pytest.mark.timeout(600)
@pytest.mark.parametrize("world", SEEDS, indirect=True, ids=str)
def test_each_notice_ends_in_one_fate_and_is_seen_as_often_as_is_counted(world):
    """P6, I6, I7, R-008…R-010, R-055…R-060."""
    for _ in range(STEPS[world.database.is_sqlite]):
        world.step()
    world.comes_to_rest()

    with world.database.reading() as session:
        rows = {each.id: each for each in session.scalars(select(Notice))}
        tries = list(session.scalars(select(Delivery)))
        openids = {each.id: each.openid for each in session.scalars(select(Person))}
    of: dict[int, list[Delivery]] = {each: [] for each in rows}
    for each in tries:
        of[each.notice_id].append(each)

    ends = Counter(each.state for each in rows.values())
    assert world.killed, "nothing was killed"
    assert all(ends[state] for state in FINAL - {NoticeState.FAILED}), ends
    for notice in rows.values():
        fate = f"notice {notice.id} {notice.text_key} is {notice.state} {_story(of[notice.id])}"
        assert notice.state in FINAL, fate
        assert notice.state is not NoticeState.FAILED or notice.alarmed_at, fate
        marker = marker_of(notice)
        if marker is None:
            continue
        seen = world.platform.phones[openids[notice.recipient_id] or ""].shown[marker]
        repeats = sum(each.is_repeat for each in of[notice.id])
        assert seen <= 1 + repeats, f"{fate}: seen {seen} times, {repeats} repeats on record"
        by_custom = [each.outcome for each in of[notice.id] if each.channel is Channel.CUSTOM]
        assert by_custom.count(Outcome.UNCLEAR) <= 2, f"{fate}: repeated more than once"
        if notice.state is NoticeState.DELIVERED:
            assert seen or _may_be_lost(of[notice.id]), f"{fate}: nobody saw it"
        if notice.state is NoticeState.REPLACED:
            assert seen <= repeats + len(of[notice.id]), fate
    assert world.platform.spoken_in_session == []


def _may_be_lost(tries: list[Delivery]) -> bool:
    """A template message that was accepted, bounced, and never reported as such."""
    return any(each.message_id and each.outcome is Outcome.ACCEPTED for each in tries)


def _story(tries: list[Delivery]) -> str:
    return ", ".join(f"{each.channel}:{each.outcome}:{each.errcode}" for each in tries)
