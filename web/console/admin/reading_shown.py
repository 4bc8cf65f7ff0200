"""Readings, figures and own words as the pages say them (F6)."""

from collections.abc import Mapping
from typing import Any

from domain.category import Category
from domain.priority import Urgency
from nlp.intents import WITH_CATEGORY, Intent
from web.console.admin.acts import PATH
from web.page import words

HOME = f"{PATH}/understanding"
LEAST = 10
"""Readings; of fewer no share is told."""

PLACES = (
    ("", "figures", "chart-bar"),
    ("/try", "try", "message-circle"),
    ("/readings", "readings", "list-details"),
    ("/words", "words", "book"),
    ("/models", "models", "adjustments"),
)
KEYS = "1234567890-="
"""One for each kind of thing, in the order of the categories."""

OTHER_KEYS = {
    Intent.PROGRESS: "p",
    Intent.URGE: "u",
    Intent.CANCEL: "c",
    Intent.HUMAN: "h",
    Intent.RATE: "r",
    Intent.THANKS: "t",
    Intent.COMPLAIN: "m",
    Intent.OTHER: "n",
}


def tabs() -> list[tuple[str, str, str]]:
    return [
        (f"{HOME}{path}", drawing, words(f"reading.tab.{name}")) for path, name, drawing in PLACES
    ]


def intent(name: str) -> str:
    return words(f"reading.intent.{name}")


def category(name: str | None) -> str:
    return words(f"category.{name}") if name else words("reading.no_category")


def label(name: str) -> str:
    """A column of the weights, or half a heading of the word list."""
    if name == "high":
        return words("urgency.high")
    if name in set(Category) and name != Category.OTHER:
        return category(name)
    return intent(name) if name in set(Intent) else name


def urgency(name: str) -> str:
    return words(f"urgency.{Urgency(name).value}")


def heading(name: str) -> str:
    """category.printer.symptom in words."""
    task, what, kind = name.split(".")
    said = (
        category(what)
        if task == "category"
        else intent(what)
        if task == "intent"
        else urgency(what)
    )
    return words("reading.heading", said=said, kind=words(f"reading.kind.{kind}"))


def percent(share: float) -> str:
    return f"{share:.0%}"


def rate(right: int, known: int) -> str:
    """A share of enough to tell one."""
    return f"{right / known:.0%}" if known >= LEAST else words("reading.too_few")


def part(right: int, known: int) -> str:
    """In a table: the share, or the bare count where there are too few for one."""
    return f"{right / known:.0%}" if known >= LEAST else f"{right}/{known}" if known else "–"


def truth(name: str) -> str:
    return words(f"reading.truth.{name}")


def handling(name: str) -> str:
    return words(f"reading.handling.{name}")


def decided(evidence: Mapping[str, Any], *labels: str | None) -> list[tuple[str, str]]:
    """The words that decided, each with what it spoke for."""
    told = ((word, label(name)) for name in labels if name for word, _ in evidence.get(name, ()))
    return list(dict.fromkeys(told))


def with_category() -> list[tuple[str, str]]:
    return [(each.value, intent(each.value)) for each in Intent if each in WITH_CATEGORY]


def reasons(kept: list[str]) -> list[str]:
    """Why weights count as worse."""
    said = []
    for each in kept:
        what, _, name = each.partition(".")
        if what == "corpus":
            said.append(words("reading.reason.corpus", what=words(f"reading.question.{name}")))
        else:
            said.append(words(f"reading.reason.{name}", what=words(f"reading.question.{what}")))
    return said
