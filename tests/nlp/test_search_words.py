"""Words of the index, and what a typed line asks of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.search_words import Said, Term, asked, dialled, digits, excerpt, marked, words_of
from tests.nlp.slot_texts import HOSTILE, any_texts


def is_found(query: str, *texts: str, with_phones: bool = True, **facts) -> bool:
    """What FTS5 and a tsvector do with the words of a document."""
    words = words_of(Said(texts, **facts))
    groups = asked(query, with_phones=with_phones)
    return bool(groups) and all(any(_has(words, term) for term in group) for group in groups)


def _has(words: list[str], term: Term) -> bool:
    if term.is_beginning:
        return any(word.startswith(term.word) for word in words)
    return term.word in words


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("打印", "三楼财务室那台惠普打印机一直卡纸"),
        ("打印机卡纸", "三楼财务室那台惠普打印机一直卡纸"),
        ("卡纸 打印机", "三楼财务室那台惠普打印机一直卡纸"),
        ("网络", "整层网络不通"),
        ("络不", "整层网络不通"),  # no word of any dictionary
        ("网", "断网"),
        ("网", "网断了"),
        ("蓝屏的问题", "电脑蓝屏，问题很急"),
        ("换搓纸轮", "已经换了搓纸轮"),
        ("HP1020", "hp 1020 打不了"),
        ("1020", "ＨＰ１０２０打不了"),
        ("ho", "打不开 Host 文件"),
        ("0x8007", "报错 0x80070035"),
        ("A座305", "在A座305房间"),
        ("PRT-0012", "prt-0012"),
        ("王小明", "王小明说的"),
    ],
)
def test_a_text_is_found_by_a_part_of_it(query, text):
    assert is_found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("卡纸 投影", "打印机卡纸"),
        ("王小明", "李小明"),
        ("ost", "Host"),  # letters are found from their beginning on
        ("305", "30 5"),
        ("网络", "网页 联络"),
    ],
)
def test_what_lacks_a_word_is_not_found(query, text):
    assert not is_found(query, text)


def test_only_the_last_word_may_be_unfinished():
    assert is_found("host fil", "host file")
    assert not is_found("hos file", "host file")


@pytest.mark.parametrize("query", ["", "   ", "，。！", "的", "-"])
def test_nothing_to_look_for_asks_for_nothing_or_one_character(query):
    assert len(asked(query, with_phones=True)) <= 1


def test_a_person_is_found_by_name_and_by_initials():
    for query in ("王芳", "wf", "WF"):
        assert is_found(query, "打印机", names=("王芳",))
    assert not is_found("wfx", "打印机", names=("王芳",))


@pytest.mark.parametrize(
    "query", ["13800001234", "1234", "001234", "138 0000 1234", "138-0000-1234", "+8613800001234"]
)
def test_a_phone_is_found_whole_and_by_its_end(query):
    assert is_found(query, "卡纸", phones=("138-0000-1234",))


def test_three_digits_are_no_phone_and_its_beginning_is_none():
    assert not is_found("234", "卡纸", phones=("13800001234",))
    assert not is_found("1380000", "卡纸", phones=("13800001234",))


def test_who_may_not_read_phones_does_not_find_by_them():
    for query in ("1234", "13800001234", "138-0000-1234"):
        assert not is_found(query, "卡纸", phones=("13800001234",), with_phones=False)
    assert is_found("1234", "房间 1234", with_phones=False)


def test_a_ticket_is_found_by_parts_of_its_number():
    for query in ("0007", "20261124", "IT20261124", "it20261124-0007", "20261124-00"):
        assert is_found(query, "20261124-0007")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0755-8888 1234", "075588881234"),
        ("+86 138 0000 1234", "13800001234"),
        ("305", None),
        ("20261124-0007", None),
        ("A1234", None),
        ("１２３４", "1234"),
    ],
)
def test_numbers_that_are_dialled(text, number):
    assert dialled(text) == number


def test_a_country_is_no_part_of_a_number():
    assert digits("+86 138-0000-1234") == digits("0086 13800001234") == "13800001234"
    assert digits("8612") == "8612"


@given(any_texts)
def test_whatever_is_typed_asks_for_plain_words_only(text):
    for group in asked(text, with_phones=True):
        for term in group:
            assert term.word.lstrip("#").isalnum()


@given(any_texts)
def test_words_of_a_document_need_no_quoting(text):
    said = Said((text,), names=(text,), phones=(text,), people=(7,))
    words = words_of(said)
    assert words == sorted(set(words))
    assert all(word.lstrip("#~").isalnum() for word in words)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_texts_are_bounded(text):
    assert len(words_of(Said((text * 50,)))) <= 2_100
    assert len(asked(text * 50, with_phones=True)) <= 12


@given(st.text(alphabet="打印机卡纸网络不通王", min_size=2, max_size=12), st.data())
def test_any_two_neighbours_of_a_text_are_found(text, data):
    place = data.draw(st.integers(0, len(text) - 2))

    assert is_found(text[place : place + 2], f"，{text}。")


# --- marks ---------------------------------------------------------------------------------------


def test_what_was_looked_for_is_marked_whole():
    assert marked("惠普打印机一直卡纸", "打印机卡纸") == [
        ("惠普", False),
        ("打印机", True),
        ("一直", False),
        ("卡纸", True),
    ]


def test_a_mark_keeps_the_letters_as_they_were_written():
    assert marked("打不开 Host", "HOST") == [("打不开 ", False), ("Host", True)]


def test_nothing_is_marked_where_nothing_was_asked():
    assert marked("卡纸", "") == [("卡纸", False)]
    assert marked("", "卡纸") == []


@given(any_texts, any_texts)
def test_marking_loses_no_character(text, query):
    assert "".join(part for part, _ in marked(text, query)) == text


def test_an_excerpt_shows_the_surroundings_of_the_first_hit():
    long = "前" * 100 + "搓纸轮坏了" + "后" * 100

    assert excerpt(["没有", long], "搓纸轮") == f"…{'前' * 20}搓纸轮坏了{'后' * 35}…"
    assert excerpt(["没有"], "搓纸轮") is None
    assert excerpt(["没有"], "") is None
