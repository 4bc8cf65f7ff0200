"""A training in a process of its own: `python -m nlp.learning`, a job on stdin, weights on stdout.

It takes half a gigabyte and most of a minute of one core: no worker has that to spare (T10).
It knows no database: whoever starts it (services/readings/training.py) hands in what the desk found
out, and keeps what comes back. The same job gives the same bytes.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.understanding import WordKind
from nlp import classifier, corpus, lessons, live, weights
from nlp.classifier import Classifier
from nlp.comparing import Comparison, compare
from nlp.corpus import Utterance

STAGES = ("reading", "learning", "comparing")
"""What a training says of itself while it works, in this order."""


def main() -> None:
    job = json.load(sys.stdin)
    json.dump(learnt_from(job), sys.stdout, ensure_ascii=False)


def learnt_from(job: Mapping[str, Any]) -> dict[str, Any]:
    """New weights, their card, what they learnt, and how they do beside the old ones."""
    _tell("reading")
    live.put_words(own_words(job["own"]))
    told = [lessons.from_json(each) for each in job["lessons"]]
    learnt, held = lessons.shared_out(told)
    shipped = shipped_utterances()
    _tell("learning")
    packed, card = _trained([*shipped, *learnt])
    _tell("comparing")
    new = Classifier(weights.unpack(packed, card))
    lines = sum(told.category is not None for told in shipped)
    crossed = {**card["crossed"], "lines": lines}
    compared = _compared(job["old"], new, crossed, learnt, held)
    return {
        "weights": b64encode(packed).decode(),
        "card": card,
        "learnt": {"corpus": len(shipped), "desk": len(learnt), "held": len(held)},
        "figures": compared.to_json(),
    }


def _trained(utterances: Sequence[Utterance]) -> tuple[bytes, dict[str, Any]]:
    from nlp import model, training  # scikit-learn takes seconds to import

    learnt = training.train(utterances)
    card = {
        "learnt_from": corpus.fingerprint(training.sources()),
        "utterances": len(utterances),
        **learnt.card,
    }
    return model.pack(replace(learnt, card=card))


def shipped_utterances() -> list[Utterance]:
    files = corpus.corpus_files() + corpus.phrase_files()
    return [told for file in files for told in corpus.read_corpus(file)]


def _compared(
    old: Mapping[str, Any] | None,
    new: Classifier,
    crossed: Mapping[str, float],
    learnt: Sequence[Utterance],
    held: Sequence[Utterance],
) -> Comparison:
    before = unpacked(old)
    if before is None:
        return compare(held, learnt, classifier.read, new.read)
    both = (before.card.get("crossed", {}), crossed)
    return compare(held, learnt, Classifier(before).read, new.read, both)


def unpacked(kept: Mapping[str, Any] | None) -> weights.Weights | None:
    """The weights that are live; those that came with the release where they cannot be read."""
    try:
        if kept is not None:
            return weights.unpack(b64decode(kept["weights"]), kept["card"])
    except weights.ModelUnusable:
        print("progress old_unusable", file=sys.stderr, flush=True)
    try:
        return weights.load()
    except weights.ModelUnusable:
        return None


def own_words(rows: Sequence[Sequence[Any]]) -> live.OwnWords:
    return live.own_words((word, WordKind(kind), means) for word, kind, means in rows)


def _tell(stage: str) -> None:
    print(f"progress {stage}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
