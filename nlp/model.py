"""The weights as they are learnt and written: an npz without pickle, a card that vouches for it.

Only what learns needs this; what reads has `nlp.weights`, without numpy.
"""

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

from nlp.weights import CARD, COLUMNS, FORMAT, STEPS, WEIGHTS, Weights, unpack

Floats = NDArray[np.float32]
Grams = NDArray[np.int64]
Steps = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The row of each feature in the weights; row 0 is for what training never saw."""

    grams: Grams  # ascending; the first is row 1
    words: Mapping[str, int]
    concepts: Mapping[str, int]
    worth: Floats  # how much a feature says before weights: rare ones more, row 0 nothing


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


def pack(model: Model) -> tuple[bytes, dict[str, Any]]:
    """The weights as they are kept, and the card that vouches for them."""
    packed = _pack(_arrays(model))
    digest = hashlib.sha256(packed).hexdigest()
    return packed, {"format": FORMAT, "columns": COLUMNS, "sha256": digest, **model.card}


def readable(model: Model) -> Weights:
    """As a worker will have it."""
    return unpack(*pack(model))


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


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    vocabulary = model.vocabulary
    steps, unit, concept_unit = in_steps(
        model.weights * vocabulary.worth[:, None], len(vocabulary.concepts)
    )
    return {
        "weights": steps,
        "unit": unit,
        "concept_unit": concept_unit,
        "worth": vocabulary.worth.astype(np.float16),
        "grams": vocabulary.grams,
        "words": _as_bytes(list(vocabulary.words)),
        "concepts": _as_bytes(list(vocabulary.concepts)),
        "bias": model.bias,
    }


def in_steps(multiplied: Floats, concepts: int) -> tuple[Steps, Floats, Floats]:
    """Each column in 1,023 steps of its own size; the last rows, of concepts, in steps of theirs.

    A row is what a feature says times what it is worth.
    """
    parts = np.split(multiplied, [len(multiplied) - concepts])
    units = [
        np.maximum(np.abs(part).max(axis=0, initial=0.0), np.float32(1e-9)) / np.float32(STEPS)
        for part in parts
    ]
    steps = [np.rint(part / unit).astype(np.int16) for part, unit in zip(parts, units, strict=True)]
    return np.concatenate(steps), units[0], units[1]


def _as_bytes(strings: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(strings, ensure_ascii=False).encode(), dtype=np.uint8)


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
