"""Attainment is counted from what is stored, month by month, never rounded up (R4)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain.calendar import CHINA
from domain.category import Category
from domain.months import Month
from domain.permissions import Role
from domain.refusals import NotPermitted
from domain.targets import TargetKind, TargetState, WaitsFor
from models import Person, Team, TicketTarget
from services import attainment
from services.attainment import By, Count, Wanted
from tests.services.promise_kit import NOVEMBER, Past

MONTH = Month(2026, 11)
MET, MISSED = TargetState.MET, TargetState.MISSED


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def past(database, make_person):
    return Past(database, make_person().id)


@pytest.fixture
def read(database, desk_of, head):
    def read(by=By.TEAM, **wanted):
        with database.reading() as session:
            return attainment.attainment(
                desk_of(session, head), Wanted(**{"month": MONTH, **wanted}), by
            )

    return read


def test_each_line_has_its_counts_beside_the_percentage(past, read):
    past.promise()
    past.promise(MISSED, category=Category.NETWORK)
    past.promise(category=Category.NETWORK)

    lines = read(By.CATEGORY).lines

    assert [(line.value, line.all) for line in lines] == [
        ("network", Count(1, 1)),
        ("printer", Count(1, 0)),
    ]
    assert lines[0].counts == {TargetKind.DIAGNOSIS: Count(1, 1)}


def test_teams_and_engineers_are_called_by_name_and_nobody_is_a_line_of_its_own(
    past, read, database, make_engineer
):
    zhou = make_engineer("周工")
    with database.transaction() as session:
        team = Team(name="打印组")
        session.add(team)
        session.flush()
        team_id = team.id
    past.promise(team_id=team_id, engineer_id=zhou.id)
    past.promise(MISSED)

    assert [(line.value, line.called) for line in read().lines] == [
        ("", ""),
        (str(team_id), "打印组"),
    ]
    assert read(By.ENGINEER, team_id=team_id).lines[0].called == "周工"


def test_one_miss_among_many_is_never_a_hundred_percent():
    assert Count(99_999, 1).tenths == 999
    assert Count(2, 1).tenths == 666
    assert Count(3, 0).tenths == 1000
    assert Count().tenths is None


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 10, 31, 23, 59, tzinfo=CHINA), "2026-10"),
        (datetime(2026, 11, 1, 0, 0, tzinfo=CHINA), "2026-11"),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=CHINA), "2026-11"),
        (datetime(2026, 12, 1, 0, 0, tzinfo=CHINA), "2026-12"),
    ],
)
def test_a_month_is_cut_by_the_clock_of_the_desk(past, read, at, month):
    past.promise(settled_at=at)

    assert read(month=Month.read(month)).all == Count(1, 0)


def test_what_runs_or_was_dropped_does_not_count(past, read):
    past.promise(TargetState.RUNNING, settled_at=NOVEMBER, done_at=None)
    past.promise(TargetState.DROPPED)

    assert read().all == Count()
    assert read().lines == ()


def test_reasons_are_tallied_and_what_nobody_explained_is_named_so(past, read):
    for reason in ("等配件", "等配件", None):
        past.promise(MISSED, miss_reason=reason)
    past.promise(miss_reason=None)

    assert read().reasons == (("等配件", 2), ("", 1))


def test_a_pause_that_stopped_two_promises_of_a_ticket_is_counted_once(past, read):
    ticket = past.ticket()
    past.promise(ticket_id=ticket, paused={"vendor": 90})
    past.promise(kind=TargetKind.FEEDBACK, ticket_id=ticket, paused={"vendor": 60, "part": 30})

    assert read().waited == {WaitsFor.VENDOR: 90, WaitsFor.PART: 30}


def test_the_year_is_shown_month_by_month_with_its_gaps(past, database, desk_of, head):
    past.promise(settled_at=datetime(2025, 12, 31, 23, 0, tzinfo=CHINA))
    past.promise(MISSED)
    past.promise(settled_at=datetime(2025, 11, 30, 23, 0, tzinfo=CHINA))

    with database.reading() as session:
        months = attainment.trend(desk_of(session, head), Wanted(MONTH))

    assert [str(month) for month, _ in months][::11] == ["2025-12", "2026-11"]
    assert [count.total for _, count in months] == [1, *[0] * 10, 1]


def test_figures_stay_when_people_move_and_are_renamed(past, read, database, make_engineer):
    zhou = make_engineer("周工")
    past.promise(MISSED, engineer_id=zhou.id, department="财务部")
    before = read(By.DEPARTMENT).lines

    with database.transaction() as session:
        session.get_one(Person, zhou.id).department = "别的部门"

    assert read(By.DEPARTMENT).lines == before


def test_a_requester_reads_no_figures(database, desk_of, make_person):
    wang = make_person()

    with database.reading() as session, pytest.raises(NotPermitted):
        attainment.attainment(desk_of(session, wang), Wanted(MONTH), By.TEAM)


def test_a_month_is_read_along_its_index(past, database):
    """However many years lie behind it."""
    statement = select(TicketTarget.id).where(*attainment.conditions(Wanted(MONTH)))
    with database.reading() as session:
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("PostgreSQL chooses by the size of the table")
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + str(compiled))

        assert "ix_ticket_targets_settled_at" in " ".join(str(row) for row in plan)


def test_months_move_over_the_turn_of_the_year():
    assert str(Month(2026, 1).moved(-1)) == "2025-12"
    assert str(Month(2026, 12).moved(1)) == "2027-01"
    assert Month(2026, 2).ends_at - Month(2026, 2).begins_at == timedelta(days=28)


@pytest.mark.parametrize("written", ["2026-13", "2026-1", "1999-01", "november", "2026-11-01"])
def test_what_is_no_month_is_refused(written):
    with pytest.raises(ValueError, match=written):
        Month.read(written)
