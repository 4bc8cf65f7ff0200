"""From when until when somebody wants leave, as they say it (D1)."""

from datetime import datetime

import pytest
from hypothesis import given

from domain.calendar import CHINA
from nlp.days_off import read_days_off
from tests.nlp.slot_texts import any_texts

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)  # Tuesday


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "begins", "ends", "why"),
    [
        ("明天", at(25), at(26), ""),
        ("明天 看病", at(25), at(26), "看病"),
        ("明天下午", at(25, 12), at(26), ""),
        ("今天下午 孩子发烧", at(24, 12), at(25), "孩子发烧"),
        ("今天请一天假", at(24), at(25), ""),
        ("周五上午", at(27), at(27, 12), ""),
        ("明天半天 看牙", at(25), at(25, 12), "看牙"),
        ("11月30日到12月2日 年假", at(30), at(3, month=12), "年假"),
        ("12月1日至12月5日，婚假", at(1, month=12), at(6, month=12), "婚假"),
        ("30号到2号", at(30), at(3, month=12), ""),
        ("明天到后天 家里有事", at(25), at(27), "家里有事"),
        ("下周一到周三休年假", at(30), at(3, month=12), "年假"),
        ("周五到下周二", at(27), at(2, month=12), ""),
        ("明天起三天", at(25), at(28), ""),
        ("明天请三天年假", at(25), at(28), "年假"),
        ("后天两点到四点", at(26, 14), at(26, 16), ""),
        ("明天 9:00-11:30", at(25, 9), at(25, 11, 30), ""),
        ("明天上午到后天下午", at(25), at(27), ""),
    ],
)
def test_a_time_off_is_read_with_the_reason_beside_it(text, begins, ends, why):
    found = read_days_off(text, NOW)

    assert found is not None
    assert (found.begins_at, found.ends_at, found.words) == (begins, ends, why)


@pytest.mark.parametrize("text", ["三天", "看病", "昨天", "", "？？", "年假"])
def test_words_without_a_day_to_come_are_no_time_off(text):
    assert read_days_off(text, NOW) is None


@given(any_texts)
def test_whatever_is_said_a_time_off_lies_ahead_and_is_no_longer_than_a_year(text):
    found = read_days_off(text, NOW)

    if found is not None:
        assert found.begins_at < found.ends_at
        assert found.ends_at > NOW
        assert (found.ends_at - found.begins_at).days <= 366
