"""The routes of pages inside WeChat: all behind its sign-in."""

from flask import Blueprint

from web.h5.signin import PATH as PATH
from web.h5.signin import require_reader
from web.page import behind


def pages(name: str, below: str = "") -> Blueprint:
    """Routes below /h5 (and `below` it)."""
    return behind(require_reader, f"h5_{name}", PATH + below)
