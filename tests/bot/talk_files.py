"""Scripted talks as they stand in tests/bot/talks: what a person says, reads, and has in the end.

# 备注 …                  what the talk shows
at 2026-11-24 10:30        when it begins, in Shanghai
known 财务部 王芳 13800001234 三楼财务室      who speaks; without it somebody new does
engineer 周工 printer      who is at work
device PR-0012 printer 三楼财务室 惠普打印机   what the asset list knows
> 打印机卡纸                what the person types
> 〔确认报修〕              … taps
> (photo)  > (voice) 喂    … sends
+ 5h                       so much time passes
< 打印机 王芳              words that the answer holds;  <! words that it does not hold
messages 3                 how many the person sent up to here
tickets 1                  how many are open in the end
ticket 1 symptom=… place=…  what one of them holds: the part behind = stands in it
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "talks"

_WITH_WORDS = (">", "<!", "<", "+", "#")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk: what kind it is, its words, and where it stands."""

    kind: str
    words: str
    where: str

    @property
    def parts(self) -> list[str]:
        return shlex.split(self.words)


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    lines: tuple[Line, ...]

    @property
    def is_known(self) -> bool:
        """Whether the desk knew the person before."""
        return any(line.kind == "known" for line in self.lines)


def scripts() -> list[Script]:
    """Every talk, by name."""
    return [_script(path) for path in sorted(FOLDER.glob("*.txt"))]


def _script(path: Path) -> Script:
    return Script(path.stem, tuple(_lines(path)))


def _lines(path: Path) -> Iterator[Line]:
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not text.strip():
            continue
        kind = next((mark for mark in _WITH_WORDS if text.startswith(mark)), None)
        words = text[len(kind) :] if kind else text.partition(" ")[2]
        if kind != "#":
            yield Line(kind or text.partition(" ")[0], words.strip(), f"{path.name}:{number}")
