"""Reading words: what the desk makes of a message, beside jieba's bare cut of it (T9).

python -m bench reading
"""

import gc
import importlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import jieba
from jieba import finalseg
from jieba.finalseg import prob_emit

from bench.spread import Spread
from nlp import classifier
from nlp.corpus import corpus_files, read_corpus

LONGEST = 2_000  # characters of one message
ROUNDS = 9
SAMPLE_EVERY = 4  # utterances; the whole corpus would make a round long enough to drift


@dataclass(frozen=True, slots=True)
class Reading:
    utterances: int
    cut_us: Spread
    read_us: Spread
    ratio: Spread
    longest_ms: Spread


def measure(rounds: int = ROUNDS) -> Reading:
    """Both in turn over the same utterances, in a process that does nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_measured, rounds).result()


def _measured(rounds: int) -> Reading:
    """In processor time."""
    texts = shipped_utterances()[::SAMPLE_EVERY]
    long = "".join(texts)[:LONGEST]
    classifier.warm_up()
    jieba.initialize()
    # As it comes: the product has emptied the table by which jieba guesses names.
    finalseg.emit_P = importlib.reload(prob_emit).P
    gc.collect()
    gc.freeze()  # as a server does once it is ready: what was made so far is not looked through
    cut, read, longest = [], [], []
    for _ in range(rounds):
        cut.append(_mean_us(jieba.lcut, texts))
        read.append(_mean_us(classifier.read, texts))
        longest.append(_mean_us(classifier.read, [long]) / 1000)
    ratios = [each / bare for each, bare in zip(read, cut, strict=True)]
    return Reading(len(texts), *(Spread.of(values) for values in (cut, read, ratios, longest)))


def shipped_utterances() -> list[str]:
    return [utterance.text for file in corpus_files() for utterance in read_corpus(file)]


def _mean_us(act: Callable[[str], object], texts: Sequence[str]) -> float:
    gc.collect()
    started_at = time.process_time()
    for text in texts:
        act(text)
    return (time.process_time() - started_at) / len(texts) * 1e6
