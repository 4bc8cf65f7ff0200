"""Learning is repeatable, and what is shipped was learnt from what is shipped (F6)."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from domain.category import Category
from domain.priority import Urgency
from nlp import corpus, dictionary, lexicon, model, training, weights
from nlp.classifier import Classifier
from nlp.corpus import Utterance
from nlp.features import extract
from nlp.intents import Intent
from nlp.normalize import folded
from nlp.weights import CARD, WEIGHTS
from tests.nlp.slices import some_utterances

ROOT = Path(__file__).parents[2]
LEARN_A_LITTLE = """
import sys
from pathlib import Path
from nlp import model, training
from tests.nlp.slices import some_utterances

folder = Path(sys.argv[1])
model.save(training.train(some_utterances()), folder / "model.npz", folder / "model.json")
"""


def card():
    return json.loads(CARD.read_text(encoding="utf-8"))


def test_two_trainings_give_the_same_bytes(tmp_path):
    """In two processes, whose sets have other orders and whose sums are shared out otherwise."""
    running = []
    for seed, threads in (("1", "1"), ("2", "2")):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "PATH": ""}
        command = [sys.executable, "-c", LEARN_A_LITTLE, str(folder)]
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment))
    for process in running:
        assert process.wait(timeout=60) == 0

    for name in ("model.npz", "model.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_the_shipped_weights_were_learnt_from_the_shipped_files():
    """If this fails, run `python -m nlp.training` and commit model.npz and model.json."""
    files = corpus.corpus_files() + corpus.phrase_files()

    assert card()["learnt_from"] == corpus.fingerprint(training.sources())
    assert card()["utterances"] == sum(len(corpus.read_corpus(file)) for file in files)


def test_what_the_words_are_cut_and_found_by_counts_as_a_source():
    sources = training.sources()

    assert {lexicon.WORD_LIST, dictionary.USER_WORDS} < set(sources)
    assert set(corpus.corpus_files()) < set(sources)
    assert len(sources) == len(set(sources))


def test_the_card_vouches_for_the_shipped_weights():
    assert weights.load().card["sha256"] == card()["sha256"]


def test_what_was_learnt_is_read_again():
    utterances = some_utterances()

    reader = Classifier(model.readable(training.train(utterances)))

    hits = [reader.read(told.text).intent is told.intent for told in utterances]
    assert sum(hits) / len(hits) > 0.85


def test_slow_the_shipped_files_teach_the_shipped_weights_again():
    """Some seconds: what is learnt once more, before it is mixed into log-odds.

    The mixing takes five more trainings. It is a table of a few numbers, so those are looked for
    that make the shipped weights of what was learnt; for weights of other files there are none.
    """
    files = corpus.corpus_files() + corpus.phrase_files()
    utterances = [told for file in files for told in corpus.read_corpus(file)]
    with np.load(WEIGHTS) as kept:
        shipped = kept["weights"] * kept["unit"]
        words = json.loads(kept["words"].tobytes())

    anew = training._learn([extract(folded(told.text)) for told in utterances], utterances)

    assert list(anew.vocabulary.words) == words
    of_text = len(shipped) - len(anew.vocabulary.concepts)
    multiplied = anew.weights * anew.vocabulary.worth[:, None]
    for task in training.TASKS:
        columns = slice(task.first_column, task.first_column + task.size)
        ours, theirs = multiplied[:of_text, columns], shipped[:of_text, columns]
        mixing = np.linalg.lstsq(ours.T @ ours, ours.T @ theirs, rcond=None)[0]
        missing = np.linalg.norm(ours @ mixing - theirs) / np.linalg.norm(theirs)
        assert missing < 0.1


@pytest.mark.parametrize(
    ("labels", "answers"),
    [
        ((Intent.REPORT, Category.DATA, Urgency.HIGH), (1, 1, 1)),
        ((Intent.HUMAN, None, None), (1, 0, 0)),
        ((Intent.REPORT, None, None), (1, len(Category), 0)),
        ((None, None, None), (0, 0, 0)),
    ],
)
def test_a_line_answers_the_questions_that_its_labels_answer(labels, answers):
    """A report that names no thing counts once for every kind of thing."""
    intent, category, urgency = labels
    told = Utterance("……", intent, category, urgency, "made up")

    assert tuple(len(task.answers(told)) for task in training.TASKS) == answers


def test_a_sentence_of_ours_counts_half_of_one_of_the_corpus_or_of_the_desk():
    ours, given, desk = (
        Utterance("……", Intent.REPORT, Category.DATA, Urgency.HIGH, file, weight=0.5)
        for file in (corpus.phrase_files()[-1].stem, corpus.corpus_files()[0].stem, "said here")
    )

    assert training._weight(given) == training._weight(desk) == 0.5
    assert training._weight(ours) == 0.25
