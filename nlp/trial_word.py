"""The one word with which an admin tries whether the account hears them."""

from nlp.wording import folded

__all__ = ["is_trial_word"]

_WORDS = frozenset({"测试", "测试一下", "test"})
_MARKS = "。.!！~ "


def is_trial_word(text: str) -> bool:
    return folded(text).strip(_MARKS) in _WORDS
