"""Words that are read as others: the admin's everywhere, the shipped ones in the search (F6, K1).

老虎机 is 打印机 to the classifier, to the reader of devices and to the search once the admin says
so. What came with the release (`data/article_synonyms.txt`) makes two words of one thing one for
the search alone: the weights have learnt them apart, and a ticket names a thing as people do.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent / "data" / "article_synonyms.txt"

_means: Mapping[str, str] = {}
_any_of: re.Pattern[str] | None = None


def put_own(means: Mapping[str, str]) -> None:
    """These and no others, from now on; both sides folded."""
    global _means, _any_of
    longest_first = sorted(means, key=lambda word: (-len(word), word))
    found = re.compile("|".join(map(re.escape, longest_first))) if means else None
    _any_of = None  # between the two a word would have no meaning
    _means = dict(means)
    _any_of = found


def in_usual_words(folded_text: str) -> str:
    """The text with each of those words in its place; one within another is not looked for."""
    any_of, means = _any_of, _means
    if any_of is None:
        return folded_text
    return any_of.sub(lambda match: means.get(match[0], match[0]), folded_text)


def own_in(folded_text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Where the admin's words stand, and what each is read as."""
    any_of, means = _any_of, _means
    if any_of is None:
        return
    for match in any_of.finditer(folded_text, start, len(folded_text) if end is None else end):
        yield match.start(), means.get(match[0], match[0])


# --- where articles are looked for ---------------------------------------------------------------


def in_one_word(folded_text: str) -> str:
    """The text in usual words, and of the words of one thing the first of their line."""
    means = _shipped()
    usual = in_usual_words(folded_text)
    return _shipped_pattern().sub(lambda match: means[match[0]], usual)


@cache
def _shipped() -> Mapping[str, str]:
    """Each word with the first of its line."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    lists = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {word: words[0] for words in lists for word in words[1:]}


@cache
def _shipped_pattern() -> re.Pattern[str]:
    longest_first = sorted(_shipped(), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_whole, longest_first)))


def _whole(word: str) -> str:
    """A Latin word only where it stands for itself."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
