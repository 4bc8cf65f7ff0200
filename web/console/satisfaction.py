"""What requesters thought of a month's work, and what they complained of (F13, C1–C4)."""

from typing import Any

from flask import Response, request

from domain.category import Category
from domain.months import Month
from domain.permissions import Permission
from services import follow_ups, satisfaction_complaints, teams
from services import satisfaction as figures
from services.desk import Desk
from services.satisfaction import By, Part, Scored
from web.acts import looking
from web.console import satisfaction_address
from web.console import satisfaction_words as say
from web.console.routes import pages
from web.console.satisfaction_address import Asked
from web.console.satisfaction_drawing import drawing
from web.page import needs, show, words
from web.site import site

routes = pages("satisfaction")

HOME = "/console/satisfaction"
_SHOWN = 30  # lines of a table; who wants all of them takes the file


@routes.get("/satisfaction")
@needs(Permission.SATISFACTION_READ)
def month() -> Response:
    asked = satisfaction_address.read(request.args, site().now())
    with looking() as desk:
        facts = _facts(desk, asked)
    return show("console/satisfaction.html", **facts)


def _facts(desk: Desk, asked: Asked) -> dict[str, Any]:
    lines = figures.lines(desk, asked.wanted, asked.by)
    trend = figures.trend(desk, asked.wanted)
    complained = satisfaction_complaints.lines(desk, asked.wanted, asked.by)
    return {
        "asked": asked,
        "lines": lines[:_SHOWN],
        "is_cut": max(len(lines), len(complained)) > _SHOWN,
        "now": _of(trend, asked.wanted.month),
        "before": _of(trend, asked.wanted.month.moved(-1)),
        "drawing": drawing(trend),
        "handled": satisfaction_complaints.month(desk, asked.wanted),
        "complained": complained[:_SHOWN],
        "calls": follow_ups.count_open(desk),
        **_frame(desk, asked),
    }


def _of(trend: tuple[tuple[Month, Scored], ...], wanted: Month) -> Scored:
    return dict(trend)[wanted]


def _frame(desk: Desk, asked: Asked) -> dict[str, Any]:
    """What stands around the figures: the choices, and what was chosen."""
    later = asked.wanted.month.moved(1)
    return {
        "home": HOME,
        "say": say.facts(),
        "By": By,
        "Part": Part,
        "teams": [(str(team.id), team.name) for team in teams.listed(desk.session)],
        "categories": [(each.value, words(f"category.{each.value}")) for each in Category],
        "chips": _chips(desk, asked),
        "earlier": asked.wanted.month.moved(-1),
        "later": later if later <= Month.of(site().now()) else None,
    }


_IN_THE_TABLE = (By.ENGINEER, By.OFFICE, By.DEPARTMENT)
"""What is chosen in the table alone; the rest has a field of its own."""


def _chips(desk: Desk, asked: Asked) -> list[tuple[str, str]]:
    return [
        (by.value, _called(desk, by, asked.chosen[by.value]))
        for by in _IN_THE_TABLE
        if by.value in asked.chosen
    ]


def _called(desk: Desk, by: By, written: str) -> str:
    if by is not By.ENGINEER:
        return written
    return figures.called(desk.session, by, [int(written)]).get(int(written), written)
