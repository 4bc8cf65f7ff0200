"""The shifts that most desks have, for one that has none yet (D1)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.calendar import MINUTES_A_DAY
from domain.cover import day_of
from domain.permissions import Permission, demand
from domain.roster import Work
from models import Shift
from services import roster_shifts
from services.roster_shifts import NewShift

if TYPE_CHECKING:
    from services.desk import Desk


def begin_with(desk: "Desk", names: Mapping[str, str]) -> int:
    """The shifts of a desk that has none yet, by its service hours; together they are all day."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    if desk.session.scalar(select(Shift.id).limit(1)) is not None:
        return 0
    opens, closes = _hours_of_a_day(desk)
    wanted = [
        NewShift(names["desk"], Work.DESK, opens, closes, 1, True, False),
        NewShift(names["field"], Work.FIELD, opens, closes, 1, True, False),
    ]
    if (opens, closes) != (0, MINUTES_A_DAY):
        wanted += [
            NewShift(names["night"], Work.ON_CALL, closes % MINUTES_A_DAY, opens, 1, True, True),
            NewShift(names["day_off"], Work.ON_CALL, opens, closes, 1, False, True),
        ]
    return len([roster_shifts.add(desk, each) for each in wanted])


def _hours_of_a_day(desk: "Desk") -> tuple[int, int]:
    """From the first opening to the last closing of the first day of the week that is worked."""
    days = desk.rules.hours.week_of(day_of(desk.now)).days
    hours = next((day for day in days if day), None)
    return (hours[0].begins, hours[-1].ends) if hours else (480, 1080)
