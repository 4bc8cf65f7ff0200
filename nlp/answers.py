"""What engineers answer when they are asked why, until when, to whom, and what to correct."""

from collections.abc import Iterable

from nlp.patterns import any_of, linear, words_in
from nlp.wording import folded, wording

__all__ = [
    "clauses",
    "find_answer",
    "is_called",
    "read_answer",
    "read_field",
    "says_something",
    "tells_of_work",
    "wording_of",
]

FIELDS = ("cause", "action_taken", "minutes", "is_on_site", "parts")
"""What an engineer's result is made of, under the names of its word lists."""

_EDGES = " ,，。.!！~吧了的\n"
_CLAUSE = linear(r"[^,，。;；、\n ]{1,200}")
_LABELLED = linear(
    rf"(?:不对[,， ]?)?(?:把|改一下|改下|修改|更正|改)?\s?"
    rf"(?P<word>{any_of(words_in('answers', *FIELDS))})"
    r"(?:不对|错了|有误|不是|应该)?[,， ]?(?:改成|改为|应该是|应为|是|为|改)?[ ::]{0,2}"
    r"(?P<rest>[^\0]{0,450})"
)
_FIELD_OF = {word: field for field in FIELDS for word in words_in("answers", field)}
_WORK = linear(any_of(words_in("results", "action")))


def says_something(text: str) -> bool:
    """Some word at least; a number or a row of question marks tells nothing."""
    return any(character.isalpha() for character in text)


def clauses(text: str) -> list[str]:
    """The parts of a message between commas and blanks, as they were typed."""
    said = wording(text)
    return [said.said(*match.span()) for match in _CLAUSE.finditer(said.folded)]


def is_called(name: str, text: str) -> bool:
    """Whether the words name this person: whole, by family name and title, or as 小吴."""
    seen = folded(text).strip(_EDGES)
    for lead in words_in("answers", "to"):
        seen = seen.removeprefix(lead)
    if not name or seen.startswith(name) or (len(name) > 2 and name in seen):
        return bool(name)
    family = name[0]
    by_title = {family + title for title in words_in("answers", "title")}
    return seen in by_title | {each + family for each in words_in("answers", "familiar")}


def wording_of(heading: str) -> str:
    """The words that a tapped answer stands for."""
    return next(iter(words_in("answers", heading)), heading)


def read_answer(text: str, headings: Iterable[str]) -> str | None:
    """The heading that holds just these words."""
    seen = folded(text).strip()
    said = {seen, seen.strip(_EDGES)}
    return next((each for each in headings if said & set(words_in("answers", each))), None)


def find_answer(text: str, headings: Iterable[str]) -> str | None:
    """The heading of which some word stands in the message."""
    seen = folded(text)
    found = (each for each in headings if any(w in seen for w in words_in("answers", each)))
    return next(found, None)


def read_field(text: str) -> tuple[str, str] | None:
    """Which part of a result is corrected, and to what: 用时改成 40 分钟, 改原因."""
    said = wording(text)
    match = _LABELLED.fullmatch(said.folded)
    if match is None:
        return None
    rest = said.own[match.start("rest") :].strip(_EDGES)
    return _FIELD_OF[match["word"]], rest


def tells_of_work(text: str) -> bool:
    """Whether the words name something that was done."""
    return _WORK.search(folded(text)) is not None
