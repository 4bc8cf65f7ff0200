"""A message as it was meant: simplified, without fillers, and with the desk's words put right.

What stands for another word is only corrected where it is no word itself: jieba cuts 打因机 into
pieces, and the pieces sound like 打印机. A word of jieba's own is left alone unless `misspelt.txt`
names it.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

from nlp import lexicon, segment, synonyms
from nlp.pinyin import sound, syllable
from nlp.wording import SIMPLE

log = logging.getLogger(__name__)

MISSPELT = Path(__file__).parent / "data" / "misspelt.txt"

_LONGEST = 4  # characters of a word that is put right by its sound
# What is heard and means nothing, where a voice was written down. 那个 and 就是 are words as well:
# they go only where a clause begins with them and stops again, or with two of them.
_HUMS = re.compile(r"呃+[,、…~ ]*|(?<!嗯)嗯(?![嗯呢])[,、…~ ]*")
_FILLERS = re.compile(
    r"(?:(?<=^)|(?<=[,。;!?… ]))"
    r"(?:(?:就是说?|那个|这个|然后呢?|额|啊|哎)[,、…~ ]+"
    r"|(?:那个|这个|然后|就是){2,}[,、…~ ]*|怎么说呢[,、…~ ]*|那什么[,、…~ ]*)"
)
_MAY_FILL = re.compile("[呃嗯额啊哎]|那个|这个|就是|然后|那什么|怎么说呢")
_LEAST_LEFT = 4  # characters; 嗯嗯 by itself is an answer
_SMALL = frozenset(
    "的了是不我你他她它在有就都也到这那个一没人要来去上下能会和跟把被给让吗呢吧啊又还说时行完站讲答弄弹"
)

_SIMPLE = str.maketrans(SIMPLE)


def as_meant(folded_text: str) -> tuple[str, list[str]]:
    """The text to be matched, and the words it is cut into."""
    text = synonyms.in_usual_words(_respelt(_without_fillers(simplified(folded_text))))
    words = segment.known_words(text)
    meant = _put_right(text, words)
    return (text, words) if meant == text else (meant, segment.known_words(meant))


def simplified(text: str) -> str:
    """樓 as 楼, one character for one."""
    return text.translate(_SIMPLE)


def _without_fillers(text: str) -> str:
    if not _MAY_FILL.search(text):
        return text
    left = _FILLERS.sub("", _HUMS.sub("", text))
    return left if len(left) >= _LEAST_LEFT else text


def _respelt(text: str) -> str:
    spelt = _spellings()
    return spelt.any_of.sub(lambda match: spelt.meant[match[0]], text) if spelt.meant else text


def _put_right(text: str, words: Sequence[str]) -> str:
    """Each stretch of pieces that sounds like a word of the desk is that word."""
    pieces = _pieces(text, words)
    if not pieces:
        return text
    covered = 0
    for start, meant in _corrections(text, words, pieces):
        if start >= covered:
            covered = start + len(meant)
            text = text[:start] + meant + text[covered:]
    return text


def _corrections(
    text: str, words: Sequence[str], pieces: Sequence[int]
) -> Iterator[tuple[int, str]]:
    """Where a word stands that was typed wrong, and the one that was meant, as long as that."""
    borders = {0, *accumulate(map(len, words))}
    by_sound = _by_sound()
    heard = list(map(sound, text))
    for end in pieces:
        for start, until in _around(end, borders):
            meant = by_sound.get(tuple(heard[start:until]))
            if meant is not None and _is_meant(text[start:until], meant, borders, start):
                yield start, meant
                break


def _pieces(text: str, words: Sequence[str]) -> list[int]:
    """Where single characters end that are no word, and sound as within a word of the desk."""
    pairs = _pairs_of_sounds()
    found = []
    end = 0
    for word in words:
        end += len(word)
        if len(word) > 1 or word in _SMALL or not "\u4e00" <= word <= "\u9fff":
            continue
        heard = sound(word)
        if (end > 1 and (sound(text[end - 2]), heard) in pairs) or (
            end < len(text) and (heard, sound(text[end])) in pairs
        ):
            found.append(end)
    return found


def _around(end: int, borders: set[int]) -> Iterator[tuple[int, int]]:
    """Stretches of whole words that hold the piece which ends there, the longest first."""
    for length in range(_LONGEST, 1, -1):
        for start in range(max(0, end - length), end):
            if start in borders and start + length in borders:
                yield start, start + length


def _is_meant(said: str, meant: str, borders: set[int], start: int) -> bool:
    """One character was taken for another. 完|密码 is no 忘密码: 密码 stands for itself."""
    other = [at for at, one in enumerate(said) if one != meant[at]]
    if len(other) != 1 or said[other[0]] in _SMALL or segment.is_word(said):
        return False
    if len(said) == 2:
        return syllable(said[other[0]]) == syllable(meant[other[0]])
    return other[0] > 0 or start + 2 in borders


@dataclass(frozen=True, slots=True)
class _Spellings:
    meant: Mapping[str, str]
    any_of: re.Pattern[str]
    short: frozenset[str]  # words of two characters that are put right by their sound


@cache
def _by_sound() -> Mapping[tuple[str, ...], str]:
    """The desk's words by their sound; of two that sound alike none is guessed."""
    long = {word for word in lexicon.things() if 2 < len(word) <= _LONGEST and _is_chinese(word)}
    found: dict[tuple[str, ...], str] = {}
    for word in sorted(long | _spellings().short):
        key = tuple(map(sound, word))
        found[key] = "" if key in found else word
    return {key: word for key, word in found.items() if word}


@cache
def _pairs_of_sounds() -> frozenset[tuple[str, str]]:
    return frozenset(pair for key in _by_sound() for pair in pairwise(key))


def _is_chinese(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


@cache
def _spellings() -> _Spellings:
    """Without the list words are read as they were typed (R-086)."""
    try:
        lines = MISSPELT.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        log.warning("misspelt_unreadable error=%s", type(error).__name__)
        lines = []
    told = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    meant = {words[0]: words[1] for words in told if len(words) == 2}
    longest_first = sorted(meant, key=lambda word: (-len(word), word))
    short = {word for words in told if len(words) > 2 for word in words}
    return _Spellings(meant, re.compile("|".join(map(re.escape, longest_first))), frozenset(short))
