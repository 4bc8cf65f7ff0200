"""Facts become fields that the platform accepts: none is empty, none is of the wrong letters."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.templates import template_data
from domain.sentence import Say, Word
from settings import ROOT
from texts import read_texts

TEXTS = read_texts(ROOT / "texts.yaml", str)
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@dataclass
class Template:
    id: str = "T"
    fields: dict[str, str] = field(default_factory=lambda: {"phrase4": "urgency"})


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (Word("urgency.high"), "加急"),
        (Word("urgency.normal"), "一般"),
        (None, "无"),
        ("-", "无"),
        ("P1 很急，今天要", "很急今天要"),
    ],
)
def test_r059_a_phrase_is_of_chinese_characters_and_never_empty(fact, value):
    """A dash is refused with 47003, and the notice would reach nobody (F9)."""
    say = Say("notice.assigned", {"urgency": fact})

    assert template_data(Template(), say, TEXTS, NOW) == {"phrase4": value}
