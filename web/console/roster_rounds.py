"""A round as people type it: shifts one behind the other, names one below the other."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from domain.rounds import LONGEST, MOST_PEOPLE
from domain.sentence import Say
from services.roster_shifts import ShiftView
from web.forms import Filled
from web.page import words

_BETWEEN = re.compile(r"[\s、，,;；]+")
_TIMES = re.compile(r"(.+?)[×*xX](\d{1,3})")


def days_of(filled: Filled, shifts: Sequence[ShiftView]) -> tuple[int | None, ...]:
    """`白班×2 夜班×2 休×4`, as ids; what is not understood stands beside the field."""
    known: dict[str, int | None] = {each.name: each.id for each in shifts}
    known |= {words("roster_page.rest"): None, "-": None}
    days: list[int | None] = []
    for token in _tokens(filled["days"]):
        found = None if token in known else _TIMES.fullmatch(token)
        name, times = (found[1], int(found[2])) if found else (token, 1)
        if name not in known:
            filled.problems.setdefault("days", Say("roster_page.no_such_shift", {"name": name}))
            return ()
        days += [known[name]] * times
    if len(days) > LONGEST or (days and not any(days)):
        filled.refuse("days", "roster_page.bad_round")
    return tuple(days)


def people_of(filled: Filled, staff: Sequence[tuple[int, str, str | None]]) -> tuple[int, ...]:
    """Names, or numbers of staff where two are called the same."""
    people: list[int] = []
    for token in _tokens(filled["people"]):
        found = [each[0] for each in staff if token == each[2]]
        found = found or [each[0] for each in staff if token == each[1]]
        if len(found) != 1:
            key = "roster_page.two_of_them" if found else "roster_page.no_such_person"
            filled.problems.setdefault("people", Say(key, {"name": token}))
            return ()
        people += found
    if len(people) > MOST_PEOPLE or len(set(people)) < len(people):
        filled.refuse("people", "roster_page.bad_people")
    return tuple(people)


def _tokens(typed: str) -> list[str]:
    return [token for token in _BETWEEN.split(typed) if token]


def days_typed(days: Iterable[int | None], shifts: Iterable[ShiftView]) -> str:
    """As `days_of` reads them, the same ones in a row put together."""
    names: dict[int | None, str] = {each.id: each.name for each in shifts}
    names[None] = words("roster_page.rest")
    said = []
    for day, group in groupby(days):
        count = len(list(group))
        name = names.get(day, names[None])
        said.append(f"{name}×{count}" if count > 1 else name)
    return " ".join(said)


def people_typed(people: Iterable[int], staff: Sequence[tuple[int, str, str | None]]) -> str:
    """One below the other, by number where a name is not enough."""
    names = [name for _, name, _ in staff]
    called = {
        each[0]: each[2] if names.count(each[1]) > 1 and each[2] else each[1] for each in staff
    }
    return "\n".join(called[each] for each in people if each in called)
