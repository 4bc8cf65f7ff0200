"""Hostile words, 20,000 characters of each kind: what reading costs, beside the cut alone (H-24).

A message is read by many readers, of which each looks at its beginning alone; what a turn of a
report asks all of them is measured here as one.
"""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import jieba

from bench.spread import Spread
from nlp import classifier
from nlp.amendment import read_amendment
from nlp.commands import read_command
from nlp.contact import read_contact
from nlp.incident import read_incident, split_incidents
from nlp.normalize import folded
from nlp.on_behalf import read_behalf
from nlp.wish import read_wish

CHARACTERS = 20_000
_NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)

KINDS: Mapping[str, str] = {
    "zero-width and RTL marks": "\u200d\u202e打\u2066印\u202c机\ufeff",
    "punctuation": "，。！？…；、：",
    "one character": "打",
    "digits": "1380000",
    "formulas and HTML": '=HYPERLINK("x")<img src=x onerror=alert(1)>',
    "control characters": "\x00\x08\x1b[2J卡纸",
    "mixed Latin": "aB3-éß_Ω ",
    "a place again and again": "三楼财务室",
    "not this but that": "不是打印机，是",
    "times": "明天上午十点到",
    "a colleague again and again": "帮同事李",
}
"""The last four are what our own patterns look for."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """Milliseconds of the processor for one message of this kind."""

    kind: str
    cut: Spread  # the floor: jieba's cut of as much as is read
    read: Spread  # the classifier
    turn: Spread  # every reader of a report


def measure(rounds: int) -> tuple[Hostile, ...]:
    classifier.warm_up()
    jieba.initialize()
    read_all("三楼财务室那台惠普打印机一直卡纸，明天上午来")  # what is made at its first use
    return tuple(_measured(kind, piece, rounds) for kind, piece in KINDS.items())


def text_of(piece: str) -> str:
    return (piece * (CHARACTERS // len(piece) + 1))[:CHARACTERS]


def _measured(kind: str, piece: str, rounds: int) -> Hostile:
    """Each round has a text of its own: what one reader found is remembered for the next."""
    cut, read, turn = [], [], []
    for n in range(rounds):
        text = f"{n}{text_of(piece)}"[:CHARACTERS]
        cut.append(_ms(jieba.lcut, folded(text)))
        read.append(_ms(classifier.read, text))
        turn.append(_ms(read_all, text))
    return Hostile(kind, Spread.of(cut), Spread.of(read), Spread.of(turn))


def read_all(text: str) -> None:
    """What a turn of a report asks of a message."""
    for each in _READERS:
        each(text)


_READERS: tuple[Callable[[str], object], ...] = (
    classifier.read,
    read_incident,
    read_contact,
    read_command,
    read_behalf,
    split_incidents,
    lambda text: read_wish(text, _NOW),
    lambda text: read_amendment(text, _NOW),
)


def _ms(act: Callable[[str], object], text: str) -> float:
    gc.collect()
    started_at = time.process_time()
    act(text)
    return (time.process_time() - started_at) * 1000
