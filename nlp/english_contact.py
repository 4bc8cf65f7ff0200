"""Who calls, in English: my name is Tom Baker; I'm Tom from finance; Tom, sales, 8899."""

from itertools import pairwise

from nlp.patterns import any_of, linear, words_in
from nlp.wording import Wording

__all__ = ["called_in_english", "department_in_english"]

Span = tuple[int, int]

_NAME = r"[a-z][a-z'’-]{1,14}"
_INTRODUCES = linear(r"(?<![a-z])(?:my name is|name:|(?P<weak>i am|i['’]m)|(?P<loose>this is)) ?")
_WORDS = linear(rf"(?<![a-z]){_NAME}(?![a-z\d])")
_NAMES_ON = linear(rf" ?({_NAME})(?![a-z\d])")
_NOT_NAMES = frozenset(words_in("contacts", "english_word")) | frozenset(
    word for word in words_in("incidents", "device", "brand", "urgent") if word.isascii()
)
_DEPARTMENTS = any_of(words_in("contacts", "english_department"))
_DEPARTMENT = linear(
    rf"(?<![a-z])(?:(?:from|of|in) (?:the )?(?P<from>{_DEPARTMENTS})(?![a-z])"
    rf"|(?P<called>{_DEPARTMENTS}|it|hr)(?= (?:department|dept|team|division)(?![a-z])))"
    r"(?: (?:department|dept\.?|team|division))?"
)
_BARE_DEPARTMENT = linear(rf"(?<![a-z])(?P<bare>{_DEPARTMENTS})(?![a-z])")
_MOST = 3  # words of a name


def department_in_english(seen: str, *, is_asked: bool) -> tuple[Span, Span] | None:
    """The department, and all that was said of it; asked for, its bare name will do."""
    match = _DEPARTMENT.search(seen) or (_BARE_DEPARTMENT.search(seen) if is_asked else None)
    return (match.span(match.lastgroup), match.span()) if match and match.lastgroup else None


def called_in_english(said: Wording, rest: str, *, is_asked: bool, has_number: bool) -> Span | None:
    """The name: introduced, or all that is left beside number, place and department.

    `rest` is the folded copy with what was read already blanked out.
    """
    for match in _INTRODUCES.finditer(rest):
        if match["loose"] and not (is_asked or has_number):
            continue  # «This is Chrome»
        is_sure = match.lastgroup is None
        if span := _name_from(said, rest, match.end(), is_any_case=is_sure):
            return span
    left = [match.span() for match in _WORDS.finditer(rest)]
    is_name = 0 < len(left) <= _MOST and not _is_said(rest, left)
    has_capitals = all(said.own[start].isupper() for start, _ in left)
    if not is_name or not (is_asked or (has_number and has_capitals)):
        return None
    return left[0][0], left[-1][1]


def _name_from(said: Wording, rest: str, at: int, *, is_any_case: bool) -> Span | None:
    """Up to three words that begin here; «I'm having trouble» names nobody."""
    start = end = at
    for _ in range(_MOST):
        match = _NAMES_ON.match(rest, end)
        if match is None or match[1] in _NOT_NAMES:
            break
        if not (is_any_case or said.own[match.start(1)].isupper()):
            break
        start, end = (match.start(1) if end == at else start), match.end(1)
    return (start, end) if end > at else None


def _is_said(rest: str, words: list[Span]) -> bool:
    """Whether one is a word of a sentence, or they do not stand side by side."""
    is_apart = any(start - end > 1 for (_, end), (start, _) in pairwise(words))
    return is_apart or any(rest[start:end] in _NOT_NAMES for start, end in words)
