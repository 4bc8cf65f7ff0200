"""Where the words of a message speak of places; the readers of incidents and contacts share it."""

from dataclasses import dataclass

from nlp import english_places
from nlp.english import is_english
from nlp.patterns import any_of, linear, words_in
from nlp.wording import Wording

__all__ = ["Place", "places_in"]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the wording; `is_exact` if a building, floor, number or side narrows it."""

    start: int
    end: int
    is_exact: bool
    parts: int


def _list(heading: str) -> str:
    return any_of(words_in("places", heading))


_HAN_COUNT = r"[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_COUNT = rf"(?:\d{{1,2}}|{_HAN_COUNT})"
_NUMBER = (
    r"(?:(?<![\d.a-z第每这])\d{1,2}"
    rf"|(?<![周期拜每这那哪整第一二三四五六七八九十])(?:{_HAN_COUNT}))"
)
_RANGE = rf"{_NUMBER}(?:[到至~-]{_COUNT})?"
_LETTER = r"(?<![a-z0-9])[a-h]"
_ROOM = r"(?:大会议室|小会议室|会议室|教室|办公室|诊室|机房|病房|实验室|室|房间?)"
_NAME = r"[^\W\da-z的那这了在是有没不都也全就还和跟家加换装要把给发到连用打]{1,4}?"

# The kinds of parts, the surer first.
_PART = linear(
    rf"(?P<none>{_list('not_a_place')})"
    rf"|(?P<area>{_LETTER}\s?区(?![域间])|{_NUMBER}号?(?:厂区|园区|院区|校区|厂房|地块))"
    rf"|(?P<campus>{_list('campus')}(?![域房])|{_list('before_floor')}(?=\s?[a-h\d一二三四五六七八九十]{{1,3}}\s?(?:到\d{{1,2}})?(?:号楼|楼|层|栋|座|f)))"
    rf"|(?P<building>{_LETTER}\d?\s?(?:座|栋|幢|楼)|[东南西北]\d号楼"
    rf"|{_NUMBER}\s?(?:号楼|号院|栋(?!楼)|幢|号馆)(?:{_COUNT}单元)?|{_list('building')}(?!层))"
    rf"|(?P<floor>(?:负|地下|-)?{_RANGE}(?:楼(?![盘宇梯主])|层(?![次级厚])|f(?![a-z0-9]))"
    r"|(?<![a-z0-9])b[1-4](?:层|楼)?(?![a-z0-9])|顶楼|顶层|地下室|夹层)"
    rf"|(?P<spot>{_NUMBER}号(?:窗口|工位|诊室|诊间|病区|病房|柜台|收银台|款台|车间|仓库?|库|门岗?|线|机位"
    rf"|教室|会议室|实验室|机房|手术间|岗亭|店|产线)|第?{_NUMBER}(?:车间|会议室|教室|实验室|病区))"
    rf"|(?P<room>(?<![\da-z./:-])(?:[a-h])?\d{{1,2}}-\d{{3,4}}(?![\d-]){_ROOM}?"
    r"|(?:会议室|教室|办公室|诊室|病房|机房|实验室)[a-h]?-?\d{3,4}(?![\d个台人次元年.:])"
    rf"|(?<![\da-z./:-])(?:[a-z]-?)?\d{{3,4}}{_ROOM}|(?<![\da-z./:码-])[a-d]-?\d{{3}}(?![\da-z.-]))"
    rf"|(?P<named>{_list('named')}|[\u4e00-\u9fff]{{2,4}}(?:路|街|广场)店)"
    rf"|(?P<side>{_list('side')}(?:第{_COUNT}排)?)"
)

# What may follow a building or a floor, and is no place elsewhere.
_AFTER = linear(
    rf"(?:的|那个|那间|那边)?(?P<name>[a-z]?(?:{_NAME}){_list('after_building')})(?![长员])"
    r"|[ -]?(?P<number>[a-z]?[- ]?\d{2,4}(?:-\d{1,4})?(?:室|房间?|号房?)?)"
    r"(?![\da-z.:次台个人分小天年元兆度块页条张])"
    rf"|(?P<to>[到至~-]{_COUNT}(?:楼|层))"
)
_GAP = linear(r"[ 的,-]|那个|那间|这个|里的|里面的?|那边的?|")

_EXACT = frozenset({"area", "building", "floor", "spot", "room", "name", "number", "to"})
_HEADS = frozenset({"campus", "area", "building", "floor", "to"})


def places_in(said: Wording) -> list[Place]:
    """Every place, in the order of the words; a word such as 会议室 alone is one too."""
    if is_english(said.folded):
        return _in_english(said.folded)
    found: list[Place] = []
    at = 0
    while match := _PART.search(said.folded, at):
        if match.lastgroup in ("none", "side"):
            at = match.end()
            continue
        place = _grown(said.folded, match.start(), match.end(), str(match.lastgroup))
        found.append(place)
        at = place.end
    return found


def _grown(text: str, start: int, end: int, kind: str) -> Place:
    """The place that begins here with all the parts that follow it."""
    is_exact, parts = kind in _EXACT, 1
    while following := _following(text, end, kind):
        end, kind = following
        is_exact, parts = is_exact or kind in _EXACT, parts + 1
    return Place(start, end, is_exact, parts)


def _following(text: str, end: int, kind: str) -> tuple[int, str] | None:
    gap = _GAP.match(text, end)
    begin = gap.end() if gap else end
    part = _PART.match(text, begin)
    if part and part.lastgroup != "none" and not (part.lastgroup == "side" and begin > end):
        return part.end(), str(part.lastgroup)
    if kind in _HEADS and (after := _AFTER.match(text, end)):
        is_named_campus = kind in ("campus", "area") and after.lastgroup == "name"
        return None if is_named_campus else (after.end(), str(after.lastgroup))
    return None


# in English


def _in_english(text: str) -> list[Place]:
    found: list[Place] = []
    at = 0
    while match := english_places.PART.search(text, at):
        start, parts, is_exact = match.start(), 0, False
        while match:
            at, parts = match.end(), parts + 1
            is_exact = is_exact or match.lastgroup in english_places.EXACT
            match = english_places.PART.match(text, english_places.following(text, at))
        found.append(Place(start, at, is_exact, parts))
    return found
