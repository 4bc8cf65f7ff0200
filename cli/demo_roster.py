"""The demonstration's roster: who is there this week and next, and who is called at night.

Its desk is open round the clock and whoever plays is there, so everybody's shift follows upon
their last one: nobody is missed, and nobody is signed out while somebody looks on.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cli.context import Desk
from domain.cover import day_of, midnight
from domain.permissions import Role
from domain.roster import Work
from domain.rounds import Round
from models import Duty, Person, RosterPattern
from services import roster_filling, roster_patterns, roster_shifts
from services.desk import Desk as Acts
from services.roster_shifts import NewShift
from services.speakers import speaker_of
from wiring import rules_of

WEEKS = 2
_DAY = timedelta(days=1)
_HOURS = {
    Work.FIELD: (0, 24 * 60),
    Work.DESK: (0, 24 * 60),
    Work.ON_CALL: (18 * 60, 8 * 60),
}


def seed_roster(desk: Desk) -> None:
    """Made once, and from then on gone on with by the clock; at each start everybody is there."""
    with desk.database.transaction() as session:
        head = _head(session)
        if head is None:
            return
        if session.scalar(select(RosterPattern.id).limit(1)) is None:
            monday = day_of(desk.clock())
            monday -= monday.weekday() * _DAY
            _make(Acts(session, midnight(monday), rules_of(desk.settings), speaker_of(head)), desk)
        _be_there(session, desk.clock())


def _head(session: Session) -> Person | None:
    everybody = session.scalars(select(Person).where(Person.is_active).order_by(Person.id))
    return next((each for each in everybody if Role.HEAD in each.roles), None)


def _make(acts: Acts, desk: Desk) -> None:
    """As if the head had planned it on Monday morning."""
    monday = day_of(acts.now)
    shifts = {work: _shift(acts, desk, work) for work in Work}
    crews = _crews(acts.session)
    rounds = {
        Work.FIELD: Round((shifts[Work.FIELD],), crews[Work.FIELD], 0, monday),
        Work.DESK: Round((shifts[Work.DESK],), crews[Work.DESK], 0, monday),
        Work.ON_CALL: _by_turns(shifts[Work.ON_CALL], crews[Work.ON_CALL], monday),
    }
    made = [
        roster_patterns.save(acts, _words(desk, acts, f"patterns.{work.value}"), wanted)
        for work, wanted in rounds.items()
        if wanted.people
    ]
    roster_filling.fill(acts, made, monday, monday + WEEKS * 7 * _DAY - _DAY)


def _words(desk: Desk, acts: Acts, key: str) -> str:
    return desk.texts.words(f"cli.demo.{key}", {}, acts.now)


def _shift(acts: Acts, desk: Desk, work: Work) -> int:
    begins, ends = _HOURS[work]
    name = _words(desk, acts, f"shifts.{work.value}")
    return roster_shifts.add(acts, NewShift(name, work, begins, ends, 1, True, True))


def _by_turns(shift_id: int, people: Sequence[int], since: date) -> Round:
    """A night each."""
    nights = (shift_id, *([None] * (len(people) - 1)))
    return Round(nights, tuple(people), 1, since)


def _crews(session: Session) -> Mapping[Work, tuple[int, ...]]:
    """Engineers are there and on call; the desk's shifts are of who talks in the backend."""
    everybody = session.scalars(select(Person).where(Person.is_active).order_by(Person.id)).all()
    engineers = tuple(each.id for each in everybody if Role.ENGINEER in each.roles)
    clerks = [each for each in everybody if Role.DESK in each.roles]
    alone = tuple(each.id for each in clerks if Role.HEAD not in each.roles)
    return {Work.FIELD: engineers, Work.ON_CALL: engineers, Work.DESK: alone}


def _be_there(session: Session, now: datetime) -> None:
    """What has begun was signed in for, what is over signed out of: nobody is asked about it."""
    begun = update(Duty).where(Duty.begins_at <= now, Duty.signed_in_at.is_(None))
    session.execute(begun.values(signed_in_at=Duty.begins_at, reminded_at=Duty.begins_at))
    over = update(Duty).where(Duty.ends_at <= now, Duty.signed_out_at.is_(None))
    session.execute(over.values(signed_out_at=Duty.ends_at))
