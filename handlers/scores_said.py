"""The scores that words say for certain: what was not said is asked for, never guessed (F13)."""

from handlers.dialog import Choice, Context
from nlp.intents import Intent
from nlp.scores import read_score, read_scores, scores_everything

PARTS = ("speed", "attitude", "result")

_STARS = frozenset("⭐★")
_ONE_SCORE = 3
"""Characters; so short a score answers the part that was asked for, a longer one may mean all."""
_SCORES_ONLY = 24
"""Characters; a longer message with no question waiting is more than a rating."""


def said_in(text: str) -> dict[str, int]:
    """The scored parts; none if one general word, such as 满意, would have to stand for all."""
    scores = _scores(text)
    return {} if _is_general(text, scores) else scores


def comment_in(text: str) -> str | None:
    return read_scores(text).comment


def general_word(text: str) -> int | None:
    """What one word without a number is worth: 4 for 满意."""
    scores = _scores(text)
    return scores["speed"] if _is_general(text, scores) else None


def answer_for(part: str, text: str) -> dict[str, int]:
    """The answer when one part was asked for, which may speak of other parts as well."""
    said = said_in(text)
    score = read_score(text)
    if score is not None and (len(text.strip()) <= _ONE_SCORE or part not in said):
        return {part: score} if len(said) == len(PARTS) else {**said, part: score}
    return said


def may_be_scores(ctx: Context) -> bool:
    """Whether words with no question waiting rate something: 速度5 态度5 结果5, 很满意."""
    if ctx.surely_means(Intent.RATE):
        return True
    is_short = len(ctx.text) <= _SCORES_ONLY and ctx.incident.device is None
    if not is_short or ctx.choice is not Choice.UNCLEAR or comment_in(ctx.text):
        return False
    return len(said_in(ctx.text)) == len(PARTS)


def _scores(text: str) -> dict[str, int]:
    read = read_scores(text)
    found = {"speed": read.speed, "attitude": read.attitude, "result": read.result}
    return {part: score for part, score in found.items() if score is not None}


def _is_general(text: str, scores: dict[str, int]) -> bool:
    """满意 names no number; 都很好 says the best of each part."""
    is_one_value = len(scores) == len(PARTS) and len(set(scores.values())) == 1
    has_number = any(character.isnumeric() or character in _STARS for character in text)
    return is_one_value and not has_number and not scores_everything(text)
