"""Rows of the form of promises: added, moved, taken out, by the buttons beside them."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from werkzeug.exceptions import BadRequest

from domain.escalation import Hearer, Rung, Trigger, Until
from web.console.admin.agreement_form import (
    DRAWN,
    MOST_RULES,
    MOST_RUNGS,
    Draft,
    Row,
    rung_row,
)


def acted(draft: Draft) -> None:
    """What the button of a row asks for; BadRequest for a button that no page has."""
    verb, _, rest = draft.rest["act"].partition("-")
    what, _, place = rest.partition("-")
    acts: Mapping[tuple[str, str], Callable[[Draft, str], None]] = {
        ("add", "rule"): _add_rule,
        ("add", "rung"): _add_rung,
        ("drop", "rule"): lambda draft, place: _drop(draft.rules[:-1], draft.rules, place),
        ("drop", "rung"): lambda draft, place: _drop(draft.rungs, draft.rungs, place),
        ("up", "rule"): lambda draft, place: _up_rule(draft, place),
        ("up", "rung"): lambda draft, place: _up_rung(draft, place),
    }
    if (verb, what) not in acts:
        raise BadRequest()
    draft.problems.clear()
    acts[verb, what](draft, place)


def _add_rule(draft: Draft, _: str) -> None:
    """Above the one that stands for all the rest, and as it is."""
    if len(draft.rules) < MOST_RULES:
        draft.rules.insert(len(draft.rules) - 1, {**draft.rules[-1], "name": ""})


def _add_rung(draft: Draft, trigger: str) -> None:
    if trigger not in [each.value for each in Trigger]:
        raise BadRequest()
    if len(draft.rungs) < MOST_RUNGS:
        until = {"unanswered": Until.ANSWERED, "support": Until.SUPPORTED}.get(trigger, Until.TOLD)
        rung = Rung(Trigger(trigger), frozenset({Hearer.HEAD}), timedelta(minutes=30), until=until)
        draft.rungs.append(rung_row(rung) | DRAWN)


def _drop(droppable: list[Row], rows: list[Row], place: str) -> None:
    del rows[_place(place, len(droppable))]


def _up_rule(draft: Draft, place: str) -> None:
    number = _place(place, len(draft.rules) - 1)
    if number:
        _swap(draft.rules, number, number - 1)


def _up_rung(draft: Draft, place: str) -> None:
    """Before the one above it that begins with the same."""
    number = _place(place, len(draft.rungs))
    trigger = draft.rungs[number]["trigger"]
    above = [each for each in range(number) if draft.rungs[each]["trigger"] == trigger]
    if above:
        _swap(draft.rungs, number, above[-1])


def _swap(rows: list[Row], one: int, other: int) -> None:
    rows[one], rows[other] = rows[other], rows[one]


def _place(written: str, count: int) -> int:
    if not (written.isascii() and written.isdecimal() and int(written) < count):
        raise BadRequest()
    return int(written)
