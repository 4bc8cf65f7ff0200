"""Corrections in English: not the printer, the computer; wrong phone, it's 138…; B201, not A305."""

from enum import StrEnum, auto

from nlp.patterns import linear
from nlp.wording import Wording

__all__ = [
    "Part",
    "correction_in",
    "denied_in",
    "is_english",
    "part_named",
    "says_calm",
    "without_calm",
]

_HAN = linear("[\u3400-\u9fff]")
_WORD = linear(r"[a-z]{2}")


def is_english(seen: str) -> bool:
    """Words in Latin letters and nothing Chinese; of a Chinese message this looks at the start."""
    return _HAN.search(seen) is None and _WORD.search(seen) is not None


class Part(StrEnum):
    """What a correction says that it corrects."""

    PLACE = auto()
    NUMBER = auto()
    DEVICE = auto()


_CALLED = {
    Part.PLACE: r"(?:room|desk|office)(?: number| no\.?)?|place|location|address|floor|building",
    Part.NUMBER: r"(?:phone|mobile|cell|contact|tel|telephone)(?: number| no\.?)?|extension|ext"
    r"|number",
    Part.DEVICE: r"(?:device|machine|asset)(?: number| code| id| tag)?|model|serial number",
}
_ANY = f"(?:{'|'.join(_CALLED.values())})"
_PART = linear(
    "|".join(rf"(?P<{part}>(?<![a-z])(?:{called})(?![a-z]))" for part, called in _CALLED.items())
)

_LEAD = r"(?:(?:sorry|oops|oh|no|wait|actually|hi|hello|please|pls)[,.:!]{0,2} ){0,3}"
_ITS = r"(?:it['’]?s|it is|that['’]?s|that is|this is)"
_A = r"(?:the|my|our|a|an)"
_SO = (
    rf"(?:(?:{_ITS}|it should be|should be|the (?:right|correct) one is|use|call|i meant?) ){{0,2}}"
)
_STOP = r"[,.;:!]{1,2} ?"
_MEANT = r"(?P<meant>[^\n]{1,200})"
# «not working, …» and «not the first time, …» tell of a fault.
_NO_THING = (
    r"(?:the )?(?:first|only|same|problem|case)(?![a-z])|[a-z]{2,14}(?:ing|ed)(?![a-z])"
    r"|(?:only|just|sure|able|all|yet|really|so|very|too|good|ok|fine|urgent|available)(?![a-z])"
)
_X = r"[^,.;:!?\n]{1,30}?"

_CORRECTIONS = (
    linear(  # not the printer, the computer; it's not the printer but the computer
        rf"{_LEAD}(?:{_ITS} |i['’]?m )?not (?!{_NO_THING})"
        rf"(?:(?:the|my|our|in|at|on) {_X}{_STOP}(?:(?:but|{_ITS}|rather|i meant?) ){{0,2}}"
        rf"|(?:room )?[a-z]?-?\d{{2,4}}{_STOP}|{_X}(?:{_STOP}| )(?:but|{_ITS}|i meant?) ){_MEANT}"
    ),
    linear(  # wrong phone, it's 13800138000; the room is wrong, it's B201
        rf"{_LEAD}(?:{_ITS} )?(?:{_A} )?(?:wrong {_ANY}|{_ANY} (?:is|was) "
        rf"(?:wrong|incorrect|not right|not correct)){_STOP}{_SO}{_MEANT}"
    ),
    linear(  # wrong, it's B201; sorry, I meant B201; no, it's the computer
        rf"{_LEAD}(?:(?:wrong|incorrect|not right|not correct|sorry|oops|no|actually|correction)"
        rf"[,.:!]{{1,2}} (?:{_ITS}|i meant?|should be)|i meant|correction:)"
        rf" (?!not |still |also |urgent|too |very |so ){_MEANT}"
    ),
    linear(  # change the place to B201; move it to B201; make it B201
        rf"{_LEAD}(?:(?:can|could) you )?(?:please |pls )?"
        rf"(?:(?:(?:change|correct|update|set) (?:{_A} )?(?:{_ANY}|it|that|this)"
        rf"|move (?:it|that|this|the (?:place|location|room|address)))(?: to|:) "
        rf"|make (?:it|that) (?=(?:room |floor )?[a-z]?-?\d)){_MEANT}"
    ),
    linear(  # the room should be B201; my phone is now 13800138000
        rf"{_LEAD}(?:{_A} )?{_ANY}(?: (?:should|must|has to) be| is (?:now|actually|really)"
        rf"| is(?= (?:room )?[a-z+]?-?\d{{2}})) {_MEANT}"
    ),
)
# The other way round: the computer, not the printer; room B201 not A305.
_Y_NOT_X = linear(
    rf"{_LEAD}(?:{_ITS} |i['’]?m )?(?P<meant>{_X})"
    rf"(?:, ?not (?!{_NO_THING})(?:the|my|our|in|at|on|room) [^,.;:!?\n]{{1,30}}"
    r"|(?P<code>,? not (?:(?:in|at|on) )?(?:room |the )?[a-z]?-?\d{2,4}[a-z]?))"
    r"(?: any ?more)?(?:,? (?:please|pls|thanks|sorry))?[.! ]{0,3}$"
)
_EDGES = " ,.;:!?~"
_ARTICLE = linear(rf"(?:(?:in|at|on) )?{_A} |(?:in|at|on) ")
_POLITE = linear(r"[,. ]{1,2}(?:please|pls|thanks|thank you|instead|sorry)[.! ]{0,3}$")


def correction_in(said: Wording) -> str | None:
    """What is meant instead, in the person's words."""
    for pattern in _CORRECTIONS:
        if match := pattern.match(said.folded):
            return _plain(said, *match.span("meant"))
    match = _Y_NOT_X.match(said.folded)
    if match is None or (match["code"] and not any(map(str.isdigit, match["meant"]))):
        return None  # «printer is not 305» names no other place
    return _plain(said, *match.span("meant"))


def _plain(said: Wording, start: int, end: int) -> str | None:
    """Without «the» before it and «please» behind."""
    if polite := _POLITE.search(said.folded, start, end):
        end = polite.start()
    if article := _ARTICLE.match(said.folded, start, end):
        start = article.end()
    return said.said(start, end).strip(_EDGES) or None


def part_named(seen: str) -> Part | None:
    """What is named before anything else: the room should be B201, wrong phone."""
    match = _PART.search(seen)
    return Part(match.lastgroup) if match and match.lastgroup else None


# --- what is not so ------------------------------------------------------------------------------

_NO_HASTE = (
    r"(?:no longer|not|isn['’]?t|no more|never) (?:so |that |very |too |really |at all ){0,2}urgent"
    r"|no (?:rush|hurry)(?![a-z])|not in (?:a|any) (?:rush|hurry)|take your time"
)
_CALM = linear(
    rf"{_LEAD}(?:{_ITS} |there['’]?s |but ){{0,2}}(?:{_NO_HASTE})"
    r"(?: any ?more| now| at all)?(?:,? (?:please|thanks|thank you))?[.! ]{0,3}$"
)
_NOT_URGENT = linear(_NO_HASTE)
_DENIED = linear(
    r"(?<![a-z])not (?:the|my|our) (?!first|only|same)([^,.;:!?\n]{1,30}?)(?=[,.;:!] ?[a-z]| but )"
)


def says_calm(seen: str) -> bool:
    """No longer urgent, and nothing else."""
    return is_english(seen) and _CALM.match(seen) is not None


def without_calm(seen: str) -> str:
    """«Urgent» stands in «no longer urgent», and is not meant there."""
    return _NOT_URGENT.sub(" ", seen) if is_english(seen) else seen


def denied_in(seen: str) -> list[tuple[int, int]]:
    """Where «the printer» stands of «not the printer, the computer»."""
    return [match.span(1) for match in _DENIED.finditer(seen)] if is_english(seen) else []
