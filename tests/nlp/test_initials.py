"""Initials of names, as people type them to find somebody (C §13)."""

import pytest
from pypinyin import Style, lazy_pinyin

from nlp.initials import initials, initials_of


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王芳", "wf"),
        ("吕布", "lb"),
        ("欧阳娜娜", "oynn"),
        ("曾国藩", "zgf"),
        ("单雄信", "sxx"),
        ("仇英", "qy"),
        ("查良镛", "zly"),
        ("区志明", "ozm"),
        ("尉迟恭", "ycg"),
        ("Anna Li", "al"),
        ("O'Neill", "o"),
        ("陈静 2", "cj2"),
    ],
)
def test_a_name_is_found_by_its_first_letters(name, letters):
    assert initials_of(name) == letters


@pytest.mark.parametrize("name", [None, "", "  ", "……", "😀"])
def test_a_name_without_letters_has_none(name):
    assert initials_of(name) is None


def test_no_name_is_longer_than_its_column():
    assert len(initials("王" * 60)) == 40


def test_the_table_says_what_pypinyin_says():
    common = (
        "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
    )

    assert initials("赵" + common)[1:] == "".join(lazy_pinyin(common, Style.FIRST_LETTER))[:39]
