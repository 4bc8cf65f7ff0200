"""When somebody shall come: 明天上午十点以后来, 下午三点之前都在, 周五来, 时间改成下午三点."""

from dataclasses import dataclass
from datetime import datetime

from nlp.english import is_english
from nlp.english_time import read_span
from nlp.english_wish import wished_in
from nlp.patterns import any_of, linear, words_in
from nlp.when import read_when
from nlp.wording import Wording, wording

__all__ = ["Wish", "read_wish", "wish_in", "without_wish"]


@dataclass(frozen=True, slots=True)
class Wish:
    """In the person's words, and the instants between which somebody may come; None: open."""

    words: str
    begins: datetime | None = None
    ends: datetime | None = None


_N = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_PART = r"(?:凌晨|清早|大早上?|一早|早上|早晨|上午|中午|午饭后|午后|下午|傍晚|晚上|下班|上班)"
_DAY = (
    r"(?:大后天|[今明后](?:天|日|儿)|[明今后](?=[早晚上下中])|(?:下下|下|本|这)?个?(?:周|星期|礼拜)"
    rf"[一二三四五六日天末1-7](?!\d)|{_N}月{_N}[日号]?|(?<![\da-z]){_N}[日号](?![楼机线窗库店门桌位院馆栋厂]))"
)
_CLOCK = rf"(?:{_N}(?:[:]\d{{2}}|[点时](?!间|候)钟?(?:半|[一三]刻|{_N}分?)?))"
_LATER = rf"(?:{_N}|半)个?半?(?:小时|钟头|分钟|天|周)(?=[之以]?后)"
_TIME = rf"(?:{_DAY}[的 ,]?(?:{_PART}?[的 ]?{_CLOCK}|{_PART})?|{_PART}?{_CLOCK}|{_PART}|{_LATER})"
_RANGE = rf"{_TIME}(?:[到至~-]{{1,2}}(?P<until>{_TIME}|{_N}点?))?"
_SIDE = r"(?P<side>[之以]?后|[之以]?前|过后|左右|前后|的时候|那会儿?|期间|之间)?"
_STOP = r"(?=[吧啊哈呀哦的 ]{0,2}(?:$|[,。;!?~\n]))"
_COME = rf"{any_of(words_in('wishes', 'come'))}(?![了过着到])"
_THERE = rf"{any_of(words_in('wishes', 'be_there'))}{_STOP}"
_ASKS = any_of(words_in("wishes", "ask"))
_SAID = linear(
    rf"(?P<lead>{_ASKS})?(?P<time>{_RANGE}){_SIDE}[, ]?"
    rf"(?P<come>(?:再|都|才|就|我|我们|请|派人|可以|能){{0,2}}(?:{_COME}|{_THERE}))?"
)
_CLOSES_CLAUSE = linear(
    r"(?:就行|就好|就可以|也行|都行|行吗|可以吗|好吗|吗|吧|啊|哈|呀|哦|了|的|好| ){0,3}"
    r"(?:$|[,。;!?\n~])"
)
_PAST = linear(any_of(words_in("wishes", "past")))
_CLAUSE_EDGE = ",。;!?\n"
_LABELLED = linear(any_of(words_in("wishes", "label")))

Span = tuple[int, int]

LONGEST = 60
"""Characters of a wish that a ticket keeps."""


def read_wish(text: str, now: datetime) -> Wish | None:
    """What is wished, if a time to come is named as one."""
    said = wording(text)
    if is_english(said.folded):
        return _in_english(said, now)
    span = wish_in(said)
    match = _SAID.search(said.folded, *span) if span else None
    if match is None or span is None:
        return None
    first = match["time"].partition("到")[0] if match["until"] else match["time"]
    begins = read_when(first, now)
    if begins is None:
        return None
    labelled = _LABELLED.match(said.folded, *span)
    words = said.said(labelled.end() if labelled else span[0], span[1]).strip("，,。 :：")[:LONGEST]
    if (match["side"] or "").endswith("前"):
        return Wish(words, None, begins)
    return Wish(words, begins, _until(match["until"], begins))


def _in_english(said: Wording, now: datetime) -> Wish | None:
    found = wished_in(said.folded)
    if found is None:
        return None
    at = found[1]
    meant = read_span(said.folded[slice(*at)], now)
    return Wish(said.said(*at)[:LONGEST], meant.begins, meant.ends) if meant else None


def _until(words: str | None, begins: datetime) -> datetime | None:
    """三点到五点: the end is on the same day, and later."""
    ends = read_when(words if "点" in words else f"{words}点", begins) if words else None
    return ends if ends and ends.date() == begins.date() else None


def without_wish(text: str) -> str:
    """The message without what says when somebody shall come."""
    said = wording(text)
    span = wish_in(said)
    if span is None:
        return text
    rest = said.own[: span[0]].rstrip("，, ") + "," + said.own[span[1] :].lstrip("，, ")
    return rest.strip("，, ")


def wish_in(said: Wording) -> Span | None:
    """Where it stands: a time with «come» behind it, «please» before, or a label."""
    if is_english(said.folded):
        found = wished_in(said.folded)
        return found[0] if found else None
    for match in _SAID.finditer(said.folded):
        clause = _clause_before(said.folded, match.start())
        if _PAST.search(said.folded[clause : match.end() + 3]):
            continue
        labelled = _LABELLED.search(said.folded, clause, match.start())
        if match["come"] or match["lead"] or labelled:
            start = labelled.start() if labelled else match.start()
            return _whole(said.folded, start, match.end())
    return None


def _clause_before(seen: str, at: int) -> int:
    return max(seen.rfind(edge, 0, at) for edge in _CLAUSE_EDGE) + 1


def _whole(seen: str, start: int, end: int) -> Span:
    """With the particles that close it."""
    closing = _CLOSES_CLAUSE.match(seen, end)
    return start, closing.end() if closing else end
