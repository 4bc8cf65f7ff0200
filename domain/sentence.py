"""What is to be said, before anybody has put it into words: a text key, its facts, its buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """A fact whose own wording stands under a key, such as `category.printer`."""

    key: str


@dataclass(frozen=True, slots=True)
class Button:
    """A line to tap: what it sends back (≤ 128 bytes), and the key of its label."""

    act: str
    label: str
    facts: "Facts" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ours that a message leads to: its path, and the key of what the link is called."""

    path: str
    label: str = "page.ticket"


@dataclass(frozen=True, slots=True)
class Say:
    """One message: the key of its text, the facts that the text speaks of, the taps it offers."""

    key: str
    facts: "Facts" = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    page: Page | None = None  # left out where the desk has no address that phones can open
    is_kept: bool = field(default=False, compare=False)  # a row named the key: it may be gone


Fact: TypeAlias = "str | int | datetime | Word | Say | Sequence[Say] | None"
Facts: TypeAlias = Mapping[str, Fact]


def to_json(say: Say) -> dict[str, Any]:
    """A sentence as what a row keeps."""
    kept: dict[str, Any] = {"key": say.key}
    if say.facts:
        kept["facts"] = {name: fact_to_json(fact) for name, fact in say.facts.items()}
    if say.buttons:
        kept["buttons"] = [_button_to_json(button) for button in say.buttons]
    if say.page:
        kept["page"] = [say.page.path, say.page.label]
    return kept


def from_json(kept: Mapping[str, Any]) -> Say:
    """The sentence that `to_json` was given."""
    return Say(
        str(kept["key"]),
        _facts_from_json(kept.get("facts", {})),
        tuple(_button_from_json(button) for button in kept.get("buttons", ())),
        Page(*map(str, kept["page"])) if kept.get("page") else None,
        is_kept=True,
    )


def _button_to_json(button: Button) -> dict[str, Any]:
    kept: dict[str, Any] = {"act": button.act, "label": button.label}
    if button.facts:
        kept["facts"] = {name: fact_to_json(fact) for name, fact in button.facts.items()}
    return kept


def _button_from_json(kept: Mapping[str, Any]) -> Button:
    return Button(str(kept["act"]), str(kept["label"]), _facts_from_json(kept.get("facts", {})))


def _facts_from_json(kept: Mapping[str, Any]) -> dict[str, Fact]:
    return {name: _fact_from_json(fact) for name, fact in kept.items()}


def fact_to_json(fact: Fact) -> Any:
    match fact:
        case Word():
            return {"word": fact.key}
        case datetime():
            return {"at": fact.isoformat()}
        case Say():
            return {"say": to_json(fact)}
        case str():
            return str(fact)  # an enum's value, not the enum
        case int() | None:
            return fact
        case _:
            return {"says": [to_json(each) for each in fact]}


def _fact_from_json(kept: Any) -> Fact:
    match kept:
        case {"word": str(key)}:
            return Word(key)
        case {"at": str(at)}:
            return datetime.fromisoformat(at)
        case {"say": dict(say)}:
            return from_json(say)
        case {"says": list(says)}:
            return tuple(from_json(each) for each in says)
        case str() | int() | None:
            return kept
    raise ValueError("a fact of a kind that no sentence has")
