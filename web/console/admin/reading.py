"""How well messages are understood, and one text tried: intent, kind, haste, what was read (F6)."""

from typing import Any

from flask import Response, request

from domain.permissions import Permission
from handlers import fault as faults
from nlp import classifier, live
from nlp.contact import read_contact
from nlp.incident import read_incident
from nlp.reading import Reading
from nlp.wish import read_wish
from services.readings import figures
from web.acts import looking
from web.console.admin import reading_shown
from web.console.admin.acts import admin_page
from web.console.admin.reading_shown import LEAST
from web.console.routes import pages
from web.page import needs
from web.site import site

routes = pages("admin_reading", "/admin/understanding")

_LONGEST = 500  # characters, as many as are read


@routes.get("")
@needs(Permission.READING_READ)
def overview() -> Response:
    with looking() as desk:
        found = figures.figures(desk.session, desk.now)
    total = found.total
    return reading_page(
        "understanding.html",
        found=found,
        total=total,
        weeks=[each for each in found.weeks if each.counts.read],
        bars=_bars(found),
        least=LEAST,
    )


def _bars(found: figures.Figures) -> list[tuple[Any, int | None]]:
    """Per week the share of kinds read right, in hundredths; None where too few are known."""
    shares = []
    for week in found.weeks:
        known, right = week.counts.category_known, week.counts.category_right
        shares.append((week, round(100 * right / known) if known >= LEAST else None))
    return shares


@routes.get("/try")
@needs(Permission.READING_READ)
def tried() -> Response:
    text = request.args.get("text", "")[:_LONGEST].strip()
    facts = _read(text) if text else {}
    return reading_page("reading_try.html", text=text, most=_LONGEST, **facts)


def _read(text: str) -> dict[str, Any]:
    read, incident, contact = classifier.read(text), read_incident(text), read_contact(text)
    fault = faults.of(text, read, incident)
    wish = read_wish(text, site().now())
    slots = {
        "symptom": incident.symptom,
        "device": incident.device,
        "place": incident.place,
        "error_code": incident.error_code,
        "people_hit": incident.people_hit.value,
        "name": contact.name,
        "department": contact.department,
        "phone": contact.phone,
        "extension": contact.extension,
    }
    return {
        "read": read,
        "words_for": _words(read),
        "fault": fault,
        "slots": {name: value for name, value in slots.items() if value},
        "wish": wish,
        "version": live.version(),
        "asks_below": (classifier.ASK_BELOW_INTENT, classifier.ASK_BELOW_CATEGORY),
    }


def _words(read: Reading) -> dict[str, list[tuple[str, int]]]:
    """By label the words that spoke for it, with their part of the strongest one, in hundredths."""
    strongest = max((found.weight for found in read.evidence), default=1.0) or 1.0
    told: dict[str, list[tuple[str, int]]] = {}
    for found in read.evidence:
        share = max(1, round(100 * found.weight / strongest))
        told.setdefault(found.label, []).append((found.word, share))
    return told


def reading_page(template: str, status: int = 200, **facts: Any) -> Response:
    """A page beside the others about understanding."""
    return admin_page(template, status, r=reading_shown, tabs=reading_shown.tabs(), **facts)
