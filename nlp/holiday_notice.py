"""Reads the State Council's notice of a year's holidays: which days are free, which are worked.

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.patterns import linear

__all__ = ["HolidayNotice", "NoticeUnclear", "read_notice"]

MOST_DAYS = 20
"""No holiday was ever longer; more is a sentence that was read wrongly."""

_YEAR = linear(r"(20\d\d)年部分节假日")
_FESTIVAL = linear(r"^[一二三四五六七八九十\d]{0,3}[、.]?\s?([\u4e00-\u9fff、]{2,12}):(.{1,300})$")
_SENTENCE = linear(r"[^。;]{1,200}")
_DAYS = linear(
    r"(?:(?P<year>20\d\d)年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?P<told>\([^()]{1,20}\))?"
    r"(?:至(?:(?P<to_year>20\d\d)年)?(?:(?P<to_month>\d{1,2})月)?(?P<to_day>\d{1,2})日"
    r"(?P<to_told>\([^()]{1,20}\))?)?"
)
_WEEKDAY = linear(r"(?:周|星期)([一二三四五六日天])")
_ASIDE = linear(r"[\u4e00-\u9fff]\([^()]{0,20}\d{1,2}日[^()]{0,20}\)")  # 除夕(2月9日)
_WEEKDAYS = {character: number for number, character in enumerate("一二三四五六日")} | {"天": 6}
_FREE, _WORKED = "放假", "上班"


class NoticeUnclear(ValueError):
    """Not to be read as a notice of this year; `words`: what it stumbled over."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """Days by what they belong to: 春节."""

    year: int
    free: Mapping[date, str]
    worked: Mapping[date, str]


def year_of(text: str) -> int | None:
    """The year that the notice's title names."""
    found = _YEAR.search(_plain(text))
    return int(found[1]) if found else None


def read_notice(text: str, year: int) -> HolidayNotice:
    """NoticeUnclear if a weekday is another year's, or nothing is found at all."""
    free: dict[date, str] = {}
    worked: dict[date, str] = {}
    for name, sentence in _sentences(text):
        kept = free if _FREE in sentence else worked if _WORKED in sentence else None
        if kept is not None:
            kept.update(dict.fromkeys(_days(_ASIDE.sub("", sentence), year), name))
    if not free:
        raise NoticeUnclear("")
    return HolidayNotice(year, free, worked)


def _plain(text: str) -> str:
    """Full-width signs as the narrow ones; spaces within a line mean nothing."""
    narrow = unicodedata.normalize("NFKC", text)
    return re.sub(r"[ \t\u3000]+", "", narrow)


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each with the festival that its line speaks of."""
    for line in _plain(text).splitlines():
        if found := _FESTIVAL.match(line):
            for sentence in _SENTENCE.findall(found[2]):
                yield found[1], sentence


def _days(sentence: str, year: int) -> Iterator[date]:
    month: int | None = None
    for found in _DAYS.finditer(sentence):
        month = int(found["month"] or month or 0)
        first = _day(found["year"] or year, month, found["day"], found["told"], found[0])
        last = first
        if found["to_day"]:
            to_year, to_month = found["to_year"] or first.year, found["to_month"] or month
            last = _day(to_year, to_month, found["to_day"], found["to_told"], found[0])
            month = last.month
        yield from _between(first, last, found[0])


def _day(year: str | int, month: str | int, day: str, told: str | None, words: str) -> date:
    """NoticeUnclear for no day, or for one on another weekday than the notice says."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise NoticeUnclear(words) from None
    weekday = _WEEKDAY.search(told or "")
    if weekday and _WEEKDAYS[weekday[1]] != found.weekday():
        raise NoticeUnclear(words)
    return found


def _between(first: date, last: date, words: str) -> Iterator[date]:
    count = (last - first).days + 1
    if not 1 <= count <= MOST_DAYS:
        raise NoticeUnclear(words)
    return (first + timedelta(days=number) for number in range(count))
