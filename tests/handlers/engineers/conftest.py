"""An engineer on the phone, and a desk that remembers what it was asked to do.

desk    a FakeDesk; `has(...)` puts tickets on it, `done` is what happened there, in order
talk    an engineer's talk with it; each answer is also put into words
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.category import Category
from domain.heard import Medium
from domain.lifecycle import Status
from domain.permissions import Permission, Role, has_role_for
from domain.priority import Priority, Urgency
from domain.refusals import AlreadyTaken, CodeRefused, NotFound, NotPermitted, NotYours
from domain.sentence import Facts, Say, Word
from domain.speaker import Speaker
from domain.targets import WaitsFor
from services.supporting import Helper
from services.undelivered import NoticeSettled
from services.views import (
    Attached,
    Bound,
    Colleague,
    DeviceView,
    HandOver,
    Moved,
    Overview,
    PersonView,
    TicketView,
    Undelivered,
    Unreached,
    WorkResult,
)
from tests.handlers.known_answers import KnowsAnswers
from tests.handlers.talking import NOW, Talk, speaker
from texts import read_sentences, read_texts

_FILE = Path(__file__).parents[3] / "texts.yaml"
TEXTS = read_texts(_FILE, neutral=str)
SENTENCES = read_sentences(_FILE)
_OPTIONAL = re.compile(r"\[\[.*?\]\]", re.DOTALL)
_PLACE = re.compile(r"\{([a-z_]+)\}")

ME = PersonView(7, "周工", "13800002222")
WU = PersonView(8, "吴工", "13800003333")


def engineer() -> Speaker:
    return speaker(Role.ENGINEER, id=ME.id, name=ME.name, phone=ME.phone)


def make_ticket(end: str = "0007", **facts: Any) -> TicketView:
    """A printer's ticket of 王芳 in the engineer's hands, unless told otherwise."""
    usual: dict[str, Any] = {
        "id": int(end),
        "number": f"IT20261124-{end}",
        "status": Status.IN_PROGRESS,
        "cycle": 1,
        "symptom": "惠普打印机一直卡纸",
        "description": "三楼财务室那台惠普打印机一直卡纸",
        "device": "打印机",
        "place": "三楼财务室",
        "category": Category.PRINTER,
        "priority": Priority.HIGH,
        "urgency": Urgency.HIGH,
        "requester_id": 1,
        "contact_name": "王芳",
        "contact_phone": "8899",
        "contact_department": "财务部",
        "opened_at": NOW,
        "response_due_at": NOW + timedelta(minutes=12),
        "responded_at": None,
        "resolution_due_at": NOW + timedelta(hours=2),
        "hold_until": None,
        "assignee": ME,
    }
    return TicketView(**{**usual, **facts})


class FakeDesk(KnowsAnswers):
    """Answers like the desk, and writes down what was done."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.inbox_id: int | None = None
        self.now = now
        self.actor = engineer()
        self.tickets: dict[int, TicketView] = {}
        self.done: list[tuple[Any, ...]] = []
        self.staff = [
            Colleague(8, "吴工", 2, None),
            Colleague(9, "郑强", 0, "skill"),
            Colleague(10, "孙工", 1, "off_duty"),
        ]
        self.next_engineer: PersonView | None = WU
        self.media: dict[int, dict[Medium, int]] = {}
        self.asking: set[int] = set()  # tickets whose engineer wants help
        self.able = [
            Helper(8, "吴工", "13800003333", 2, False, True, 2, None),
            Helper(9, "郑强", "13800004444", 3, False, True, 0, "off_duty"),
            Helper(10, "惠普厂家", None, 1, True, True, 0, None),
        ]
        self.typed_lately = False
        self.now_at_desk: Overview | None = None
        self.stuck = Unreached(0, ())
        self.codes = {"482913": Bound("周工", is_engineer=True)}

    def has(self, *tickets: TicketView) -> "FakeDesk":
        self.tickets |= {each.id: each for each in tickets}
        return self

    def is_requester(self) -> "FakeDesk":
        self.actor = speaker(Role.REQUESTER, id=1, name="王芳", department="财务部", phone="8899")
        return self

    # --- reading ---

    def _mine(self, *statuses: Status) -> tuple[TicketView, ...]:
        mine = (t for t in self.tickets.values() if t.assignee and t.assignee.id == self.actor.id)
        return tuple(each for each in mine if each.status in statuses)

    def waiting_for_me(self) -> tuple[TicketView, ...]:
        return self._mine(Status.ASSIGNED)

    def my_work(self) -> tuple[TicketView, ...]:
        return self._mine(Status.IN_PROGRESS, Status.ON_HOLD)

    def my_tickets(self) -> tuple[TicketView, ...]:
        return tuple(t for t in self.tickets.values() if t.requester_id == self.actor.id)

    def my_last_ended(self) -> TicketView | None:
        return None

    def to_rate(self) -> TicketView | None:
        return None

    def find(self, reference: str, among: tuple[TicketView, ...] = ()) -> TicketView:
        for each in (*among, *self.tickets.values()):
            if reference in (each.number, each.short):
                return each
        raise NotFound()

    def device(self, code: str) -> DeviceView | None:
        return None

    def device_meant(self, meant: Any) -> DeviceView | None:
        return None

    def reported_on(self, device_id: int) -> TicketView | None:
        return None

    def overview(self) -> Overview:
        assert self.now_at_desk is not None
        return self.now_at_desk

    def undelivered(self) -> Unreached:
        return self.stuck

    def ticket(self, ticket_id: int) -> TicketView:
        return self.tickets[ticket_id]

    def last_word(self, ticket_id: int) -> Say | None:
        return None

    def receipt(self, ticket_id: int) -> Say:
        return Say("receipt.scores", {"number": self.tickets[ticket_id].number, "lines": ()})

    def show_media(self, ticket_id: int) -> dict[Medium, int]:
        return self.media.get(ticket_id, {})

    def colleagues(self, ticket_id: int) -> tuple[Colleague, ...]:
        return tuple(self.staff)

    # --- acts ---

    def _did(self, act: str, ticket_id: int, *told: Any, **changes: Any) -> TicketView:
        self.done.append((act, self.tickets[ticket_id].short, *told))
        self.tickets[ticket_id] = replace(self.tickets[ticket_id], **changes)
        return self.tickets[ticket_id]

    def accept(self, ticket_id: int) -> TicketView:
        ticket = self.tickets[ticket_id]
        if ticket.assignee != ME:
            self._refuse_foreign(ticket)
        return self._did("accept", ticket_id, status=Status.IN_PROGRESS)

    def _refuse_foreign(self, ticket: TicketView) -> None:
        if ticket.assignee and ticket.status is Status.IN_PROGRESS:
            raise AlreadyTaken(
                by=ticket.assignee.name, at=ticket.responded_at, number=ticket.number
            )
        raise NotYours(number=ticket.number)

    def arrive(self, ticket_id: int) -> TicketView:
        return self._did("arrive", ticket_id)

    def progress(self, ticket_id: int, words: str) -> TicketView:
        return self._did("progress", ticket_id, words)

    def hold(self, ticket_id: int, reason: str, until: datetime, waits_for: WaitsFor) -> TicketView:
        changes = {"status": Status.ON_HOLD, "hold_until": until, "resolution_due_at": until}
        return self._did("hold", ticket_id, reason, until, waits_for, **changes)

    def why_due(self, ticket_id: int) -> tuple[Say, ...]:
        line = Say("why.due", {"due": self.now, "what": Word("why.what.diagnosis")})
        return () if self.tickets[ticket_id].status is Status.RESOLVED else (line,)

    def reclassify(self, ticket_id: int, *, is_complex: bool, reason: str) -> TicketView:
        return self._did("reclassify", ticket_id, is_complex, reason)

    def resume(self, ticket_id: int) -> TicketView:
        return self._did("resume", ticket_id, status=Status.IN_PROGRESS, hold_until=None)

    def ask_support(self, ticket_id: int, need: str) -> TicketView:
        return self._did("ask_support", ticket_id, need)

    def asking_support(self) -> tuple[TicketView, ...]:
        return tuple(t for t in self.tickets.values() if t.id in self.asking)

    def helpers(self, ticket_id: int) -> tuple[Helper, ...]:
        return tuple(self.able)

    def give_support(self, ticket_id: int, person_id: int, words: str = "") -> TicketView:
        return self._did("give_support", ticket_id, person_id)

    def take_charge(self, ticket_id: int) -> TicketView:
        return self._did("take_charge", ticket_id)

    def resolve(self, ticket_id: int, result: WorkResult) -> TicketView:
        return self._did("resolve", ticket_id, result, status=Status.RESOLVED)

    def decline(self, ticket_id: int, reason: str) -> Moved:
        return self._moved(self._did("decline", ticket_id, reason), self.next_engineer)

    def transfer(self, ticket_id: int, reason: str, to: int | None = None) -> Moved:
        named = next((each for each in self.staff if each.id == to), None)
        receiver = PersonView(named.id, named.name, None) if named else self.next_engineer
        return self._moved(self._did("transfer", ticket_id, reason, to), receiver)

    def _moved(self, ticket: TicketView, to: PersonView | None) -> Moved:
        status = Status.ASSIGNED if to else Status.NEW
        self.tickets[ticket.id] = replace(ticket, assignee=to, status=status)
        return Moved(self.tickets[ticket.id], to)

    def attach(
        self, heard: Any, ticket_id: int | None = None, *, is_waiting: bool = False
    ) -> Attached:
        self.done.append(("attach", heard.media_id, ticket_id))
        count = sum(1 for each in self.done if each[0] == "attach")
        return Attached(self.tickets.get(ticket_id or 0), count)

    def bind(self, code: str) -> Bound:
        if code not in self.codes:
            raise CodeRefused(left=4)
        return self.codes[code]

    def sign_in(self) -> tuple[TicketView, ...]:
        self._sign("sign_in")
        return self.waiting_for_me()

    def is_reachable_for_shift(self) -> bool:
        return self.typed_lately

    def duties_now(self) -> tuple[Any, ...]:
        return ()

    def is_signed_in(self) -> bool:
        return True

    def hand_overs_for_me(self) -> tuple[Any, ...]:
        return ()

    def swaps_to_answer(self) -> tuple[Any, ...]:
        return ()

    def sign_out(self) -> int:
        self._sign("sign_out")
        return len(self.my_work())

    def _sign(self, act: str) -> None:
        if not has_role_for(self.actor.roles, Permission.DUTY_SIGN):
            raise NotPermitted(permission=Permission.DUTY_SIGN.value)
        self.done.append((act,))

    def retry(self, notice_id: int) -> Undelivered:
        found = next((each for each in self.stuck.newest if each.id == notice_id), None)
        if found is None:
            raise NoticeSettled(id=notice_id)
        self.done.append(("retry", notice_id))
        return found

    def ask_for_person(self, words: str) -> HandOver:
        self.done.append(("ask_for_person", words))
        return HandOver(ahead=0, is_desk_open=True, opens_at=self.now)


def lacking(key: str, facts: Facts) -> list[str]:
    """What the sentence speaks of and nobody says; what has no sentence at all."""
    if key not in SENTENCES:
        return [key]
    needed = _PLACE.findall(_OPTIONAL.sub("", SENTENCES[key]))
    lacks = [f"{key} {name}" for name in needed if facts.get(name) in (None, "")]
    for fact in facts.values():
        if isinstance(fact, Word) and fact.key not in SENTENCES:
            lacks.append(fact.key)
        elif isinstance(fact, Say | tuple):
            says = fact if isinstance(fact, tuple) else (fact,)
            lacks += [lack for say in says for lack in lacking(say.key, say.facts)]
    return lacks


class SpokenTalk(Talk):
    """A talk whose answers must also be sayable: no sentence lacks a fact that it speaks of."""

    def hears(self, text: str = "", *, tap: str | None = None, **more: Any) -> "SpokenTalk":
        super().hears(text, tap=tap, **more)
        for say in self.says:
            assert not lacking(say.key, say.facts)
            assert not [lack for b in say.buttons for lack in lacking(b.label, b.facts)]
        return self

    @property
    def read(self) -> str:
        """What the person reads."""
        return "\n".join(TEXTS.render(say, self.now).text for say in self.says)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(NOW)


@pytest.fixture
def talk(desk: FakeDesk) -> SpokenTalk:
    return SpokenTalk(desk, desk.actor)
