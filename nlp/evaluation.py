"""How well messages are read: against a labelled file, or by cross-validation on the corpus."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nlp import classifier, corpus
from nlp.corpus import Utterance
from nlp.reading import Reading
from nlp.report import Report, report, reported_urgency

__all__ = ["Report", "cross_validate", "evaluate", "validate_across_files", "validate_on_own"]


def evaluate(path: Path, out: Path | None = None) -> Report:
    """Reads every line of a file; scores those with labels, writes what was read to `out`."""
    utterances = corpus.read_corpus(path)
    readings = [classifier.read(told.text) for told in utterances]
    if out is not None:
        lines = map(_prediction, utterances, readings)
        written = "".join(f"{line}\n" for line in lines)
        out.write_text(written, encoding="utf-8", errors="backslashreplace")  # \ud800 is JSON
    return report(path.name, utterances, readings)


def cross_validate(folds: int = 5, seed: int = 7) -> Report:
    """Each line of the corpus read by weights learnt from the other folds and our own sentences."""
    from nlp.folds import folds as deal  # scikit-learn takes seconds to import

    utterances = _corpus()
    parts = deal(utterances, folds, seed)
    return _read_in_turn(f"{folds} folds, seed {seed}", utterances, parts, _own())


def validate_across_files() -> Report:
    """Each file of the corpus read by weights learnt from the other files and our own sentences."""
    utterances = _corpus()
    files = dict.fromkeys(told.file for told in utterances)
    parts = [[n for n, told in enumerate(utterances) if told.file == file] for file in files]
    return _read_in_turn("each file by the others", utterances, parts, _own())


def validate_on_own() -> Report:
    """Our own sentences, as another desk's, read by weights learnt from the corpus alone."""
    utterances = [told for told in _own() if told.file.startswith("own-")]
    return _read_in_turn("another desk", utterances, [range(len(utterances))], _corpus())


def _corpus() -> list[Utterance]:
    """What is measured on; what we wrote ourselves is not in it."""
    return [told for file in corpus.corpus_files() for told in corpus.read_corpus(file)]


def _own() -> list[Utterance]:
    return [told for file in corpus.phrase_files() for told in corpus.read_corpus(file)]


def _read_in_turn(
    title: str,
    measured: Sequence[Utterance],
    parts: Iterable[Sequence[int]],
    beside: Sequence[Utterance],
) -> Report:
    """What stands beside is learnt in each turn, save what is nearly in the part that is read."""
    from nlp import model, training
    from nlp.folds import apart_from, near_duplicates

    told: list[Utterance] = []
    readings: list[Reading] = []
    utterances = [*measured, *beside]
    group_of = near_duplicates([one.text for one in utterances])
    for part in parts:
        kept = [utterances[n] for n in apart_from(part, group_of)]
        reader = classifier.Classifier(model.readable(training.train(kept)))
        told += [measured[n] for n in part]
        readings += [reader.read(measured[n].text) for n in part]
    return report(title, told, readings)


def _prediction(told: Utterance, read: Reading) -> str:
    fields: dict[str, Any] = {
        "text": told.text,
        "intent": read.intent,
        "category": read.category,
        "urgency": reported_urgency(read),
        "intent_confidence": round(read.intent_confidence, 4),
        "category_confidence": round(read.category_confidence, 4),
        "urgency_confidence": round(read.urgency_confidence, 4),
    }
    return json.dumps(fields, ensure_ascii=False)
