"""How messages are cut into words."""

import math
import stat
import tempfile

import pytest
from hypothesis import given

from nlp import dictionary, segment
from nlp.corpus import corpus_files, read_corpus
from nlp.normalize import folded
from nlp.segment import known_words
from tests.nlp.slot_texts import HOSTILE, any_texts


@pytest.fixture(scope="module")
def tokenizer():
    """jieba's own way, by the same dictionary."""
    return dictionary.counted(dictionary.own_words())


@pytest.mark.parametrize("word", ["数电票", "三楼小机房", "打印机卡纸", "的了", "打印机", "qzx"])
def test_an_admin_s_word_is_as_likely_as_jieba_would_make_it(word):
    theirs = dictionary.counted(dictionary.own_words())
    theirs.add_word(word)
    try:
        segment.put_own([word])
        times = math.exp(segment._words.worth[word] - segment._words.once)
    finally:
        segment.put_own([])

    assert times == pytest.approx(theirs.FREQ[word], rel=1e-6)


@pytest.fixture
def temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "word", ["卡纸", "蓝屏", "搓纸轮", "打印机", "登不上", "打不开", "财务室", "护士站", "没网"]
)
def test_the_desk_s_words_stay_whole(word):
    assert word in known_words(f"这里{word}了")


@given(any_texts)
def test_no_character_is_lost(text):
    assert "".join(known_words(text)) == text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_nothing_is_lost_of_hostile_texts_either(text):
    assert "".join(known_words(text)) == text


@given(any_texts)
def test_the_quicker_way_cuts_as_jieba_does(tokenizer, text):
    assert known_words(folded(text)) == tokenizer.lcut(folded(text), HMM=False)


def test_every_message_of_the_corpus_is_cut_as_jieba_cuts_it(tokenizer):
    for file in corpus_files():
        for told in read_corpus(file):
            assert known_words(told.text) == tokenizer.lcut(told.text, HMM=False)


@pytest.mark.parametrize(
    "text", ["LQ-630K卡纸", "0x0000007E", "x", "X光机", "c++和c#", "100%了", "a b", ""]
)
def test_letters_and_digits_of_no_word_stay_together(tokenizer, text):
    assert known_words(text) == tokenizer.lcut(text, HMM=False)


def test_the_own_words_are_added_in_one_order_only():
    """How much a word weighs depends on those before it, and a set has an order of its own."""
    own = dictionary.own_words()

    assert own == sorted(own, key=lambda word: (len(word), word))
    assert len(own) == len(set(own))


def test_without_the_list_of_words_all_goes_on(tmp_path, caplog):
    assert dictionary.user_words(tmp_path / "none.txt") == []
    assert "user_words_unreadable" in caplog.text


def test_a_list_that_is_no_text_is_no_list(tmp_path):
    broken = tmp_path / "words.txt"
    broken.write_bytes(b"\xff\xfe\x00")

    assert dictionary.user_words(broken) == []


def test_comments_and_blank_lines_are_no_words(tmp_path):
    own = tmp_path / "words.txt"
    own.write_text("# places\n\n财务室 \n", encoding="utf-8")

    assert dictionary.user_words(own) == ["财务室"]


def test_the_cache_lies_where_nobody_else_may_write(temporary_folder):
    folder = dictionary.private_folder()

    assert folder == dictionary.private_folder()
    assert folder.parent == temporary_folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_may_write_is_not_used(temporary_folder):
    prepared = dictionary.private_folder()
    prepared.chmod(0o777)

    assert dictionary.private_folder() != prepared


def test_a_link_in_its_place_is_not_followed(temporary_folder):
    prepared = dictionary.private_folder()
    prepared.rmdir()
    elsewhere = temporary_folder / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    prepared.symlink_to(elsewhere)

    assert dictionary.private_folder() not in (prepared, elsewhere)


@pytest.fixture
def kept_in(temporary_folder, monkeypatch):
    """Where a dictionary will be kept that is still to be loaded."""
    monkeypatch.setattr(segment, "_words", dictionary.Dictionary({}, 0.0))
    monkeypatch.setattr(segment, "_is_ready", False)
    return dictionary.private_folder()


def test_the_dictionary_is_built_once_and_kept(kept_in, monkeypatch):
    segment.warm_up()
    (kept,) = kept_in.iterdir()
    built = segment._words
    monkeypatch.setattr(segment, "_is_ready", False)
    monkeypatch.delattr(dictionary, "counted")
    segment.warm_up()

    assert segment._words == built
    assert list(kept_in.iterdir()) == [kept]


@pytest.mark.parametrize("damaged", [b"", b"\x00\xff", b"\xe9\x01\x00\x00\x00", b"N"])
def test_a_kept_dictionary_that_is_damaged_is_built_anew(kept_in, damaged):
    kept = kept_in / f"words-{dictionary.digest(dictionary.own_words())}.cache"
    kept.write_bytes(damaged)
    segment.warm_up()

    assert segment.known_words("打印机卡纸") == ["打印机", "卡纸"]
    assert kept.read_bytes() != damaged


def test_another_release_keeps_another_dictionary():
    assert dictionary.digest(["打印机"]) != dictionary.digest(["打印机", "卡纸"])


def test_what_is_hardly_ever_written_is_no_word():
    assert known_words("一个打印机") == ["一个", "打印机"]
    assert not segment.is_word("一丁不识")
