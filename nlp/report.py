"""How well messages were read: accuracy and macro-F1 of each question, and the worst mistakes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.classifier import ASK_BELOW_CATEGORY, ASK_BELOW_INTENT
from nlp.corpus import Utterance
from nlp.intents import Intent
from nlp.reading import Reading

Pair = tuple[str, str]  # what the file says, what was read

_NOTHING = "–"
_MISTAKES_SHOWN = 12

_BINS = 15  # of one width, for the calibration error


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of every line that answers it."""

    title: str
    said: Callable[[Utterance], str | None]
    read: Callable[[Reading], str | None]
    sure: Callable[[Reading], float]  # of the answer that was read


_QUESTIONS = (
    _Question(
        "intent", lambda told: told.intent, lambda read: read.intent, lambda r: r.intent_confidence
    ),
    _Question(
        "category given the intent",
        lambda told: told.category,
        lambda read: read.categories[0][0],
        lambda read: read.categories[0][1],
    ),
    _Question(
        "category end to end",
        lambda told: told.category,
        lambda read: read.category,
        lambda read: read.category_confidence,
    ),
    _Question(
        "urgency of reports",
        lambda told: told.urgency,
        lambda read: read.urgency,
        lambda read: read.urgency_confidence,
    ),
    _Question(
        "urgency end to end",
        lambda told: told.urgency,
        lambda read: reported_urgency(read),
        lambda read: read.urgency_confidence if reported_urgency(read) else 0.0,
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """How one label fared; a share of nothing is 0."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Score:
    title: str
    accuracy: float
    macro_f1: float
    rows: tuple[Row, ...]
    mistakes: tuple[tuple[Pair, int], ...]  # the most frequent first
    calibration_error: float  # how far confidences are from the share that is right


@dataclass(frozen=True, slots=True)
class Threshold:
    """What asking below a confidence does: the share not asked about, how much of it is right."""

    title: str
    below: float
    answered: float
    right: float


@dataclass(frozen=True, slots=True)
class Report:
    """Scores of the questions that the lines answer; none where no line does."""

    title: str
    lines: int
    scores: tuple[Score, ...]
    thresholds: tuple[Threshold, ...]

    def __str__(self) -> str:
        blocks = [f"{self.title}: {self.lines} lines", _summary(self), *map(_table, self.scores)]
        return "\n\n".join(filter(None, blocks))

    def score(self, title: str) -> Score:
        return next(score for score in self.scores if score.title == title)


def report(title: str, utterances: Sequence[Utterance], readings: Sequence[Reading]) -> Report:
    told = list(zip(utterances, readings, strict=True))
    scores = []
    for asked in _QUESTIONS:
        answered = [(u, r) for u, r in told if asked.said(u)]
        pairs = [(str(asked.said(u)), str(asked.read(r) or _NOTHING)) for u, r in answered]
        if pairs:
            scores.append(_score(asked.title, pairs, [asked.sure(r) for _, r in answered]))
    of_intent = [(r.intent_confidence, u.intent == r.intent) for u, r in told if u.intent]
    of_category = [
        (r.categories[0][1], u.category == r.categories[0][0]) for u, r in told if u.category
    ]
    thresholds = (
        _threshold("intent", ASK_BELOW_INTENT, of_intent),
        _threshold("category", ASK_BELOW_CATEGORY, of_category),
    )
    return Report(title, len(told), tuple(scores), tuple(filter(None, thresholds)))


def reported_urgency(read: Reading) -> str | None:
    """Only a report has one."""
    return read.urgency if read.intent is Intent.REPORT else None


def _score(title: str, pairs: Sequence[Pair], sure: Sequence[float]) -> Score:
    hits = Counter(gold for gold, ours in pairs if gold == ours)
    said, read = Counter(gold for gold, _ in pairs), Counter(ours for _, ours in pairs)
    rows = [_row(label, hits[label], said[label], read[label]) for label in sorted(said)]
    mistakes = Counter((gold, ours) for gold, ours in pairs if gold != ours)
    return Score(
        title,
        accuracy=hits.total() / len(pairs),
        macro_f1=sum(row.f1 for row in rows) / len(rows),
        rows=tuple(rows),
        mistakes=tuple(mistakes.most_common(_MISTAKES_SHOWN)),
        calibration_error=_calibration_error(
            [(each, gold == ours) for each, (gold, ours) in zip(sure, pairs, strict=True)]
        ),
    )


def _calibration_error(answers: Sequence[tuple[float, bool]]) -> float:
    """Confidences in bins: what each promises against what it keeps, by how many are in it."""
    missing = [0.0] * _BINS
    for confidence, is_right in answers:
        missing[min(int(confidence * _BINS), _BINS - 1)] += confidence - is_right
    return sum(map(abs, missing)) / len(answers)


def _row(label: str, hits: int, said: int, read: int) -> Row:
    precision = hits / read if read else 0.0
    return Row(label, precision, hits / said, 2 * hits / (said + read), said)


def _threshold(title: str, below: float, sure: Sequence[tuple[float, bool]]) -> Threshold | None:
    if not sure:
        return None
    answered = [is_right for confidence, is_right in sure if confidence >= below]
    right = sum(answered) / len(answered) if answered else 0.0
    return Threshold(title, below, len(answered) / len(sure), right)


def _summary(report: Report) -> str:
    lines = (
        [f"{'':28}{'accuracy':>9}{'macro-F1':>10}{'ECE':>8}{'lines':>7}"] if report.scores else []
    )
    for score in report.scores:
        support = sum(row.support for row in score.rows)
        lines.append(
            f"{score.title:28}{score.accuracy:9.4f}{score.macro_f1:10.4f}"
            f"{score.calibration_error:8.4f}{support:7}"
        )
    for each in report.thresholds:
        lines.append(
            f"asking below {each.below:.2f} of {each.title}: "
            f"{each.answered:.1%} answered at once, {each.right:.1%} of them right"
        )
    return "\n".join(lines)


def _table(score: Score) -> str:
    lines = [f"{score.title}", f"{'':12}{'precision':>10}{'recall':>8}{'F1':>8}{'lines':>7}"]
    for row in score.rows:
        lines.append(
            f"{row.label:12}{row.precision:10.3f}{row.recall:8.3f}{row.f1:8.3f}{row.support:7}"
        )
    worst = ", ".join(f"{gold} read as {ours} {n}×" for (gold, ours), n in score.mistakes)
    return "\n".join([*lines, f"worst: {worst or 'none'}"])
