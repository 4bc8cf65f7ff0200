"""The part of a message that tells of the fault, without for whom and until when it is told."""

from functools import lru_cache

from nlp.on_behalf import without_behalf
from nlp.patterns import linear
from nlp.wish import without_wish
from nlp.wording import wording

_NUMBER = linear(
    r"[,。;\n ]{0,2}(?:她|他|我)?的?(?:联系)?(?:电话|手机|座机|号码)(?:号码?)?[是为: ]{0,2}"
    r"[+]?[\d -]{7,16}(?=[,。;\n]|$)"
)

__all__ = ["told_part"]


@lru_cache(maxsize=256)
def told_part(text: str) -> str:
    """Nothing is left of a message that says only when somebody shall come."""
    return without_behalf(without_wish(text))


def thing_part(text: str) -> str:
    """The same without a number to be reached by: 电话 13900001111 makes it no telephone."""
    said = wording(told_part(text))
    match = _NUMBER.search(said.folded)
    return said.own if match is None else said.own[: match.start()] + said.own[match.end() :]
