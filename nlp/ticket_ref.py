"""Which ticket or complaint a message names, by its whole number or its last four digits."""

from datetime import date

from nlp.patterns import any_of, linear, words_in
from nlp.wording import folded

_WHOLE = linear(
    r"(?<![a-z0-9])(?P<prefix>it|ts)?\s?[:#-]?\s?"
    r"(?P<day>20\d{2}[- ]?[01]\d[- ]?[0-3]\d)(?P<gap>\s?[-_—–]?\s?)(?P<count>\d{4,6})(?![0-9a-z])"
)

_ORDER = any_of(words_in("ticket_words", "before"))
_QUESTION = any_of(words_in("ticket_words", "after"))
_NOT_BEFORE = any_of(words_in("ticket_words", "never_before"))

# 0007 is a ticket's end and 305, 8899 are rooms and extensions unless the person says otherwise.
_NO_UNIT = (
    r"(?![0-9a-z]|\s?[年月日楼层室房元块点分秒次台个人位页度兆期%:/.-]|号[楼机线窗库店门桌位])"
)
_AFTER_ORDER = linear(
    rf"{_ORDER}\s?(?:一下|下|了|的|是|:)?\s?(?:工单|单子|单号|编号|号|单)?(?:尾号|尾数|末四位|后四位)?\s?[#no.:-]{{0,3}}\s?"
    rf"(?<![0-9a-z])(?P<end>\d{{4,5}}){_NO_UNIT}"
)
_BEFORE_QUESTION = linear(
    rf"(?<![0-9a-z.:/-])(?P<end>\d{{4}}){_NO_UNIT}\s?(?:号|单|工单|号单|那单|这单)?(?:的|,|，)?\s?{_QUESTION}"
)
_ALONE = linear(
    r"\W{0,3}(?:no\.?\s?)?(?P<end>\d{4})\s?(?:号|单|号单|号工单|吧|的|那个|这个)?\W{0,3}"
)
_ZEROS = linear(rf"(?<![0-9a-z.:/+\u4e00-\u9fff-])(?P<end>00\d{{2}}){_NO_UNIT}")
_IS_OTHER_NUMBER = linear(rf"{_NOT_BEFORE}\s?(?:是|为|:|号)?\s?[#(]?$")


def read_ticket_ref(text: str) -> str | None:
    """`IT20261124-0007`, or `0007` as said; a phone, room or error code is no ticket."""
    seen = folded(text)
    return _whole(seen) or _end(seen)


def _whole(seen: str) -> str | None:
    for match in _WHOLE.finditer(seen):
        day = "".join(filter(str.isdigit, match["day"]))
        is_separate = bool(match["prefix"] or match["gap"].strip())
        if is_separate and _is_date(day):
            return f"{(match['prefix'] or 'it').upper()}{day}-{match['count']}"
    return None


def _is_date(day: str) -> bool:
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return True


def _end(seen: str) -> str | None:
    if alone := _ALONE.fullmatch(seen):
        return alone["end"]
    for pattern in (_AFTER_ORDER, _BEFORE_QUESTION, _ZEROS):
        for match in pattern.finditer(seen):
            if not _IS_OTHER_NUMBER.search(seen, 0, match.start("end")):
                return match["end"]
    return None
