"""For whom a fault is reported, if it is another's: 帮同事李娜报修, 是我同事王芳的电脑."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.contact import called_in, read_contact
from nlp.english import is_english
from nlp.english_contact import department_in_english
from nlp.patterns import any_of, linear, words_in
from nlp.wording import Wording, folded, wording

__all__ = ["Behalf", "is_ones_own", "read_behalf", "read_number_of", "without_behalf"]


@dataclass(frozen=True, slots=True)
class Behalf:
    """Who has the fault, as far as it was said."""

    name: str
    department: str | None = None


_WHOSE = r"(?:我们?的?|咱们?的?)?"
_COLLEAGUE = any_of(words_in("behalf", "colleague"))
_WHO = r"(?P<who>[\u4e00-\u9fff]{2,12}?)"
_FOR = linear(
    rf"(?:我?(?:是|想|要)?(?:来)?(?:帮|替|代|给|帮忙给|代替)){_WHOSE}(?:{_COLLEAGUE}的?)?{_WHO}"
    rf"{any_of(words_in('behalf', 'reports'))}[,。:; ]?"
)
_OF = linear(
    rf"(?:(?:这|那)?是)?{_WHOSE}{_COLLEAGUE}的?(?P<who>[\u4e00-\u9fff]{{2,4}}?)"
    r"(?P<of>的(?=[\u4e00-\u9fffa-z])|[,，:：])?"
)
_NOT_MINE = linear(rf"不是我的?[,。 ]{{0,2}}是{_WHO}(?P<of>的)")

_NAMED = "\x00"
_NUMBER_OF = linear(
    rf"(?:{_NAMED}{{2,12}}|(?<!其)[她他]|对方|{_COLLEAGUE})(?:本人)?的?(?:联系)?"
    r"(?:电话|手机|分机|座机|号码)?(?:号码?)?[是为: ]{0,3}"
    r"(?P<number>(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8}|[2-9]\d{2,7})"
    r"(?![\d楼室号层座])"
)

_IN_ENGLISH = linear(
    r"(?:(?:it['’]?s |this is |reporting |i['’]?m reporting )?(?:for|on behalf of) )?(?<![a-z])"
    r"(?:my )?colleague,? (?P<who>[a-z]{2,15}(?P<more> [a-z]{2,15})?)(?![a-z])(?:['’]s)?"
)
_NUMBER_IN_ENGLISH = linear(
    rf"(?:{_NAMED}{{2,30}}(?:['’]s)?|(?<![a-z])(?:her|his|their)) ?"
    r"(?:(?:phone|mobile|cell|number|extension|ext)(?: number)?)?(?: is|:)? ?"
    r"(?P<number>(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8}|[2-9]\d{2,7})"
    r"(?!\d)"
)
_MINE = linear(r"(?<![a-z])(?:my|mine|i)(?![a-z])")

Span = tuple[int, int]


def read_number_of(text: str, name: str) -> tuple[str, str] | None:
    """A colleague's number, and the message without it: 李娜13911112222, 她电话 8899."""
    said = wording(text)
    pattern, named = _NUMBER_IN_ENGLISH if is_english(said.folded) else _NUMBER_OF, folded(name)
    match = pattern.search(said.folded.replace(named, _NAMED * len(named)))
    if match is None:
        return None
    contact = read_contact(match["number"], expect_all=True)
    number = contact.phone or contact.extension
    rest = said.own[: match.start()] + said.own[match.end() :]
    return (number, rest.strip("，,。 ")) if number else None


def read_behalf(text: str) -> Behalf | None:
    found = next(_found(wording(text)), None)
    return found[0] if found else None


def is_ones_own(text: str) -> bool:
    """Whether a number is said to be the speaker's: 我的电话是13800001234."""
    seen = wording(text).folded
    return _MINE.search(seen) is not None if is_english(seen) else "我" in seen


def without_behalf(text: str) -> str:
    """The message without what says whose fault it is."""
    said = wording(text)
    found = next(_found(said), None)
    if found is None:
        return text
    start, end = found[1]
    return (said.own[:start] + said.own[end:]).strip("，,。 ")


def _found(said: Wording) -> Iterator[tuple[Behalf, Span]]:
    if is_english(said.folded):
        yield from _found_in_english(said)
        return
    for pattern in (_FOR, _NOT_MINE, _OF):
        for match in pattern.finditer(said.folded):
            for end in range(match.end("who"), match.start("who") + 1, -1):
                called = called_in(said.folded[match.start("who") : end])
                if called:
                    yield Behalf(called[1], called[0]), (match.start(), _end(match, end))
                    break


def _end(match: re.Match[str], end: int) -> int:
    """Past the 的 behind the name, if the whole name was it."""
    return match.end() if end == match.end("who") else end


def _found_in_english(said: Wording) -> Iterator[tuple[Behalf, Span]]:
    """My colleague Tom from sales; a name has a capital, or it is any word."""
    for match in _IN_ENGLISH.finditer(said.folded):
        start, end = match.span("who")
        if match["more"] and not said.own[match.start("more") + 1].isupper():
            end = match.start("more")
        if said.own[start].isupper():
            department = department_in_english(said.folded[end:], is_asked=False)
            called = said.own[end:][slice(*department[0])] if department else None
            last = match.end() if end == match.end("who") else end
            yield Behalf(said.own[start:end], called), (match.start(), last)
