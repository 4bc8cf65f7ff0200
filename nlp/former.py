"""Weights that a desk learnt under a release before, as today's are kept."""

import json
from collections.abc import Mapping

import numpy as np

from nlp.model import in_steps
from nlp.npz import Plain


def multiplied(arrays: Mapping[str, Plain]) -> dict[str, Plain]:
    """Of format 1, whose steps were to be multiplied with a feature's worth at each reading."""
    steps, worth = arrays["weights"], arrays["worth"]
    unit = np.frombuffer(arrays["unit"].content, np.float32)
    weights = np.frombuffer(steps.content, np.int16).reshape(steps.shape) * unit
    times = np.frombuffer(worth.content, np.float16).astype(np.float32)
    concepts = len(json.loads(arrays["concepts"].content))
    now, of_text, of_concepts = in_steps(weights * times[:, None], concepts)
    return {
        **arrays,
        "weights": Plain(steps.kind, steps.shape, now.tobytes()),
        "unit": Plain("<f4", of_text.shape, of_text.astype(np.float32).tobytes()),
        "concept_unit": Plain("<f4", of_concepts.shape, of_concepts.astype(np.float32).tobytes()),
    }
