"""The notices of three years, read as they were published, against the maintained library."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from nlp.holiday_notice import NoticeUnclear, read_notice, year_of

NOTICES = {
    2024: """国务院办公厅关于2024年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。""",
    2025: """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_the_year_is_as_the_library_has_it(year):
    found = read_notice(NOTICES[year], year)

    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        if day.year > year:
            break
        is_weekday = day.weekday() < 5 and day not in found.free
        assert (is_weekday or day in found.worked) is chinese_calendar.is_workday(day), day


def test_days_are_called_by_their_festival_and_the_year_by_the_title():
    found = read_notice(NOTICES[2026], 2026)

    assert found.free[date(2026, 2, 17)] == "春节"
    assert found.worked[date(2026, 9, 20)] == "国庆节"
    assert year_of(NOTICES[2026]) == 2026
    assert year_of("随便一段话") is None


def test_a_holiday_may_begin_in_the_year_before():
    found = read_notice("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023)

    assert list(found.free) == [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NOTICES[2026], "1月1日(周四)至3日(周六)"),
        ("二、春节：2月30日放假。", "2月30日"),
        ("二、春节：31日放假。", "31日"),
        ("一、元旦：3月9日至1月1日放假。", "3月9日至1月1日"),
        ("一、元旦：1月1日至3月9日放假。", "1月1日至3月9日"),
        ("下周放假", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_this_years_notice_is_named(text, words):
    """The weekdays of another year give it away."""
    with pytest.raises(NoticeUnclear) as unclear:
        read_notice(text, 2027)

    assert unclear.value.words == words
