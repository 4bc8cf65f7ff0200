"""Times in English: tomorrow after 10 am, Friday afternoon, in two hours, between 3 and 5 pm."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendar import CHINA
from nlp.patterns import linear

__all__ = ["TIME", "Span", "read_span"]

_OPENS, _CLOSES = 9 * 60, 18 * 60  # minutes of the day
_EARLIEST_BARE_HOUR = 8  # «at 3» is 15:00, «at 8» is 8:00

_PARTS = {
    "morning": _OPENS, "after lunch": 13 * 60 + 30, "lunch": 12 * 60, "afternoon": 14 * 60,
    "evening": 19 * 60, "tonight": 19 * 60, "end of day": _CLOSES, "end of the day": _CLOSES,
}  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
} | {"a": 1, "an": 1, "half an": 0.5}

_WEEKDAY = (
    r"(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])"  # fri, friday
)
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}"
_TH = r"(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?:on )?(?:the )?(?:{_MONTH} \d{{1,2}}{_TH}|\d{{1,2}}{_TH} (?:of )?{_MONTH})(?![\da-z]))"
)
_DAY = (
    r"(?:(?:the )?day after tomorrow|today|tomorrow|tonight"
    rf"|(?:(?:on|this|next|coming) ){{0,2}}{_WEEKDAY}|next week|{_DATE})"
)
_PART = (
    r"(?:(?:(?:this|in the|the) )?(?:morning|afternoon|evening)(?![a-z])"
    r"|(?:after )?lunch(?: ?time)?(?![a-z])|end of (?:the )?day)"
)
_CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d{2})? ?(?:[ap]\.?m(?:\.|(?![a-z]))|o['’]clock)|\d{1,2}:\d{2}(?!\d)"
    r"|noon(?![a-z])|midday)"
)
_BARE = r"(?:\d{1,2}(?![\da-z:%]| ?(?:floor|people|pages|times|days?|weeks?|hours?|min)))"
_SIDE = r"(?:after|from|before|by|until|till|at|around|about|between)"
_RANGE = rf"(?:(?:{_CLOCK}|{_BARE}) ?(?:-|to|and|until|till) ?(?:{_CLOCK}|{_BARE}))"
_SIDED = (
    rf"(?:(?:any ?time )?{_SIDE} (?:{_RANGE}|{_CLOCK}|{_BARE}|(?={_DAY}|{_PART}))(?: or later)?)"
)
_LATER = (
    rf"(?:in (?:half an|an?|\d{{1,3}}|{'|'.join(list(_NUMBERS)[:10])})"
    r" (?:min(?:ute)?s?|hours?|hrs?|days?|weeks?)(?![a-z]))"
)
_TOKEN = rf"(?:{_LATER}|{_DAY}|{_PART}|{_SIDED}|{_RANGE}|{_CLOCK})"
TIME = rf"(?<![a-z\d])(?:{_TOKEN}(?:[ ,]{{0,2}}{_TOKEN}){{0,4}})"
"""A stretch of a message, folded, that names a time and nothing else."""

_DAY_IN = linear(
    rf"(?P<plain>day after tomorrow|today|tomorrow|tonight)|(?P<next>next )?(?P<weekday>{_WEEKDAY})"
    rf"|(?P<week>next week)|(?P<month>{_MONTH}) (?P<day>\d{{1,2}}){_TH}"
    rf"|(?P<first>\d{{1,2}}){_TH} (?:of )?(?P<its_month>{_MONTH})"
)
_PART_IN = linear("|".join(_PARTS))
_CLOCK_IN = linear(
    rf"(?P<side>{_SIDE}|to|and|-)? ?(?:(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?"
    r" ?(?P<half>[ap]\.?m)?|(?<![a-z])(?P<noon>noon|midday))"
)
_LATER_IN = linear(r"in (?P<count>half an|an?|\d{1,3}|[a-z]{3,5}) (?P<unit>min|hour|hr|day|week)")
_ENDS = frozenset({"before", "by", "until", "till", "to", "and", "-"})
_ENDS_IN = linear(r"(?<![a-z])(?:before|by|until|till) ")


@dataclass(frozen=True, slots=True)
class Span:
    """The instants between which something shall be; None: open."""

    begins: datetime | None = None
    ends: datetime | None = None


def read_span(words: str, now: datetime) -> Span | None:
    """What a stretch that `TIME` matched means, in Shanghai's time; None for what has passed."""
    here = now.astimezone(CHINA)
    try:
        span = _later(words, here) or _on_a_day(words, here)
    except (OverflowError, ValueError):  # 30 February
        return None
    named = [at for at in (span.begins, span.ends) if at is not None]
    return span if named and max(named) > here else None


def _later(words: str, now: datetime) -> Span | None:
    match = _LATER_IN.search(words)
    if match is None:
        return None
    count = _NUMBERS.get(match["count"]) or (int(match["count"]) if match["count"].isdigit() else 0)
    unit = {"min": 1, "day": 24 * 60, "week": 7 * 24 * 60}.get(match["unit"], 60)
    return Span(now + timedelta(minutes=count * unit)) if count else None


def _on_a_day(words: str, now: datetime) -> Span:
    found = _DAY_IN.search(words)
    rest = words[: found.start()] + " " + words[found.end() :] if found else words
    day = _day(found, now.date()) if found else now.date()
    begins, ends = _clocks(rest, _PART_IN.search(words))
    if begins is None and ends is None:
        begins, ends = _without_clock(words, is_today=day == now.date())
    span = Span(*(_at(day, minutes) for minutes in (begins, ends)))
    last = span.ends or span.begins
    if last is None or last > now:
        return span
    weekday = bool(found and found["weekday"])
    if found and not weekday:
        return span
    days = timedelta(days=7 if weekday else 1)  # «at 9» said at ten, «Tuesday» on its evening
    return Span(span.begins and span.begins + days, span.ends and span.ends + days)


def _at(day: date, minutes: int | None) -> datetime | None:
    return (
        None
        if minutes is None
        else datetime.combine(day, time(), CHINA) + timedelta(minutes=minutes)
    )


def _without_clock(words: str, *, is_today: bool) -> tuple[int | None, int | None]:
    """A part of the day, or the whole of it: today until it closes."""
    part = _PART_IN.search(words)
    minutes = _PARTS[part[0]] if part else None
    if _ENDS_IN.search(words) or (part and part[0].startswith("end")):
        return None, _OPENS if minutes is None else minutes
    if minutes is None and is_today:
        return None, _CLOSES
    return _OPENS if minutes is None else minutes, None


def _clocks(words: str, part: re.Match[str] | None) -> tuple[int | None, int | None]:
    """From when and until when: after 10, between 3 and 5 pm."""
    found = [match for match in _CLOCK_IN.finditer(words) if _is_time(match)]
    half = next((match["half"] for match in reversed(found) if match["half"]), None)
    half = half or ("pm" if part and _PARTS[part[0]] >= 12 * 60 else None)
    begins = ends = None
    for match in found:
        minutes = _minutes(match, half)
        if (match["side"] or "") in _ENDS:
            ends = minutes
        elif begins is None:
            begins = minutes
    if begins is not None and ends is not None and begins >= ends:
        begins -= 12 * 60  # 11 to 1 pm
    return begins, ends


def _is_time(match: re.Match[str]) -> bool:
    return bool(match["noon"]) or int(match["hour"]) < 24


def _minutes(match: re.Match[str], half: str | None) -> int:
    if match["noon"]:
        return 12 * 60
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = match["half"] or (half if hour <= 12 else None)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif 0 < hour < _EARLIEST_BARE_HOUR:
        hour += 12
    return hour * 60 + minute


def _day(match: re.Match[str], today: date) -> date:
    if match["plain"]:
        return today + timedelta(
            days={"tomorrow": 1, "day after tomorrow": 2}.get(match["plain"], 0)
        )
    monday = today - timedelta(days=today.weekday())
    if match["week"]:
        return monday + timedelta(days=7)
    if match["weekday"]:
        weekday = _WEEKDAYS.index(match["weekday"][:3])
        if match["next"]:
            return monday + timedelta(days=7 + weekday)
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    month = _MONTHS.index((match["month"] or match["its_month"])[:3]) + 1
    meant = date(today.year, month, int(match["day"] or match["first"]))
    return meant if meant >= today else meant.replace(year=today.year + 1)
