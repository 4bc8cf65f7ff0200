"""The list of complaints as a file, as it is narrowed: CSV or a workbook (C1, C §18)."""

from collections.abc import Iterator
from datetime import datetime

from flask import Response

from domain.calendar import CHINA
from domain.permissions import Permission
from services.complaints import listing
from services.complaints.listing import MOST, Listed
from web.acts import looking
from web.console import queue_words
from web.console.complaints import asked, demand_list
from web.console.queue_export import csv_of, harmless, workbook_of
from web.console.routes import pages
from web.page import needs, words

routes = pages("complaints_export", "/complaints")

_TIME = "%Y-%m-%d %H:%M"
_PLAIN = "complaints"
_COLUMNS = (
    "number",
    "status",
    "about",
    "ticket",
    "contact",
    "department",
    "phone",
    "channel",
    "words",
    "submitted",
    "due",
    "verifier",
    "findings",
    "found",
    "decider",
    "verdict",
    "measures",
    "feedback",
    "objected",
    "process",
    "outcome",
    "ended",
)


@routes.get("/export.csv")
@needs(Permission.COMPLAINT_EXPORT)
def as_csv() -> Response:
    return csv_of(_lines(), _PLAIN, words("complaint_list.export.file"))


@routes.get("/export.xlsx")
@needs(Permission.COMPLAINT_EXPORT)
def as_workbook() -> Response:
    called = words("complaint_list.export.file"), words("complaint_list.export.sheet")
    return workbook_of(_lines(), _PLAIN, *called)


def _lines() -> list[list[str]]:
    with looking() as desk:
        demand_list(desk)
        found = list(listing.file(desk, asked().wanted))
    lines = [[words(f"complaint_list.column.{name}") for name in _COLUMNS]]
    lines += [list(map(harmless, _cells(each))) for each in found]
    if len(found) >= MOST:
        lines.append([words("complaint_list.export.capped", most=MOST)])
    return lines


def _cells(row: Listed) -> Iterator[str]:
    yield row.number
    yield words(f"complaint.status.{row.status.value}")
    yield words(f"complaint.about.{row.about.value}")
    yield row.ticket_number or ""
    yield row.contact_name
    yield row.contact_department
    yield row.contact_phone
    yield queue_words.channel_word(row.channel)
    yield row.words
    yield _time(row.submitted_at)
    yield _time(row.due_at)
    yield row.verifier or ""
    yield row.findings or ""
    yield ", ".join(row.found)
    yield row.decider or ""
    yield words(f"complaint.verdict.{row.verdict.value}") if row.verdict else ""
    yield row.measures or ""
    yield row.feedback or ""
    yield words("complaint_list.yes") if row.was_objected else ""
    yield str(row.process or "")
    yield str(row.outcome or "")
    yield _time(row.ended_at)


def _time(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime(_TIME) if at else ""
