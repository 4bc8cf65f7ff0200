"""What a message says it is not about."""

import pytest

from nlp.denial import denied


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("不是打印机,是电脑没网", ["打印机"]),
        ("不是打印机坏了,是没网", ["打印机坏了"]),
        ("电脑没坏,是excel自己老崩", ["电脑"]),
        ("网络正常,就oa进不去", ["网络"]),
        ("是不是打印机坏了", []),
        ("打印机坏了", []),
        ("不是", []),
        ("", []),
    ],
)
def test_the_denied_words_are_found(text, words):
    assert [text[start:end] for start, end in denied(text)] == words
