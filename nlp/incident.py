"""A fault as a person tells it: what is wrong, with what, where, how urgent, who is hit."""

from dataclasses import dataclass

from domain.priority import Impact
from nlp.choice import Choice, read_choice
from nlp.devices import DEVICE, device_in, names_device
from nlp.english import correction_in, is_english, without_calm
from nlp.patterns import any_of, linear, words_in
from nlp.places import Place, places_in
from nlp.symptom import symptom_of
from nlp.told import told_part
from nlp.wording import Wording, wording

__all__ = [
    "Incident",
    "read_correction",
    "read_incident",
    "read_place",
    "split_incidents",
    "tells_of_fault",
]


@dataclass(frozen=True, slots=True)
class Incident:
    """`symptom` is empty if the words hold no fault; the whole message is stored elsewhere."""

    symptom: str
    device: str | None
    place: str | None
    is_urgent: bool
    people_hit: Impact
    error_code: str | None


def read_incident(text: str) -> Incident:
    said = wording(told_part(text))
    found = _place_of_fault(said)
    place = said.said(found.start, found.end) if found else None
    symptom = symptom_of(said, found)
    # 服务器 in 服务器机房 is where it is, and 分机 6021 is who says so.
    told = (symptom or said.own).replace(place or "\x00", ",")
    return Incident(
        symptom=symptom,
        device=device_in(wording(told)),
        place=place,
        is_urgent=_is_urgent(said.folded),
        people_hit=_people_hit(said.folded),
        error_code=_error_code(said),
    )


# the place

_LEADS_TO_PLACE = linear(
    r"(?:^|[,。;!?\n ])(?:我们?|咱们?|这里|这边|那个|呃|哎|师傅|你好|您好|就|是|在|给|请|的){0,4}$"
    r"|在$"
)


def _place_of_fault(said: Wording) -> Place | None:
    """The most exact place; a bare 会议室 counts if the person begins with it or says 在."""
    found = [
        place
        for place in places_in(said)
        if place.is_exact or _LEADS_TO_PLACE.search(said.folded, 0, place.start)
    ]
    return max(found, key=lambda place: (place.is_exact, place.parts), default=None)


# urgency and who is hit

_URGENT = linear(
    rf"(?P<no>{any_of(words_in('incidents', 'not_urgent'))})"
    rf"|(?P<yes>{any_of(words_in('incidents', 'urgent'))})"
)
_BUSINESS = linear(any_of(words_in("incidents", "business")))
_MANY = linear(
    rf"{any_of(words_in('incidents', 'team'))}"
    r"|(?:\d{2,4}|[二三四五六七八九几]?[十百千])[来几多一二两三四五六七八九十]{0,3}[号个]?"
    r"(?:人|台|部门|科室|坐席|工位|窗口|家|路)"
    r"|(?:好?几|两三|三四|[三四五六七八九])个(?:人|部门|科室|同事|窗口|车间|班)"
)


def _is_urgent(seen: str) -> bool:
    seen = without_calm(seen)
    return any(match.lastgroup == "yes" for match in _URGENT.finditer(seen))


def _people_hit(seen: str) -> Impact:
    if _BUSINESS.search(seen):
        return Impact.BUSINESS
    return Impact.TEAM if _MANY.search(seen) else Impact.PERSON


# the error code

_CODE = linear(
    r"(?<![a-z\d])(?:0x[0-9a-f]{4,16}|ora-\d{4,5}|[a-z]{3,20}(?:_[a-z\d]{2,20}){1,4}|err_[a-z_]{4,40})(?![a-z\d])"
)
_SAID_CODE = linear(
    r"(?:错误代?码|错误|故障代?码|代码|报错|报警|报|提示|显示|error code|error|code)\s?:?[\"“]?\s?"
    r"(?P<code>[a-z]{0,4}[- ]?\d{1,8}(?:[-.][a-z\d]{1,8}){0,3})(?![a-z\d度次天台个人分%])"
)


def _error_code(said: Wording) -> str | None:
    if match := _CODE.search(said.folded):
        return said.said(*match.span())
    if match := _SAID_CODE.search(said.folded):
        return said.said(*match.span("code"))
    return None


# an answer to «where?»

_SAYS_WHERE = linear(
    r"(?:我们?|咱们?)?(?:人(?=在)|就)?(?:在|是|位于|地点|地址|位置|办公室|房间)?(?:是|在|[:=])?\s?"
    r"(?:(?:(?:i['’]?m|it['’]?s|i am|it is|we are) )?(?:in|at|on) (?:the )?)?"
)
_NO_PLACE = linear(
    rf"[?]|吗|[怎什哪谁]|不[^锈]|没|[坏急催]|谢|人工|{any_of(words_in('incidents', 'fault'))}"
)
_PLACE_LIKE = linear(r"[\u4e00-\u9fffa-z\d][^\n]{1,19}")
_ROOM = linear(r"[a-h]?-?\d{2,4}")
_LONGEST_ANSWER = 25  # characters; in a longer text the place is one part of what is said


def read_place(text: str) -> str | None:
    """The answer to «where is it?»: a short one as it stands, else the place that is in it."""
    said = wording(read_correction(text) or text)
    start = _SAYS_WHERE.match(said.folded).end()  # type: ignore[union-attr]
    answer = said.said(start, len(said.own)).strip(" ,，。.!！")
    seen = wording(answer).folded
    is_short = len(answer) <= _LONGEST_ANSWER and not _NO_PLACE.search(seen)
    is_only_answer = is_short and not DEVICE.search(seen) and not _is_urgent(seen)
    found = max(places_in(said), key=lambda place: (place.is_exact, place.parts), default=None)
    if found:
        return answer if is_only_answer else said.said(found.start, found.end)
    if not is_only_answer or read_choice(answer) is not Choice.UNCLEAR:
        return answer if _ROOM.fullmatch(seen) else None
    return answer if _PLACE_LIKE.fullmatch(seen) else None


# two things in one message

_JOINER = linear(
    rf"(?<!{')(?<!'.join(words_in('incidents', 'not_joined'))})"
    rf"[,。;! \n]{{0,2}}{any_of(words_in('incidents', 'joiner'))}[,: ]{{0,2}}(?:就是)?"
)
_FAULT = linear(
    rf"{any_of(words_in('incidents', 'fault'))}|[^\W\d]不(?:[了上出开到动进起来去着亮通响见]|成功)"
)
_ALSO = linear(r"(?:(?:我|我们|咱们)的?|那个|这个|是|有个|有)?")
_TOO = linear(rf"(?:{DEVICE.pattern})(?P<too>也|又)")


def split_incidents(text: str) -> tuple[str, ...]:
    """One text for each fault; one only unless a joiner has a device and a fault on both sides."""
    said = wording(told_part(text))
    parts, begin = [], 0
    for match in _JOINER.finditer(said.folded):
        left = (begin, match.start())
        if _is_incident(said.folded, *left) and _is_incident(
            said.folded, match.end(), len(said.own)
        ):
            parts.append(said.said(*left))
            begin = match.end()
    last = said.said(begin, len(said.own))
    return (*parts, last) if not parts else (parts[0], *map(_on_its_own, (*parts[1:], last)))


def tells_of_fault(text: str) -> bool:
    """Whether a thing is named, and that something is wrong with it."""
    seen = wording(text).folded
    return _is_incident(seen, 0, len(seen))


def _is_incident(seen: str, start: int, end: int) -> bool:
    return bool(names_device(seen, start, end) and _FAULT.search(seen, start, end))


def _on_its_own(part: str) -> str:
    """我的邮箱也登不上, said after another fault, is 邮箱登不上 by itself."""
    said = wording(part)
    start = _ALSO.match(said.folded).end()  # type: ignore[union-attr]
    if too := _TOO.match(said.folded, start):
        return said.own[start : too.start("too")] + said.said(too.end("too"), len(said.own))
    return said.said(start, len(said.own))


# a correction

_MEANT = r"(?P<meant>[^\n]{1,200})"
_BUT = r"(?:而是|应该是|其实是|就是|是)"
_NOT_X_BUT_Y = linear(
    r"(?:啊|哦|呃)?(?:说错了|搞错了|弄错了|写错了|不对|错了|不)?[,。 ]{0,2}(?:这个|那个|我)?"
    rf"不是[^,。;!\n]{{0,30}}?(?:[,。;!\n ]{{1,2}}{_BUT}|而是|应该是|(?<![是不])是(?!不是)){_MEANT}"
)
_WRONG_ITS_Y = linear(
    r"(?:不对|不|[^,。]{0,6}错了)[,。! ]{1,2}"
    rf"(?:而是|应该是|应该为|其实是|要?改成|改为|换成|是){_MEANT}"
)
_CHANGE_TO_Y = linear(
    r"[^,。;!\n被]{0,8}?"
    r"(?:改成|改为|改到|换到|更正为|换成|更正:|应该是|应该为|应为)[: ]{0,2}" + _MEANT
)
_NOT_THE_FAULT_OF_X = linear(
    rf"不是[^,。;!\n ]{{1,20}}(?:问题|事儿?|毛病|锅|坏了?)[,。;!\n ]{{1,2}}{_MEANT}"
)
_CORRECTIONS = (_NOT_X_BUT_Y, _WRONG_ITS_Y, _CHANGE_TO_Y, _NOT_THE_FAULT_OF_X)
_EDGES = " ,，。.;；!！~"


def read_correction(text: str) -> str | None:
    """What is meant instead, in the person's words: Y of 不是X,是Y, 错了,是Y, 改成Y."""
    said = wording(text)
    if is_english(said.folded):
        return correction_in(said)
    for pattern in _CORRECTIONS:
        match = pattern.match(said.folded)
        if match and (meant := said.said(*match.span("meant")).strip(_EDGES)):
            return meant
    return None
