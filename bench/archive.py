"""What a desk has after three years: people, devices, and tickets as they are told by people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from bench.account import openid
from domain.calendar import Runs
from domain.category import Category
from domain.lifecycle import Action, Status
from domain.numbers import desk_day, ticket_number
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from domain.targets import TargetKind, TargetState
from models import IntakeChannel, TicketKind
from nlp.corpus import corpus_files, read_corpus
from nlp.initials import initials
from nlp.search_words import Said, words_of

YEARS = timedelta(days=3 * 365)
REQUESTERS = 2_000
ENGINEERS = 30
CLERKS = 10
DEVICES = 500
_MOST_NEW = 40  # the dispatcher offers all of these again and again
_OPEN_SHARE = 0.1

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞建国春梅海燕鹏辉红宇浩然雪"
_DEPARTMENTS = ("财务部", "人事部", "销售部", "研发中心", "门诊部", "护士站", "仓储部", "行政部")
_BUILDINGS = ("A座", "B座", "门诊楼", "住院楼", "老楼")
_THINGS = ("惠普打印机", "联想台式机", "投影仪", "交换机", "扫码枪", "复印机", "瘦客户机", "显示器")
_DONE = (
    "换了搓纸轮，试打十张正常",
    "重装驱动后正常",
    "网线水晶头松了，重新压好",
    "清理磁盘并升级补丁",
    "重置密码，已当面验证",
    "更换电源，观察半小时正常",
    "路由器重启，抓包无异常",
)
_NOTES = ("等配件到货", "用户不在，约下午再去", "同一层还有两台一样的问题", "已联系厂家，报价中")
_OPEN_STATUSES = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD, Status.RESOLVED)
_WORKED_ON = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
_OPEN_WEIGHTS = (25, 45, 12, 18)

TICKET = (
    *("id", "number", "kind", "status", "cycle", "channel", "requester_id", "contact_name"),
    *("contact_department", "contact_phone", "contact_office", "symptom", "description", "device"),
    *("device_id", "place", "category", "impact", "urgency", "priority", "is_complex"),
    "assignee_id",
    *("opened_at", "assigned_at", "response_due_at", "responded_at", "resolution_due_at"),
    *("on_hold_since", "hold_until", "resolved_at", "closed_at"),
)
ACTIVITY = (
    *("id", "ticket_id", "action", "status_before", "status_after", "actor_id", "happened_at"),
    "detail",
)
TARGET = (
    *("id", "ticket_id", "cycle", "kind", "round", "rule", "within_minutes", "runs", "began_at"),
    *("due_at", "state", "done_at", "settled_at", "engineer_id", "category", "priority"),
    *("department", "ran_minutes"),
)
RESOLUTION = (
    *("id", "ticket_id", "cycle", "engineer_id", "cause", "action_taken", "minutes"),
    *("is_on_site", "parts", "reported_at"),
)
RATING = (
    *("id", "ticket_id", "cycle", "engineer_id", "requester_id", "speed", "attitude", "result"),
    *("comment", "rated_at"),
)
NOTICE = (
    *("id", "recipient_id", "ticket_id", "text_key", "say", "urgency", "state", "created_at"),
    *("valid_until", "next_try_at", "tries", "settled_at"),
)
ATTACHMENT = (
    *("id", "person_id", "ticket_id", "kind", "purpose", "state", "file", "content_type"),
    *("tries", "created_at"),
)
DOCUMENT = ("ticket_id", "tokens", "activity_id")
PERSON = (
    *("id", "openid", "name", "initials", "department", "office", "phone", "is_active", "roles"),
    *("is_following", "created_at"),
)
DEVICE = ("id", "code", "name", "category", "place", "is_active", "created_at")

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Archive:
    """Deals the rows out; the same seed, the same rows."""

    tickets: int
    now: datetime
    random: Random = field(default_factory=lambda: Random(20261124))

    def __post_init__(self) -> None:
        self.reports = [
            told
            for file in corpus_files()
            for told in read_corpus(file)
            if told.category and 4 <= len(told.text) <= 200
        ]
        self.people = [self._person(number) for number in range(REQUESTERS)]
        self.staff = [self._member(number) for number in range(ENGINEERS + CLERKS)]
        self.engineers = [row[0] for row in self.staff[:ENGINEERS]]
        self.devices = [self._device(number) for number in range(DEVICES)]
        self.names = {row[0]: row[2] for row in (*self.people, *self.staff)}
        self.held = dict.fromkeys(self.engineers, 0)
        self.today = 0  # numbers that were given out today
        self.last_activity = 0
        self._ids = {name: count(1) for name in ("activity", "result", "rating", "notice", "sent")}
        self._new = 0

    # --- people and things -----------------------------------------------------------------------

    def _person(self, number: int) -> tuple[Any, ...]:
        return self._known(number, frozenset({Role.REQUESTER}), f"138{number:08d}")

    def _member(self, number: int) -> tuple[Any, ...]:
        role = Role.ENGINEER if number < ENGINEERS else Role.DESK
        return self._known(REQUESTERS + number, frozenset({role}), f"139{number:08d}")

    def _known(self, number: int, roles: frozenset[Role], phone: str) -> tuple[Any, ...]:
        pick = self.random.choice
        name = pick(_SURNAMES) + "".join(pick(_GIVEN) for _ in range(pick((1, 2, 2))))
        office = f"{pick(_BUILDINGS)}{number % 9 + 1}{number % 30 + 1:02d}"
        department, at = pick(_DEPARTMENTS), self.now - YEARS
        facts = (initials(name), department, office, phone, True, roles, True, at)
        return (number + 1, openid(number), name, *facts)

    def _device(self, number: int) -> tuple[Any, ...]:
        thing = _THINGS[number % len(_THINGS)]
        category = (Category.PRINTER, Category.COMPUTER, Category.NETWORK)[number % 3]
        place = f"{_BUILDINGS[number % 5]}{number % 9 + 1}{number % 30 + 1:02d}"
        return (number + 1, f"DEV-{number:05d}", thing, category, place, True, self.now - YEARS)

    # --- tickets ---------------------------------------------------------------------------------

    def batches(self, size: int = 5_000) -> Iterator[Rows]:
        """All rows of so many tickets each, oldest first."""
        rows: Rows = {}
        numbers: dict[str, int] = {}
        for place in range(self.tickets):
            for name, row in self._ticket(place, numbers):
                rows.setdefault(name, []).append(row)
            if (place + 1) % size == 0:
                yield rows
                rows = {}
        if rows:
            yield rows
        self.today = numbers.get(f"{desk_day(self.now):%Y%m%d}", 0)

    def _ticket(self, place: int, numbers: dict[str, int]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        random, ticket_id = self.random, place + 1
        opened = self.now - YEARS + YEARS * ((place + random.random()) / self.tickets)
        day = desk_day(opened)
        key = f"{day:%Y%m%d}"
        numbers[key] = numbers.get(key, 0) + 1
        number = ticket_number(day, numbers[key])
        requester, engineer = random.choice(self.people), random.choice(self.engineers)
        device = random.choice(self.devices) if random.random() < 0.3 else None
        told = random.choice(self.reports)
        status = self._status(place)
        ended = opened + timedelta(hours=random.expovariate(0.2))
        lines = list(self._lines(ticket_id, requester[0], engineer, status, opened, ended))
        done = random.choice(_DONE)
        row = self._row(ticket_id, number, status, requester, engineer, device, told, opened, ended)
        yield "tickets", row
        yield "ticket_targets", self._target(dict(zip(TICKET, row, strict=True)), ended)
        for line in lines:
            yield "activities", line
        if status in (Status.RESOLVED, Status.CLOSED):
            yield "resolutions", self._resolution(ticket_id, engineer, done, ended)
        if status is Status.CLOSED and random.random() < 0.4:
            yield "ratings", self._rating(ticket_id, engineer, requester[0], ended)
        yield "notices", self._notice(ticket_id, requester[0], number, told.text, opened)
        if random.random() < 0.03:
            yield "attachments", self._attachment(ticket_id, requester[0], opened)
        yield (
            "search_documents",
            self._document(ticket_id, number, requester, engineer, device, told, done, lines),
        )

    def _target(self, ticket: dict[str, Any], ended: datetime) -> tuple[Any, ...]:
        """The diagnosis that was promised: given in time, late, or still due."""
        opened = ticket["opened_at"]
        is_open = ticket["status"] in _WORKED_ON
        due = ticket["resolution_due_at"] if is_open else opened + timedelta(hours=2)
        state = TargetState.MET if ended <= due else TargetState.MISSED
        done = min(ended, self.now)
        return (
            *(ticket["id"], ticket["id"], 1, TargetKind.DIAGNOSIS, 1, "ordinary", 120),
            *(Runs.SERVICE_HOURS.value, opened, due, TargetState.RUNNING if is_open else state),
            *((None, None) if is_open else (done, min(done, due))),
            *(ticket["assignee_id"], ticket["category"], ticket["priority"]),
            *(ticket["contact_department"], None if is_open else 60),
        )

    def _status(self, place: int) -> Status:
        """The last tenth is open, most of it, and little of what is older."""
        is_late = place >= self.tickets * (1 - _OPEN_SHARE)
        if self.random.random() >= (0.9 if is_late else 0.011):
            return Status.CANCELLED if self.random.random() < 0.04 else Status.CLOSED
        if self._new < _MOST_NEW and place > self.tickets * 0.99:
            self._new += 1
            return Status.NEW
        return self.random.choices(_OPEN_STATUSES, _OPEN_WEIGHTS)[0]

    def _row(
        self,
        ticket_id: int,
        number: str,
        status: Status,
        requester: tuple[Any, ...],
        engineer: int,
        device: tuple[Any, ...] | None,
        told: Any,
        opened: datetime,
        ended: datetime,
    ) -> tuple[Any, ...]:
        is_open = status not in (Status.CLOSED, Status.CANCELLED)
        has_engineer = status not in (Status.NEW, Status.CANCELLED)
        if status in (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD):
            self.held[engineer] += 1
        due = opened + timedelta(hours=8)
        if is_open:
            due = self.now + timedelta(hours=self.random.uniform(-2, 72))
        is_held = status is Status.ON_HOLD
        is_done = status in (Status.RESOLVED, Status.CLOSED)
        urgency = told.urgency or Urgency.NORMAL
        return (
            *(ticket_id, number, TicketKind.INCIDENT, status, 1, IntakeChannel.WECHAT),
            *(requester[0], requester[2], requester[4], requester[6], requester[5]),
            *(told.text[:60], told.text, device[2] if device else None),
            *(device[0] if device else None, device[4] if device else requester[5]),
            *(told.category, Impact.PERSON, urgency, self._priority(urgency), False),
            *(engineer if has_engineer else None, opened),
            opened + timedelta(minutes=1) if has_engineer else None,
            opened + timedelta(minutes=30) if has_engineer else None,
            opened + timedelta(minutes=9)
            if has_engineer and status is not Status.ASSIGNED
            else None,
            due,
            opened + timedelta(hours=1) if is_held else None,
            self.now + timedelta(hours=20) if is_held else None,
            ended if is_done else None,
            ended + timedelta(hours=1) if status is Status.CLOSED else None,
        )

    def _priority(self, urgency: Urgency) -> Priority:
        return Priority.NORMAL if urgency is Urgency.NORMAL else Priority.HIGH

    def _lines(
        self,
        ticket_id: int,
        requester: int,
        engineer: int,
        status: Status,
        opened: datetime,
        ended: datetime,
    ) -> Iterator[tuple[Any, ...]]:
        before: Status | None = None
        for action, after, minutes, detail in self._way(status, engineer):
            is_theirs = action in (Action.OPEN, Action.CONFIRM, Action.CANCEL)
            actor = requester if is_theirs else engineer
            at = ended if action is Action.RESOLVE else opened + timedelta(minutes=minutes)
            kept = None if action is Action.ASSIGN else actor
            yield (
                *(next(self._ids["activity"]), ticket_id, action, before, after),
                *(kept, min(at, self.now), detail),
            )
            self.last_activity += 1
            before = after

    def _way(
        self, status: Status, engineer: int
    ) -> Iterator[tuple[Action, Status, int, dict[str, Any] | None]]:
        yield Action.OPEN, Status.NEW, 0, None
        if status is Status.CANCELLED:
            yield Action.CANCEL, Status.CANCELLED, 20, None
        if status in (Status.NEW, Status.CANCELLED):
            return
        yield Action.ASSIGN, Status.ASSIGNED, 1, {"engineer_id": engineer}
        if status is Status.ASSIGNED:
            return
        yield Action.ACCEPT, Status.IN_PROGRESS, 9, None
        words = {"words": self.random.choice(_NOTES)}
        yield Action.PROGRESS, Status.IN_PROGRESS, 40, words
        if self.random.random() < 0.3:
            yield Action.NOTE, Status.IN_PROGRESS, 50, {"words": self.random.choice(_NOTES)}
        if status is Status.ON_HOLD:
            yield Action.HOLD, Status.ON_HOLD, 60, {"reason": "等配件"}
        if status in (Status.RESOLVED, Status.CLOSED):
            yield Action.RESOLVE, Status.RESOLVED, 0, None
        if status is Status.CLOSED:
            yield Action.CONFIRM, Status.CLOSED, 3000, None

    def _resolution(
        self, ticket_id: int, engineer: int, done: str, ended: datetime
    ) -> tuple[Any, ...]:
        minutes = self.random.randint(5, 120)
        facts: tuple[Any, ...] = ("worn_part", done, minutes, self.random.random() < 0.6, [], ended)
        return (next(self._ids["result"]), ticket_id, 1, engineer, *facts)

    def _rating(
        self, ticket_id: int, engineer: int, requester: int, ended: datetime
    ) -> tuple[Any, ...]:
        scores = self.random.choices((1, 2, 3, 4, 5), (2, 3, 10, 35, 50), k=3)
        at = ended + timedelta(hours=2)
        return (next(self._ids["rating"]), ticket_id, 1, engineer, requester, *scores, None, at)

    def _notice(
        self, ticket_id: int, requester: int, number: str, symptom: str, at: datetime
    ) -> tuple[Any, ...]:
        say = {
            "key": "notice.engineer_coming",
            "facts": {"number": number, "symptom": symptom[:30]},
        }
        ends = at + timedelta(days=1)
        facts = (requester, ticket_id, say["key"], say, "normal", "delivered", at)
        return (next(self._ids["notice"]), *facts, ends, at, 1, at)

    def _attachment(self, ticket_id: int, requester: int, at: datetime) -> tuple[Any, ...]:
        number = next(self._ids["sent"])
        file = f"{number:08d}.jpg"
        kept = ("image", "report", "saved", file, "image/jpeg", 1, at)
        return (number, requester, ticket_id, *kept)

    def _document(
        self,
        ticket_id: int,
        number: str,
        requester: tuple[Any, ...],
        engineer: int,
        device: tuple[Any, ...] | None,
        told: Any,
        done: str,
        lines: list[tuple[Any, ...]],
    ) -> tuple[Any, ...]:
        """As services/search_documents.py makes it."""
        said = [line[7].get("words", "") for line in lines if line[7]]
        texts = (number[2:], told.text, requester[4], requester[5], *said, done)
        thing = (f"{device[1]} {device[2]}", device[4]) if device else ()
        names = (requester[2], self.names[engineer])
        people = (engineer, requester[0])
        words = words_of(Said((*texts, *thing), names, (requester[6],), people))
        return (ticket_id, " ".join(words), lines[-1][0])
