"""The dictionary that messages are cut by: jieba's and the desk's own, built once and kept.

Of jieba's 349,000 words those that were counted less than fifty times stay out unless the desk's
word list has them: names of people and places and words of old books for the most part. The 52,000
that are left take a sixth of the memory, and the classifier is right as often as before (T10).
"""

import hashlib
import logging
import marshal
import math
import os
import stat
import tempfile
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from sys import intern
from typing import NamedTuple

from nlp import lexicon

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba 0.42.1 is of 2020: escape sequences, pkg_resources
    import jieba
    from jieba import finalseg

log = logging.getLogger(__name__)

LEAST_COUNTED = 50

USER_WORDS = Path(__file__).parent / "data" / "user_words.txt"

jieba.setLogLevel(logging.WARNING)


class Dictionary(NamedTuple):
    """How likely each word is, as a logarithm; 0 for what is but the beginning of words."""

    worth: dict[str, float]
    once: float  # what was counted once, as a character of no word is


def load() -> Dictionary:
    """From where it was kept, or built in a second."""
    own = own_words()
    kept = private_folder() / f"words-{digest(own)}.cache"
    found = _kept_in(kept)
    if found is None:
        found = _worths(counted(own))
        _keep(kept, found)
    return found


def digest(own: Iterable[str]) -> str:
    """What the dictionary is made of; another release must not read this one's."""
    cues = sorted(lexicon.everything())
    made_of = "\n".join((_FORM, jieba.__version__, str(LEAST_COUNTED), *own, "", *cues))
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


_FORM = "worths, interned"  # as logarithms; before, what was counted


def _kept_in(file: Path) -> Dictionary | None:
    try:
        worth, once = marshal.loads(file.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return Dictionary(worth, once)


def counted(own: Iterable[str]) -> jieba.Tokenizer:
    """The words of jieba's list, with all that they begin with, and the desk's own."""
    tokenizer = jieba.Tokenizer()
    counts: dict[str, int] = {}
    total, cues = 0, lexicon.everything()
    with tokenizer.get_dict_file() as lines:
        for line in lines:
            word, times, _ = line.decode("utf-8").split(" ")
            total += int(times)
            if int(times) >= LEAST_COUNTED or word in cues:
                counts[word] = int(times)
                for end in range(1, len(word)):
                    counts.setdefault(word[:end], 0)
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = counts, total, True
    for word in own:
        tokenizer.add_word(word)
    return tokenizer


def _worths(tokenizer: jieba.Tokenizer) -> Dictionary:
    """Worked out here, so that cutting takes no logarithm; words of one count share its worth."""
    counts, total = tokenizer.FREQ, math.log(tokenizer.total)
    of = {times: math.log(times) - total if times else 0.0 for times in set(counts.values())}
    told = lexicon.everything()
    shared = (intern(word) if word in told else word for word in counts)
    return Dictionary(dict(zip(shared, map(of.__getitem__, counts.values()), strict=True)), -total)


def _keep(file: Path, built: Dictionary) -> None:
    """Under another name first: two processes may start at once."""
    with suppress(OSError), tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unnamed:
        unnamed.write(marshal.dumps(tuple(built)))
        Path(unnamed.name).replace(file)


def short_first(words: Iterable[str]) -> list[str]:
    """How much jieba makes a word weigh depends on those added before it."""
    return sorted(set(words), key=lambda word: (len(word), word))


def own_words() -> list[str]:
    return short_first([*lexicon.things(), *user_words(USER_WORDS)])


def user_words(path: Path) -> list[str]:
    """Without the list the words are cut less well, and all goes on (R-086)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        log.warning("user_words_unreadable error=%s", type(error).__name__)
        return []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def private_folder() -> Path:
    """Where the dictionary is kept: it is read with marshal, so nobody else may write there."""
    folder = Path(tempfile.gettempdir()) / f"it-desk-jieba-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    seen = folder.lstat()
    is_ours = stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid()
    if is_ours and stat.S_IMODE(seen.st_mode) == 0o700:
        return folder
    return Path(tempfile.mkdtemp(prefix="it-desk-jieba-"))


def _forget_guesses() -> None:
    """jieba's table for guessing names, 3 MiB, that no message is cut by (T10)."""
    for table in finalseg.emit_P.values():
        table.clear()


_forget_guesses()
