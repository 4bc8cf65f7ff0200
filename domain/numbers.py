"""Numbers of tickets and complaints: a prefix, the day at the desk, and a count of that day."""

from datetime import date, datetime

from domain.calendar import CHINA

TICKET_PREFIX = "IT"
COMPLAINT_PREFIX = "TS"


def desk_day(at: datetime) -> date:
    """The day that a clock on the desk's wall shows."""
    return at.astimezone(CHINA).date()


def ticket_number(day: date, count: int) -> str:
    """`IT20261124-0007`; past 9999 the count just grows longer."""
    return f"{TICKET_PREFIX}{day:%Y%m%d}-{count:04d}"


def complaint_number(day: date, count: int) -> str:
    """`TS20261124-0002`."""
    return f"{COMPLAINT_PREFIX}{day:%Y%m%d}-{count:04d}"


def short_number(number: str) -> str:
    """The part that people say aloud: `0007`."""
    return number.rpartition("-")[2]
