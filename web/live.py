"""Parts of a page that move by themselves: asked for again and again, answered if they changed.

A part is an element with `data-live="<address>"` and `data-mark="{{ mark(state) }}"`. live.js asks
for the address every few seconds (never while the tab is hidden), htmx sends its mark, and
`part` answers 304 while it is the same. 200 consoles cost nearly nothing that way (T12); 200
streams would silence a server of threads (performance.md §8).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, make_response, request

from web.page import show

MARK = "HX-PTag"
VOUCHED = "HX-Vouched"
_BETWEEN = "."

VOUCHED_FOR = 10
"""Seconds that it may be old what an answer tells of other parts: they would ask less often."""


def mark(state: object) -> str:
    """A short word that is another one whenever the state is."""
    told = json.dumps(state, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def part(template: str, state: object, facts: Callable[[], dict[str, Any]]) -> Response:
    """The part as it is now; 304 for who has seen this state. `facts` are fetched if needed."""
    now = mark(state)
    if request.headers.get(MARK) == now:
        response = Response(status=304)
    else:
        response = show(template, **facts())
    response.headers[MARK] = now
    response.headers["Cache-Control"] = "no-store"
    return response


def parts(
    template: str, marks: Mapping[str, str], drawn: Callable[[], Mapping[str, Callable[[], str]]]
) -> Response:
    """A part in pieces, `#live-<name>` each: sent is the one that changed, or else the whole."""
    now = whole(marks)
    known = dict(zip(marks, request.headers.get(MARK, "").split(_BETWEEN), strict=False))
    other = [name for name in marks if known.get(name) != marks[name]]
    if not other:
        response = Response(status=304)
    elif len(other) == 1:
        response = make_response(drawn()[other[0]]())
        response.headers["HX-Retarget"] = f"#live-{other[0]}"
    else:
        pieces: dict[str, Any] = {name: draw() for name, draw in drawn().items()}
        response = show(template, **pieces)
    response.headers[MARK] = now
    response.headers["Cache-Control"] = "no-store"
    return response


def is_asked() -> bool:
    """Whether the request under way is a question of such a part."""
    return request.method == "GET" and MARK in request.headers


def marks(states: Mapping[str, object]) -> str:
    """Of parts, by their addresses, as `vouched` takes them."""
    return " ".join(f"{address}={mark(state)}" for address, state in states.items())


def vouched(response: Response, others: str) -> Response:
    """Tells the marks of other parts of that page: of which it is still the same need not ask."""
    response.headers[VOUCHED] = others
    return response


def whole(marks: Mapping[str, str]) -> str:
    """The mark of a part in pieces."""
    return _BETWEEN.join(marks.values())
