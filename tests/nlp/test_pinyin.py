"""How characters sound: the table against the library that it was taken from (K1)."""

import pytest
from pypinyin import Style, lazy_pinyin

from nlp.pinyin import sound, syllable


def test_the_table_says_what_pypinyin_says():
    common = "打印机因网连绿行密码邮箱扩容蓝屏投影会议共享盘输入法鼠标键盘显示器账号权限"

    assert [syllable(each) for each in common] == [
        lazy_pinyin(each, style=Style.NORMAL, v_to_u=False)[0] for each in common
    ]


@pytest.mark.parametrize(("one", "other"), [("因", "印"), ("址", "资"), ("帐", "脏"), ("能", "林")])
def test_what_is_mixed_up_sounds_the_same(one, other):
    assert sound(one)[0] == sound(other)[0]


def test_what_has_no_reading_is_itself():
    assert (sound("a"), sound("😀"), syllable("。")) == ("a", "😀", "")
