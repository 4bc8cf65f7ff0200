"""Who is meant by a name that an order or an answer holds: 郑工, 给吴工, 小周."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from nlp.answers import clauses, is_called


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
