"""The vocabulary of conversations: what a step sees, and what it may answer.

A conversation waits at a `Step`. What a person then says goes to the step's function, which returns
a `Turn`. Steps store nothing and send nothing; what happens at the desk, `ctx.desk` does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from domain.commands import Command, tap
from domain.heard import Heard, Medium
from domain.sentence import Button, Fact, Facts, Page, Say, Word
from domain.speaker import Speaker
from nlp.choice import Choice, read_choice, read_option
from nlp.classifier import ASK_BELOW_INTENT, read
from nlp.commands import read_command
from nlp.incident import Incident, read_incident
from nlp.intents import Intent
from nlp.live import when_exchanged
from nlp.reading import Reading
from services.desk import Desk

__all__ = [
    "Button",
    "Choice",
    "Command",
    "Context",
    "Conversation",
    "Desk",
    "Fact",
    "Facts",
    "Heard",
    "Medium",
    "Page",
    "Say",
    "Step",
    "Turn",
    "Word",
    "answer",
    "aside",
    "ask",
    "button",
    "choice",
    "finish",
    "hand_over",
    "order",
    "think",
    "unclear",
]

Step: TypeAlias = StrEnum


# One message is read once, by whichever step asks; `think` asks before the lock is taken.
words_read = lru_cache(maxsize=256)(read)
fault_read = lru_cache(maxsize=256)(read_incident)
when_exchanged(words_read.cache_clear)  # by other weights it may mean something else


def think(heard: Heard) -> None:
    """Read what will probably be asked of these words, while nobody waits for it."""
    is_free = heard.medium is Medium.TEXT and heard.tap is None and len(heard.text) > SHORT_ANSWER
    if is_free and read_command(heard.text) is None:
        words_read(heard.text)
        fault_read(heard.text)


SHORT_ANSWER = 3
"""Characters; a bare yes or a room's number answers a question and is not classified."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said now, and where the conversation stands after it."""

    says: tuple[Say, ...]
    step: str | None = None  # what is awaited; None: this conversation is over
    learned: Mapping[str, Any] = field(default_factory=dict)  # joins the draft; JSON values only
    is_aside: bool = False  # said in passing: the conversation under way stays where it is
    is_miss: bool = False  # the answer could not be read; two in a row lead to a person
    is_lost: bool = False  # two in a row could not; it is left to a person, there or not
    hands_over: bool = False  # a person of the desk shall answer from here on
    ticket_id: int | None = None  # the ticket that is spoken of now
    into: str | None = None  # the name of the conversation that `step` belongs to, if it is begun
    is_instead: bool = False  # the conversation under way is given up for the one that is begun
    is_read: bool = False  # what the classifier read decided it

    def also(self, *says: Say) -> "Turn":
        """The same turn with more said after it."""
        return replace(self, says=(*self.says, *says))


@dataclass(frozen=True)
class Context:
    """One message and all that its answer may depend on."""

    speaker: Speaker
    heard: Heard
    now: datetime
    desk: Desk
    draft: Mapping[str, Any] = field(default_factory=dict)
    conversation: str | None = None  # the name of the one under way
    serial: int = 0  # of the question under way; taps that answer it carry it
    number: str | None = None  # the ticket that an order names: whole, or its last four digits
    words: str = ""  # what was said behind an order: 完工 0007 换了搓纸轮
    ticket_id: int | None = None  # the ticket last spoken of with this person
    is_confidential: bool = False  # what is said in the one under way is for few

    @property
    def text(self) -> str:
        return self.heard.text

    @cached_property
    def reading(self) -> Reading:
        """Intent, category and urgency of the words, with the evidence."""
        return words_read(self.text)

    @cached_property
    def incident(self) -> Incident:
        """The fault that the words tell of."""
        return fault_read(self.text)

    @cached_property
    def tapped(self) -> str | None:
        """The value of the tapped line, if it answers the question under way (`choice`)."""
        serial, mark, value = (self.heard.tap or "").partition("=")
        return value if mark and serial == str(self.serial) else None

    @cached_property
    def choice(self) -> Choice:
        """Yes, no, amend or cancel: tapped or said; UNCLEAR for anything else."""
        if self.tapped is not None:
            return Choice(self.tapped) if self.tapped in set(Choice) else Choice.UNCLEAR
        return read_choice(self.text)

    def surely_means(self, *intents: Intent, least: float = ASK_BELOW_INTENT) -> bool:
        """Whether the words are read as one of these, beyond asking back."""
        return self.reading.intent in intents and self.reading.intent_confidence >= least

    def option(self, values: "tuple[str, ...] | list[str]") -> str | None:
        """Which of the offered values was tapped, or named by its place (第二个, 2)."""
        if self.tapped is not None:
            return self.tapped if self.tapped in values else None
        place = read_option(self.text, len(values))
        return None if place is None else values[place]

    def learnt(self, **values: Any) -> "Context":
        """The same with more in the draft."""
        return replace(self, draft={**self.draft, **values})


StepFunction: TypeAlias = Callable[[Context], Turn]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A named table of steps; `asks` puts a step's question again after an interruption."""

    name: str
    begin: StepFunction
    steps: Mapping[Any, StepFunction]
    asks: Mapping[Any, StepFunction] = field(default_factory=dict)
    hears: frozenset[Medium] = frozenset({Medium.TEXT})  # other media are kept as attachments
    is_optional: bool = False  # its questions may be left unanswered, and nothing is lost
    is_confidential: bool = False  # of a complaint: its words are read with the complaint only (P8)


# --- turns -----------------------------------------------------------------------------------


def ask(
    step: Step,
    key: str,
    *,
    buttons: tuple[Button, ...] = (),
    facts: Facts | None = None,
    page: Page | None = None,
    **learned: Any,
) -> Turn:
    """Says and waits at `step`; what was learned joins the draft and the sentence's facts."""
    return Turn((Say(key, {**learned, **(facts or {})}, buttons, page),), step, learned)


def unclear(step: Step, key: str, *, buttons: tuple[Button, ...] = (), **facts: Fact) -> Turn:
    """The same question put in other words, because the answer could not be read."""
    return Turn((Say(key, facts, buttons),), step, is_miss=True)


def finish(
    key: str,
    *,
    buttons: tuple[Button, ...] = (),
    ticket_id: int | None = None,
    page: Page | None = None,
    **facts: Fact,
) -> Turn:
    """Says a last word; the conversation is over."""
    return Turn((Say(key, facts, buttons, page),), ticket_id=ticket_id)


def aside(
    key: str,
    *,
    buttons: tuple[Button, ...] = (),
    ticket_id: int | None = None,
    page: Page | None = None,
    **facts: Fact,
) -> Turn:
    """Says something in passing; a conversation under way goes on after it."""
    return Turn((Say(key, facts, buttons, page),), is_aside=True, ticket_id=ticket_id)


def answer(say: Say, *, ticket_id: int | None = None) -> Turn:
    """An aside of a sentence that is already made."""
    return Turn((say,), is_aside=True, ticket_id=ticket_id)


def hand_over(key: str, **facts: Fact) -> Turn:
    """A person of the desk is called; the bot is silent until the talk comes back to it."""
    return Turn((Say(key, facts),), hands_over=True)


# --- buttons ---------------------------------------------------------------------------------


def choice(value: str, label: str | None = None, **facts: Fact) -> Button:
    """A line that answers the question it stands under; the edge adds the question's serial."""
    return Button(f"={value}", label or f"button.{value}", facts)


def order(
    command: Command, number: str | None = None, label: str | None = None, **facts: Fact
) -> Button:
    """A line that orders something at any time."""
    return Button(tap(command, number), label or f"button.{command.value}", facts)


def button(act: str, label: str, **facts: Fact) -> Button:
    """A line with an act of its own."""
    return Button(act, label, facts)
