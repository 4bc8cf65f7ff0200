"""Why a promise is due when it is, line by line: what ran, what stood still, by when (R4).

受理 17:40 → 当日剩余 20 分钟 → 明天 8:00 起 1 小时 40 分钟 → 应于明天 9:40 前给出方案或初步诊断
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from domain.calendar import CHINA, CalendarRunsOut, Runs, ServiceHours, Stretch
from domain.sentence import Fact, Say, Word
from domain.targets import TargetKind
from models import TicketPause, TicketTarget
from services.target_rows import stretch_of

_SHOWN = 4
"""Stretches that are told one by one; of more, the first and the last, and what is between."""

_NAMED = ("urgent", "complex", "ordinary")  # what others are called is up to the admin


def lines(
    promise: TicketTarget,
    pauses: Sequence[TicketPause],
    hours: ServiceHours,
    now: datetime,
    *,
    first_at: datetime,
) -> tuple[Say, ...]:
    """What was promised, from when, each stretch of its clock and each pause, and by when."""
    known = [
        each
        for each in pauses
        if stretch_of(each, now).ends > promise.began_at and each.began_at < promise.due_at
    ]
    found = _stretches(promise, known, hours, now)
    told = [*_ran(found, promise), *_closed(found, known, now)]
    told += [(each.began_at, _paused(each, now)) for each in known]
    return (
        promised(promise),
        Say(f"why.began.{_beginning(promise, first_at)}", {"at": promise.began_at}),
        *(say for _, say in sorted(told, key=lambda pair: pair[0])),
        *_end(promise, hours, now),
    )


def promised(promise: TicketTarget) -> Say:
    """Ordinary: a word within two hours, of service time."""
    facts: dict[str, Fact] = {
        "rule": rule_word(promise.rule),
        "time": lasting(timedelta(minutes=promise.within_minutes)),
        "what": what_of(promise),
        "runs": Word(f"why.runs.{promise.runs}"),
    }
    return Say("why.promised", facts)


def rule_word(name: str) -> Fact:
    return Word(f"targets.rules.{name}") if name in _NAMED else name


def what_of(promise: TicketTarget) -> Word:
    return Word(f"why.what.{promise.kind.value}")


def _beginning(promise: TicketTarget, first_at: datetime) -> str:
    if promise.began_at == first_at:
        return "opened" if promise.cycle == 1 else "reopened"
    return "told" if promise.kind is TargetKind.FEEDBACK else "changed"


# --- what ran ------------------------------------------------------------------------------------

_Told = tuple[datetime, Say]


def _stretches(
    promise: TicketTarget, pauses: Sequence[TicketPause], hours: ServiceHours, now: datetime
) -> list[Stretch]:
    within = timedelta(minutes=promise.within_minutes)
    apart = [stretch_of(each, now) for each in pauses]
    try:
        return hours.derivation(promise.began_at, within, Runs(promise.runs), apart)
    except CalendarRunsOut:
        return [Stretch(promise.began_at, promise.due_at)]


def _ran(found: Sequence[Stretch], promise: TicketTarget) -> list[_Told]:
    joined = _joined(found)
    is_all = len(joined) == 1
    whole = [(each.begins, _stretch(each, promise, is_all=is_all)) for each in joined]
    if len(whole) <= _SHOWN:
        return whole
    between = joined[1:-1]
    facts: dict[str, Fact] = {
        "at": between[0].begins,
        "until": between[-1].ends,
        "time": lasting(sum((each.lasts for each in between), timedelta())),
    }
    return [whole[0], (between[0].begins, Say("why.ran.between", facts)), whole[-1]]


def _joined(found: Sequence[Stretch]) -> list[Stretch]:
    """A clock that runs at night, too, makes no new beginning at midnight."""
    joined: list[Stretch] = []
    for each in found:
        if joined and joined[-1].ends == each.begins:
            joined[-1] = Stretch(joined[-1].begins, each.ends)
        else:
            joined.append(each)
    return joined


def _stretch(ran: Stretch, promise: TicketTarget, *, is_all: bool) -> Say:
    facts: dict[str, Fact] = {"at": ran.begins, "time": lasting(ran.lasts)}
    if ran.begins != promise.began_at:
        return Say("why.ran.later", facts)
    return Say("why.ran.at_once" if is_all else "why.ran.rest", facts)


# --- what did not --------------------------------------------------------------------------------


def _closed(found: Sequence[Stretch], pauses: Sequence[TicketPause], now: datetime) -> list[_Told]:
    """Whole days between two stretches on which nobody works."""
    still = [stretch_of(each, now) for each in pauses]
    return [
        (one.ends, Say("why.closed", {"days": days}))
        for one, other in pairwise(found)
        if (days := (_day(other.begins) - _day(one.ends)).days - 1) > 0
        and not any(each.begins < other.begins and one.ends < each.ends for each in still)
    ]


def _day(at: datetime) -> datetime:
    local = at.astimezone(CHINA)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _paused(pause: TicketPause, now: datetime) -> Say:
    facts: dict[str, Fact] = {
        "since": pause.began_at,
        "until": stretch_of(pause, now).ends,
        "who": Word(f"targets.waits_for.{pause.waits_for.value}"),
        "reason": pause.reason or None,
    }
    return Say("why.paused" if pause.reason else "why.paused_elsewhere", facts)


# --- by when -------------------------------------------------------------------------------------


def _end(promise: TicketTarget, hours: ServiceHours, now: datetime) -> list[Say]:
    facts: dict[str, Fact] = {"due": promise.due_at, "what": what_of(promise)}
    told = [Say("why.due", facts)]
    if not hours.is_sure(promise.began_at, promise.due_at, Runs(promise.runs)):
        told.append(Say("why.unpublished"))
    if promise.due_at <= now:
        told.append(Say("why.late", {"by": lasting(now - promise.due_at)}))
    return told


def lasting(time: timedelta) -> Say:
    """A duration as people say it: minutes, hours, days; never less than a minute."""
    minutes = max(1, round(time.total_seconds() / 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return Say("clock.days", {"days": days, "hours": hours or None})
    if hours:
        return Say("clock.hours", {"hours": hours, "minutes": minutes or None})
    return Say("clock.minutes", {"minutes": minutes})
