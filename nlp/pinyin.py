"""How characters sound, without tones: what sounds alike is typed one for the other.

`sound` folds what speakers and input methods mix up: zh and z, ch and c, sh and s, ang and an,
eng and en, ing and in, n and l at the beginning.
"""

from functools import cache
from pathlib import Path
from sys import intern

_TABLE = Path(__file__).resolve().parent / "data" / "pinyin.txt"
_FIRST = 0x4E00  # the table's first character
_UNKNOWN = "."


def syllable(character: str) -> str:
    """`yin` of 印; empty for what is no Chinese character, or one without a reading."""
    place, table = ord(character) - _FIRST, _syllables()
    said = table[place] if 0 <= place < len(table) else _UNKNOWN
    return "" if said == _UNKNOWN else said


@cache
def sound(character: str) -> str:
    """The syllable as it is compared; what has none is compared as itself."""
    said = syllable(character)
    return _alike(said) if said else character


def _alike(said: str) -> str:
    if said[:2] in ("zh", "ch", "sh"):
        said = said[0] + said[2:]
    if said.endswith(("ang", "eng", "ing")):
        said = said[:-1]
    return f"l{said[1:]}" if said.startswith("n") else said


@cache
def _syllables() -> list[str]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return [intern(said) for line in lines if not line.startswith("#") for said in line.split()]
