"""Forms of the calendar: a week, days, a year's arrangement; read into what would be set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.calendar import Hours, ServiceHours, Span, Week, apart
from domain.sentence import Say
from nlp.holiday_notice import HolidayNotice, NoticeUnclear, read_notice
from services.service_calendar import CalendarRows, OwnDay, clock
from web.console.admin.hours_words import MADE_UP, WEEKDAYS
from web.forms import Field, Filled
from web.page import words

EDGES = "abcd"  # from, to, and once more after lunch
_DAYS_AT_ONCE = 31
_YEARS_AHEAD = 3  # that a date may lie in the future
_NOTE = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form is read against: the calendar as it stands, and the day."""

    rows: CalendarRows
    hours: ServiceHours
    today: date


Read = Callable[[Filled, Asked], CalendarRows | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of change; `read` answers nothing, and the problems, for what cannot be."""

    fields: tuple[Field, ...]
    read: Read
    has_form: bool = True


def spans_typed(filled: Filled, name: str) -> Hours | None:
    """Up to two spans of a day; None, and the problem beside its row."""
    typed = [filled[f"{name}_{edge}"] for edge in EDGES]
    found = []
    for begins, ends in (typed[:2], typed[2:]):
        if not begins and not ends:
            continue
        try:
            found.append(Span.of(time.fromisoformat(_padded(begins)), _time(ends)))
        except ValueError:
            filled.refuse(name, "service_calendar.problem.span")
            return None
    hours = tuple(found)
    if not apart(hours):
        filled.refuse(name, "service_calendar.problem.apart")
        return None
    return hours


def spans_shown(name: str, hours: Hours) -> dict[str, str]:
    """What the fields of a day hold."""
    edges = [clock(edge) for span in hours[:2] for edge in (span.begins, span.ends % 1440)]
    return dict(zip((f"{name}_{edge}" for edge in EDGES), edges, strict=False))


def _padded(typed: str) -> str:
    return typed.zfill(5)


def _time(typed: str) -> time:
    return time.fromisoformat(_padded(typed))


def date_typed(filled: Filled, name: str, asked: Asked) -> date | None:
    """A day that is not over and not far away; None, and the problem."""
    try:
        day = date.fromisoformat(filled[name])
    except ValueError:
        filled.refuse(name, "service_calendar.problem.date")
        return None
    if day < asked.today:
        filled.refuse(name, "service_calendar.problem.past")
        return None
    if day.year > asked.today.year + _YEARS_AHEAD:
        filled.refuse(name, "service_calendar.problem.far")
        return None
    return day


def _edges_of(name: str) -> tuple[Field, ...]:
    return tuple(Field(f"{name}_{edge}", 5) for edge in EDGES)


# --- a week --------------------------------------------------------------------------------------

ROWS = tuple(f"d{number}" for number in (*WEEKDAYS, MADE_UP))


def _week_read(filled: Filled, asked: Asked) -> CalendarRows | None:
    since = date_typed(filled, "since", asked)
    found = [spans_typed(filled, name) for name in ROWS]
    hours = [each for each in found if each is not None]
    if since is None or len(hours) < len(ROWS):
        return None
    one, two, three, four, five, six, seven, made_up = hours
    if not any(hours[:-1]):
        filled.refuse("since", "service_calendar.problem.never_open")
        return None
    return asked.rows.with_week(Week((one, two, three, four, five, six, seven), made_up, since))


def week_shown(week: Week, since: date) -> Filled:
    values = {"since": since.isoformat()}
    for name, hours in zip(ROWS, (*week.days, week.made_up), strict=True):
        values |= spans_shown(name, hours)
    return Filled(values)


WEEK = Kind(
    (
        Field("since", 10, is_required=True),
        *(each for name in ROWS for each in _edges_of(name)),
    ),
    _week_read,
)


def _week_out_read(filled: Filled, asked: Asked) -> CalendarRows | None:
    since = date_typed(filled, "since", asked)
    return asked.rows.without_week(since) if since else None


WEEK_OUT = Kind((Field("since", 10, is_required=True),), _week_out_read, has_form=False)


# --- days ----------------------------------------------------------------------------------------


def _day_read(filled: Filled, asked: Asked) -> CalendarRows | None:
    first = date_typed(filled, "day", asked)
    last = date_typed(filled, "until", asked) if filled["until"] else first
    hours = () if filled["is_open"] != "1" else spans_typed(filled, "own")
    if first is None or last is None or hours is None:
        return None
    count = (last - first).days + 1
    if not 1 <= count <= _DAYS_AT_ONCE:
        filled.problems["until"] = Say("service_calendar.problem.until", {"most": _DAYS_AT_ONCE})
        return None
    if filled["is_open"] == "1" and not hours:
        filled.refuse("own", "service_calendar.problem.no_hours")
        return None
    own = OwnDay(hours, filled["note"])
    return asked.rows.with_days({first + timedelta(days=each): own for each in range(count)})


def day_shown(day: date | None, asked: Asked) -> Filled:
    """A day as it is now, to be changed."""
    if day is None:
        return Filled({"is_open": "0"})
    hours = asked.hours.hours_of(day)
    own = asked.rows.days.get(day)
    values = {
        "day": day.isoformat(),
        "is_open": "1" if own and own.hours else "0",
        "note": own.note if own else "",
    }
    return Filled(values | spans_shown("own", hours))


DAY = Kind(
    (
        Field("day", 10, is_required=True),
        Field("until", 10),
        Field("note", _NOTE, is_required=True),
        Field("is_open", 1, choices=("0", "1")),
        *_edges_of("own"),
    ),
    _day_read,
)


def _day_out_read(filled: Filled, asked: Asked) -> CalendarRows | None:
    day = date_typed(filled, "day", asked)
    return asked.rows.without_day(day) if day else None


DAY_OUT = Kind((Field("day", 10, is_required=True),), _day_out_read, has_form=False)


# --- a year's arrangement ------------------------------------------------------------------------


def _year_read(filled: Filled, asked: Asked) -> CalendarRows | None:
    year = int(filled["year"])
    if filled["by_hand"] == "1" and not filled["notice"]:
        return asked.rows.with_year(year)
    if not filled["notice"]:
        filled.refuse("notice", "service_calendar.problem.no_notice")
        return None
    try:
        notice = read_notice(filled["notice"], year)
    except NoticeUnclear as unclear:
        key = (
            "service_calendar.problem.unclear"
            if unclear.words
            else "service_calendar.problem.nothing_found"
        )
        filled.problems["notice"] = Say(key, {"words": unclear.words, "year": year})
        return None
    return asked.rows.with_days(days_of(notice, asked)).with_year(year)


def days_of(notice: HolidayNotice, asked: Asked) -> Mapping[date, OwnDay]:
    """From today on: free days without hours, worked ones with those of a made-up day."""
    free = {day: OwnDay((), name[:_NOTE]) for day, name in notice.free.items()}
    worked = {
        day: OwnDay(
            asked.hours.week_of(day).made_up,
            words("service_calendar.made_up_note", name=name)[:_NOTE],
        )
        for day, name in notice.worked.items()
    }
    return {day: own for day, own in (free | worked).items() if day >= asked.today}


def years_of(today: date) -> tuple[str, ...]:
    return tuple(str(today.year + number) for number in range(_YEARS_AHEAD))


YEAR = Kind(
    (
        Field("year", 4, is_required=True),
        Field("notice", 6000),
        Field("by_hand", 1, choices=("0", "1")),
    ),
    _year_read,
)

KINDS = {"week": WEEK, "week-out": WEEK_OUT, "day": DAY, "day-out": DAY_OUT, "year": YEAR}
