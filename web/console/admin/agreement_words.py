"""Promises and ladder in sentences, whole: for reading, and for what differs of two versions."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from domain.calendar import Runs
from domain.escalation import Hearer, Ladder, Rung, Trigger
from domain.priority import Priority
from domain.targets import Agreement, Target, TargetKind, TargetRule
from web.console import promise_words
from web.page import words

_BETWEEN = "\u3001"


def minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)


def condition(rule: TargetRule) -> str:
    """For which tickets, as one line."""
    parts = [
        _BETWEEN.join(_priorities(rule.priorities)),
        _BETWEEN.join(words(f"promised.kind.{kind}") for kind in sorted(rule.kinds)),
        _BETWEEN.join(sorted(rule.departments)),
        _complex(rule.is_complex),
    ]
    return " · ".join(part for part in parts if part) or words("promised.condition.all")


def _complex(is_complex: bool | None) -> str:
    if is_complex is None:
        return ""
    return words("promised.condition.complex" if is_complex else "promised.condition.simple")


def _priorities(kept: Iterable[Priority]) -> list[str]:
    return [promise_words.priority(each) for each in sorted(kept)]


def runs(each: Runs) -> str:
    return words(f"promised.runs.{each.value}")


def target(kind: TargetKind, kept: Target | None) -> str:
    called = promise_words.kind(kind)
    if kept is None:
        return words("promised.target.none", kind=called)
    time = promise_words.time(minutes(kept.within))
    return words("promised.target.sentence", kind=called, time=time, runs=runs(kept.runs))


def rung(each: Rung) -> str:
    """One step of the ladder as a sentence."""
    who = _BETWEEN.join(words(f"promised.hearer.{one.value}") for one in _in_order(each.hears))
    return words(
        "promised.rung.sentence",
        after=_after(each),
        who=who,
        way=words(f"promised.way.{each.way.value}"),
        only=_BETWEEN.join(_priorities(each.priorities)),
        again=_again(each),
        until=words(f"promised.until.{each.until.value}"),
    )


def _in_order(hears: Iterable[Hearer]) -> list[Hearer]:
    known = set(hears)
    return [each for each in Hearer if each in known]


def _after(each: Rung) -> str:
    if not each.after:
        return words("promised.rung.at_once")
    time = promise_words.time(minutes(each.after))
    return words("promised.rung.later", time=time, runs=runs(each.runs))


def _again(each: Rung) -> str:
    if not each.again_times:
        return ""
    time = promise_words.time(minutes(each.again_after))
    return words("promised.rung.repeated", time=time, times=each.again_times)


def steps(ladder: Ladder, trigger: Trigger) -> list[str]:
    return [rung(each) for each in ladder.rungs if each.trigger is trigger]


# --- what differs ---------------------------------------------------------------------------------


def differences(before: Agreement, after: Agreement) -> list[tuple[str, str, str]]:
    """Each part that is not the same: what it is called, as it was, as it will be."""
    found = [
        (name, _told(before, name), _told(after, name))
        for name in dict.fromkeys(rule.name for rule in (*after.rules, *before.rules))
    ]
    told = [(promise_words.rule(name), *_apart(was, will)) for name, was, will in found]
    told.append((words("promised.make.rules_title"), _order(before), _order(after)))
    told.append((words("promised.warned_field"), _warned(before), _warned(after)))
    told += [
        (
            words(f"promised.trigger.{trigger.value}"),
            *_apart(_lines(steps(before.ladder, trigger)), _lines(steps(after.ladder, trigger))),
        )
        for trigger in Trigger
    ]
    return [each for each in told if each[1] != each[2]]


def _apart(before: str, after: str) -> tuple[str, str]:
    """Without the lines that both have; whole, if one has nothing else."""
    was, will = before.split("\n"), after.split("\n")
    shorter = [line for line in was if line not in will], [line for line in will if line not in was]
    if not all(shorter):
        return before, after
    return "\n".join(shorter[0]), "\n".join(shorter[1])


def _told(agreement: Agreement, name: str) -> str:
    rule = next((each for each in agreement.rules if each.name == name), None)
    if rule is None:
        return words("admin.value.none")
    return _lines([condition(rule), *(target(kind, rule.targets.get(kind)) for kind in TargetKind)])


def _order(agreement: Agreement) -> str:
    return _BETWEEN.join(promise_words.rule(rule.name) for rule in agreement.rules)


def _warned(agreement: Agreement) -> str:
    return words("promised.warned", percent=round(agreement.warned_at * 100))


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(lines) or words("promised.rung.none")
