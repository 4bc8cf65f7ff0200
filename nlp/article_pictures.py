"""The mark that stands for a picture in an article: what it shows, and its number (K2).

    ![the label on the left of the printer](picture:42)

It names a picture that the desk keeps, never an address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MARK = r"!\[(?P<alt>[^\[\]\n]{1,200})\]\(picture:(?P<picture>[0-9]{1,9})\)"
LONGEST_ALT = 100  # characters; more is no name any more

_MARK = re.compile(MARK)
_AT = "picture:"  # without it there is nothing to look for
_ENDS_IT = re.compile(r"[\[\]\s]+")


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a page gets a picture from, and the place to keep free for it."""

    address: str
    width: int
    height: int


Pictures = Mapping[int, Picture]
"""Those that the article has, by number; of any other only the words are shown."""


def pictures_in(text: str) -> tuple[int, ...]:
    """The numbers of the pictures that it names, in their order."""
    if _AT not in text:
        return ()
    return tuple(dict.fromkeys(int(match["picture"]) for match in _MARK.finditer(text)))


def picture_mark(words: str, number: int) -> str:
    """What stands in a text for a picture; nothing in the words can end the mark."""
    return f"![{_ENDS_IT.sub(' ', words).strip()[:LONGEST_ALT] or number}]({_AT}{number})"


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The same with its pictures under other numbers."""

    def put(match: re.Match[str]) -> str:
        number = int(match["picture"])
        return picture_mark(match["alt"], numbers.get(number, number))

    return _MARK.sub(put, text)


def searchable(text: str) -> str:
    """What a picture shows is looked for, its number is not."""
    return _MARK.sub(lambda match: match["alt"], text) if _AT in text else text
