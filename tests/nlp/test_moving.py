"""Which tickets go along with a shift, as people say it (D1)."""

import pytest

from nlp.moving import read_moves

NUMBERS = ["0001", "0002"]


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("0002 也转", {"0002": True}),
        ("0002也转给他吧", {"0002": True}),
        ("1 不转", {"0001": False}),
        ("都转", {"0001": True, "0002": True}),
        ("全部不转了", {"0001": False, "0002": False}),
        ("0001、0002 转给他", {"0001": True, "0002": True}),
        ("0001和0002归我", {"0001": False, "0002": False}),
    ],
)
def test_a_number_and_the_word_say_it(text, moves):
    assert read_moves(text, NUMBERS) == moves


@pytest.mark.parametrize(
    "text", ["0009 也转", "钥匙转给他", "0001 转去五楼了", "0002 的墨盒在柜子里", "不转", "没有了"]
)
def test_anything_else_is_a_note(text):
    assert read_moves(text, NUMBERS) is None
