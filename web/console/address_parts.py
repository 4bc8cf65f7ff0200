"""What addresses of reports are made of: a month, the number of a row."""

from datetime import datetime

from domain.months import Month


def month_of(written: str, now: datetime) -> Month:
    """The month that is written, or else this one; ValueError for what is none."""
    return Month.read(written) if written else Month.of(now)


def number_of(written: str) -> int | None:
    """ValueError for what is no number of a row."""
    if not written:
        return None
    number = int(written) if written.isascii() and written.isdecimal() else 0
    if not 0 < number < 2**31:
        raise ValueError(written)
    return number
