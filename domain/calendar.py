"""Service hours: when the desk's clocks run; working time is added and measured (F14, F15, R4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum, auto
from itertools import pairwise

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Every person of the desk reads this clock; China has had no summer time since 1991."""

MINUTES_A_DAY = 24 * 60
ASKED_FROM_MONTH = 11  # the next year's arrangement comes out in autumn; R-072: 60 days ahead
LOOKED_AHEAD = 732
"""Days within which working time must be found: two years, longer than any promise."""


class CalendarRunsOut(ValueError):
    """The service calendar has not enough working time within two years."""


class DayKind(StrEnum):
    """What the published arrangement makes of a day."""

    ORDINARY = auto()  # its weekday decides
    HOLIDAY = auto()
    MADE_UP = auto()  # a weekend day on which people work for a holiday (调休)


class Runs(StrEnum):
    """In which hours a clock runs."""

    SERVICE_HOURS = auto()
    WORKING_DAYS = auto()  # whole days, of those that have service hours
    ALWAYS = auto()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Hours of one day, in minutes from its midnight; the end is not part of it."""

    begins: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.begins < self.ends <= MINUTES_A_DAY:
            raise ValueError(f"no span of a day: {self.begins} to {self.ends}")

    @classmethod
    def of(cls, begins: time, ends: time) -> "Span":
        """An end at 00:00 is the end of the day."""
        return cls(_minute(begins), _minute(ends) or MINUTES_A_DAY)


Hours = tuple[Span, ...]
"""A day's spans, in order and apart; none on a day without service."""

WHOLE_DAY: Hours = (Span(0, MINUTES_A_DAY),)


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of a week's days, Monday first, and of a made-up day, in force from a date."""

    days: tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
    made_up: Hours
    since: date = date.min
    holiday: Hours = ()  # of a desk that is there then, too

    @property
    def is_the_same_daily(self) -> bool:
        """Whether it makes no difference what is made of a day."""
        return {*self.days, self.made_up, self.holiday} == {self.made_up}


_NEVER_CLOSED = Week((WHOLE_DAY,) * 7, WHOLE_DAY, holiday=WHOLE_DAY)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which a clock ran: part of a derivation (R4)."""

    begins: datetime
    ends: datetime

    @property
    def lasts(self) -> timedelta:
        return self.ends - self.begins


def by_weekday(_: date) -> DayKind:
    """Where no arrangement is known."""
    return DayKind.ORDINARY


def _always_known(_: date) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """Weeks, holidays and the admin's own days; all arithmetic of working time is here.

    `day_kind` knows holidays and made-up days, `is_published` whether it really does for a day's
    year; `special` is what the admin says of single days, and stands above both.
    """

    weeks: tuple[Week, ...]
    day_kind: Callable[[date], DayKind] = by_weekday
    special: Mapping[date, Hours] = field(default_factory=dict)
    is_published: Callable[[date], bool] = _always_known

    @classmethod
    def daily(
        cls,
        opens: time,
        closes: time,
        day_kind: Callable[[date], DayKind] = by_weekday,
        *,
        is_published: Callable[[date], bool] = _always_known,
    ) -> "ServiceHours":
        """The same hours from Monday to Friday and on made-up days."""
        hours = (Span.of(opens, closes),)
        week = Week((hours, hours, hours, hours, hours, (), ()), hours)
        return cls((week,), day_kind, is_published=is_published)

    @classmethod
    def round_the_clock(cls) -> "ServiceHours":
        """A desk that never closes."""
        return cls((_NEVER_CLOSED,))

    @classmethod
    def never_closed(
        cls, day_kind: Callable[[date], DayKind], is_published: Callable[[date], bool]
    ) -> "ServiceHours":
        """The same, with the arrangement at hand for a week that an admin may set later."""
        return cls((_NEVER_CLOSED,), day_kind, is_published=is_published)

    # --- days ------------------------------------------------------------------------------------

    def hours_of(self, day: date, runs: Runs = Runs.SERVICE_HOURS) -> Hours:
        """When a clock of this kind runs on a day."""
        if runs is Runs.ALWAYS:
            return WHOLE_DAY
        hours = self._service_hours_of(day)
        return WHOLE_DAY if hours and runs is Runs.WORKING_DAYS else hours

    def _service_hours_of(self, day: date) -> Hours:
        if (own := self.special.get(day)) is not None:
            return own
        week = self.week_of(day)
        match self.day_kind(day):
            case DayKind.HOLIDAY:
                return week.holiday
            case DayKind.MADE_UP:
                return week.made_up
            case _:
                return week.days[day.weekday()]

    def week_of(self, day: date) -> Week:
        """The newest week that is in force on the day."""
        return next((week for week in reversed(self.weeks) if week.since <= day), self.weeks[0])

    def is_working_day(self, day: date) -> bool:
        return bool(self._service_hours_of(day))

    # --- what is not known -----------------------------------------------------------------------

    def is_sure_of(self, day: date) -> bool:
        """Whether its hours will stay: its year is published, or the admin set the day (R-072)."""
        return day in self.special or self.is_published(day) or self.week_of(day).is_the_same_daily

    def is_sure(self, begin: datetime, end: datetime, runs: Runs = Runs.SERVICE_HOURS) -> bool:
        """Whether what runs between two instants does not hang on what is not published yet."""
        if runs is Runs.ALWAYS:
            return True
        first, last = begin.astimezone(CHINA).date(), end.astimezone(CHINA).date()
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return all(self.is_sure_of(day) for day in days)

    def missing_year(self, now: datetime) -> int | None:
        """The year whose arrangement somebody has to enter: this one, from November on the next."""
        today = now.astimezone(CHINA).date()
        years = [today.year, today.year + 1] if today.month >= ASKED_FROM_MONTH else [today.year]
        return next((year for year in years if not self.is_sure_of_year(year)), None)

    def is_sure_of_year(self, year: int) -> bool:
        middle = date(year, 7, 1)
        return self.is_published(middle) or self.week_of(middle).is_the_same_daily

    # --- instants --------------------------------------------------------------------------------

    def is_open(self, at: datetime, runs: Runs = Runs.SERVICE_HOURS) -> bool:
        local = at.astimezone(CHINA)
        minute = _minute(local.time())
        return any(span.begins <= minute < span.ends for span in self.hours_of(local.date(), runs))

    def next_opening(self, at: datetime) -> datetime:
        """The first beginning of service hours after `at`; CalendarRunsOut if there is none."""
        for stretch in self._stretches(at, Runs.SERVICE_HOURS):
            if stretch.begins > at:
                return stretch.begins
        raise CalendarRunsOut("no working day within two years")

    def closes_at(self, at: datetime) -> datetime | None:
        """When the hours end that `at` is in; None outside them."""
        for stretch in self._stretches(at, Runs.SERVICE_HOURS):
            return stretch.ends if stretch.begins <= at else None
        return None

    # --- working time ----------------------------------------------------------------------------

    def add(
        self,
        start: datetime,
        amount: timedelta,
        runs: Runs = Runs.SERVICE_HOURS,
        pauses: Iterable[Stretch] = (),
    ) -> datetime:
        """When so much time has run since `start`, not counting pauses.

        A promise of nothing falls due at `start`; one that ends with the hours, at their end.
        """
        due = start
        for stretch in self.derivation(start, amount, runs, pauses):
            due = stretch.ends
        return due.astimezone(CHINA)

    def derivation(
        self,
        start: datetime,
        amount: timedelta,
        runs: Runs = Runs.SERVICE_HOURS,
        pauses: Iterable[Stretch] = (),
    ) -> list[Stretch]:
        """The stretches that together are the amount; CalendarRunsOut if they cannot be found."""
        if amount <= timedelta(0):
            return []
        found: list[Stretch] = []
        left = amount
        for stretch in _without(self._stretches(start, runs), _merged(pauses)):
            if stretch.lasts >= left:
                return [*found, Stretch(stretch.begins, stretch.begins + left)]
            found.append(stretch)
            left -= stretch.lasts
        raise CalendarRunsOut("not enough working time within two years")

    def between(
        self,
        begin: datetime,
        end: datetime,
        runs: Runs = Runs.SERVICE_HOURS,
        pauses: Iterable[Stretch] = (),
    ) -> timedelta:
        """How much time ran between two instants; nothing if they are the wrong way round."""
        passed = timedelta(0)
        for stretch in _without(self._stretches(begin, runs), _merged(pauses)):
            if stretch.begins >= end:
                break
            passed += min(stretch.ends, end) - stretch.begins
        return passed

    def _stretches(self, start: datetime, runs: Runs) -> Iterator[Stretch]:
        """Open time from `start` on, one piece for each span of each day."""
        local = start.astimezone(CHINA)
        for number in range(LOOKED_AHEAD):
            day = local.date() + timedelta(days=number)
            midnight = datetime.combine(day, time(), CHINA)
            for span in self.hours_of(day, runs):
                begins = max(local, midnight + timedelta(minutes=span.begins))
                ends = midnight + timedelta(minutes=span.ends)
                if begins < ends:
                    yield Stretch(begins, ends)


def apart(hours: Sequence[Span]) -> bool:
    """Whether the spans of a day are in order and do not touch."""
    return all(one.ends < other.begins for one, other in pairwise(hours))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _merged(pauses: Iterable[Stretch]) -> list[Stretch]:
    """Pauses in order, those that meet made one, those of no length left out."""
    found: list[Stretch] = []
    for pause in sorted(pauses, key=lambda each: each.begins):
        if pause.ends <= pause.begins:
            continue
        if found and pause.begins <= found[-1].ends:
            found[-1] = Stretch(found[-1].begins, max(found[-1].ends, pause.ends))
        else:
            found.append(pause)
    return found


def _without(stretches: Iterator[Stretch], pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of each stretch beside the pauses."""
    for stretch in stretches:
        begins = stretch.begins
        for pause in pauses:
            if pause.ends <= begins or pause.begins >= stretch.ends:
                continue
            if begins < pause.begins:
                yield Stretch(begins, pause.begins)
            begins = pause.ends
        if begins < stretch.ends:
            yield Stretch(begins, stretch.ends)
