"""Words of a message: jieba with the desk's own dictionary, loaded once and quietly.

Of jieba's 349,000 words those that were counted less than fifty times stay out unless the desk's
word list has them: names of people and places and words of old books for the most part. The 52,000
that are left take a sixth of the memory, and the classifier is right as often as before (T10).
"""

import hashlib
import logging
import marshal
import math
import os
import re
import stat
import tempfile
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from nlp import lexicon

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba 0.42.1 is of 2020: escape sequences, pkg_resources
    import jieba

log = logging.getLogger(__name__)

LEAST_COUNTED = 50

USER_WORDS = Path(__file__).parent / "data" / "user_words.txt"

jieba.setLogLevel(logging.WARNING)

_lock = Lock()
_is_ready = False
tokenizer = jieba.Tokenizer()


def known_words(text: str) -> list[str]:
    """`text` cut into words, what is in no dictionary into characters; joined, they are `text`.

    It is `jieba.lcut(text, HMM=False)`; guessing names would take three times as long.
    """
    if not _is_ready:
        warm_up()
    found: list[str] = []
    for match in _RUN.finditer(text):
        if match.lastgroup:
            found.append(match[0])
        else:
            found += _known_words_in(match[0])
    return found


def is_word(text: str) -> bool:
    if not _is_ready:
        warm_up()
    return bool(tokenizer.FREQ.get(text))


# What may hold words, and any other character by itself; as jieba's re_han_default.
_RUN = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+|(?P<other>.)", re.DOTALL)


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

    jieba looks each stretch up twice, for its graph and again for the way through it; this is half
    of the time that reading a message takes, so both are done in one go, from the end.
    """
    count_of, total = tokenizer.FREQ.get, math.log(tokenizer.total)
    log_of = math.log
    size = len(run)
    likely = [0.0] * (size + 1)
    ends = [0] * size
    for start in range(size - 1, -1, -1):
        best, best_end = _UNLIKELY, 0
        for end in range(start + 1, size + 1):
            count = count_of(run[start:end])
            if count is None:
                break
            if count and (chance := log_of(count) - total + likely[end]) >= best:
                best, best_end = chance, end
        if not best_end:
            best, best_end = likely[start + 1] - total, start + 1
        likely[start], ends[start] = best, best_end
    return ends


_UNLIKELY = float("-inf")


def warm_up() -> None:
    """Load the dictionary now rather than at the first message."""
    global _is_ready
    with _lock:
        if _is_ready:
            return
        own = _own_words()
        kept = _private_folder() / f"words-{_digest(own)}.cache"
        if not _was_kept(kept):
            _build(own)
            _keep(kept)
        tokenizer.initialized = True
        _is_ready = True


def _digest(own: Iterable[str]) -> str:
    """What the dictionary is made of; another release must not read this one's."""
    cues = sorted(lexicon.everything())
    made_of = "\n".join((jieba.__version__, str(LEAST_COUNTED), *own, "", *cues))
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def _was_kept(file: Path) -> bool:
    try:
        tokenizer.FREQ, tokenizer.total = marshal.loads(file.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return False
    return True


def _build(own: Iterable[str]) -> None:
    """The words of jieba's list, with all that they begin with, and the desk's own (a second)."""
    counts: dict[str, int] = {}
    total, cues = 0, lexicon.everything()
    with tokenizer.get_dict_file() as lines:
        for line in lines:
            word, counted, _ = line.decode("utf-8").split(" ")
            total += int(counted)
            if int(counted) >= LEAST_COUNTED or word in cues:
                counts[word] = int(counted)
                for end in range(1, len(word)):
                    counts.setdefault(word[:end], 0)
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = counts, total, True
    for word in own:
        tokenizer.add_word(word)


def _keep(file: Path) -> None:
    """Under another name first: two processes may start at once."""
    with suppress(OSError), tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unnamed:
        unnamed.write(marshal.dumps((tokenizer.FREQ, tokenizer.total)))
        Path(unnamed.name).replace(file)


def put_own(wanted: Iterable[str]) -> None:
    """The admin's words are cut out whole, and those put before no more than jieba would."""
    warm_up()
    with _lock:
        dictionary = tokenizer
        dictionary.total -= sum(dictionary.FREQ[word] - was for word, was in _before.items())
        dictionary.FREQ.update(_before)
        _before.clear()
        for word in _short_first(wanted):
            _before[word] = dictionary.FREQ.get(word, 0)
            dictionary.add_word(word)
            # jieba adds the new weight to its total, and leaves the former one in it.
            dictionary.total -= _before[word]


_before: dict[str, int] = {}
"""What the admin's words weighed before they were put."""


def _short_first(words: Iterable[str]) -> list[str]:
    """How much jieba makes a word weigh depends on those added before it."""
    return sorted(set(words), key=lambda word: (len(word), word))


def _own_words() -> list[str]:
    return _short_first([*lexicon.things(), *_user_words(USER_WORDS)])


def _user_words(path: Path) -> list[str]:
    """Without the list the words are cut less well, and all goes on (R-086)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        log.warning("user_words_unreadable error=%s", type(error).__name__)
        return []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _private_folder() -> Path:
    """Where the dictionary is kept: it is read with marshal, so nobody else may write there."""
    folder = Path(tempfile.gettempdir()) / f"it-desk-jieba-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    seen = folder.lstat()
    is_ours = stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid()
    if is_ours and stat.S_IMODE(seen.st_mode) == 0o700:
        return folder
    return Path(tempfile.mkdtemp(prefix="it-desk-jieba-"))
