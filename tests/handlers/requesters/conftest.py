"""A desk that keeps everything in lists, and talks with it as somebody known or new."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.render import neutral
from domain.category import Category
from domain.heard import Heard
from domain.lifecycle import OPEN_STATUSES, Action, Status, next_status
from domain.priority import Priority, Urgency
from domain.refusals import AlreadyRated, CodeRefused, NotFound, ProfileMissing
from domain.sentence import Say
from domain.speaker import Speaker
from nlp.devices import Meant
from services.emergency import Declared
from services.views import (
    Amendment,
    Attached,
    Bound,
    Called,
    DeviceView,
    HandOver,
    Opened,
    PersonView,
    Report,
    Scores,
    TicketView,
    Urged,
)
from tests.handlers.known_answers import KnowsAnswers
from tests.handlers.talking import KNOWN, NOW, Talk, speaker
from tests.house.source import ROOT
from texts import read_texts

ZHOU = PersonView(21, "周工", "13800002222")
TOMORROW_AT_8 = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


def ticket(number: str = "0007", **facts: Any) -> TicketView:
    """A printer's ticket that its engineer works on, unless facts say otherwise."""
    known: dict[str, Any] = {
        "id": int(number),
        "number": f"IT20261124-{number}",
        "status": Status.IN_PROGRESS,
        "cycle": 1,
        "symptom": "惠普打印机一直卡纸",
        "description": "惠普打印机一直卡纸",
        "device": "惠普打印机",
        "place": "三楼财务室",
        "category": Category.PRINTER,
        "priority": Priority.NORMAL,
        "urgency": Urgency.NORMAL,
        "requester_id": 1,
        "contact_name": "王芳",
        "contact_phone": "13800001234",
        "contact_department": "财务部",
        "opened_at": NOW - timedelta(minutes=20),
        "response_due_at": NOW + timedelta(minutes=10),
        "responded_at": NOW - timedelta(minutes=1),
        "resolution_due_at": NOW + timedelta(hours=1),
        "hold_until": None,
        "assignee": ZHOU,
    }
    return TicketView(**{**known, **facts})


@dataclass
class FakeDesk(KnowsAnswers):
    """Answers as services.desk.Desk does, and remembers what was done."""

    actor: Speaker
    now: datetime = NOW
    tickets: list[TicketView] = field(default_factory=list)
    engineer: PersonView | None = ZHOU
    is_open: bool = True
    is_backend_there: bool = True
    is_matter_known: bool = True
    ahead: int = 0
    waiting_media: int = 0
    reported: list[Report] = field(default_factory=list)
    attached: list[Heard] = field(default_factory=list)
    attached_to: list[int | None] = field(default_factory=list)
    rated: list[tuple[int, Scores]] = field(default_factory=list)
    changed: list[tuple[int, Scores]] = field(default_factory=list)
    commented: list[tuple[int, str]] = field(default_factory=list)
    reopened: list[tuple[int, str]] = field(default_factory=list)
    amended: list[tuple[int, str]] = field(default_factory=list)
    urged: list[int] = field(default_factory=list)
    declared: list[int] = field(default_factory=list)  # as emergencies
    called: Called | None = None  # off hours, for what is urgent
    asked_for_person: list[str] = field(default_factory=list)
    devices: list[DeviceView] = field(default_factory=list)
    devices_of: dict[int, int] = field(default_factory=dict)  # the device of a ticket
    bound: list[str] = field(default_factory=list)
    directory: dict[str, str] = field(default_factory=dict)  # the ends of colleagues' numbers
    inbox_id: int | None = None  # of the message that is being handled

    def report(self, report: Report, *, is_further: bool = False) -> Opened:
        if self.actor.missing:
            raise ProfileMissing(missing=self.actor.missing[0])
        assert report.symptom and report.place
        self.reported.append(report)
        opened = ticket(
            f"{20 + len(self.reported):04d}",
            status=Status.ASSIGNED if self.engineer else Status.NEW,
            symptom=report.symptom,
            place=report.place,
            category=report.category,
            assignee=self.engineer,
            responded_at=None,
            response_due_at=NOW + timedelta(minutes=10) if self.engineer else None,
        )
        self.tickets.append(opened)
        if device := self.device(report.device_code or ""):
            self.devices_of[opened.id] = device.id
        media, self.waiting_media = self.waiting_media, 0
        by = None if self.is_open else TOMORROW_AT_8 + timedelta(minutes=10)
        return Opened(opened, self.is_open, TOMORROW_AT_8, media, self.called, by)

    def emergency(self, ticket_id: int) -> Declared:
        is_again = ticket_id in self.declared
        self.declared.append(ticket_id)
        called = None if is_again or self.is_open else self.called
        return Declared(self._by_id(ticket_id), called, is_raised=not is_again)

    def device(self, code: str) -> DeviceView | None:
        return next((each for each in self.devices if each.code == code.upper()), None)

    def device_meant(self, meant: Meant) -> DeviceView | None:
        return None

    def reported_on(self, device_id: int) -> TicketView | None:
        mine = [t for t in self.my_tickets() if self.devices_of.get(t.id) == device_id]
        return mine[-1] if mine else None

    def bind(self, code: str) -> Bound:
        self.bound.append(code)
        if code != "482913":
            raise CodeRefused(left=4)
        return Bound("周工", is_engineer=True)

    def learn_profile(self, **facts: str | None) -> Speaker:
        said: dict[str, Any] = {name: fact for name, fact in facts.items() if fact}
        self.actor = replace(self.actor, **said)
        return self.actor

    def number_known_of(self, name: str, department: str | None = None) -> str | None:
        return self.directory.get(name)

    def find(self, reference: str, among: Collection[TicketView] = ()) -> TicketView:
        for each in (*among, *self.tickets):
            if reference in (each.number, each.short):
                return each
        raise NotFound()

    def ticket(self, ticket_id: int) -> TicketView:
        return self._by_id(ticket_id)

    def my_tickets(self) -> tuple[TicketView, ...]:
        shown = (*OPEN_STATUSES, Status.RESOLVED)
        return tuple(each for each in self.tickets if each.status in shown)

    def my_last_ended(self) -> TicketView | None:
        ended = [each for each in self.tickets if each.status is Status.CLOSED]
        return ended[-1] if ended else None

    def to_rate(self) -> TicketView | None:
        rated = {ticket_id for ticket_id, _ in self.rated}
        ended = [each for each in self.tickets if each.status is Status.CLOSED]
        return next((each for each in reversed(ended) if each.id not in rated), None)

    def last_word(self, ticket_id: int) -> Say | None:
        return None

    def urge(self, ticket_id: int) -> Urged:
        is_again = ticket_id in self.urged
        self.urged.append(ticket_id)
        return Urged(self._by_id(ticket_id), is_again)

    def cancel(self, ticket_id: int) -> TicketView:
        next_status(self._by_id(ticket_id).status, Action.CANCEL)
        return self._moved(ticket_id, Status.CANCELLED)

    def confirm(self, ticket_id: int) -> TicketView:
        return self._moved(ticket_id, Status.CLOSED)

    def reopen(self, ticket_id: int, reason: str) -> TicketView:
        self.reopened.append((ticket_id, reason))
        return self._moved(ticket_id, Status.ASSIGNED)

    def rate(self, ticket_id: int, scores: Scores) -> TicketView:
        if ticket_id in {rated for rated, _ in self.rated}:
            raise AlreadyRated(number=self._by_id(ticket_id).number)
        self.rated.append((ticket_id, scores))
        return self._by_id(ticket_id)

    def change_rating(self, ticket_id: int, scores: Scores) -> TicketView:
        if ticket_id in {changed for changed, _ in self.changed}:
            raise AlreadyRated(number=self._by_id(ticket_id).number)
        self.changed.append((ticket_id, scores))
        return self._by_id(ticket_id)

    def rating_to_change(self, ticket_id: int | None = None) -> TicketView | None:
        changed = {changed for changed, _ in self.changed}
        fresh = [rated for rated, _ in self.rated if rated not in changed]
        fresh = [rated for rated in fresh if ticket_id in (None, rated)]
        return self._by_id(fresh[-1]) if fresh else None

    def comment(self, ticket_id: int, words: str) -> TicketView:
        self.commented.append((ticket_id, words))
        return self._by_id(ticket_id)

    def amend(self, ticket_id: int, words: str, told: Amendment | None = None) -> TicketView:
        before = self._by_id(ticket_id)
        next_status(before.status, Action.AMEND)
        self.amended.append((ticket_id, words))
        told = told or Amendment()
        facts: dict[str, Any] = {
            "place": told.place,
            "contact_phone": told.phone,
            "device": told.device,
        }
        after = replace(before, **{name: fact for name, fact in facts.items() if fact})
        self.tickets = [after if each.id == ticket_id else each for each in self.tickets]
        return after

    def my_work(self) -> tuple[TicketView, ...]:
        mine = [
            each for each in self.tickets if each.assignee and each.assignee.id == self.actor.id
        ]
        return tuple(each for each in mine if each.status in OPEN_STATUSES)

    def attach(
        self, heard: Heard, ticket_id: int | None = None, *, is_waiting: bool = False
    ) -> Attached:
        if ticket_id is not None:
            next_status(self._by_id(ticket_id).status, Action.ATTACH)
        self.attached.append(heard)
        self.attached_to.append(ticket_id)
        if ticket_id is not None:
            return Attached(self._by_id(ticket_id), 1)
        if (mine := self.my_tickets()) and not is_waiting:
            return Attached(mine[-1], 1)
        self.waiting_media += 1
        return Attached(None, self.waiting_media)

    def ask_for_person(self, words: str) -> HandOver:
        self.asked_for_person.append(words)
        return HandOver(
            self.ahead, self.is_open, TOMORROW_AT_8, self.is_backend_there, self.is_matter_known
        )

    def statuses(self) -> list[Status]:
        return [each.status for each in self.tickets]

    def _by_id(self, ticket_id: int) -> TicketView:
        return next(each for each in self.tickets if each.id == ticket_id)

    def _moved(self, ticket_id: int, status: Status) -> TicketView:
        moved = replace(self._by_id(ticket_id), status=status)
        self.tickets = [moved if each.id == ticket_id else each for each in self.tickets]
        return moved


TEXTS = read_texts(ROOT / "texts.yaml", neutral)
LONGEST_LABEL = 7  # characters, blanks included; a label is a verb


class SpokenTalk(Talk):
    """A talk whose every sentence is put into words, as the person would read it."""

    def hears(self, text: str = "", *, tap: str | None = None, **more: Any) -> Talk:
        super().hears(text, tap=tap, **more)
        kept = json.loads(json.dumps(self.standing.draft))  # as the row keeps it
        assert kept == self.standing.draft
        for say in self.says:
            read = TEXTS.render(say, self.now)
            assert read.text and not set("{}[]") & set(read.text), read.text
            assert "None" not in read.text, read.text
            assert all(0 < len(line.label) <= LONGEST_LABEL for line in read.lines), read.lines
        return self

    @property
    def words(self) -> str:
        """The last answer as it is read."""
        return "\n".join(TEXTS.render(say, self.now).text for say in self.says)


@pytest.fixture
def talk() -> Callable[..., SpokenTalk]:
    """A talk with 王芳; `talk(new=True)` with somebody of whom nothing is known."""

    def begin(*tickets: TicketView, new: bool = False, **desk: Any) -> SpokenTalk:
        who = speaker() if new else speaker(**KNOWN)
        return SpokenTalk(FakeDesk(who, tickets=list(tickets), **desk))

    return begin
