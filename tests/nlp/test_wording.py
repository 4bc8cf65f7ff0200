"""The copy that is matched, character for character beside the person's own."""

import pytest
from hypothesis import given

from nlp.numerals import numeral
from nlp.wording import wording
from tests.nlp.slot_texts import any_texts


@given(any_texts)
def test_both_copies_have_one_length(text):
    said = wording(text)

    assert len(said.own) == len(said.folded) <= 500


def test_the_own_characters_are_kept_and_the_folded_ones_matched():
    said = wording("Ａ座３０５，\u200b OA\u3000①")

    assert said.own == "Ａ座３０５， OA ①"
    assert said.folded == "a座305, oa 1"


def test_lines_stay_apart():
    assert wording(" 部门:财务部 \r\n\n 电话 ").own == "部门:财务部\n电话"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("七", 7),
        ("两", 2),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("四十五", 45),
        ("一百二十", 120),
        ("零", 0),
        ("一一", None),
        ("十百", None),
        ("", None),
        ("12345", None),
        ("abc", None),
    ],
)
def test_a_numeral_has_a_value(text, value):
    assert numeral(text) == value
