"""Words of a message: jieba's way of cutting it, by a dictionary that has the desk's own words."""

import math
import re
from collections.abc import Iterable
from threading import Lock

from nlp import dictionary

_lock = Lock()
_is_ready = False
_words = dictionary.Dictionary({}, 0.0)


def known_words(text: str) -> list[str]:
    """`text` cut into words, what is in no dictionary into characters; joined, they are `text`.

    It is `jieba.lcut(text, HMM=False)`; guessing names would take three times as long.
    """
    if not _is_ready:
        warm_up()
    found: list[str] = []
    for run, other in _RUNS.findall(text):
        if other:
            found.append(other)
        else:
            found += _known_words_in(run)
    return found


def is_word(text: str) -> bool:
    if not _is_ready:
        warm_up()
    return bool(_words.worth.get(text))


# What may hold words, and any other character by itself; as jieba's re_han_default.
_RUNS = re.compile(r"([\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+)|(.)", re.DOTALL)


def _known_words_in(run: str) -> list[str]:
    """What `jieba.lcut(run, HMM=False)` says; letters and digits of no word stay together."""
    ends = _likeliest_ends(run)
    found: list[str] = []
    start = loose = 0  # `loose` is where letters that make no word began
    while start < len(run):
        end = ends[start]
        if end - start > 1 or not run[start].isascii() or not run[start].isalnum():
            if loose < start:
                found.append(run[loose:start])
            found.append(run[start:end])
            loose = end
        start = end
    if loose < start:
        found.append(run[loose:start])
    return found


def _likeliest_ends(run: str) -> list[int]:
    """Where the word that begins at each place ends, on the likeliest way through the run.

    jieba looks each stretch up twice, for its graph and again for the way through it; this is a
    third of the time that reading a message takes, so both are done in one go, from the end, and
    one character and more are no loop of one.
    """
    worth_of, once = _words.worth.get, _words.once
    followed = run + _NO_WORD
    start = len(run)
    likely = [0.0] * (start + 1)
    ends = [0] * start
    while start:
        end = start
        start -= 1
        worth = worth_of(followed[start])
        best, best_end = (worth + likely[end], end) if worth else (_UNLIKELY, 0)
        while worth is not None:
            end += 1
            worth = worth_of(followed[start:end])
            if worth and (chance := worth + likely[end]) >= best:
                best, best_end = chance, end
        if not best_end:
            best, best_end = once + likely[start + 1], start + 1
        likely[start], ends[start] = best, best_end
    return ends


_UNLIKELY = float("-inf")
_NO_WORD = "\n"  # in no run and no word


def warm_up() -> None:
    """Load the dictionary now rather than at the first message."""
    global _is_ready, _words
    with _lock:
        if _is_ready:
            return
        _words = dictionary.load()
        _is_ready = True


def put_own(wanted: Iterable[str]) -> None:
    """The admin's words are cut out whole, and those put before no more than jieba would."""
    warm_up()
    with _lock:
        _words.worth.update(_before)
        _before.clear()
        for word in dictionary.short_first(wanted):
            _before[word] = _words.worth.get(word, 0.0)
            _add(word)


_before: dict[str, float] = {}
"""What the admin's words were worth before they were put."""


def _add(word: str) -> None:
    """As jieba's `add_word`: just likelier than the pieces it would be cut into."""
    worth, once = _words
    pieces = [worth.get(piece, once) for piece in known_words(word)]
    times = math.exp(sum(pieces) - once) if all(pieces) else 0.0
    least = math.log(int(times) + 1) + once
    worth[word] = max(least, worth.get(word) or least)
    for end in range(1, len(word)):
        worth.setdefault(word[:end], 0.0)
