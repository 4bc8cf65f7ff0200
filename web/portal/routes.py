"""The routes of the portal: all behind the sign-in."""

from flask import Blueprint

from web.account.guard import require_reader
from web.page import behind

PATH = "/portal"


def pages(name: str, below: str = "") -> Blueprint:
    """Routes below /portal (and `below` it)."""
    return behind(require_reader, f"portal_{name}", PATH + below)
