"""Columns of the table as their reader wants them: shown, put in order, drawn wider (C §1)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs

from flask import Response, request

from domain.permissions import Permission
from services import list_layouts
from services.desk import Desk
from services.list_layouts import Layout
from services.listing_wanted import View
from web.acts import Led, once
from web.console import queue_address
from web.console.queue_address import COLUMNS, Asked
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs

routes = pages("queue_layout", "/queue/columns")

WIDTHS_FIRST: Mapping[str, int] = {
    "number": 160,
    "symptom": 280,
    "category": 96,
    "priority": 84,
    "status": 96,
    "requester": 96,
    "department": 128,
    "place": 168,
    "device": 128,
    "engineer": 120,
    "opened": 128,
    "due": 128,
    "result_due": 176,
    "changed": 128,
    "channel": 80,
    "score": 72,
    "wished": 176,
}
"""Pixels in which what is usual there has room."""

RESIZED = ("symptom", *COLUMNS)  # the number always has the room that it needs
_SHOWN = "col_"
_WIDTH = re.compile(r"([a-z_]{1,20})\.(\d{1,4})")


def laid(desk: Desk, asked: Asked) -> tuple[Asked, dict[str, int]]:
    """The list with its reader's columns, and the width of each."""
    if not asked.is_table:
        return asked, {}
    layout = list_layouts.kept(desk, asked.place)
    if asked.names_columns:
        layout = Layout((), layout.widths)
    own = tuple(each for each in layout.columns if each in COLUMNS)
    return replace(asked, own=own), {**WIDTHS_FIRST, **layout.widths}


def in_order(asked: Asked) -> tuple[str, ...]:
    """All columns, as the menu has them: those that are shown first, in their order."""
    return (*asked.columns, *(each for each in COLUMNS if each not in asked.columns))


@routes.post("")
@needs(Permission.TICKET_LIST)
def keep() -> Response:
    fields = [Field(_SHOWN + each, 3, choices=["yes"]) for each in COLUMNS]
    filled = read_form(*fields, Field("widths", 600), Field("query", 2000))
    shown = [name.removeprefix(_SHOWN) for name in request.form if name.startswith(_SHOWN)]
    asked, widths = _asked(filled["query"]), _widths(filled["widths"])

    def do(desk: Desk) -> Led:
        list_layouts.keep(desk, asked.place, shown, widths)
        return Led(asked.to(col=None))

    return once("columns_keep", do)


@routes.post("/first")
@needs(Permission.TICKET_LIST)
def forget() -> Response:
    asked = _asked(read_form(Field("query", 2000))["query"])

    def do(desk: Desk) -> Led:
        list_layouts.forget(desk, asked.place)
        return Led(asked.to(col=None))

    return once("columns_forget", do)


def _asked(query: str) -> Asked:
    params = queue_address.clean(parse_qs(query))
    return queue_address.of({"view": (View.TODO.value,), **params})


def _widths(words: str) -> dict[str, int]:
    found = (_WIDTH.fullmatch(word) for word in words.split())
    return {each[1]: int(each[2]) for each in found if each and each[1] in RESIZED}
