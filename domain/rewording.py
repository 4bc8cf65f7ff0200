"""What a sentence may become in an admin's words: its places stay, it stays readable (Y1)."""

import re

from domain.sentence import Say

_PLACE = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")
_OPTIONAL = re.compile(r"\[\[.*?\]\]", re.DOTALL)
_MARKS = re.compile(r"\[\[|\]\]")

LONGEST = 600
"""Characters; WeChat takes 2,048 bytes, and facts come on top (wechat-platform §4)."""

_ROOM = 40  # characters more than twice the sentence as it is written


def places_of(sentence: str) -> frozenset[str]:
    """The facts that it speaks of: {number}, {name}."""
    return frozenset(_PLACE.findall(sentence))


def most_of(written: str) -> int:
    """How long it may be: a button's label stays a label."""
    return min(LONGEST, 2 * len(written) + _ROOM) if len(written) < LONGEST else len(written)


def problem_of(written: str, words: str) -> Say | None:
    """Why these words cannot be said instead, or None."""
    if not words.strip():
        return Say("admin.wording.empty")
    if len(words) > most_of(written):
        return Say("admin.wording.too_long", {"most": most_of(written)})
    strange = places_of(words) - places_of(written)
    if strange:
        return Say("admin.wording.unknown_place", {"place": min(strange)})
    if _BRACE.search(_PLACE.sub("", words)):
        return Say("admin.wording.loose_brace")
    if _MARKS.search(_OPTIONAL.sub("", words)) or any(
        "[[" in each[2:-2] for each in _OPTIONAL.findall(words)
    ):
        return Say("admin.wording.loose_mark")
    return None
