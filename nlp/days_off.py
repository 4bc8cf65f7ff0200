"""From when until when somebody wants leave: 明天, 周五下午, 11月30日到12月2日, 明天起三天 (D1)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendar import CHINA
from nlp.numerals import numeral
from nlp.patterns import linear, words_in
from nlp.when import read_when
from nlp.wording import wording

__all__ = ["DaysOff", "read_days_off"]

_EDGES = " ,，。;；"
_NOON = timedelta(hours=12)
_DAY = timedelta(days=1)
_LONGEST = 366  # days

_UNTIL = linear(
    r"(?<!下)(?:一直)?"
    r"(?:到|至|~|—{1,2}|(?<=[日号天])-(?=[\d明后下周本])|(?<=[\d点])-(?=\d{1,2}[:点]))"
)
_COUNT = linear(
    r"(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?个?(?P<unit>天|周|星期|礼拜)"
    r"(?!后|之后|以后|[一二三四五六日末])(?P<half>半)?"
)
_HALF = linear(r"半天")
_MORNING = linear(r"上午|早上|清早")
_AFTERNOON = linear(r"下午|午后|傍晚")
_CLOCK = linear(r"\d{1,2}\s?[:点时]|[一二两三四五六七八九十]{1,3}\s?[点时](?!间)")
_ONLY_DAY = linear(
    r"(?<!\d)(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?"
)
_WEEKDAY = linear(r"(?:周|星期|礼拜)?(?P<day>[一二三四五六日天])")
_TIME_WORDS = linear(
    r"(?:从|自)?(?:改成|改为|改到|今天|明天|后天|大后天|下下周|下周|本周|这周|周|星期|礼拜|上午|下午|早上|晚上|"
    r"全天|整天|半天|(?<=\d)年|\d|[月日号天点时分:/.-]|[零一二两三四五六七八九十末底]|到|至|~|—|"
    r"起|开始|个|共|一共|请|休|为期|[,。;、 ])+"
)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Two instants, and the words that are left: why."""

    begins_at: datetime
    ends_at: datetime
    words: str = ""


def read_days_off(text: str, now: datetime) -> DaysOff | None:
    """The time that is meant; None if none is named, or it has passed."""
    said = wording(text)
    seen, here = said.folded, now.astimezone(CHINA)
    first, _, last = _parted(seen)
    begins = _begin(first, here)
    if begins is None:
        return None
    ends = _end(seen, first, last, begins, here)
    if ends is None or ends <= max(begins, here) or ends - begins > _LONGEST * _DAY:
        return None
    return DaysOff(begins, ends, _why(text))


def _parted(seen: str) -> tuple[str, str, str]:
    match = _UNTIL.search(seen)
    if match is None:
        return seen, "", ""
    return seen[: match.start()], match[0], seen[match.end() :]


def _begin(part: str, here: datetime) -> datetime | None:
    """A day is meant whole, but for its hours or half that are named."""
    if _CLOCK.search(part):
        return read_when(part, here)
    day = _day(part, here)
    if day is None:
        return None
    midnight = datetime.combine(day, time(), CHINA)
    return midnight + _NOON if _AFTERNOON.search(part) else midnight


def _day(part: str, here: datetime) -> date | None:
    """今天 is a day to be had leave of as long as it lasts, whatever the hour."""
    whole = _without_halves(part)
    if any(each in whole for each in words_in("days_off", "today")):
        return here.date()
    # A count alone is no day: 请假三天 does not say from when.
    at = read_when(_COUNT.sub(" ", whole), here.replace(hour=0, minute=0, second=0))
    return at.date() if at else None


def _without_halves(part: str) -> str:
    return _AFTERNOON.sub(" ", _MORNING.sub(" ", part))


def _end(seen: str, first: str, last: str, begins: datetime, here: datetime) -> datetime | None:
    if last and (found := _last(last, begins, here)) is not None:
        return found
    if count := _COUNT.search(seen):
        days = (numeral(count["count"]) or 1) * (1 if count["unit"] == "天" else 7)
        return begins + days * _DAY + (_NOON if count["half"] else timedelta())
    midnight = datetime.combine(begins.date(), time(), CHINA)
    if _MORNING.search(first) and not _AFTERNOON.search(first):
        return midnight + _NOON
    if _HALF.search(seen) and begins == midnight:
        return midnight + _NOON
    return midnight + _DAY


def _last(part: str, begins: datetime, here: datetime) -> datetime | None:
    """The last day, whole or until noon; a bare number or weekday is counted from the first."""
    if _CLOCK.search(part):
        return _clock(part, begins, here)
    day = _last_day(part, begins, here)
    if day is None:
        return None
    midnight = datetime.combine(day, time(), CHINA)
    is_half = _MORNING.search(part) and not _AFTERNOON.search(part)
    return midnight + (_NOON if is_half else _DAY)


def _last_day(part: str, begins: datetime, here: datetime) -> date | None:
    first = begins.date()
    bare = part.strip(" ,。;")
    if match := _WEEKDAY.match(bare):
        weekday = "一二三四五六日".find(match["day"].replace("天", "日"))
        return first + timedelta(days=(weekday - first.weekday()) % 7)
    if (found := _day(part, here)) is not None and found >= first:
        return found
    if (match := _ONLY_DAY.match(bare)) and (number := numeral(match["day"])):
        return _of_month(first, number)
    return None


def _of_month(first: date, number: int) -> date | None:
    """30 号到 2 号 ends in the next month."""
    month = first.replace(day=1)
    if number < first.day:
        month = (month + timedelta(days=32)).replace(day=1)
    try:
        return month.replace(day=number)
    except ValueError:
        return None


def _clock(part: str, begins: datetime, here: datetime) -> datetime | None:
    """两点到四点: a time without a day is that of the first day."""
    named = read_when(part, begins)
    if named is not None and named.date() != begins.date() and _day(part, here) is None:
        return named.replace(year=begins.year, month=begins.month, day=begins.day)
    return named


def _why(text: str) -> str:
    """What is left of the words once the time is taken out."""
    said = wording(text)
    bare = (said.said(*span).strip(_EDGES) for span in _gaps(said.folded))
    return " ".join(each for each in bare if len(each) > 1)


def _gaps(seen: str) -> list[tuple[int, int]]:
    edges, at = [], 0
    for match in _TIME_WORDS.finditer(seen):
        edges.append((at, match.start()))
        at = match.end()
    return [each for each in [*edges, (at, len(seen))] if each[0] < each[1]]
