"""When something shall be: 明早9点, 周五, 半小时后, 11月30日, 月底, as an instant to come.

A day without a time is meant from the desk's opening, 今天 and 月底 until its close. 三点 without
上午 or 下午 is the one within or nearest to office hours, and tomorrow's if today's has passed.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from domain.calendar import CHINA
from nlp.english import is_english
from nlp.english_time import TIME, read_span
from nlp.numerals import numeral
from nlp.patterns import linear
from nlp.wording import folded

__all__ = ["read_when"]


def _at(hour: int, minute: int = 0) -> timedelta:
    """A time of day, as what has passed since midnight: 晚上十二点 is 24 hours."""
    return timedelta(hours=hour, minutes=minute)


_OPENS, _CLOSES = _at(9), _at(18)  # what 上午 and 下班前 stand for

# What a part of the day means without an hour, and the first hour of the clock that it covers.
_PARTS = {
    "凌晨": (None, 0), "清早": (_at(8), 6), "大早": (_at(8), 6), "一早": (_OPENS, 6),
    "早上": (_OPENS, 5), "早晨": (_OPENS, 5), "早": (_OPENS, 5), "上午": (_OPENS, 6),
    "中午": (_at(12), 11), "午饭后": (_at(13, 30), 12), "午后": (_at(14), 12),
    "下午": (_at(14), 12), "傍晚": (_at(17, 30), 16), "晚上": (_at(19), 17),
    "晚": (_at(19), 17), "夜里": (_at(21), 18), "半夜": (None, 0),
    "上班": (_at(8), 0), "下班": (_CLOSES, 12),
}  # fmt: skip
_NIGHT = frozenset({"晚上", "晚", "夜里", "半夜"})
_EARLIEST_BARE_HOUR = 8  # 三点 is 15:00, 八点 is 8:00

_N = r"(?:\d{1,3}|[零一二两三四五六七八九十]{1,3})"
_WEEKDAYS = {character: day for day, character in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WEEKDAYS |= {str(day + 1): day for day in range(7)}
_DAYS = {"今": 0, "当": 0, "明": 1, "次": 1, "隔": 1, "后": 2, "大后": 3}

_AFTER = linear(
    rf"(?P<half>半)个?(?:小时|钟头)(?=[以之]?后|内|[以之]内|$|再)"
    rf"|(?<![\d.])(?P<count>{_N})(?:\.(?P<tenth>5))?\s?(?P<and_half>个半)?个?(?:半)?(?P<unit>分钟|刻钟|小时|钟头|天|日(?=后)|个?工作日|周|星期|礼拜|个?月)(?P<more>半)?"
    rf"(?:零?(?P<minutes>{_N})分钟?)?(?=[以之]?后|[以之]?内|再|就|左右|$)"
)
_DAY = linear(
    r"(?P<near>大后|[今明后次当隔])(?:[天日儿]|(?=[早晚上下中]))"
    r"|(?P<weeks>下下|下|本|这|上)?(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])(?!\d)"
    r"|(?P<next>下下|下)(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天末1-7])"
    r"|(?:(?P<year>20\d\d)\s?[年/-]\s?)?(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])\s?(?:月份?|(?<=\d)[/-](?=\d))\s?"
    r"(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:[日号]|(?!\d))"
    r"|(?P<month_end>(?:本|这个?|下个?)?月(?:底|末))|(?P<month_begin>下个?月初)|(?P<year_end>年底|年末)"
    r"|(?P<next_month>下个?月)?(?P<only_day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[号日](?![楼机线窗库店门桌位院馆栋厂])"
)
_TIME = linear(
    rf"(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})?[的 ,]{{0,2}}"
    rf"(?:(?P<hour>(?<![\d.:/-])\d{{1,2}}|(?<![快慢有差多大小好早晚])一(?=点)|十[一二]?|二十[一二三]?|[零二两三四五六七八九])"
    rf"(?:[:](?P<exact>\d{{2}})|\s?[点时](?!间|候|\d{{3}})钟?(?:(?P<half>半)|(?P<quarter>[一三])刻|过?(?P<minute>[0-5]?\d|[零一二三四五]?十?[一二三四五六七八九]?十?)(?:分)?)?))"
)
_IS_PAST = linear(r"昨[天晚日儿]|前天|前几天|上(?:个)?(?:周|星期|礼拜|月)|刚才|之前的")
_PART_ONLY = linear("|".join(sorted(_PARTS, key=len, reverse=True)))


def read_when(text: str, now: datetime) -> datetime | None:
    """The instant that is meant, in Shanghai's time; None if none is named or it has passed."""
    seen, here = folded(text), now.astimezone(CHINA)
    if is_english(seen):
        return _in_english(seen, here)
    if _IS_PAST.search(seen):
        return None
    try:
        meant = _after(seen, here) or _on_a_day(seen, here)
    except (OverflowError, ValueError):  # 2月30日, or beyond the calendar
        return None
    return meant if meant and meant > here else None


_ENGLISH = linear(TIME)
_PAST_IN_ENGLISH = linear(r"(?<![a-z])(?:yesterday|ago|since|last (?:night|week|month))(?![a-z])")


def _in_english(seen: str, now: datetime) -> datetime | None:
    """The first instant of it: tomorrow after 10 am, until Friday."""
    match = _ENGLISH.search(seen)
    if match is None or _PAST_IN_ENGLISH.search(seen):
        return None
    span = read_span(match[0], now)
    meant = span and (span.begins or span.ends)
    return meant if meant and meant > now else None


def _after(seen: str, now: datetime) -> datetime | None:
    """半小时后, 两天后, 3 小时内."""
    match = _AFTER.search(seen)
    if match is None:
        return None
    if match["half"]:
        return now + timedelta(minutes=30)
    count = numeral(match["count"])
    if count is None:
        return None
    unit = match["unit"].removeprefix("个")
    if unit in ("天", "日", "工作日", "周", "星期", "礼拜", "月"):
        return _days_after(seen, now, count, unit)
    minutes = count * {"分钟": 1, "刻钟": 15}.get(unit, 60)
    if unit in ("小时", "钟头") and (match["and_half"] or match["more"] or match["tenth"]):
        minutes += 30
    return now + timedelta(minutes=minutes + (numeral(match["minutes"] or "零") or 0))


def _days_after(seen: str, now: datetime, count: int, unit: str) -> datetime:
    """三天后下午 has its own time, 三天后 is at the opening of that day."""
    if unit == "月":
        day = _month_later(now.date(), count)
    else:
        day = now.date() + timedelta(days=count * (7 if unit in ("周", "星期", "礼拜") else 1))
    return _on(day, _time(seen, has_day=True) or _OPENS)


def _on(day: date, at: timedelta) -> datetime:
    return datetime.combine(day, time(), CHINA) + at


def _month_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _on_a_day(seen: str, now: datetime) -> datetime | None:
    match = _DAY.search(seen)
    rest = seen[: match.start()] + " " + seen[match.end() :] if match else seen
    at = _time(rest, has_day=match is not None)
    if match is None:
        return _soonest(at, now)
    day = _day(match, now.date())
    if day is None:
        return None
    if at is None:
        return _sometime_on(day, match, now)
    meant = _on(day, at)
    if meant <= now and match["weekday"] and not match["weeks"]:
        meant += timedelta(days=7)  # 周五三点 said on a Friday evening
    return meant


def _sometime_on(day: date, match: re.Match[str], now: datetime) -> datetime:
    """Until the close of today, of the month or year; from the opening of any other day."""
    if match["month_end"] or match["year_end"] or (match["near"] and day == now.date()):
        return _on(day, _CLOSES)
    if day == now.date():
        close = _on(day, _CLOSES)
        is_over = close <= now and match["weekday"] and not match["weeks"]
        return _on(day + timedelta(days=7), _OPENS) if is_over else close
    return _on(day, _OPENS)


def _soonest(at: timedelta | None, now: datetime) -> datetime | None:
    """A time without a day is today's, or tomorrow's if that has passed."""
    if at is None:
        return None
    meant = _on(now.date(), at)
    return meant if meant > now else meant + timedelta(days=1)


def _day(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today + timedelta(days=_DAYS[match["near"]])
    if match["weekday"]:
        return _weekday(match["weeks"], _WEEKDAYS[match["weekday"]], today)
    monday = today - timedelta(days=today.weekday())
    if match["next"]:
        return monday + timedelta(days=7 * len(match["next"]))
    if match["month"]:
        return _date(match, today)
    if match["only_day"]:
        return _day_of_month(match, today)
    if match["year_end"]:
        return date(today.year, 12, 31)
    first = _month_later(today.replace(day=1), 1 if "下" in match[0] else 0)
    if match["month_begin"]:
        return first
    return first.replace(day=monthrange(first.year, first.month)[1])


def _weekday(weeks: str | None, weekday: int, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    if weeks == "上":
        return None
    if weeks in ("下", "下下"):
        return monday + timedelta(days=7 * len(weeks) + weekday)
    day = monday + timedelta(days=weekday)
    return day + timedelta(days=7) if day < today and not weeks else day


def _date(match: re.Match[str], today: date) -> date | None:
    month, day = numeral(match["month"]), numeral(match["day"])
    if month is None or day is None:
        return None
    year = int(match["year"]) if match["year"] else today.year
    meant = date(year, month, day)
    return meant if match["year"] or meant >= today else meant.replace(year=year + 1)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = numeral(match["only_day"])
    if day is None:
        return None
    months = 1 if match["next_month"] or day < today.day else 0
    return _month_later(today.replace(day=1), months).replace(day=day)


def _time(seen: str, *, has_day: bool) -> timedelta | None:
    """The time that is named by an hour or by a part of the day; 早点来 names none."""
    if match := _TIME.search(seen):
        hour = numeral(match["hour"])
        if hour is None or hour > 24:
            return None
        part = match["part"]
        hour = _hour_in(part, hour) if part else _bare_hour(hour, is_clock=bool(match["exact"]))
        return _at(hour, _minute(match))
    if (part_only := _PART_ONLY.search(seen)) and (has_day or len(part_only[0]) > 1):
        return _PARTS[part_only[0]][0]
    return None


def _hour_in(part: str, hour: int) -> int:
    """下午三点 is 15, 晚上十二点 the end of the day, 中午一点 13."""
    if part in _NIGHT and hour == 12:
        return 24
    return hour + 12 if hour < 12 and hour < _PARTS[part][1] else hour


def _bare_hour(hour: int, *, is_clock: bool) -> int:
    """15:00 and 08:30 stand as they are; 三点 and 3:30 are after noon."""
    return hour + 12 if 0 < hour < _EARLIEST_BARE_HOUR and not (is_clock and hour == 0) else hour


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 * (numeral(match["quarter"]) or 0)
    return int(match["exact"]) if match["exact"] else numeral(match["minute"] or "零") or 0
