"""Old weights against new ones on the same labelled sentences, and whether to change (F6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum, auto
from math import sqrt
from typing import Any

from nlp.corpus import Utterance
from nlp.reading import Reading

LEAST_HELD = 20
"""Sentences; below that a share says nothing, and a person has to decide."""

_MARGIN = 0.01  # of a share; a sentence or two among hundreds decide nothing
_LEAST_LOST = 2  # sentences, however few there are: one may be labelled wrongly
_CHANCE = 2.0  # standard errors; folds that are dealt out anew differ by as much
_MARGIN_SURE = 0.03  # by which the confidences may become less honest
_BINS = 10  # of confidences
_SHOWN = 200  # sentences that changed


class Verdict(StrEnum):
    BETTER = auto()
    SAME = auto()
    WORSE = auto()
    TOO_FEW = auto()  # to judge by: nothing speaks against it


@dataclass(frozen=True, slots=True)
class Figures:
    """How one question was answered: shares of 1."""

    asked: int
    right: int
    accuracy: float
    macro_f1: float
    ece: float  # how far confidences are from the share that is right
    by_label: dict[str, tuple[int, int]]  # asked, right


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence that the two read differently."""

    text: str
    question: str
    truth: str
    old: str
    new: str

    @property
    def is_gain(self) -> bool:
        return self.new == self.truth


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both on the held sentences, both on the learnt ones, and what that means."""

    held: int
    old: dict[str, Figures]
    new: dict[str, Figures]
    learnt_old: dict[str, Figures]
    learnt_new: dict[str, Figures]
    changed: tuple[Changed, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


Reader = Callable[[str], Reading]

QUESTIONS: dict[
    str, tuple[Callable[[Utterance], str | None], Callable[[Reading], tuple[str, float]]]
] = {
    "intent": (lambda told: told.intent, lambda read: (read.intent, read.intent_confidence)),
    "category": (
        lambda told: told.category,
        lambda read: (read.categories[0][0], read.categories[0][1]),
    ),
    "urgency": (lambda told: told.urgency, lambda read: (read.urgency, read.urgency_confidence)),
}


def compare(
    held: Sequence[Utterance],
    learnt: Sequence[Utterance],
    old: Reader,
    new: Reader,
    corpus: tuple[Mapping[str, float], Mapping[str, float]] = ({}, {}),
) -> Comparison:
    """`corpus`: how much of the shipped corpus each reads right that it never saw."""
    old_read, new_read = [old(told.text) for told in held], [new(told.text) for told in held]
    figures_old, figures_new = figures(held, old_read), figures(held, new_read)
    verdict, reasons = judged(figures_old, figures_new, corpus)
    return Comparison(
        len(held),
        figures_old,
        figures_new,
        figures(learnt, [old(told.text) for told in learnt]),
        figures(learnt, [new(told.text) for told in learnt]),
        tuple(changes(held, old_read, new_read))[:_SHOWN],
        verdict,
        reasons,
    )


def figures(told: Sequence[Utterance], read: Sequence[Reading]) -> dict[str, Figures]:
    """Of each question that the sentences answer."""
    found = {}
    for name, (truth_of, answer_of) in QUESTIONS.items():
        pairs = [
            (str(truth), *answer_of(each))
            for one, each in zip(told, read, strict=True)
            if (truth := truth_of(one))
        ]
        found[name] = _figures(pairs)
    return found


def changes(
    told: Iterable[Utterance], old: Iterable[Reading], new: Iterable[Reading]
) -> Iterable[Changed]:
    """What was read otherwise; of intent and category, which decide who gets it."""
    for one, before, after in zip(told, old, new, strict=True):
        for name in ("intent", "category"):
            truth_of, answer_of = QUESTIONS[name]
            truth, was, is_now = truth_of(one), answer_of(before)[0], answer_of(after)[0]
            if truth and was != is_now:
                yield Changed(one.text, name, str(truth), str(was), str(is_now))


def judged(
    old: dict[str, Figures],
    new: dict[str, Figures],
    corpus: tuple[Mapping[str, float], Mapping[str, float]] = ({}, {}),
) -> tuple[Verdict, tuple[str, ...]]:
    """Worse in one thing is worse: what is gained for one category must not cost another."""
    before, after = corpus
    reasons = [
        f"corpus.{name}"
        for name in ("intent", "category")
        if name in before
        and after.get(name, 0.0) < before[name] - _by_chance(before[name], after.get("lines", 0))
    ]
    asked = min(old[name].asked for name in ("intent", "category"))
    for name in ("intent", "category"):
        lost = old[name].right - new[name].right
        if lost >= _LEAST_LOST and lost > _MARGIN * old[name].asked:
            reasons.append(f"{name}.accuracy")
        if asked < LEAST_HELD:
            continue
        if new[name].macro_f1 < old[name].macro_f1 - 2 * _MARGIN:
            reasons.append(f"{name}.macro_f1")
        if new[name].ece > old[name].ece + _MARGIN_SURE:
            reasons.append(f"{name}.ece")
    if reasons:
        return Verdict.WORSE, tuple(reasons)
    if asked < LEAST_HELD:
        return Verdict.TOO_FEW, ()
    gained = sum(new[name].right - old[name].right for name in ("intent", "category"))
    return (Verdict.BETTER if gained > 0 else Verdict.SAME), ()


def _by_chance(share: float, lines: float) -> float:
    """By how much a share of so many sentences may differ without anything being worse."""
    return max(_MARGIN, _CHANCE * sqrt(share * (1 - share) / lines)) if lines else _MARGIN


def _figures(pairs: Sequence[tuple[str, str, float]]) -> Figures:
    if not pairs:
        return Figures(0, 0, 0.0, 0.0, 0.0, {})
    said = Counter(truth for truth, _, _ in pairs)
    read = Counter(answer for _, answer, _ in pairs)
    hits = Counter(truth for truth, answer, _ in pairs if truth == answer)
    f1 = [2 * hits[label] / (said[label] + read[label]) for label in said]
    return Figures(
        len(pairs),
        hits.total(),
        round(hits.total() / len(pairs), 4),
        round(sum(f1) / len(f1), 4),
        round(_ece(pairs), 4),
        {label: (said[label], hits[label]) for label in sorted(said)},
    )


def _ece(pairs: Sequence[tuple[str, str, float]]) -> float:
    """Expected calibration error: by confidence in ten parts, each by its size."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for truth, answer, confidence in pairs:
        place = min(int(confidence * _BINS), _BINS - 1)
        bins.setdefault(place, []).append((confidence, truth == answer))
    gaps = (
        abs(sum(sure for sure, _ in found) - sum(right for _, right in found))
        for found in bins.values()
    )
    return sum(gaps) / len(pairs)
