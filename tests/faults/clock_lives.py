"""Deadlines fall due while clocks live short lives; what they leave must be as if none had died."""

import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy import select as select_rows

from domain.category import Category
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from models import Activity, Database, Deadline, Engineer, IntakeChannel, Notice, Ticket, TicketKind
from services import people
from services.people import NewPerson
from tests.programs import Program, failing_at, program

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
TICKETS = 40  # that wait for a clock, of each kind in turn
LIVES_FOR = 0.06  # seconds at most, its start with it
ENDS_WITHIN = 60.0
MANY = 10_000  # tickets that an engineer has: more than are ever taken away
FAILPOINTS = ("deadline.claimed", "deadline.acted")

# What falls due, in which status, and what is to be found of it afterwards, once each.
KINDS = {
    DeadlineKind.AUTO_CLOSE: (Status.RESOLVED, Action.CLOSE, "notice.auto_closed"),
    DeadlineKind.CONFIRM_REMINDER: (Status.RESOLVED, Action.REMIND, "notice.confirm_reminder"),
    DeadlineKind.RATING_REMINDER: (Status.CLOSED, Action.REMIND, "notice.rating_reminder"),
    DeadlineKind.ANSWER_REMINDER: (Status.ASSIGNED, Action.REMIND, "notice.answer_reminder"),
    DeadlineKind.ANSWER_DUE: (Status.ASSIGNED, Action.REASSIGN, "notice.taken_away"),
    DeadlineKind.HOLD_ENDS: (Status.ON_HOLD, Action.RESUME, "notice.hold_ended"),
}


class Lives:
    """One database, its deadlines, and clocks that are killed at random moments."""

    def __init__(self, url: str, seed: int, log: Path) -> None:
        self._url = url
        self._log = log
        self._dice = random.Random(seed)
        self._numbers = count(1)
        self.database = Database(url)
        self.deaths = 0
        with self.database.transaction() as session:
            self._requester = _person(session, "王芳", Role.REQUESTER)
            self._engineers = [_person(session, f"周工{n}", Role.ENGINEER) for n in range(2)]
            for each in self._engineers:
                engineer = session.get_one(Engineer, each)
                engineer.is_on_duty = True
                engineer.open_tickets = engineer.workload = MANY
        self._expected: dict[int, DeadlineKind] = {}

    def let_be_due(self) -> None:
        """More tickets whose clocks have just run out."""
        with self.database.transaction() as session:
            for number in range(TICKETS):
                kind = list(KINDS)[number % len(KINDS)]
                ticket = self._ticket(KINDS[kind][0])
                session.add(ticket)
                session.flush()
                clock = {"ticket_id": ticket.id, "kind": kind, "due_at": AT}
                session.execute(insert(Deadline).values(clock))
                self._expected[ticket.id] = kind

    def kill(self, deaths: int, *, clocks: int = 1) -> None:
        """So many die, wherever they stand, `clocks` at a time; there is always work."""
        until = self.deaths + deaths
        while self.deaths < until:
            if not self._is_anything_due():
                self.let_be_due()
            for clock in [self._begin() for _ in range(clocks)]:
                clock.is_alive(self._dice.random() * LIVES_FOR)
                clock.close()
                self.deaths += 1

    def finish(self) -> None:
        """One that nobody kills rings what is left."""
        clock = self._clock()
        ends = time.monotonic() + ENDS_WITHIN
        while self._is_anything_due():
            assert time.monotonic() < ends, "deadlines are left"
            threading.Event().wait(0.01)
        clock.close()

    def check(self, seed: object) -> None:
        """Each exactly once: its line, its notice, and nothing of it left."""
        with self.database.reading() as session:
            acts = Counter(
                (row.ticket_id, row.action)
                for row in session.execute(select_rows(Activity.ticket_id, Activity.action))
            )
            told = Counter(
                (row.ticket_id, row.text_key)
                for row in session.execute(select_rows(Notice.ticket_id, Notice.text_key))
            )
        for ticket_id, kind in self._expected.items():
            _, action, key = KINDS[kind]
            found = acts[ticket_id, action], told[ticket_id, key]
            assert found == (1, 1), f"seed {seed}: {kind} of {ticket_id} acted {found} times"

    def _begin(self) -> Program:
        """Half of them die by themselves, between claim and commit."""
        if self._dice.random() < 0.5:
            return self._clock(failing_at(self._dice.choice(FAILPOINTS), self._dice.randint(1, 6)))
        return self._clock()

    def _clock(self, environment: dict[str, str] | None = None) -> Program:
        words = ("tests.faults.quick_clock", self._url, AT.isoformat())
        return program(*words, log=self._log, environment=environment)

    def _is_anything_due(self) -> bool:
        overdue = select_rows(Deadline.id).where(Deadline.due_at <= AT).limit(1)
        with self.database.reading() as session:
            return session.scalar(overdue) is not None

    def _ticket(self, status: Status) -> Ticket:
        return Ticket(
            number=f"IT20261124-{next(self._numbers):05d}",
            kind=TicketKind.INCIDENT,
            channel=IntakeChannel.WECHAT,
            status=status,
            requester_id=self._requester,
            assignee_id=self._engineers[0],
            contact_name="王芳",
            contact_department="财务部",
            contact_phone="8899",
            contact_office="三楼财务室",
            symptom="卡纸",
            description="卡纸",
            place="三楼财务室",
            category=Category.PRINTER,
            impact=Impact.PERSON,
            urgency=Urgency.NORMAL,
            priority=Priority.NORMAL,
            opened_at=AT - timedelta(hours=30),
            response_due_at=AT if status is Status.ASSIGNED else None,
            responded_at=None if status is Status.ASSIGNED else AT,
            resolution_due_at=AT + timedelta(hours=2),
            on_hold_since=AT - timedelta(hours=2) if status is Status.ON_HOLD else None,
            hold_until=AT if status is Status.ON_HOLD else None,
            resolved_at=AT,
            closed_at=AT,
        )


def _person(session, name: str, role: Role) -> int:
    new = NewPerson(name, frozenset({role, Role.REQUESTER}), openid=f"oClock{name:0<22}")
    return people.add(session, new, AT).id
