"""The trained weights as they lie on disk: one npz without pickle, one JSON that vouches for it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.category import Category
from nlp.features import Floats, Grams, Vocabulary
from nlp.intents import Intent

DATA = Path(__file__).parent / "data"
WEIGHTS = DATA / "model.npz"
CARD = DATA / "model.json"

# The columns of the weights: a score per intent, one per category, and one for «high».
INTENTS = tuple(Intent)
CATEGORIES = tuple(Category)
COLUMNS = (*map(str, INTENTS), *map(str, CATEGORIES), "high")

FORMAT = 1

Steps = NDArray[np.int16]

_STEPS = 511  # either way from 0; with 127 the weights of a category were a sixth off


class ModelUnusable(Exception):
    """The weights are missing, damaged, or made for other code."""


@dataclass(frozen=True, slots=True)
class Model:
    vocabulary: Vocabulary
    weights: Floats  # features × COLUMNS, in log-odds
    bias: Floats
    card: Mapping[str, Any]


def save(model: Model, weights: Path = WEIGHTS, card: Path = CARD) -> None:
    packed, vouched = pack(model)
    weights.write_bytes(packed)
    card.write_text(json.dumps(vouched, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(weights: Path = WEIGHTS, card: Path = CARD) -> Model:
    try:
        written = json.loads(card.read_text(encoding="utf-8"))
        packed = weights.read_bytes()
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"{type(error).__name__}: {error}") from error
    return unpack(packed, written)


def pack(model: Model) -> tuple[bytes, dict[str, Any]]:
    """The weights as they are kept, and the card that vouches for them."""
    packed = _pack(_arrays(model))
    digest = hashlib.sha256(packed).hexdigest()
    return packed, {"format": FORMAT, "columns": COLUMNS, "sha256": digest, **model.card}


def unpack(packed: bytes, card: Mapping[str, Any]) -> Model:
    """`ModelUnusable` for weights that the card does not vouch for, or of another release."""
    try:
        _check(card, packed)
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return _model(arrays, card)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelUnusable(f"{type(error).__name__}: {error}") from error


def _check(card: Mapping[str, Any], packed: bytes) -> None:
    if card["format"] != FORMAT or tuple(card["columns"]) != COLUMNS:
        raise ModelUnusable("made for other code")
    if card["sha256"] != hashlib.sha256(packed).hexdigest():
        raise ModelUnusable("not the weights that the card vouches for")


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    steps, unit = in_steps(model.weights)
    vocabulary = model.vocabulary
    return {
        "weights": steps,
        "unit": unit,
        "worth": vocabulary.worth.astype(np.float16),
        "grams": vocabulary.grams,
        "words": _as_bytes(list(vocabulary.words)),
        "concepts": _as_bytes(list(vocabulary.concepts)),
        "bias": model.bias,
    }


def _model(arrays: Mapping[str, NDArray[Any]], card: Mapping[str, Any]) -> Model:
    return Model(
        vocabulary=vocabulary_of(
            arrays["grams"],
            _strings(arrays["words"]),
            _strings(arrays["concepts"]),
            arrays["worth"],
        ),
        weights=arrays["weights"].astype(np.float32) * arrays["unit"],
        bias=arrays["bias"],
        card=card,
    )


def vocabulary_of(
    grams: Grams, words: Iterable[str], concepts: Iterable[str], worth: NDArray[np.floating]
) -> Vocabulary:
    """Rows are numbered from 1, in this order; `worth` is no more exact than the file keeps it."""
    row = count(1 + len(grams))
    return Vocabulary(
        grams,
        {word: next(row) for word in words},
        {concept: next(row) for concept in concepts},
        worth.astype(np.float16).astype(np.float32),
    )


def in_steps(weights: Floats) -> tuple[Steps, Floats]:
    """Each column in 1,023 steps of its own size: a third of the space when packed."""
    unit = np.maximum(np.abs(weights).max(axis=0), np.float32(1e-9)) / np.float32(_STEPS)
    return np.rint(weights / unit).astype(np.int16), unit


def _as_bytes(strings: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(strings, ensure_ascii=False).encode(), dtype=np.uint8)


def _strings(array: NDArray[np.uint8]) -> list[str]:
    strings: list[str] = json.loads(array.tobytes())
    return strings


def _pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """An npz whose bytes depend on its content alone: numpy's own would carry today's date."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
