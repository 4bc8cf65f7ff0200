"""Where the words of a message name a device: 惠普打印机, LQ-630K, OA."""

from nlp.patterns import any_of, linear, words_in
from nlp.wording import Wording

__all__ = ["DEVICE", "device_in"]

_BRAND = any_of(words_in("incidents", "brand"))
_DEVICE_NAME = any_of(words_in("incidents", "device"))
_MODEL = r"[a-z\d][a-z\d-]{0,11}"
DEVICE = linear(
    rf"(?<![a-z])(?:{_BRAND}(?:的|那台)? ?(?:{_MODEL}(?:的| )?)?{_DEVICE_NAME}(?![a-z])"
    rf"|{_BRAND} ?(?=[a-z\d-]{{0,8}}\d){_MODEL}|{_DEVICE_NAME}(?![a-z]))"
)
_NOT_X = linear(r"(?<!是)不是[^,。;!\n ]{1,20}[,。;!\n ]")


def device_in(said: Wording) -> str | None:
    """The first device; 不是打印机 names none."""
    denied = _NOT_X.match(said.folded)
    match = DEVICE.search(said.folded, denied.end() if denied else 0)
    return said.said(*match.span()).removesuffix("的") if match else None
