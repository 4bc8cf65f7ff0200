"""The weights on disk: what is saved is loaded, and nothing else is."""

import json
import pickle
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import numpy as np
import pytest

from nlp.model import CARD, COLUMNS, WEIGHTS, ModelUnusable, load, save


@pytest.fixture
def copy(tmp_path):
    weights, card = tmp_path / "model.npz", tmp_path / "model.json"
    weights.write_bytes(WEIGHTS.read_bytes())
    card.write_bytes(CARD.read_bytes())
    return weights, card


def amend(card, **fields):
    written = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps(written | fields), encoding="utf-8")


def test_what_is_saved_is_loaded(tmp_path):
    shipped = load()

    save(replace(shipped, card={}), tmp_path / "w", tmp_path / "c")
    again = load(tmp_path / "w", tmp_path / "c")

    assert np.allclose(again.weights, shipped.weights)
    assert np.array_equal(again.bias, shipped.bias)
    assert again.vocabulary.words == shipped.vocabulary.words
    assert again.vocabulary.concepts == shipped.vocabulary.concepts
    assert np.array_equal(again.vocabulary.worth, shipped.vocabulary.worth)


def test_saving_twice_gives_the_same_bytes(tmp_path):
    shipped = load()
    for name in ("first", "second"):
        save(replace(shipped, card={}), tmp_path / name, tmp_path / f"{name}.json")

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_every_feature_has_a_row_and_every_label_a_column():
    shipped = load()
    vocabulary = shipped.vocabulary

    rows = 1 + len(vocabulary.grams) + len(vocabulary.words) + len(vocabulary.concepts)
    assert shipped.weights.shape == (rows, len(COLUMNS))
    assert len(vocabulary.worth) == rows
    assert vocabulary.worth[0] == 0.0


def test_a_changed_file_is_refused(copy):
    weights, card = copy
    packed = bytearray(weights.read_bytes())
    packed[len(packed) // 2] ^= 1
    weights.write_bytes(packed)

    with pytest.raises(ModelUnusable, match="vouches"):
        load(weights, card)


@pytest.mark.parametrize(
    "fields",
    [{"format": 2}, {"columns": list(COLUMNS[:-1])}, {"columns": [*COLUMNS[1:], COLUMNS[0]]}],
)
def test_weights_for_other_code_are_refused(copy, fields):
    weights, card = copy
    amend(card, **fields)

    with pytest.raises(ModelUnusable, match="other code"):
        load(weights, card)


@pytest.mark.parametrize("written", ["", "[]", "{}", "null", '{"format": 1}', "\ud800"])
def test_a_card_that_is_none_is_refused(copy, written):
    weights, card = copy
    card.write_bytes(written.encode("utf-8", "surrogatepass"))

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
