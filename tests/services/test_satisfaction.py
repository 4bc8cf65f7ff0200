"""Figures of ratings and complaints equal those that are counted from raw rows, one by one."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from domain.calendar import CHINA
from domain.complaints import ComplaintAction, ComplaintStatus, Verdict
from domain.lifecycle import Status
from domain.months import Month
from domain.permissions import Role
from domain.refusals import NotPermitted
from domain.satisfaction import FEW
from models import Complaint, ComplaintEvent, ComplaintPerson, Person, Rating, Resolution, Ticket
from services import satisfaction, satisfaction_complaints
from services.satisfaction import By, Part, Scored, Wanted
from services.satisfaction_complaints import Handled
from services.views import Scores
from tests.services import complaint_kit
from tests.services.promise_kit import Past
from tests.services.satisfaction_kit import (
    CATEGORIES,
    DEPARTMENTS,
    LATE,
    OFFICES,
    UNDECIDED,
    Chance,
    rated_tickets,
    rows_of,
)

NOVEMBER = Month(2026, 11)
MONTHS = (Month(2026, 9), Month(2026, 10), NOVEMBER)
SEEDS = (1, 2, 3)


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def chance(database, make_person, make_engineer):
    people = tuple(make_person(name).id for name in ("王芳", "李雷"))
    engineers = tuple(make_engineer(name).id for name in ("周工", "吴工", "郑工"))
    return lambda seed: Chance(database, people, engineers, seed)


@pytest.fixture
def read(database, desk_of, head, now):
    def read(by, month=NOVEMBER, reader=None, **wanted):
        with database.reading() as session:
            desk = desk_of(session, reader or head, now)
            return satisfaction.lines(desk, Wanted(month, **wanted), by)

    return read


@pytest.fixture
def complaints(database, desk_of, head, now):
    def complaints(by=None, month=NOVEMBER, reader=None, **wanted):
        with database.reading() as session:
            desk = desk_of(session, reader or head, now)
            asked = Wanted(month, **wanted)
            if by is None:
                return satisfaction_complaints.month(desk, asked)
            return satisfaction_complaints.lines(desk, asked, by)

    return complaints


@pytest.fixture
def rated(database, make_person):
    past = Past(database, make_person("李雷").id)
    return partial(rated_tickets, database, past)


# --- counted once more, from raw rows -------------------------------------------------------------


class Raw:
    """Every row, looked at in turn."""

    def __init__(self, database):
        self.tickets = {row.id: row for row in rows_of(database, Ticket)}
        self.ratings = {(row.ticket_id, row.cycle): row for row in rows_of(database, Rating)}
        self.solved = {
            (row.ticket_id, row.cycle): row.engineer_id for row in rows_of(database, Resolution)
        }
        self.teams = {row.id: row.team_id for row in rows_of(database, Person)}
        self.complaints = rows_of(database, Complaint)
        self.found = defaultdict(set)
        self.concerned = defaultdict(set)
        for row in rows_of(database, ComplaintPerson):
            self.concerned[row.complaint_id].add(row.person_id)
            if row.is_found:
                self.found[row.complaint_id].add(row.person_id)
        self.late = {
            row.complaint_id
            for row in rows_of(database, ComplaintEvent)
            if row.action is ComplaintAction.REMIND and row.detail["ring"] in LATE
        }

    def closings(self):
        """When, whose work, the ticket, its rating."""
        for ticket in self.tickets.values():
            key = (ticket.id, ticket.cycle)
            worked = {ticket.assignee_id, self.solved.get(key)}
            if ticket.status is Status.CLOSED and ticket.requester_id not in worked:
                yield ticket.closed_at, ticket.assignee_id, ticket, self.ratings.get(key)
        for (ticket_id, cycle), rating in self.ratings.items():
            ticket = self.tickets[ticket_id]
            if ticket.status is not Status.CLOSED or ticket.cycle != cycle:
                yield rating.rated_at, rating.engineer_id, ticket, rating

    def scored(self, month, value_of):
        found: defaultdict[Any, Scored] = defaultdict(Scored)
        for at, engineer, ticket, rating in self.closings():
            if Month.of(at) == month and (value := value_of(engineer, ticket, self)) is not None:
                found[value] += self._score(rating)
        return dict(found)

    @staticmethod
    def _score(rating):
        if rating is None:
            return Scored(asked=1)
        parts = (rating.speed, rating.attitude, rating.result)
        return Scored(1, 1, *parts, 1 if any(part <= 2 for part in parts) else 0)

    def handled(self, month, values_of, now, hidden_from=None):
        found = defaultdict(list)
        for row in self.complaints:
            if Month.of(row.submitted_at) != month or hidden_from in self.concerned[row.id]:
                continue
            for value in values_of(row, self):
                found[value].append(row)
        return {value: self._sum(rows, now) for value, rows in found.items()}

    def _sum(self, rows, now):
        decided = [
            row.verdict
            for row in rows
            if row.status not in UNDECIDED and row.status is not ComplaintStatus.WITHDRAWN
        ]
        rated = [row for row in rows if row.status is ComplaintStatus.RATED]
        quiet = (ComplaintStatus.FED_BACK, ComplaintStatus.CLOSED)
        return Handled(
            received=len(rows),
            upheld=decided.count(Verdict.UPHELD),
            partly=decided.count(Verdict.PARTLY),
            not_upheld=decided.count(Verdict.NOT_UPHELD),
            withdrawn=sum(row.status is ComplaintStatus.WITHDRAWN for row in rows),
            undecided=sum(row.status in UNDECIDED for row in rows),
            late=sum(self._is_late(row, now) for row in rows),
            objected=sum(row.objected_at is not None for row in rows),
            asked=len(rated) + sum(row.status in quiet for row in rows),
            answered=len(rated),
            process=sum(row.process for row in rated),
            outcome=sum(row.outcome for row in rated),
        )

    def _is_late(self, row, now):
        over = row.ended_at is None and row.due_at is not None and row.due_at < now
        return row.id in self.late or over


VALUES = {
    By.ENGINEER: lambda engineer, ticket, raw: str(engineer or ""),
    By.TEAM: lambda engineer, ticket, raw: str(raw.teams.get(engineer) or ""),
    By.CATEGORY: lambda engineer, ticket, raw: ticket.category.value,
    By.OFFICE: lambda engineer, ticket, raw: ticket.contact_office,
    By.DEPARTMENT: lambda engineer, ticket, raw: ticket.contact_department,
}
OF_COMPLAINTS = {
    By.ENGINEER: lambda row, raw: {str(each) for each in raw.found[row.id]} or {""},
    By.TEAM: lambda row, raw: {str(raw.teams[each] or "") for each in raw.found[row.id]} or {""},
    By.CATEGORY: lambda row, raw: {
        raw.tickets[row.ticket_id].category.value if row.ticket_id else ""
    },
    By.OFFICE: lambda row, raw: {
        raw.tickets[row.ticket_id].contact_office if row.ticket_id else ""
    },
    By.DEPARTMENT: lambda row, raw: {row.contact_department},
}


@pytest.mark.parametrize("seed", SEEDS)
def test_ratings_are_those_of_the_raw_rows_by_every_month_and_value(chance, read, database, seed):
    chance(seed).happens()
    raw = Raw(database)

    wrong = [
        (str(month), by)
        for month in MONTHS
        for by in By
        if {line.value: line.scored for line in read(by, month)} != raw.scored(month, VALUES[by])
    ]

    assert wrong == []


@pytest.mark.parametrize("seed", SEEDS)
def test_complaints_are_those_of_the_raw_rows_by_every_month_and_value(
    chance, complaints, database, now, seed
):
    chance(seed).happens()
    raw = Raw(database)

    wrong = [
        (str(month), by)
        for month in MONTHS
        for by in By
        if {line.value: line.handled for line in complaints(by, month)}
        != raw.handled(month, OF_COMPLAINTS[by], now)
    ]
    whole = raw.handled(NOVEMBER, lambda row, raw: {"all"}, now)

    assert wrong == []
    assert complaints() == whole["all"]


def test_narrowed_figures_are_those_of_the_raw_rows(chance, read, complaints, database, now):
    made = chance(4)
    made.happens()
    raw = Raw(database)
    zhou = made.engineers[0]
    team = raw.teams[zhou]
    asked = {
        By.ENGINEER: {"engineer_id": zhou},
        By.TEAM: {"team_id": team},
        By.CATEGORY: {"category": CATEGORIES[0]},
        By.OFFICE: {"office": OFFICES[0]},
        By.DEPARTMENT: {"department": DEPARTMENTS[0]},
    }
    values = {
        By.ENGINEER: str(zhou),
        By.TEAM: str(team),
        By.CATEGORY: CATEGORIES[0].value,
        By.OFFICE: OFFICES[0],
        By.DEPARTMENT: DEPARTMENTS[0],
    }

    for by, narrowed in asked.items():
        scored = raw.scored(NOVEMBER, VALUES[by])[values[by]]
        handled = raw.handled(NOVEMBER, OF_COMPLAINTS[by], now).get(values[by], Handled())
        assert satisfaction.total(read(By.CATEGORY, **narrowed)) == scored
        assert complaints(**narrowed) == handled


def test_the_year_adds_up_month_by_month(chance, database, desk_of, head):
    chance(5).happens()
    raw = Raw(database)

    with database.reading() as session:
        desk = desk_of(session, head)
        months = satisfaction.trend(desk, Wanted(NOVEMBER))
        handled = satisfaction_complaints.trend(desk, Wanted(NOVEMBER))

    assert [str(month) for month, _ in months][::11] == ["2025-12", "2026-11"]
    for month, scored in months:
        everything = raw.scored(month, lambda engineer, ticket, raw: "all")
        assert scored == everything.get("all", Scored())
    counted = {month: each.received for month, each in handled}
    assert sum(counted.values()) == len(raw.complaints)
    assert counted[NOVEMBER] == sum(
        Month.of(row.submitted_at) == NOVEMBER for row in raw.complaints
    )


# --- what counts, case by case --------------------------------------------------------------------


def test_silence_is_not_rated_and_never_content(make_ticket, read):
    make_ticket(Status.CLOSED)

    (line,) = read(By.CATEGORY)

    assert line.scored == Scored(asked=1)
    assert line.scored.not_rated == 1
    assert line.scored.answered_tenths == 0
    assert line.scored.hundredths(Part.OVERALL) is None


def test_a_rating_outlives_the_reopening_of_its_ticket(make_person, make_ticket, by, read, now):
    wang = make_person("王芳")
    ticket = make_ticket(Status.CLOSED, requester=wang)
    by(wang).rate(ticket.id, Scores(1, 1, 1))
    by(wang, now + timedelta(hours=1)).reopen(ticket.id, "还是卡")

    (line,) = read(By.CATEGORY)

    assert line.scored == Scored(1, 1, 1, 1, 1, 1)


def test_a_closing_that_was_reopened_unrated_is_asked_no_more(
    make_person, make_ticket, by, read, now
):
    wang = make_person("王芳")
    ticket = make_ticket(Status.CLOSED, requester=wang)
    by(wang, now + timedelta(hours=1)).reopen(ticket.id, "还是卡")

    assert read(By.CATEGORY) == ()


def test_a_late_answer_counts_in_the_month_of_the_closing(make_engineer, rated, read):
    closed_at = datetime(2026, 10, 31, 23, 59, tzinfo=CHINA)
    rated(make_engineer().id, (5, 5, 4), at=closed_at, rated_after=timedelta(days=2))

    (line,) = read(By.CATEGORY, Month(2026, 10))

    assert line.scored == Scored(1, 1, 5, 5, 4, 0)
    assert read(By.CATEGORY) == ()


def test_few_answers_have_no_average_and_never_rank_high(make_engineer, rated, read):
    """Four times three fives stand below six good ones."""
    rated(make_engineer("周工").id, (5, 5, 5), FEW - 1)
    rated(make_engineer("吴工").id, (5, 4, 5), FEW + 1)

    first, last = read(By.ENGINEER)

    assert (first.called, last.called) == ("吴工", "周工")
    assert first.scored.hundredths(Part.OVERALL) == 466
    assert last.scored.hundredths(Part.OVERALL) is None
    assert last.scored.answered == FEW - 1


def test_many_good_scores_rank_above_a_few_perfect_ones(make_engineer, rated, read):
    rated(make_engineer("周工").id, (5, 5, 5), FEW)
    rated(make_engineer("吴工").id, (5, 4, 5), 40)

    assert [line.called for line in read(By.ENGINEER)] == ["吴工", "周工"]


def test_a_clerk_who_is_concerned_finds_figures_as_if_it_had_never_been(
    database, desk_of, make_person, make_engineer, complaints
):
    cast = complaint_kit.cast_of(make_person, make_engineer)
    concerned = make_person("李娜", Role.DESK)
    before = {by: complaints(by, reader=concerned) for by in (None, *By)}
    complaint = complaint_kit.decided(database, desk_of, cast)
    with database.transaction() as session:
        session.add(
            ComplaintPerson(
                complaint_id=complaint.id, person_id=concerned.id, why="found", is_found=True
            )
        )

    assert {by: complaints(by, reader=concerned) for by in (None, *By)} == before
    assert complaints(reader=cast.clerk).upheld == 1


def test_an_engineer_reads_no_figures_of_either_sort(make_engineer, read, complaints):
    zhou = make_engineer("周工")

    with pytest.raises(NotPermitted):
        read(By.ENGINEER, reader=zhou)
    with pytest.raises(NotPermitted):
        complaints(reader=zhou)


def test_a_month_is_read_along_its_indexes(database):
    """However many years lie behind it."""
    statement = select(satisfaction._asked((NOVEMBER, NOVEMBER)))
    with database.reading() as session:
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("PostgreSQL chooses by the size of the table")
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        rows = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + str(compiled))
        plan = " ".join(str(row) for row in rows)

    assert "ix_tickets_closed_at" in plan and "ix_ratings_rated_at" in plan
