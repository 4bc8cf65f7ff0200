"""Ways on and back: only to pages of ours (S-116)."""

import re
from urllib.parse import quote

from flask import request

from web.area import area, area_of

_LONGEST = 300  # characters of a path to return to
_LOCAL = re.compile(r"/(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]*(?:\?[A-Za-z0-9%&=_.~+:,-]*)?", re.ASCII)


def local_path(wanted: str, otherwise: str) -> str:
    """The path, if it is one of our pages that can be gone to; else the other one."""
    if len(wanted) > _LONGEST or not _LOCAL.fullmatch(wanted):
        return otherwise
    found = area_of(wanted.partition("?")[0])
    if found is None or wanted.startswith(found.not_led_to):
        return otherwise
    return wanted


def asked_path() -> str:
    """What this browser asks for, as it may be returned to."""
    query = request.query_string.decode("latin-1")
    return local_path(quote(request.path) + (f"?{query}" if query else ""), area().start)


def here() -> str:
    return local_path(request.path, area().start)


def back() -> str:
    """The page that the form stood on, as far as it is one of ours."""
    _, found, path = (request.referrer or "").partition(f"//{request.host}")
    return local_path(path, area().start) if found else area().start
