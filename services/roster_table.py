"""The roster as a table: people down, days across, what each day lacks (D1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from domain.calendar import ServiceHours, Stretch
from domain.cover import Piece, day_of, midnight, pieces
from domain.permissions import Permission, Role, demand
from domain.roster import Asked, Work
from models import Duty, Leave, Person, Team
from services import roster_gaps, roster_shifts
from services.roster_gaps import Plan
from services.roster_plan import STAFF
from services.roster_shifts import ShiftView
from services.roster_views import Cell, DayView, DutyView, Need, Row, Table
from services.speakers import holds

if TYPE_CHECKING:
    from services.desk import Desk


def table(desk: "Desk", days: Sequence[date], team_id: int | None = None) -> Table:
    """The whole of it for who plans and who may swap; a vendor's people see their own."""
    demand(desk.actor.roles, Permission.ROSTER_READ)
    plan = roster_gaps.read(desk.session, days)
    may_plan = desk.actor.could(Permission.ROSTER_PLAN)
    people = _people(desk, team_id, {duty.person_id for duty in plan.duties})
    names = {person.id: person.name or "" for person, _ in people}
    open_days = [day for day in days if day >= day_of(desk.now)]
    ahead = Plan(tuple(open_days), plan.shifts, plan.duties, plan.leaves) if open_days else None
    return Table(
        days=_days(desk, plan),
        needs=_needs(plan, desk.rules.hours),
        rows=_rows(desk, plan, people),
        shifts=plan.shifts,
        teams=_teams(desk),
        gaps=tuple(roster_gaps.gaps(ahead, desk.rules.hours)) if ahead and may_plan else (),
        uncovered=tuple(_from(roster_gaps.uncovered(ahead), desk.now))
        if ahead and may_plan
        else (),
        unreachable=tuple(roster_gaps.unreachable(desk.session, _shown(plan), desk.now))
        if may_plan
        else (),
        tired=tuple(roster_gaps.tired(plan, names)) if may_plan else (),
        may_plan=may_plan,
    )


def _from(found: Iterable[Piece], now: datetime) -> Iterable[Piece]:
    return (piece for piece in found if piece.ends > now)


def _shown(plan: Plan) -> list[Duty]:
    return [duty for duty in plan.duties if duty.begins_at < plan.within.ends]


def _people(
    desk: "Desk", team_id: int | None, planned: set[int]
) -> list[tuple[Person, str | None]]:
    """Everybody who can be planned, and whoever is planned though they left."""
    statement = (
        select(Person, Team.name)
        .join(Team, Team.id == Person.team_id, isouter=True)
        .where(or_(Person.is_active, Person.id.in_(planned)))
        .where(holds(*STAFF))
        .order_by(Team.name.is_(None), Team.name, Person.name, Person.id)
    )
    if team_id is not None:
        statement = statement.where(Person.team_id == team_id)
    if not sees_all(desk):
        statement = statement.where(Person.id == desk.actor.id)
    return [(row[0], row[1]) for row in desk.session.execute(statement)]


def sees_all(desk: "Desk") -> bool:
    """Colleagues swap duties; people of another firm know their own."""
    return bool(desk.actor.roles & {Role.DESK, Role.HEAD, Role.ENGINEER, Role.ADMIN})


def _teams(desk: "Desk") -> tuple[tuple[int, str], ...]:
    rows = desk.session.execute(select(Team.id, Team.name).order_by(Team.name))
    return tuple((row.id, row.name) for row in rows) if sees_all(desk) else ()


# --- rows ----------------------------------------------------------------------------------------


def _rows(desk: "Desk", plan: Plan, people: Sequence[tuple[Person, str | None]]) -> tuple[Row, ...]:
    shifts = {each.id: each for each in roster_shifts.listed(desk.session, is_active=False)}
    own: dict[tuple[int, date], list[DutyView]] = defaultdict(list)
    for duty in plan.duties:
        own[duty.person_id, day_of(duty.begins_at)].append(_duty(duty, shifts))
    return tuple(_row(desk, plan, person, team, own) for person, team in people)


def _row(
    desk: "Desk",
    plan: Plan,
    person: Person,
    team: str | None,
    own: Mapping[tuple[int, date], Sequence[DutyView]],
) -> Row:
    leaves = plan.leaves.get(person.id, ())
    cells = tuple(_cell(day, own.get((person.id, day), ()), leaves, desk.now) for day in plan.days)
    duties = [duty for cell in cells for duty in cell.duties]
    return Row(
        person.id,
        person.name or "",
        team,
        person.id == desk.actor.id,
        cells,
        _hours(duty for duty in duties if duty.work is not Work.ON_CALL),
        _hours(duty for duty in duties if duty.work is Work.ON_CALL),
        sum(day_of(duty.ends - timedelta(minutes=1)) > day_of(duty.begins) for duty in duties),
    )


def _cell(day: date, duties: Sequence[DutyView], leaves: Sequence[Leave], now: datetime) -> Cell:
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    touching = [each for each in leaves if each.begins_at < end and each.ends_at > begin]
    return Cell(
        day,
        tuple(duties),
        any(each.state is Asked.GRANTED for each in touching),
        any(each.state is Asked.ASKED for each in touching),
        end <= now,
    )


def _duty(duty: Duty, shifts: Mapping[int, ShiftView]) -> DutyView:
    shift = shifts.get(duty.shift_id or 0)
    day = day_of(duty.begins_at)
    return DutyView(
        duty.id,
        shift,
        duty.work,
        duty.position,
        duty.category,
        duty.begins_at,
        duty.ends_at,
        shift is None or shift.span_on(day) != Stretch(duty.begins_at, duty.ends_at),
        duty.signed_in_at is not None,
        duty.missed_at is not None,
    )


def _hours(duties: Iterable[DutyView]) -> int:
    return round(sum((each.ends - each.begins).total_seconds() for each in duties) / 3600)


# --- days ----------------------------------------------------------------------------------------


def _days(desk: "Desk", plan: Plan) -> tuple[DayView, ...]:
    worked = [stretch for duty in plan.duties for stretch in plan.worked(duty)]
    hours, today = desk.rules.hours, day_of(desk.now)
    return tuple(
        DayView(
            day,
            hours.is_working_day(day),
            day == today,
            day < today,
            tuple(pieces(_whole(day), worked)),
        )
        for day in plan.days
    )


def _whole(day: date) -> Stretch:
    return Stretch(midnight(day), midnight(day + timedelta(days=1)))


def _needs(plan: Plan, hours: ServiceHours) -> tuple[Need, ...]:
    missing: dict[tuple[int, date], int] = defaultdict(int)
    for gap in roster_gaps.gaps(plan, hours):
        key = (gap.shift.id, gap.day)
        missing[key] = max(missing[key], gap.missing)
    return tuple(
        Need(shift, tuple(_have(shift, day, missing, hours) for day in plan.days))
        for shift in plan.shifts
        if shift.needed
    )


def _have(
    shift: ShiftView, day: date, missing: Mapping[tuple[int, date], int], hours: ServiceHours
) -> int | None:
    return shift.needed - missing.get((shift.id, day), 0) if shift.runs_on(day, hours) else None
