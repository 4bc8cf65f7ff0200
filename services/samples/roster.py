"""The samples' roster: this week and the next, of a shift that lacks nobody and rings nobody."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from domain.cover import day_of, midnight
from domain.roster import Work
from models import Duty, SampleKind, Shift
from services.samples.loaded import Loaded

if TYPE_CHECKING:
    from services.desk import Desk

DAYS = 14
_WEEKEND = 5  # Saturday's number


def load(desk: "Desk", told: Mapping[str, Any], loaded: Loaded) -> None:
    """Never on call: whom nothing reaches is nobody to be called at night."""
    shift = Shift(
        name=told["name"],
        work=Work.FIELD,
        begins=told["begins"],
        ends=told["ends"],
        needed=0,
        on_working_days=True,
        on_days_off=False,
    )
    desk.session.add(shift)
    desk.session.flush()
    loaded.note(desk.session, SampleKind.SHIFT, shift.id, shift.name)
    today = day_of(desk.now)
    monday = today - timedelta(days=today.weekday())
    for day in (monday + timedelta(days=count) for count in range(DAYS)):
        if day.weekday() < _WEEKEND:
            desk.session.add_all(_duty(desk, shift, each.id, day) for each in loaded.engineers())
    desk.session.flush()


def _duty(desk: "Desk", shift: Shift, person_id: int, day: date) -> Duty:
    """Signed already: the clock that looks after the roster has nothing to ask."""
    begins, ends = midnight(day, shift.begins), midnight(day, shift.ends)
    return Duty(
        person_id=person_id,
        shift_id=shift.id,
        work=shift.work,
        position=1,
        begins_at=begins,
        ends_at=ends,
        made_by_id=desk.actor.id,
        made_at=desk.now,
        reminded_at=begins,
        signed_in_at=begins,
        signed_out_at=ends,
    )
