"""What a list of tickets may be asked for: its view, filters, order and page (C §1, C §2)."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum, auto

from domain.calendar import CHINA
from domain.category import Category
from domain.lifecycle import ENDED_STATUSES, OPEN_STATUSES, Status
from domain.priority import Priority
from models import IntakeChannel

SIZES = (25, 50, 100)
NOBODY = 0  # in the filter of engineers: tickets that nobody has
UNENDED = (*OPEN_STATUSES, Status.RESOLVED)


LOOKED_BACK = timedelta(days=180)


class View(StrEnum):
    """The desk's own lists, in the order of their tabs."""

    TODO = auto()
    NEW = auto()
    ANSWER = auto()
    LATE = auto()
    SOON = auto()
    AGREED = auto()  # who is to be met today
    WAITING = auto()
    MINE = auto()
    OPEN = auto()
    ENDED = auto()


STATUSES: dict[View, tuple[Status, ...]] = {
    View.TODO: UNENDED,
    View.NEW: (Status.NEW,),
    View.ANSWER: (Status.ASSIGNED,),
    View.LATE: (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS),
    View.SOON: (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS),
    View.AGREED: OPEN_STATUSES,
    View.WAITING: (Status.ON_HOLD, Status.RESOLVED),
    View.MINE: UNENDED,
    View.OPEN: UNENDED,
    View.ENDED: ENDED_STATUSES,
}
"""Which statuses a view can show at all."""


class Sort(StrEnum):
    """HARM: each view's own order, what hurts first."""

    HARM = auto()
    OPENED = auto()
    DUE = auto()
    PRIORITY = auto()
    WISHED = auto()  # when the requester can be met; whoever named no time comes last


class Why(StrEnum):
    """Why a ticket needs somebody now; in the order of time to harm."""

    LATE = auto()
    SOON = auto()
    UNREACHED = auto()
    TO_ACCEPT = auto()
    UNASSIGNED = auto()
    SAID = auto()  # the requester has, and nobody has taken it up


RANKS: dict[int, Why] = {
    1: Why.LATE,
    2: Why.SOON,
    3: Why.UNREACHED,
    4: Why.TO_ACCEPT,
    5: Why.UNASSIGNED,
    7: Why.SAID,
}
"""Tens of a rank in the list of what needs the desk; its ones sort by priority within."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrower than the view; several values of one filter are «or», several filters «and»."""

    statuses: tuple[Status, ...] = ()
    categories: tuple[Category, ...] = ()
    priorities: tuple[Priority, ...] = ()
    engineers: tuple[int, ...] = ()
    channels: tuple[IntakeChannel, ...] = ()
    place: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None

    @property
    def count(self) -> int:
        """How many of them are set."""
        several = (self.statuses, self.categories, self.priorities, self.engineers, self.channels)
        return sum(map(bool, several)) + bool(self.place) + self.is_dated

    @property
    def is_dated(self) -> bool:
        return self.opened_from is not None or self.opened_until is not None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: behind this one, or (`is_before`) in front of it."""

    rank: int
    at: datetime
    id: int
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page of one list."""

    view: View = View.TODO
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.HARM
    is_descending: bool = False
    size: int = 50
    cursor: Cursor | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether only the newest part of what is ended is looked through."""
        kept = self.filters
        has_to_look = bool(kept.place or kept.categories or kept.channels)
        return self.view is View.ENDED and has_to_look and not kept.is_dated


@dataclass(frozen=True, slots=True)
class Limits:
    """The instants on which a list is judged."""

    now: datetime
    result_soon: datetime  # results due before it are at risk
    answer_soon: datetime  # the same of answers: half of their time is gone by then
    today: datetime  # when the desk's day began

    @property
    def tomorrow(self) -> datetime:
        return self.today + timedelta(days=1)


RESULT_SOON = timedelta(minutes=15)


def limits_at(now: datetime, respond_within: timedelta) -> Limits:
    """An answer is due within minutes anyway: at risk is one of whom a reminder was no help."""
    today = datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
    answer_soon = now + min(RESULT_SOON, respond_within / 2)
    return Limits(now, now + RESULT_SOON, answer_soon, today)
