"""What was sent, read strictly: size, kind, depth, and no text that is none (H-46, H-47, H-55)."""

import math
import unicodedata
from typing import Any

from flask import request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

BODY_LIMIT = 64 * 1024  # bytes
DEEPEST = 8
_KEPT_CONTROLS = "\n\r\t"


class StrictJson(DefaultJSONProvider):
    """JSON as people write it down: no NaN, no key twice, nothing nested without end."""

    sort_keys = False
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            found = super().loads(
                s, parse_constant=refuse_constant, object_pairs_hook=once_each, **kwargs
            )
        except RecursionError:
            raise ValueError("nested too deep") from None
        _check(found, 1)
        return found


def demand_readable() -> None:
    """Size, kind and single values; what the body says is read with its model."""
    request.max_content_length = BODY_LIMIT
    if (request.content_length or 0) > BODY_LIMIT:
        raise RequestEntityTooLarge()
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType()
    if any(len(request.args.getlist(name)) > 1 for name in request.args):
        raise BadRequest()
    if not all(is_text(word) for pair in request.args.items() for word in pair):
        raise BadRequest()
    if request.method in ("POST", "PATCH") and request.get_data() and not request.is_json:
        raise UnsupportedMediaType()


def is_text(words: str) -> bool:
    """Whether people can read it: no control characters, no halves of characters."""
    return all(
        letter in _KEPT_CONTROLS or unicodedata.category(letter) not in ("Cc", "Cs")
        for letter in words
    )


def refuse_constant(name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError(f"{name} is no number")


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose keys stands there twice: readers would differ in what it says."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    match value:
        case str() if not is_text(value):
            raise ValueError("not a text")
        case float() if not math.isfinite(value):
            raise ValueError("not a number")
        case dict():
            for key, each in value.items():
                _check(key, depth)
                _check(each, depth + 1)
        case list():
            for each in value:
                _check(each, depth + 1)
