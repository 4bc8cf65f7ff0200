"""A message twice over: the person's own characters, and beside each the one to match."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from nlp.normalize import MAX_CHARACTERS, as_seen
from nlp.patterns import words_in

# 樓 is 楼 to a reader: one character for one, so that places stay places.
SIMPLE = {pair[0]: pair[1] for pair in words_in("traditional", "pairs")}


@dataclass(frozen=True, slots=True)
class Wording:
    """`own` and `folded` have one length, so a place found in one is a place in the other."""

    own: str
    folded: str

    def said(self, start: int, end: int) -> str:
        return self.own[start:end].strip()


@lru_cache(maxsize=256)  # each reader of one message asks for it
def wording(text: str) -> Wording:
    """The first 500 characters without unseen ones, spaces single, line breaks kept."""
    own = _tidy(text[:MAX_CHARACTERS])
    return Wording(own, "".join(map(_fold, own)))


def folded(text: str) -> str:
    return wording(text).folded


def _tidy(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    lines = ("".join(map(as_seen, line)).split() for line in text.splitlines())
    return "\n".join(" ".join(line) for line in lines if line)[:MAX_CHARACTERS]


def _fold(character: str) -> str:
    """NFKC in lower case where that is one character again, else the character itself."""
    if "\u4e00" <= character <= "\u9fff":
        return SIMPLE.get(character, character)
    seen = unicodedata.normalize("NFKC", character).lower()
    return seen if len(seen) == 1 else character
