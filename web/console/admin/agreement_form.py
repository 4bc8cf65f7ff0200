"""The form of promises and ladder: rows that are added, moved and taken out without a script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import request
from werkzeug.exceptions import BadRequest

from domain.calendar import Runs
from domain.escalation import Hearer, Rung, Trigger, Until, Way
from domain.priority import Priority
from domain.sentence import Say
from domain.targets import Agreement, Target, TargetKind, TargetRule
from models import TicketKind
from web.console import promise_words
from web.forms import Field, Filled, read_form

MOST_RULES, MOST_RUNGS = 12, 40
_NAME, _DEPARTMENT = 40, 60  # characters
_DIGITS = 6
UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
NEEDED = (TargetKind.RESPONSE, TargetKind.DIAGNOSIS)
_JOINED = "\u3001"
DRAWN = {"fresh": "1"}
"""Of a row that was just added: it is shown open."""

Row = dict[str, str]


@dataclass
class Draft:
    """What stands in the form: sorts of tickets and steps as rows of words, and the rest."""

    rules: list[Row]
    rungs: list[Row]
    rest: Row
    problems: dict[str, Say] = field(default_factory=dict)

    def filled(self) -> Filled:
        """As the fields of a template have it."""
        values = {**self.rest, "rules": str(len(self.rules)), "rungs": str(len(self.rungs))}
        for letter, rows in (("r", self.rules), ("g", self.rungs)):
            for number, row in enumerate(rows):
                values |= {f"{letter}{number}_{name}": value for name, value in row.items()}
        return Filled(values, self.problems)

    def refuse(self, name: str, key: str, /, **facts: str | int) -> None:
        self.problems.setdefault(name, Say(key, facts))


# --- from an agreement ----------------------------------------------------------------------------


def draft_of(agreement: Agreement, **rest: str) -> Draft:
    return Draft(
        [_rule_row(rule) for rule in agreement.rules],
        [rung_row(rung) for rung in agreement.ladder.rungs],
        {"warned": str(round(agreement.warned_at * 100)), "starts": "", "reason": "", **rest},
    )


def _rule_row(rule: TargetRule) -> Row:
    row = {
        "name": promise_words.rule(rule.name),
        "kind": next(iter(rule.kinds), "") if len(rule.kinds) == 1 else "",
        "departments": _JOINED.join(sorted(rule.departments)),
        "complex": {True: "yes", False: "no", None: ""}[rule.is_complex],
        **_boxes(rule.priorities),
    }
    for kind in TargetKind:
        target = rule.targets.get(kind)
        row |= {f"{kind.value}_{name}": value for name, value in _target_row(target).items()}
    return row


def _target_row(target: Target | None) -> Row:
    if target is None:
        return {"amount": "", "unit": "hours", "runs": Runs.SERVICE_HOURS.value}
    amount, unit = _amount(target.within)
    return {"amount": amount, "unit": unit, "runs": target.runs.value}


def rung_row(rung: Rung) -> Row:
    after, after_unit = _amount(rung.after)
    again, again_unit = _amount(rung.again_after)
    return {
        "trigger": rung.trigger.value,
        "after": after or "0",
        "after_unit": after_unit,
        "runs": rung.runs.value,
        "way": rung.way.value,
        "until": rung.until.value,
        "again": again,
        "again_unit": again_unit,
        "times": str(rung.again_times),
        **{f"hears_{each.value}": "1" for each in rung.hears},
        **_boxes(rung.priorities),
    }


def _boxes(priorities: Iterable[Priority]) -> Row:
    return {f"p{int(each)}": "1" for each in priorities}


def _amount(time: timedelta) -> tuple[str, str]:
    """In the largest unit that needs no fraction; hours up to two days, as people say 24 hours."""
    minutes = int(time.total_seconds() // 60)
    if not minutes:
        return "", "minutes"
    if minutes % UNITS["days"] == 0 and minutes > 2 * UNITS["days"]:
        return str(minutes // UNITS["days"]), "days"
    if minutes % UNITS["hours"] == 0:
        return str(minutes // UNITS["hours"]), "hours"
    return str(minutes), "minutes"


# --- from what was sent ---------------------------------------------------------------------------

_RUNS = [each.value for each in Runs]
_BOX = ("1",)
_BOXES = tuple(f"p{int(each)}" for each in Priority)
_RULE_CHOICES: Mapping[str, Iterable[str]] = {
    "kind": [each.value for each in TicketKind],
    "complex": ["yes", "no"],
    **dict.fromkeys(_BOXES, _BOX),
    **{f"{kind.value}_unit": list(UNITS) for kind in TargetKind},
    **{f"{kind.value}_runs": _RUNS for kind in TargetKind},
}
_RULE_WORDS = {
    "name": _NAME,
    "departments": 200,
    **{f"{kind.value}_amount": _DIGITS for kind in TargetKind},
}
_RUNG_CHOICES: Mapping[str, Iterable[str]] = {
    "trigger": [each.value for each in Trigger],
    "after_unit": list(UNITS),
    "again_unit": list(UNITS),
    "runs": _RUNS,
    "way": [each.value for each in Way],
    "until": [each.value for each in Until],
    **{f"hears_{each.value}": _BOX for each in Hearer},
    **dict.fromkeys(_BOXES, _BOX),
}
_RUNG_WORDS = {"after": _DIGITS, "again": _DIGITS, "times": _DIGITS}
TRIED = (
    Field("try_at", 20),
    Field("try_priority", 1, choices=[str(int(each)) for each in Priority]),
    Field("try_kind", 24, choices=[each.value for each in TicketKind]),
    Field("try_department", _DEPARTMENT),
    Field("try_complex", 1, choices=_BOX),
)
_REST = (
    Field("act", 24),
    Field("warned", _DIGITS),
    Field("starts", 20),
    Field("reason", 200),
    Field("based", 10),
    *TRIED,
)


def read() -> Draft:
    """The form that was sent, row by row; BadRequest for what is no form of ours."""
    counts = {"r": _sent("rules", MOST_RULES), "g": _sent("rungs", MOST_RUNGS)}
    fields = [*_REST, Field("rules", 3), Field("rungs", 3)]
    fields += _fields("r", counts["r"], _RULE_WORDS, _RULE_CHOICES)
    fields += _fields("g", counts["g"], _RUNG_WORDS, _RUNG_CHOICES)
    filled = read_form(*fields)
    return Draft(
        _rows(filled, "r", counts["r"], (*_RULE_WORDS, *_RULE_CHOICES)),
        _rows(filled, "g", counts["g"], (*_RUNG_WORDS, *_RUNG_CHOICES)),
        {each.name: filled[each.name] for each in _REST},
        filled.problems,
    )


def _sent(name: str, most: int) -> int:
    written = request.form.get(name, "")
    if not (
        written.isascii() and written.isdecimal() and len(written) < 3 and int(written) <= most
    ):
        raise BadRequest()
    return int(written)


def _fields(
    letter: str, count: int, words: Mapping[str, int], choices: Mapping[str, Iterable[str]]
) -> list[Field]:
    found = []
    for number in range(count):
        found += [Field(f"{letter}{number}_{name}", limit) for name, limit in words.items()]
        found += [
            Field(f"{letter}{number}_{name}", 24, choices=tuple(known))
            for name, known in choices.items()
        ]
    return found


def _rows(filled: Filled, letter: str, count: int, names: Iterable[str]) -> list[Row]:
    known = tuple(names)
    return [{name: filled[f"{letter}{number}_{name}"] for name in known} for number in range(count)]
