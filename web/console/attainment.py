"""What was promised and kept in a month, with counts beside percentages; R5's figures (R4, R5)."""

from typing import Any

from flask import Response, request

from domain.category import Category
from domain.months import Month
from domain.permissions import Permission
from domain.priority import Priority
from domain.targets import TargetKind
from services import attainment as figures
from services import kpis, misses, teams
from services.attainment import By, Count
from services.desk import Desk
from web.acts import looking
from web.console import attainment_address, promise_words
from web.console.attainment_address import Asked
from web.console.attainment_drawing import drawing
from web.console.routes import pages
from web.page import needs, show, words
from web.site import site

routes = pages("attainment")

HOME = "/console/attainment"
_SHOWN = 30  # lines of the table; who wants all of them takes the file


@routes.get("/attainment")
@needs(Permission.TARGET_READ)
def month() -> Response:
    asked = attainment_address.read(request.args, site().now())
    with looking() as desk:
        facts = _facts(desk, asked)
    return show("console/attainment.html", **facts)


def _facts(desk: Desk, asked: Asked) -> dict[str, Any]:
    wanted = asked.wanted
    found = figures.attainment(desk, wanted, asked.by)
    return {
        "asked": asked,
        "found": found,
        "lines": found.lines[:_SHOWN],
        "is_cut": len(found.lines) > _SHOWN,
        "kinds": [kind for kind in TargetKind if kind in found.total],
        "drawing": drawing(figures.trend(desk, wanted)),
        "unexplained": misses.unexplained(desk, wanted),
        "counted": misses.COUNTED,
        "now_kpis": kpis.kpis(desk, wanted.month),
        "last_kpis": kpis.kpis(desk, wanted.month.moved(-1)),
        "last_count": _all(desk, asked, wanted.month.moved(-1)),
        **frame(desk, asked),
    }


def _all(desk: Desk, asked: Asked, month: Month) -> Count:
    ((_, count),) = figures.trend(desk, asked.at(month).wanted, months=1)
    return count


def frame(desk: Desk, asked: Asked) -> dict[str, Any]:
    """What both pages have around their figures: the choices, and what was chosen."""
    this_month = Month.of(site().now())
    later = asked.wanted.month.moved(1)
    return {
        "home": HOME,
        "say": promise_words.facts(),
        "By": By,
        "all_kinds": [(each.value, promise_words.kind(each)) for each in TargetKind],
        "teams": [(str(team.id), team.name) for team in teams.listed(desk.session)],
        "categories": [(each.value, words(f"category.{each.value}")) for each in Category],
        "priorities": [(each.name.lower(), promise_words.priority(each)) for each in Priority],
        "chips": _chips(desk, asked),
        "earlier": asked.wanted.month.moved(-1),
        "later": later if later <= this_month else None,
    }


_FILTERS = {
    "department": By.DEPARTMENT,
    "engineer": By.ENGINEER,
    "rule": By.RULE,
}
"""What is chosen in the table alone; the rest has a field of its own."""


def _chips(desk: Desk, asked: Asked) -> list[tuple[str, str]]:
    return [
        (name, _called(desk, by, asked.chosen[name]))
        for name, by in _FILTERS.items()
        if name in asked.chosen
    ]


def _called(desk: Desk, by: By, written: str) -> str:
    if by is By.ENGINEER:
        return figures.engineer_called(desk.session, int(written)) or written
    return promise_words.value(by, written)
