"""Parts of a page that move by themselves: asked for again and again, answered if they changed.

A part is an element with `data-live="<address>"` and `data-mark="{{ mark(state) }}"`. live.js asks
for the address every few seconds (never while the tab is hidden), htmx sends its mark, and
`part` answers 304 while it is the same. 200 consoles cost nearly nothing that way (T12); 200
streams would silence a server of threads (performance.md §8).
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Response, request

from web.page import show

_MARK = "HX-PTag"


def mark(state: object) -> str:
    """A short word that is another one whenever the state is."""
    told = json.dumps(state, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def part(template: str, state: object, facts: Callable[[], dict[str, Any]]) -> Response:
    """The part as it is now; 304 for who has seen this state. `facts` are fetched if needed."""
    now = mark(state)
    if request.headers.get(_MARK) == now:
        response = Response(status=304)
    else:
        response = show(template, **facts())
    response.headers[_MARK] = now
    response.headers["Cache-Control"] = "no-store"
    return response
