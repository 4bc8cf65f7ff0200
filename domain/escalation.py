"""The escalation ladder: who hears of what is late, after how long, how often, until what (F11).

AT_RISK     three quarters of a promise's time are gone
SUPPORT     an engineer asked for help, and nobody was given yet (F12)
UNANSWERED  nobody has taken the ticket on in time (F9)
LATE        a promise is broken (F14)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

from domain.calendar import Runs
from domain.lifecycle import OPEN_STATUSES, Status
from domain.priority import Priority


class Trigger(StrEnum):
    """What began it; the later in this list, the graver: a graver one takes a lesser's place."""

    AT_RISK = auto()
    SUPPORT = auto()
    UNANSWERED = auto()
    LATE = auto()


TRIGGERS = tuple(Trigger)


class Hearer(StrEnum):
    ENGINEER = auto()  # who has the ticket in hand
    DESK = auto()
    LEAD = auto()  # of the engineer's team; without one, of the desk's
    HEAD = auto()


class Way(StrEnum):
    """By which channel: the wallet decides between WeChat's own ones (domain/delivery.py)."""

    MESSAGE = auto()  # as any other word, when there is a way
    URGENT = auto()  # at once, by template where the window is shut
    PHONE = auto()  # that, and the desk is told whom to ring up


class Until(StrEnum):
    """What ends it, beside somebody who says that they see to it."""

    ANSWERED = auto()  # an engineer has accepted
    SUPPORTED = auto()  # somebody was given to help
    TOLD = auto()  # what was promised was done, late or not
    SOLVED = auto()


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder; `after` is counted from the step before it."""

    trigger: Trigger
    hears: frozenset[Hearer]
    after: timedelta = timedelta()
    runs: Runs = Runs.SERVICE_HOURS
    way: Way = Way.URGENT
    until: Until = Until.TOLD
    priorities: frozenset[Priority] = frozenset()  # none: every ticket
    again_after: timedelta = timedelta()
    again_times: int = 0

    def __post_init__(self) -> None:
        if self.again_times and self.again_after <= timedelta():
            raise ValueError("a rung that is repeated needs a time between")

    def is_for(self, priority: Priority) -> bool:
        return not self.priorities or priority in self.priorities


@dataclass(frozen=True, slots=True)
class Call:
    """One time that somebody is told: a rung, or one of its repetitions."""

    rung: Rung
    after: timedelta
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs, in the order in which they are climbed."""

    rungs: tuple[Rung, ...]

    def calls(self, trigger: Trigger, priority: Priority) -> tuple[Call, ...]:
        """What happens one after the other, once this began; nothing for what nobody minds."""
        return tuple(
            call
            for rung in self.rungs
            if rung.trigger is trigger and rung.is_for(priority)
            for call in _calls_of(rung)
        )


def _calls_of(rung: Rung) -> tuple[Call, ...]:
    again = Call(rung, rung.again_after, is_again=True)
    return (Call(rung, rung.after), *[again] * rung.again_times)


# --- where a ticket stands on it ------------------------------------------------------------------

_STEPS = 1000  # of one trigger; a deadline keeps trigger and place in one number


def step_of(trigger: Trigger, place: int) -> int:
    return TRIGGERS.index(trigger) * _STEPS + min(place, _STEPS - 1)


def read_step(step: int) -> tuple[Trigger, int]:
    """What `step_of` made; ValueError for any other number."""
    number, place = divmod(step, _STEPS)
    if not 0 <= number < len(TRIGGERS):
        raise ValueError(f"no step of a ladder: {step}")
    return TRIGGERS[number], place


def is_graver(trigger: Trigger, than: Trigger) -> bool:
    return TRIGGERS.index(trigger) > TRIGGERS.index(than)


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts on which every step is judged again before it is taken (B4)."""

    status: Status
    is_overdue: bool  # a promise to the requester is due and not kept
    has_supporter: bool


def is_over(until: Until, now: Standing) -> bool:
    """Whether nobody need be told any more; what waits on purpose is no news either."""
    if now.status not in OPEN_STATUSES or now.status is Status.ON_HOLD:
        return True
    match until:
        case Until.ANSWERED:
            return now.status not in (Status.NEW, Status.ASSIGNED)
        case Until.SUPPORTED:
            return now.has_supporter
        case Until.TOLD:
            return not now.is_overdue
        case Until.SOLVED:
            return False


# --- the ladder as it comes -----------------------------------------------------------------------

_URGENT = frozenset({Priority.URGENT})
_OTHERS = frozenset({Priority.HIGH, Priority.NORMAL})
_DESK, _LEAD, _HEAD = (frozenset({each}) for each in (Hearer.DESK, Hearer.LEAD, Hearer.HEAD))
_THOSE_AT_IT = frozenset({Hearer.ENGINEER, Hearer.DESK})


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


DEFAULT_LADDER = Ladder(
    (
        Rung(Trigger.AT_RISK, _THOSE_AT_IT, until=Until.SOLVED),
        Rung(Trigger.SUPPORT, _DESK, _minutes(10), until=Until.SUPPORTED),
        Rung(Trigger.SUPPORT, _LEAD, _minutes(20), until=Until.SUPPORTED),
        Rung(
            Trigger.UNANSWERED,
            _LEAD,
            _minutes(5),
            Runs.ALWAYS,
            until=Until.ANSWERED,
            priorities=_URGENT,
        ),
        Rung(
            Trigger.UNANSWERED,
            _HEAD,
            _minutes(10),
            Runs.ALWAYS,
            Way.PHONE,
            Until.ANSWERED,
            _URGENT,
            again_after=_minutes(30),
            again_times=3,
        ),
        Rung(Trigger.UNANSWERED, _LEAD, _minutes(20), until=Until.ANSWERED, priorities=_OTHERS),
        Rung(
            Trigger.UNANSWERED,
            _HEAD,
            _minutes(60),
            until=Until.ANSWERED,
            priorities=_OTHERS,
            again_after=_minutes(240),
            again_times=2,
        ),
        Rung(Trigger.LATE, _THOSE_AT_IT | _LEAD, runs=Runs.ALWAYS, priorities=_URGENT),
        Rung(
            Trigger.LATE,
            _HEAD,
            _minutes(30),
            Runs.ALWAYS,
            Way.PHONE,
            priorities=_URGENT,
            again_after=_minutes(60),
            again_times=5,
        ),
        Rung(Trigger.LATE, _THOSE_AT_IT, priorities=_OTHERS),
        Rung(Trigger.LATE, _LEAD, _minutes(30), priorities=_OTHERS),
        Rung(
            Trigger.LATE,
            _HEAD,
            _minutes(120),
            priorities=_OTHERS,
            again_after=_minutes(240),
            again_times=3,
        ),
    )
)
"""The desk's own order where nobody has set another one."""


# --- as rows keep it ------------------------------------------------------------------------------


def as_values(ladder: Ladder) -> list[dict[str, Any]]:
    """`from_values` reads it back."""
    return [
        {
            "trigger": rung.trigger.value,
            "hears": sorted(each.value for each in rung.hears),
            "after": _in_minutes(rung.after),
            "runs": rung.runs.value,
            "way": rung.way.value,
            "until": rung.until.value,
            "priorities": sorted(int(each) for each in rung.priorities),
            "again_after": _in_minutes(rung.again_after),
            "again_times": rung.again_times,
        }
        for rung in ladder.rungs
    ]


def from_values(values: Sequence[Mapping[str, Any]]) -> Ladder:
    """ValueError or KeyError for what was never written by `as_values`."""
    return Ladder(tuple(map(_rung, values)))


def _rung(values: Mapping[str, Any]) -> Rung:
    return Rung(
        Trigger(values["trigger"]),
        _hearers(values["hears"]),
        _minutes(values["after"]),
        Runs(values["runs"]),
        Way(values["way"]),
        Until(values["until"]),
        frozenset(map(Priority, values["priorities"])),
        _minutes(values["again_after"]),
        values["again_times"],
    )


def _hearers(names: Iterable[str]) -> frozenset[Hearer]:
    return frozenset(map(Hearer, names))


def _in_minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)


# --- calls at night (F15, H-56) -------------------------------------------------------------------

ROUNDS = 3
"""So often the whole chain of those on call is gone through before the morning is waited for."""

CALLS_AN_HOUR = 3
"""So many tickets of one person wake somebody within an hour; what comes then, the desk sees."""
