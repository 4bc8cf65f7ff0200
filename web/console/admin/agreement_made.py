"""What the form of promises comes to: an agreement, or what is wrong beside the fields."""

import re
from datetime import timedelta

from werkzeug.exceptions import BadRequest

from domain.calendar import Runs
from domain.escalation import Hearer, Ladder, Rung, Trigger, Until, Way
from domain.priority import Priority
from domain.targets import Agreement, Target, TargetKind, TargetRule
from web.console import promise_words
from web.console.admin.agreement_form import NEEDED, UNITS, Draft, Row

LONGEST = 60 * 24 * 60  # minutes of one promise
_DEPARTMENT = 60  # characters
_BETWEEN = re.compile("[\u3001,\uff0c;\uff1b\n]+")
_LEAST_WARNED, _MOST_WARNED = 10, 95  # percent
_MOST_TIMES = 20


def agreement_of(draft: Draft) -> Agreement | None:
    """None, and the problems beside the fields, if it cannot be."""
    rules = [_rule(draft, number) for number in range(len(draft.rules))]
    rungs = [rung_of(draft, number) for number in range(len(draft.rungs))]
    warned = _number(draft, "warned", draft.rest["warned"], _LEAST_WARNED, _MOST_WARNED)
    if not rules:
        raise BadRequest()
    _check_order(draft, rules)
    if draft.problems:
        return None
    ladder = Ladder(tuple(rung for rung in rungs if rung))
    return Agreement(tuple(rules), warned_at=warned / 100, ladder=ladder)


def _rule(draft: Draft, number: int) -> TargetRule:
    row, at = draft.rules[number], f"r{number}_"
    name, is_last = promise_words.rule_called(row["name"]), number == len(draft.rules) - 1
    if not row["name"]:
        draft.refuse(f"{at}name", "promised.problem.name_missing")
    targets = {
        kind: target for kind in TargetKind if (target := _target(draft, number, kind)) is not None
    }
    if is_last:
        return TargetRule(name, targets)
    return TargetRule(
        name,
        targets,
        _priorities(row),
        frozenset([row["kind"]] if row["kind"] else []),
        _departments(row["departments"]),
        {"yes": True, "no": False}.get(row["complex"]),
    )


def _departments(written: str) -> frozenset[str]:
    return frozenset(each.strip()[:_DEPARTMENT] for each in _BETWEEN.split(written) if each.strip())


def _priorities(row: Row) -> frozenset[Priority]:
    """All of them is the same as none."""
    found = frozenset(each for each in Priority if row.get(f"p{int(each)}"))
    return frozenset() if len(found) == len(Priority) else found


def _target(draft: Draft, number: int, kind: TargetKind) -> Target | None:
    row, name = draft.rules[number], f"r{number}_{kind.value}_amount"
    amount = row[f"{kind.value}_amount"]
    if not amount and kind not in NEEDED:
        return None
    if not amount:
        draft.refuse(name, "promised.problem.missing")
        return None
    within = _time(draft, name, amount, row[f"{kind.value}_unit"], 1)
    return Target(within, Runs(row[f"{kind.value}_runs"] or Runs.SERVICE_HOURS))


def _time(draft: Draft, name: str, amount: str, unit: str, least: int) -> timedelta:
    minutes = _number(draft, name, amount, least, LONGEST) * UNITS.get(unit, 1)
    if minutes > LONGEST:
        draft.refuse(name, "promised.problem.too_long")
    return timedelta(minutes=min(minutes, LONGEST))


def _number(draft: Draft, name: str, written: str, low: int, high: int) -> int:
    if not (written.isascii() and written.isdecimal()):
        draft.refuse(name, "promised.problem.number")
        return low
    number = int(written)
    if not low <= number <= high:
        draft.refuse(name, "promised.problem.range", low=low, high=high)
        return low
    return number


def _check_order(draft: Draft, rules: list[TargetRule]) -> None:
    """Each sort must be one that no sort above it takes all of, and have a name of its own."""
    for number, rule in enumerate(rules):
        above, name = rules[:number], f"r{number}_name"
        if rule.name and rule.name in [each.name for each in above]:
            draft.refuse(name, "promised.problem.name_twice")
        if number == len(rules) - 1:
            continue
        if _is_open(rule):
            draft.refuse(name, "promised.problem.everything")
        cover = next((each for each in above if _covers(each, rule)), None)
        if cover is not None:
            draft.refuse(name, "promised.problem.covered", name=promise_words.rule(cover.name))


def _is_open(rule: TargetRule) -> bool:
    return not (rule.priorities or rule.kinds or rule.departments or rule.is_complex is not None)


def _covers(above: TargetRule, below: TargetRule) -> bool:
    """Whether every ticket of the one below is taken by the one above."""
    pairs = (
        (above.priorities, below.priorities),
        (above.kinds, below.kinds),
        (above.departments, below.departments),
    )
    return all(not wide or (narrow and narrow <= wide) for wide, narrow in pairs) and (
        above.is_complex is None or above.is_complex is below.is_complex
    )


def rung_of(draft: Draft, number: int) -> Rung | None:
    row, at = draft.rungs[number], f"g{number}_"
    hears = frozenset(each for each in Hearer if row.get(f"hears_{each.value}"))
    if not hears:
        draft.refuse(f"{at}hears", "promised.problem.nobody")
    times = _number(draft, f"{at}times", row["times"] or "0", 0, _MOST_TIMES)
    again = _time(draft, f"{at}again", row["again"] or "0", row["again_unit"], 0)
    if times and not again:
        draft.refuse(f"{at}again", "promised.problem.times")
    after = _time(draft, f"{at}after", row["after"] or "0", row["after_unit"], 0)
    if draft.problems or not row["trigger"]:
        return None
    return Rung(
        Trigger(row["trigger"]),
        hears,
        after,
        Runs(row["runs"] or Runs.SERVICE_HOURS),
        Way(row["way"] or Way.URGENT),
        Until(row["until"] or Until.TOLD),
        _priorities(row),
        again if times else timedelta(),
        times,
    )
