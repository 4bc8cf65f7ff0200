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
        ("网是好的百度都能开,就oa上不去", ["网"]),
        ("跟网络没关系,这台就是慢", ["网络"]),
        ("不关账号的事,是待办列表空了", ["账号"]),
        ("别查打印机了,电脑点不亮", ["打印机"]),
        ("还以为断网,原来是网卡没了", ["断网"]),
        ("没中病毒,文件夹自己空了", ["病毒"]),
        ("是不是打印机坏了", []),
        ("打印机坏了", []),
        ("不是", []),
        ("", []),
    ],
)
def test_the_denied_words_are_found(text, words):
    assert [text[start:end] for start, end in denied(text)] == words
