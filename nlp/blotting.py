"""Takes out of words kept for long what says who somebody is: numbers, addresses, names (P8).

Nothing of it is left; `logs.masked` leaves the ends, by which an operator finds a line again.
"""

import re
from collections.abc import Iterable

BLOT = "▇"

_NUMBER = re.compile(r"\+?\d[\d\s()-]{5,}\d")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST_NAME = 2  # characters


def blotted(text: str, names: Iterable[str | None] = ()) -> str:
    """Without phone numbers and mail addresses, and without these names and places."""
    seen = _NUMBER.sub(BLOT, _ADDRESS.sub(BLOT, text))
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    for name in longest_first:
        if len(name) >= _SHORTEST_NAME:
            seen = seen.replace(name, BLOT)
    return seen
