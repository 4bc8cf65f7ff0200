"""Words of the admin's that are read as the usual ones: 老虎机 as 打印机 (F6)."""

import re
from collections.abc import Mapping

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
