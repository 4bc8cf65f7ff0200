"""Words for the search: what a ticket is found by, and what a typed line asks for (C §13, B8).

The index holds pairs of neighbouring characters, so that no way of cutting a sentence hides a word
of two characters in it; jieba cuts what was typed, and each word asks for the pairs it is made of.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.numbers import TICKET_PREFIX
from nlp.initials import initials
from nlp.normalize import folded
from nlp.segment import known_words

LONGEST_QUERY = 80  # characters
LONGEST_TEXT = 2_000  # characters of one text that are looked into
MOST_ASKED = 12  # terms of one query
SHORTEST_PHONE = 4  # digits from the end of a number that name it

PHONE = "#"
PERSON = "~"
"""What stands before words that nobody writes: a phone turned round, who had to do with it."""

_RUN = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")
_TICKET_HEAD = re.compile(rf"\b{TICKET_PREFIX.lower()}(?=20\d)")
_DIALLED = re.compile(r"(?!20[0-9]{6}-)\+?[0-9][0-9 ()-]*")  # a ticket's number is no phone
_NO_DIGIT = re.compile(r"[^0-9]+")
_COUNTRY = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")

# Single characters that say nothing of what is looked for.
_EMPTY = frozenset("的了吗呢吧啊呀嘛在是有和与跟及或我你您他她它这那个把被给让就都也还又很太不要")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the index, or all that begin so."""

    word: str
    is_beginning: bool = False


Asked = tuple[tuple[Term, ...], ...]
"""Of each group one term must be there."""


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that a ticket is found by."""

    texts: tuple[str, ...]
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


def words_of(said: Said) -> list[str]:
    """Each word of the index once, in a stable order."""
    found = {word for text in (*said.texts, *said.names) for word in _words_in(text)}
    found |= {initials(name) for name in said.names}
    found |= {turned(phone) for phone in said.phones}
    found |= {f"{PERSON}{person}" for person in said.people}
    return sorted(found - {"", PHONE})


def _words_in(text: str) -> Iterator[str]:
    for run in _RUN.findall(folded(text, LONGEST_TEXT)):
        if run.isascii():
            yield run
        else:
            yield from _pairs(run)
            yield run[-1]  # a single character is looked up by what begins with it


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def digits(phone: str) -> str:
    """A number as it is compared: without separators and the country's 86."""
    return _COUNTRY.sub("", _NO_DIGIT.sub("", folded(phone, LONGEST_QUERY)))


def turned(phone: str) -> str:
    """Backwards, for people remember how a number ends."""
    return f"{PHONE}{digits(phone)[::-1]}"


def dialled(text: str) -> str | None:
    """The digits of what can only be a number of four or more; None for anything else."""
    seen = folded(text, LONGEST_QUERY)
    number = digits(seen)
    is_number = _DIALLED.fullmatch(seen) is not None and len(number) >= SHORTEST_PHONE
    return number if is_number else None


def asked(text: str, *, with_phones: bool) -> Asked:
    """What the index is asked for; empty where nothing was typed that could be looked for."""
    seen = _TICKET_HEAD.sub("", folded(text, LONGEST_QUERY))
    number = dialled(seen)
    if number is not None and with_phones and not seen.isdecimal():
        return ((_phone(number),),)  # 0755-8888 1234
    terms = _last_begun([term for run in _RUN.findall(seen) for term in _terms(run)])
    unique = tuple(dict.fromkeys(terms))[:MOST_ASKED]
    return tuple(_alternatives(term, with_phones) for term in unique)


def _terms(run: str) -> list[Term]:
    if run.isascii() or len(run) == 2:
        return [Term(run)]
    if len(run) == 1:
        return [Term(run, is_beginning=True)]
    words = [word for word in known_words(run) if word not in _EMPTY]
    if not words:
        return [Term(pair) for pair in _pairs(run)]
    return [term for word in words for term in _of_word(word)]


def _of_word(word: str) -> list[Term]:
    pairs = _pairs(word)
    return [Term(pair) for pair in pairs] if pairs else [Term(word, is_beginning=True)]


def _last_begun(terms: list[Term]) -> list[Term]:
    """Somebody is still typing the last word."""
    if terms and terms[-1].word.isascii():
        terms[-1] = Term(terms[-1].word, is_beginning=True)
    return terms


def _alternatives(term: Term, with_phones: bool) -> tuple[Term, ...]:
    if with_phones and term.word.isdecimal() and len(term.word) >= SHORTEST_PHONE:
        return (term, _phone(term.word))
    return (term,)


def _phone(number: str) -> Term:
    return Term(turned(number), is_beginning=True)


def by_person(person_id: int) -> tuple[Term, ...]:
    """Only what this person had to do with."""
    return (Term(f"{PERSON}{person_id}"),)


# --- what is marked in the answer ----------------------------------------------------------------


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is what was looked for."""
    pattern = _pattern(_looked_for(query))
    if pattern is None:
        return [(text, False)] if text else []
    parts = pattern.split(text)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def _looked_for(query: str) -> tuple[str, ...]:
    """The longest first: 打印机 before 打印."""
    seen = folded(query, LONGEST_QUERY)
    found = [word for run in _RUN.findall(seen) for word in _whole_words(run)]
    return tuple(sorted({*found, *seen.split()}, key=lambda word: (-len(word), word)))


def _whole_words(run: str) -> Iterable[str]:
    if run.isascii():
        return (run,)
    return (word for word in known_words(run) if word not in _EMPTY)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(f"({'|'.join(map(re.escape, words))})", re.IGNORECASE)


def excerpt(texts: Iterable[str], query: str, width: int = 60) -> str | None:
    """The surroundings of the first place that has what was looked for."""
    pattern = _pattern(_looked_for(query))
    for text in texts if pattern else ():
        seen = " ".join(text[:LONGEST_TEXT].split())
        if pattern and (match := pattern.search(seen)):
            start = max(0, match.start() - width // 3)
            end = start + width
            return f"{'…' if start else ''}{seen[start:end]}{'…' if end < len(seen) else ''}"
    return None
