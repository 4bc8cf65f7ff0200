"""Months of ratings and complaints by chance, written straight into their tables."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from domain.calendar import CHINA
from domain.category import Category
from domain.complaints import (
    About,
    ComplaintAction,
    ComplaintRing,
    ComplaintStatus,
    Concerned,
    Verdict,
)
from domain.lifecycle import Status
from models import (
    Complaint,
    ComplaintEvent,
    ComplaintPerson,
    Database,
    IntakeChannel,
    Person,
    Rating,
    Resolution,
    Team,
    Ticket,
)
from tests.services.promise_kit import NOVEMBER, Past

FIRST = datetime(2026, 9, 1, tzinfo=CHINA)
DAYS = 91  # September to November
CATEGORIES = (Category.PRINTER, Category.NETWORK)
OFFICES = ("三楼", "五楼", "前台")
DEPARTMENTS = ("财务部", "人事部")
LATE = (ComplaintRing.VERIFY_DUE, ComplaintRing.DECIDE_DUE, ComplaintRing.FEED_BACK_DUE)
UNDECIDED = (
    ComplaintStatus.SUBMITTED,
    ComplaintStatus.VERIFIED,
    ComplaintStatus.REPORTED,
    ComplaintStatus.OBJECTED,
)


@dataclass
class Chance:
    """Whatever may have happened at a desk with these people, the same for each seed."""

    database: Database
    people: tuple[int, ...]  # who report
    engineers: tuple[int, ...]
    seed: int = 0
    random: Random = field(init=False)
    tickets: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._past = Past(self.database, self.people[0])

    def happens(self, tickets: int = 60, complaints: int = 25) -> None:
        self._teams()
        for _ in range(tickets):
            self._ticket()
        with self.database.transaction() as session:
            for number in range(complaints):
                session.add_all(self._complaint(session, number))

    def _teams(self) -> None:
        """The last engineer is in none."""
        with self.database.transaction() as session:
            teams = [Team(name=name) for name in ("打印组", "网络组")]
            session.add_all(teams)
            session.flush()
            for number, person_id in enumerate(self.engineers[:-1]):
                session.get_one(Person, person_id).team_id = teams[number % 2].id

    def _at(self) -> datetime:
        return FIRST + timedelta(minutes=self.random.randrange(DAYS * 24 * 60))

    def _ticket(self) -> None:
        pick, closed_at = self.random.choice, self._at()
        status = pick([Status.CLOSED, Status.CLOSED, Status.CLOSED, Status.IN_PROGRESS])
        # Some report what they work on themselves; some work is the desk's alone.
        requester = pick([*self.people, *self.engineers])
        assignee = pick(self.engineers if status is not Status.CLOSED else [*self.engineers, None])
        cycle = pick([1, 1, 2])
        ticket = self._past.ticket(
            closed_at - timedelta(hours=3),
            requester_id=requester,
            assignee_id=assignee,
            category=pick(CATEGORIES),
            contact_office=pick(OFFICES),
            contact_department=pick(DEPARTMENTS),
            status=status,
            cycle=cycle,
            resolved_at=closed_at if status is Status.CLOSED else None,
            closed_at=closed_at if status is Status.CLOSED else None,
        )
        self.tickets.append(ticket)
        solver = assignee or pick([*self.people, *self.engineers])
        with self.database.transaction() as session:
            for number in range(1, cycle + 1):
                session.add(self._resolution(ticket, number, solver, closed_at))
                is_ended = number < cycle or status is Status.CLOSED
                if is_ended and requester not in (assignee, solver) and self.random.random() < 0.6:
                    session.add(self._rating(ticket, number, assignee, requester, closed_at))

    def _resolution(self, ticket: int, cycle: int, solver: int, at: datetime) -> Resolution:
        return Resolution(
            ticket_id=ticket,
            cycle=cycle,
            engineer_id=solver,
            cause="wear",
            action_taken="换了",
            minutes=5,
            is_on_site=True,
            parts=[],
            reported_at=at,
        )

    def _rating(
        self, ticket: int, cycle: int, engineer: int | None, requester: int, at: datetime
    ) -> Rating:
        return Rating(
            ticket_id=ticket,
            cycle=cycle,
            engineer_id=engineer,
            requester_id=requester,
            speed=self.random.randint(1, 5),
            attitude=self.random.randint(2, 5),
            result=self.random.randint(1, 5),
            rated_at=at + timedelta(hours=self.random.randrange(40)),
        )

    def _complaint(self, session: Any, number: int) -> list[Any]:
        pick, at = self.random.choice, self._at()
        status = pick(list(ComplaintStatus))
        is_rated = status is ComplaintStatus.RATED
        is_open = status in (*UNDECIDED, ComplaintStatus.DECIDED, ComplaintStatus.FED_BACK)
        complaint = Complaint(
            number=f"TS{at:%Y%m%d}-{number:04d}",
            status=status,
            channel=IntakeChannel.WECHAT,
            requester_id=pick(self.people),
            contact_name="王芳",
            contact_department=pick(DEPARTMENTS),
            contact_phone="8899",
            about=About.TICKET,
            ticket_id=pick([None, *self.tickets]),
            words="不满意",
            submitted_at=at,
            due_at=pick([None, FIRST, FIRST + timedelta(days=900)]) if is_open else None,
            verdict=None if status in UNDECIDED[:3] else pick(list(Verdict)),
            objected_at=pick([None, at]),
            process=self.random.randint(1, 5) if is_rated else None,
            outcome=self.random.randint(1, 5) if is_rated else None,
            ended_at=None if is_open else at,
        )
        session.add(complaint)
        session.flush()
        return [*self._concerned(complaint), *self._reminded(complaint)]

    def _concerned(self, complaint: Complaint) -> list[ComplaintPerson]:
        named = self.random.sample(self.engineers, self.random.randrange(3))
        return [
            ComplaintPerson(
                complaint_id=complaint.id,
                person_id=person_id,
                why=Concerned.FOUND,
                is_found=self.random.random() < 0.7,
            )
            for person_id in named
        ]

    def _reminded(self, complaint: Complaint) -> list[ComplaintEvent]:
        rings = self.random.sample(list(ComplaintRing), self.random.randrange(3))
        return [
            ComplaintEvent(
                complaint_id=complaint.id,
                action=ComplaintAction.REMIND,
                status_after=complaint.status,
                happened_at=complaint.submitted_at,
                detail={"ring": ring.value},
            )
            for ring in rings
        ]


def rows_of(database: Database, table: type[Any]) -> list[Any]:
    with database.reading() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
        return found


def rated_tickets(
    database: Database,
    past: Past,
    engineer_id: int,
    scores: tuple[int, int, int],
    count: int = 1,
    at: datetime = NOVEMBER,
    rated_after: timedelta = timedelta(),
) -> None:
    """So many closed tickets of one engineer, each with these scores."""
    speed, attitude, result = scores
    for _ in range(count):
        facts = {"assignee_id": engineer_id, "status": Status.CLOSED}
        ticket_id = past.ticket(at, resolved_at=at, closed_at=at, **facts)
        with database.transaction() as session:
            ticket = session.get_one(Ticket, ticket_id)
            session.add(
                Rating(
                    ticket_id=ticket_id,
                    cycle=1,
                    engineer_id=engineer_id,
                    requester_id=ticket.requester_id,
                    speed=speed,
                    attitude=attitude,
                    result=result,
                    rated_at=at + rated_after,
                )
            )
