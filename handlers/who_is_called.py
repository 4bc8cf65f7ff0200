"""Who is meant by a name that an order or an answer holds: 郑工, 给吴工, 小周."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from nlp.answers import clauses, is_called
from nlp.verdicts import clauses_of_names


class Named(Protocol):
    """Anybody with a name."""

    @property
    def name(self) -> str: ...


Person = TypeVar("Person", bound=Named)


def who_is_called(text: str, people: Iterable[Person]) -> Person | None:
    """Who is called in one of the clauses, if that may be only one; a whole name decides."""
    told = clauses(text)
    called = [each for each in people if any(is_called(each.name, part) for part in told)]
    whole = [each for each in called if each.name in text]
    if whole:
        return max(whole, key=lambda each: len(each.name))
    return called[0] if len(called) == 1 else None


def everybody_called(
    text: str, people: Iterable[Person]
) -> tuple[tuple[Person, ...], list[Person]]:
    """All who are named, each clause or 和 apart; and those of whom a word may mean several."""
    everybody, called = list(people), list[Person]()
    for part in clauses(clauses_of_names(text)):
        whole = _named_whole(part, everybody)
        near = whole or [each for each in everybody if is_called(each.name, part)]
        is_one_each = whole and len({each.name for each in whole}) == len(whole)
        if len(near) > 1 and not is_one_each:
            return (), near
        called += [each for each in near if each not in called]
    return tuple(called), []


def _named_whole(part: str, everybody: list[Person]) -> list[Person]:
    """A name within a longer one is not meant: 张伟 in 张伟强."""
    whole = [each for each in everybody if each.name and each.name in part]
    names = {each.name for each in whole}
    return [each for each in whole if not any(each.name in it for it in names - {each.name})]
