"""Learns the weights from the corpus: `python -m nlp.training` rewrites the two model files.

The same files give the same bytes, in whatever process and on however many cores.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from domain.priority import Urgency
from nlp import corpus, dictionary, lexicon, spelling
from nlp.corpus import Utterance
from nlp.features import WORD_SHARE, Features, concept_value, extract
from nlp.folds import folds
from nlp.intents import WITH_CATEGORY
from nlp.model import Floats, Model, Vocabulary, save, vocabulary_of
from nlp.normalize import folded
from nlp.placing import grams, place
from nlp.weights import CATEGORIES, COLUMNS, INTENTS

Doubles = NDArray[np.float64]
Indexes = NDArray[np.intp]

SEED = 7
FOLDS = 5  # for the out-of-fold scores that the confidences are fitted on
MIXING_COST = 2.0  # LogisticRegression's C
OWN_SHARE = 0.5  # how much a sentence of ours counts beside one of the corpus; 0.3 to 1 were tried
DECIMALS = 3  # of the mixing: how sums are split over a machine's cores shows far behind these


@dataclass(frozen=True, slots=True)
class Task:
    """One of the three questions: where its scores stand, and what it looks at."""

    first_column: int
    size: int
    answers: Callable[[Utterance], tuple[int, ...]]  # counted from the first column
    concepts: tuple[str, ...]  # how the headings of the word list begin that it may use
    cost: float  # LinearSVC's C; 0.4 to 6 were tried
    is_mixed: bool = True  # whether what speaks for one answer may speak for another, too


def _intent(told: Utterance) -> tuple[int, ...]:
    return () if told.intent is None else (INTENTS.index(told.intent),)


def _category(told: Utterance) -> tuple[int, ...]:
    """报修 is about a thing and says not which: it counts for each, so that it speaks for none."""
    if told.category is not None:
        return (CATEGORIES.index(told.category),)
    return tuple(range(len(CATEGORIES))) if told.intent in WITH_CATEGORY else ()


def _is_high(told: Utterance) -> tuple[int, ...]:
    return () if told.urgency is None else (int(told.urgency is Urgency.HIGH),)


TASKS = (
    Task(0, len(INTENTS), _intent, ("intent.", "category."), 1.6),
    Task(len(INTENTS), len(CATEGORIES), _category, ("category.",), 4.0, is_mixed=False),
    Task(len(COLUMNS) - 1, 1, _is_high, ("urgency.",), 1.6),
)


def train(utterances: Sequence[Utterance]) -> Model:
    """Weights whose scores are log-odds, so that what the classifier says is as sure as it is."""
    features = [extract(folded(told.text)) for told in utterances]
    scores = _out_of_fold_scores(features, utterances)
    mixing, offset = _mix(scores, utterances)
    learnt = _learn(features, utterances)
    return Model(
        learnt.vocabulary,
        _contrast(learnt.weights @ mixing),
        _contrast(learnt.bias @ mixing + offset),
        card={"crossed": _crossed(scores @ mixing + offset, utterances)},
    )


def sources() -> list[Path]:
    """Every file that the weights depend on; when one changes they are to be learnt anew."""
    return [*_labelled_files(), lexicon.WORD_LIST, dictionary.USER_WORDS, spelling.MISSPELT]


def main() -> None:
    utterances = [told for file in _labelled_files() for told in corpus.read_corpus(file)]
    learnt = train(utterances)
    card = {"learnt_from": corpus.fingerprint(sources()), "utterances": len(utterances)}
    save(replace(learnt, card={**card, **learnt.card}))


def _labelled_files() -> list[Path]:
    return corpus.corpus_files() + corpus.phrase_files()


@dataclass(frozen=True, slots=True)
class _Learnt:
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats


def _learn(features: Sequence[Features], utterances: Sequence[Utterance]) -> _Learnt:
    vocabulary = _vocabulary(features)
    matrix = _matrix(features, vocabulary)
    weights = np.zeros((matrix.shape[1], len(COLUMNS)), dtype=np.float32)
    bias = np.zeros(len(COLUMNS), dtype=np.float32)
    for task in TASKS:
        rows, answers = _answered(task, utterances)
        open_to_it = _open_to(task, vocabulary)
        svc = LinearSVC(C=task.cost, class_weight="balanced", random_state=SEED)
        svc.fit(matrix[rows][:, open_to_it], answers, _weights(rows, utterances))
        columns = task.first_column + (svc.classes_ if task.size > 1 else np.zeros(1, dtype=int))
        weights[np.ix_(open_to_it, columns)] = svc.coef_.T
        bias[columns] = svc.intercept_
    return _Learnt(vocabulary, weights, bias)


def _answered(task: Task, utterances: Sequence[Utterance]) -> tuple[Indexes, Indexes]:
    """Which utterances answer the question, and how."""
    given = [(n, answer) for n, told in enumerate(utterances) for answer in task.answers(told)]
    return np.array([n for n, _ in given]), np.array([answer for _, answer in given])


def _weights(rows: Indexes, utterances: Sequence[Utterance]) -> Doubles:
    return np.array([_weight(utterances[row]) for row in rows])


def _weight(told: Utterance) -> float:
    return told.weight * (OWN_SHARE if told.file in _OURS else 1.0)


def _crossed(scores: Doubles, utterances: Sequence[Utterance]) -> dict[str, float]:
    """How much of the corpus is read right by weights that never saw it."""
    found = {}
    for name, task in zip(("intent", "category"), TASKS, strict=False):
        own = scores[:, task.first_column : task.first_column + task.size]
        told = [
            (row, answers[0])
            for row, each in enumerate(utterances)
            if each.file in _MEASURED_ON and len(answers := task.answers(each)) == 1
        ]
        hits = sum(int(own[row].argmax()) == answer for row, answer in told)
        found[name] = round(hits / len(told), 4) if told else 0.0
    return found


_MEASURED_ON = frozenset(file.stem for file in corpus.corpus_files())
_OURS = frozenset(file.stem for file in corpus.phrase_files())


def _vocabulary(features: Sequence[Features]) -> Vocabulary:
    each = [np.unique(grams(seen)) for seen in features]
    known, times = np.unique(np.concatenate(each), return_counts=True)
    counted = Counter(word for seen in features for word in set(seen.counted))
    words = dict(sorted(counted.items()))  # a set has another order in each run
    concepts = lexicon.concepts()
    worth = (
        [0.0],
        _rarity(times, len(features)),
        _rarity(list(words.values()), len(features)) * WORD_SHARE,
        np.array([concept_value(concept) for concept in concepts]),
    )
    return vocabulary_of(known, words, concepts, np.concatenate(worth))


def _rarity(seen_in: ArrayLike, messages: int) -> NDArray[np.float64]:
    rarity: NDArray[np.float64] = np.log((1 + messages) / (1 + np.asarray(seen_in))) + 1
    return rarity


def _matrix(features: Iterable[Features], vocabulary: Vocabulary) -> csr_matrix:
    placed = [place(seen, vocabulary) for seen in features]
    ends = np.cumsum([0, *(len(rows) for rows, _ in placed)])
    return csr_matrix(
        (
            np.concatenate([values for _, values in placed]),
            np.concatenate([rows for rows, _ in placed]),
            ends,
        ),
        shape=(len(placed), len(vocabulary.worth)),
    )


def _open_to(task: Task, vocabulary: Vocabulary) -> Indexes:
    closed = [
        row for concept, row in vocabulary.concepts.items() if not concept.startswith(task.concepts)
    ]
    return np.setdiff1d(np.arange(1, len(vocabulary.worth)), closed)


def _out_of_fold_scores(features: Sequence[Features], utterances: Sequence[Utterance]) -> Floats:
    """How each utterance is scored by weights that never saw it."""
    scores = np.zeros((len(utterances), len(COLUMNS)), dtype=np.float32)
    for held_out in folds(utterances, FOLDS, SEED):
        kept = np.setdiff1d(np.arange(len(utterances)), held_out)
        learnt = _learn([features[n] for n in kept], [utterances[n] for n in kept])
        matrix = _matrix([features[n] for n in held_out], learnt.vocabulary)
        scores[held_out] = matrix @ learnt.weights + learnt.bias
    return scores


def _mix(scores: Floats, utterances: Sequence[Utterance]) -> tuple[Doubles, Doubles]:
    """Scores to log-odds, each question on its own scores.

    Intents lean on one another: a logistic regression gains half a percent of them. Of categories
    it loses a third of one, so that theirs are only made larger until they are as sure as they are
    right.
    """
    mixing = np.zeros((len(COLUMNS), len(COLUMNS)))
    offset = np.zeros(len(COLUMNS))
    for task in TASKS:
        columns = slice(task.first_column, task.first_column + task.size)
        rows, answers = _answered(task, utterances)
        scored, weights = scores[rows, columns].astype(np.float64), _weights(rows, utterances)
        if task.is_mixed:
            logistic = LogisticRegression(C=MIXING_COST, solver="newton-cholesky", tol=1e-8)
            logistic.fit(scored, answers, weights)
            mixing[columns, columns] = logistic.coef_.T
            offset[columns] = logistic.intercept_
        else:
            mixing[columns, columns] = np.eye(task.size) * _scale(scored, answers, weights)
    return mixing.round(DECIMALS), offset.round(DECIMALS)


def _scale(scores: Doubles, answers: Indexes, weights: Doubles) -> float:
    """What the scores are multiplied by so that the right answers are likeliest."""

    def surprise(scale: float) -> float:
        shares = log_softmax(scores * scale, axis=1)
        return -float(np.average(shares[np.arange(len(answers)), answers], weights=weights))

    return float(minimize_scalar(surprise, bounds=(0.1, 50.0), method="bounded").x)


def _contrast(columns: Doubles) -> Floats:
    """The labels of a question against their average: their shares stay what they were."""
    for task in TASKS:
        if task.size > 1:
            own = columns[..., task.first_column : task.first_column + task.size]
            own -= own.mean(axis=-1, keepdims=True)
    return columns.astype(np.float32)


if __name__ == "__main__":
    main()
