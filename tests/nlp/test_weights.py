"""The weights on disk and as a worker reads by them: what is saved is read, and nothing else is."""

import json
import pickle
from dataclasses import replace
from functools import cache
from hashlib import sha256
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import model, npz
from nlp.classifier import Classifier
from nlp.features import extract
from nlp.model import save
from nlp.normalize import folded
from nlp.placing import place
from nlp.weights import CARD, COLUMNS, STEPS, WEIGHTS, ModelUnusable, load, unpack
from tests.nlp.slot_texts import any_texts

SENTENCES = (
    "打印机卡纸",
    "不是打印机,是电脑开不了机",
    "财务部那台惠普打印机一直卡纸,急!下午要开会",
    "打印机打印机打印机打印机",
    "vpn 连不上 err 809",
    "",
    "\U00020000\U0001f600",
    "怎么连打印机" * 100,
)


@pytest.fixture
def copy(tmp_path):
    weights, card = tmp_path / "model.npz", tmp_path / "model.json"
    weights.write_bytes(WEIGHTS.read_bytes())
    card.write_bytes(CARD.read_bytes())
    return weights, card


def amend(card, **fields):
    written = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps(written | fields), encoding="utf-8")


def learnt():
    """What the shipped weights were written from, as exactly as they tell."""
    with np.load(WEIGHTS) as kept:
        arrays = dict(kept)
    worth = arrays["worth"].astype(np.float32)
    names = {name: json.loads(arrays[name].tobytes()) for name in ("words", "concepts")}
    vocabulary = model.vocabulary_of(arrays["grams"], names["words"], names["concepts"], worth)
    unit = np.tile(arrays["unit"], (len(worth), 1))
    unit[len(worth) - len(names["concepts"]) :] = arrays["concept_unit"]
    times = np.where(worth == 0, 1, worth)[:, None]
    return model.Model(vocabulary, arrays["weights"] * unit / times, arrays["bias"], {})


@pytest.fixture(scope="module")
def by_hand():
    """Scores by the library's own arithmetic, as training has it."""
    known = learnt()

    def scores(text):
        rows, values = place(extract(folded(text)), known.vocabulary)
        return known.weights[rows].T @ values + known.bias

    return scores


@pytest.mark.parametrize("text", SENTENCES, ids=lambda text: ascii(text[:12]))
def test_a_worker_adds_up_what_training_would(text, by_hand):
    weights = load()

    assert weights.scores(weights.place(extract(folded(text)))) == pytest.approx(
        by_hand(text).tolist(), abs=1e-3
    )


@given(any_texts)
def test_whatever_is_said_a_worker_adds_up_what_training_would(by_hand, text):
    weights = shipped_once()

    found = weights.scores(weights.place(extract(folded(text))))

    assert found == pytest.approx(by_hand(text).tolist(), abs=2e-3)


@cache
def shipped_once():
    return load()


@pytest.mark.parametrize("text", SENTENCES[:5])
def test_what_each_feature_added_makes_the_score(text):
    """Beside what the column says of a message of no words."""
    weights = load()
    placed, empty = (weights.place(extract(folded(each))) for each in (text, ""))

    scores = zip(weights.scores(placed), weights.scores(empty), strict=True)
    for column, (score, of_nothing) in enumerate(scores):
        added = sum(weights.spoke(placed, column)) - sum(weights.spoke(empty, column))
        assert added == pytest.approx(score - of_nothing, abs=1e-6)


def test_more_features_than_go_together_are_added_in_parts():
    """A lane holds 64 steps; a long text has thousands of features."""
    weights = load()
    long = "".join(chr(0x4E00 + n) for n in range(0, 6000, 3))
    placed = weights.place(extract(long))
    known = learnt()
    rows, values = place(extract(long), known.vocabulary)

    assert len(set(placed.text)) > 640
    assert weights.scores(placed) == pytest.approx(
        (known.weights[rows].T @ values + known.bias).tolist(), abs=2e-3
    )


def test_a_row_that_another_thread_keeps_meanwhile_is_counted_once():
    """The server reads in many threads; a row may be kept between two looks at it."""
    placed = load().place(extract("三楼打印机卡纸了"))
    alone, disturbed = load(), load()
    look = disturbed._rows._at

    def looked_at_beside_another(row):
        seen = look(row)
        if not seen:
            disturbed._rows._made(row)
        return seen

    disturbed._rows._at = looked_at_beside_another

    assert disturbed.scores(placed) == alone.scores(placed)


def test_what_is_saved_is_loaded(tmp_path):
    known = learnt()

    save(known, tmp_path / "w", tmp_path / "c")

    shipped, again = Classifier(load()), Classifier(load(tmp_path / "w", tmp_path / "c"))
    for text in SENTENCES:
        ours, theirs = again.read(text), shipped.read(text)
        assert (ours.intent, ours.category) == (theirs.intent, theirs.category)
        assert ours.intent_confidence == pytest.approx(theirs.intent_confidence, abs=0.01)


def test_saving_twice_gives_the_same_bytes(tmp_path):
    known = learnt()
    for name in ("first", "second"):
        save(replace(known, card={}), tmp_path / name, tmp_path / f"{name}.json")

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_every_feature_has_a_row_and_every_label_a_column():
    arrays = npz.read(WEIGHTS.read_bytes())
    words, concepts = (len(json.loads(arrays[name].content)) for name in ("words", "concepts"))

    rows = 1 + arrays["grams"].shape[0] + words + concepts
    assert arrays["weights"].shape == (rows, len(COLUMNS))
    assert arrays["worth"].shape == (rows,)
    assert np.abs(np.frombuffer(arrays["weights"].content, np.int16)).max() == STEPS


def test_an_npz_is_read_as_numpy_reads_it():
    with np.load(WEIGHTS) as theirs:
        ours = npz.read(WEIGHTS.read_bytes())

        assert set(ours) == set(theirs.files)
        for name, array in theirs.items():
            assert (ours[name].kind, ours[name].shape) == (array.dtype.str, array.shape)
            assert ours[name].content == array.tobytes()


@given(st.binary(max_size=400))
def test_what_is_no_npz_is_refused(content):
    card = {"format": 2, "columns": COLUMNS, "sha256": sha256(content).hexdigest()}

    with pytest.raises(ModelUnusable):
        unpack(content, card)


def test_weights_that_a_desk_learnt_under_the_release_before_are_read():
    """Format 1 kept steps of the weights alone; they are in desks' databases."""
    known = learnt()
    packed, card = as_before(known)

    former, shipped = Classifier(unpack(packed, card)), Classifier(load())

    for text in SENTENCES:
        ours, theirs = former.read(text), shipped.read(text)
        assert (ours.intent, ours.category) == (theirs.intent, theirs.category)
        assert ours.intent_confidence == pytest.approx(theirs.intent_confidence, abs=0.02)


def as_before(known):
    """Packed by format 1."""
    weights, vocabulary = known.weights.astype(np.float32), known.vocabulary
    unit = np.maximum(np.abs(weights).max(axis=0), np.float32(1e-9)) / np.float32(STEPS)
    content = BytesIO()
    np.savez_compressed(
        content,
        weights=np.rint(weights / unit).astype(np.int16),
        unit=unit.astype(np.float32),
        worth=vocabulary.worth.astype(np.float16),
        grams=vocabulary.grams,
        words=np.frombuffer(json.dumps(list(vocabulary.words)).encode(), np.uint8),
        concepts=np.frombuffer(json.dumps(list(vocabulary.concepts)).encode(), np.uint8),
        bias=known.bias,
    )
    packed = content.getvalue()
    card = {"format": 1, "columns": list(COLUMNS), "sha256": sha256(packed).hexdigest()}
    return packed, card


def test_a_changed_file_is_refused(copy):
    weights, card = copy
    packed = bytearray(weights.read_bytes())
    packed[len(packed) // 2] ^= 1
    weights.write_bytes(packed)

    with pytest.raises(ModelUnusable, match="vouches"):
        load(weights, card)


@pytest.mark.parametrize(
    "fields",
    [{"format": 3}, {"columns": list(COLUMNS[:-1])}, {"columns": [*COLUMNS[1:], COLUMNS[0]]}],
)
def test_weights_for_other_code_are_refused(copy, fields):
    weights, card = copy
    amend(card, **fields)

    with pytest.raises(ModelUnusable, match="other code"):
        load(weights, card)


@pytest.mark.parametrize("written", ["", "[]", "{}", "null", '{"format": 2}', "\ud800"])
def test_a_card_that_is_none_is_refused(copy, written):
    weights, card = copy
    card.write_bytes(written.encode("utf-8", "surrogatepass"))

    with pytest.raises(ModelUnusable):
        load(weights, card)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("weights", np.zeros((3, len(COLUMNS)), np.int16)),
        ("weights", np.zeros((3, len(COLUMNS)), np.float32)),
        ("worth", np.zeros(7, np.float16)),
        ("bias", np.zeros(3, np.float32)),
        ("unit", np.zeros((2, 2), np.float32)),
        ("grams", np.zeros(3, np.int32)),
        ("words", np.frombuffer(b"{not json", np.uint8)),
    ],
)
def test_arrays_that_do_not_fit_one_another_are_refused(copy, name, other):
    weights, card = copy
    with np.load(weights) as kept:
        arrays = {**kept, name: other}
    packed = BytesIO()
    np.savez(packed, **arrays)
    weights.write_bytes(packed.getvalue())
    amend(card, sha256=sha256(packed.getvalue()).hexdigest())

    with pytest.raises(ModelUnusable):
        load(weights, card)


def test_a_pickle_is_never_opened(copy):
    """Whoever can write the card can vouch for any file; still nothing in it is run."""
    weights, card = copy
    packed = BytesIO()
    np.savez(packed, weights=np.array([Bomb()], dtype=object))
    weights.write_bytes(packed.getvalue())
    amend(card, sha256=sha256(packed.getvalue()).hexdigest())

    with pytest.raises(ModelUnusable):
        load(weights, card)
    with pytest.raises(Exploded):
        pickle.loads(pickle.dumps(Bomb()))


class Exploded(Exception):
    pass


def explode():
    raise Exploded


class Bomb:
    def __reduce__(self):
        return explode, ()
