"""周工, 老周 and 周师傅 may be one person; 周明 and 周涛 are two."""

import pytest

from nlp.titles import may_be_one, surname_in


@pytest.mark.parametrize(
    ("called", "surname"),
    [("周工", "周"), ("老周", "周"), ("小周师傅", "周"), ("周工程师", "周"), (" 王姐 ", "王")],
)
def test_a_surname_with_a_title_is_a_surname(called, surname):
    assert surname_in(called) == surname


@pytest.mark.parametrize("called", ["周明", "师傅", "周", "", "欧阳明珠", "穿灰衣服的"])
def test_a_whole_name_or_none_has_no_title(called):
    assert surname_in(called) is None


def test_half_a_name_meets_a_whole_one_but_two_whole_names_do_not():
    assert may_be_one("周师傅", "周明") and may_be_one("周明", "周工")
    assert not may_be_one("周明", "周涛") and not may_be_one("李工", "周工")
