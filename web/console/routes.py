"""The routes of the console: all behind the sign-in, and for those who work here."""

from flask import Blueprint

from domain.permissions import Permission
from domain.refusals import NotPermitted
from web.account.guard import require_reader
from web.page import behind, reader

PATH = "/console"


def pages(name: str, below: str = "") -> Blueprint:
    """Routes below /console (and `below` it)."""
    routes = behind(require_reader, f"console_{name}", PATH + below)
    routes.before_request(_works_here)
    return routes


def _works_here() -> None:
    if not reader().could(Permission.CONSOLE_ENTER):
        raise NotPermitted(permission=Permission.CONSOLE_ENTER.value)
