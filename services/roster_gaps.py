"""What a plan lacks: too few people, hours without anybody, nights without rest, no way to call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar import ServiceHours, Stretch
from domain.cover import Piece, lacking, midnight, too_close, without
from domain.roster import Asked, Work
from models import Duty, Leave, Person
from services import roster, roster_shifts
from services.roster_shifts import ShiftView


@dataclass(frozen=True, slots=True)
class Gap:
    """A shift that has fewer people than it needs, for a while."""

    shift: ShiftView
    day: date
    begins: datetime
    ends: datetime
    missing: int


class Lack(StrEnum):
    """Why somebody on the roster would not hear."""

    NO_CHAT = auto()
    NOT_FOLLOWING = auto()
    UNREACHED = auto()
    NO_PHONE = auto()  # asked of those on call


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody who is planned and cannot be called."""

    person_id: int
    name: str
    lack: Lack
    first: datetime  # when their duty begins


@dataclass(frozen=True, slots=True)
class Tired:
    """Two duties of one person with too little time between them."""

    name: str
    ends: datetime
    begins: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of some days, read once and asked many things."""

    days: tuple[date, ...]
    shifts: tuple[ShiftView, ...]
    duties: Sequence[Duty]
    leaves: Mapping[int, Sequence[Leave]]  # by person

    @property
    def within(self) -> Stretch:
        return Stretch(midnight(self.days[0]), midnight(self.days[-1] + timedelta(days=1)))

    def worked(self, duty: Duty) -> list[Stretch]:
        """The time of a duty without the leave that was granted since."""
        away = [
            Stretch(leave.begins_at, leave.ends_at)
            for leave in self.leaves.get(duty.person_id, ())
            if leave.state is Asked.GRANTED
        ]
        whole = Stretch(duty.begins_at, duty.ends_at)
        return without(whole, away) if away else [whole]


def read(session: Session, days: Sequence[date]) -> Plan:
    """Everything about these days; the night before them is read along."""
    begin, end = midnight(days[0]), midnight(days[-1] + timedelta(days=1))
    duties = roster.duties_between(session, begin, end + roster.LASTS_AT_MOST)
    leaves: dict[int, list[Leave]] = defaultdict(list)
    for leave in roster.leaves_between(session, begin, end + roster.LASTS_AT_MOST):
        leaves[leave.person_id].append(leave)
    return Plan(tuple(days), roster_shifts.listed(session), duties, leaves)


def gaps(plan: Plan, hours: ServiceHours) -> list[Gap]:
    """Day by day, where a shift that is worked on the day has too few people."""
    by_work: dict[Work, list[Stretch]] = defaultdict(list)
    for duty in plan.duties:
        if duty.category is None:  # who is on call for one thing alone does not stand for all
            by_work[duty.work] += plan.worked(duty)
    return [
        Gap(shift, day, piece.begins, piece.ends, shift.needed - piece.count)
        for day in plan.days
        for shift in plan.shifts
        if shift.needed and shift.runs_on(day, hours)
        for piece in lacking(shift.span_on(day), by_work[shift.work], shift.needed)
    ]


def uncovered(plan: Plan) -> list[Piece]:
    """When nobody at all is there or on call (规范8: 24 hours)."""
    worked = [stretch for duty in plan.duties for stretch in plan.worked(duty)]
    return lacking(plan.within, worked)


def tired(plan: Plan, names: Mapping[int, str]) -> list[Tired]:
    """Whoever works again too soon; being on call at home is no work."""
    own: dict[int, list[Stretch]] = defaultdict(list)
    for duty in plan.duties:
        if duty.work is not Work.ON_CALL:
            own[duty.person_id].append(Stretch(duty.begins_at, duty.ends_at))
    found = [
        Tired(names[person_id], one.ends, other.begins)
        for person_id, stretches in own.items()
        if person_id in names
        for one, other in too_close(stretches)
        if other.begins < plan.within.ends
    ]
    return sorted(found, key=lambda each: each.begins)


def unreachable(session: Session, duties: Iterable[Duty], now: datetime) -> list[Unreachable]:
    """Of those who are planned from now on, whom no message or call would reach."""
    first: dict[int, datetime] = {}
    on_call: set[int] = set()
    for duty in duties:
        if duty.ends_at > now:
            first.setdefault(duty.person_id, duty.begins_at)
            if duty.work is Work.ON_CALL:
                on_call.add(duty.person_id)
    if not first:
        return []
    people = session.scalars(select(Person).where(Person.id.in_(first)).order_by(Person.name))
    judged = [(person, _lack(person, is_on_call=person.id in on_call)) for person in people]
    return [
        Unreachable(person.id, person.name or "", lack, first[person.id])
        for person, lack in judged
        if lack is not None
    ]


def _lack(person: Person, *, is_on_call: bool) -> Lack | None:
    if person.openid is None:
        return Lack.NO_CHAT
    if not person.is_following:
        return Lack.NOT_FOLLOWING
    if person.unreached_since is not None:
        return Lack.UNREACHED
    if is_on_call and not person.reached_by:
        return Lack.NO_PHONE
    return None
