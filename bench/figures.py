"""Figures of one load: how fast the right answers came; one wrong answer fails the run."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.callbacks import Callback, Unreadable, reply_text
from bench.load import Answer, Load

Expects = Callable[[Callback, str], bool]
"""Whether these words answer that callback."""


class WrongAnswers(Exception):
    """A load that was not answered as it has to be: its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    answered: int
    per_second: float
    median_ms: float
    p99_ms: float
    worst_ms: float
    generator_share: float  # of one core


def wrong_answers(
    load: Load, callbacks: Sequence[Callback], expects: Expects | None
) -> Counter[str]:
    """How many answers are wrong, by reason. Without `expects` the right answer is `success`."""
    found = (_fault(answer, callbacks[answer.request], expects) for answer in load.answers)
    return Counter(reason for reason in found if reason)


def _fault(answer: Answer, callback: Callback, expects: Expects | None) -> str:
    if answer.status != 200:
        return f"HTTP {answer.status}" if answer.status else "no answer"
    if expects is None:
        return "" if answer.body == b"success" else "not success"
    if answer.body in (b"", b"success"):
        return "silent"
    try:
        words = reply_text(answer.body, callback.openid)
    except Unreadable as error:
        return str(error)
    return "" if expects(callback, words) else f"said {words[:60]!r}"


def figures(
    name: str, load: Load, callbacks: Sequence[Callback], expects: Expects | None
) -> Figures:
    wrong = wrong_answers(load, callbacks, expects)
    if wrong or not load.answers:
        reasons = ", ".join(f"{count} × {reason}" for reason, count in wrong.most_common(5))
        raise WrongAnswers(f"{name}: {wrong.total()} of {len(load.answers)} wrong: {reasons}")
    waits = sorted(answer.seconds * 1000 for answer in load.answers)
    return Figures(
        answered=len(waits),
        per_second=len(waits) / load.elapsed,
        median_ms=at_share(waits, 0.5),
        p99_ms=at_share(waits, 0.99),
        worst_ms=waits[-1],
        generator_share=load.generator_cpu / load.elapsed,
    )


def at_share(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the ordered values does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
