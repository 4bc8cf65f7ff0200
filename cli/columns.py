"""Words in columns on a terminal, where a Chinese character is two wide."""

from collections.abc import Sequence
from datetime import datetime
from unicodedata import east_asian_width

from domain.calendar import CHINA

_GAP = "  "


def printable(text: str) -> str:
    """A person's words without what would steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def clock(at: datetime | None) -> str:
    """2026-11-24 10:42 as the desk's wall shows it; empty for never."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def shortened(text: str, columns: int) -> str:
    """At most so many columns; what was cut off is shown by a mark."""
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return f"{text}…"


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under their heading, each column as wide as its widest cell."""
    lines = [list(heading), *([printable(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(
            padded(cell, columns) for cell, columns in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )
