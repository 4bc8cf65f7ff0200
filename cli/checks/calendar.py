"""Whether the arrangement of this year and the next is known (R-072)."""

from collections.abc import Iterator
from datetime import datetime

from cli.checks.finding import Finding, Room, look, right, wrong
from domain.calendar import CHINA, ServiceHours
from services import service_calendar


def years(room: Room) -> Iterator[Finding]:
    """This year has to be there; from November on the next one is asked for."""
    from wiring import hours_of

    with room.database.reading() as session:
        try:
            own = service_calendar.own(session)
        except ValueError:
            yield wrong("doctor.calendar.unreadable")
            return
    hours = service_calendar.hours_with(hours_of(room.settings.service), own)
    yield _found(hours, room.now)


def _found(hours: ServiceHours, now: datetime) -> Finding:
    year, missing = now.astimezone(CHINA).year, hours.missing_year(now)
    if missing is not None:
        return wrong("doctor.calendar.now", year=missing) if missing == year else _next(missing)
    if hours.week_of(now.astimezone(CHINA).date()).is_the_same_daily:
        return right("doctor.calendar.never_closes")
    is_next_known = hours.is_sure_of_year(year + 1)
    return right("doctor.calendar.right", year=year + 1 if is_next_known else year)


def _next(year: int) -> Finding:
    return look("doctor.calendar.next", year=year)
