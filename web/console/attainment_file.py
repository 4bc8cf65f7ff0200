"""A month's figures as a workbook: what was kept, by month, every miss, R5's figures (R4, R5)."""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request

from domain.permissions import Permission
from domain.targets import TargetKind
from services import attainment as figures
from services import kpis, misses
from services.attainment import Attainment, By, Count
from services.desk import Desk
from services.kpis import Kpis
from services.misses import Miss
from web.acts import looking
from web.console import attainment_address, promise_words
from web.console.attainment_address import Asked
from web.console.queue_export import harmless, new_workbook
from web.console.routes import pages
from web.page import needs, words
from web.site import site

if TYPE_CHECKING:
    from openpyxl import Workbook

routes = pages("attainment_file", "/attainment")

MOST = 5000  # misses of one file
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | None


@routes.get("/export.xlsx")
@needs(Permission.TICKET_EXPORT)
def export() -> Response:
    asked = attainment_address.read(request.args, site().now())
    with looking() as desk:
        made = _workbook(desk, asked)
    name = f"{words('attainment.file.name')}-{asked.wanted.month}.xlsx"
    response = Response(made.getvalue(), content_type=_XLSX)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=attainment-{asked.wanted.month}.xlsx; filename*=UTF-8''{quote(name)}"
    )
    return response


def _workbook(desk: Desk, asked: Asked) -> io.BytesIO:
    book = new_workbook()
    found = figures.attainment(desk, asked.wanted, asked.by)
    _sheet(book, "lines", _lines(found, asked.by))
    _sheet(book, "months", _months(desk, asked))
    _sheet(book, "misses", _misses(desk, asked))
    _sheet(book, "kpis", _kpis(kpis.kpis(desk, asked.wanted.month)))
    made = io.BytesIO()
    book.save(made)
    return made


def _sheet(book: "Workbook", name: str, rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(words(f"attainment.file.{name}"))
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])


def _heading(*names: str) -> list[Cell]:
    return [words(f"attainment.file.{name}") for name in names]


# --- sheets ---------------------------------------------------------------------------------------


def _lines(found: Attainment, by: By) -> Iterable[Sequence[Cell]]:
    kinds = [kind for kind in TargetKind if kind in found.total]
    heading: list[Cell] = [words(f"attainment.by.{by.value}")]
    for name in [promise_words.kind(kind) for kind in kinds] + [words("attainment.sum")]:
        heading += [
            words("attainment.file.count_of_kind", kind=name, what=words(f"attainment.file.{what}"))
            for what in ("met", "missed", "rate")
        ]
    yield heading
    for line in found.lines:
        counts = [line.counts.get(kind, Count()) for kind in kinds]
        yield [promise_words.line(by, line), *_cells([*counts, line.all])]
    counts = [found.total.get(kind, Count()) for kind in kinds]
    yield [words("attainment.sum"), *_cells([*counts, found.all])]


def _cells(counts: Iterable[Count]) -> list[Cell]:
    return [cell for count in counts for cell in (count.met, count.missed, _percent(count.tenths))]


def _percent(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _months(desk: Desk, asked: Asked) -> Iterable[Sequence[Cell]]:
    yield _heading("month", "met", "missed", "rate")
    for month, count in figures.trend(desk, asked.wanted):
        yield [str(month), count.met, count.missed, _percent(count.tenths)]


_COLUMNS = (
    "number",
    "symptom",
    "kind",
    "rule",
    "priority",
    "within",
    "due",
    "done",
    "ran",
    "late",
    "paused",
    "requester",
    "department",
    "engineer",
    "team",
    "reason",
    "compensation",
    "points",
)


def _misses(desk: Desk, asked: Asked) -> Iterable[Sequence[Cell]]:
    yield _heading(*_COLUMNS)
    count = 0
    for each in misses.every(desk, asked.wanted, MOST):
        count += 1
        yield _miss(each)
    if count >= MOST:
        yield [words("attainment.file.capped", most=MOST)]


def _miss(each: Miss) -> Sequence[Cell]:
    return [
        each.number,
        each.symptom,
        promise_words.kind(each.kind),
        promise_words.rule(each.rule),
        promise_words.priority(each.priority),
        each.within_minutes,
        promise_words.exact(each.due_at),
        promise_words.exact(each.done_at) if each.done_at else "",
        each.ran_minutes,
        each.late_minutes,
        sum(each.paused.values()),
        each.requester,
        each.department,
        each.engineer,
        each.team,
        each.reason,
        each.compensation,
        each.points,
    ]


def _kpis(found: Kpis) -> Iterable[Sequence[Cell]]:
    yield _heading("figure", "value")
    solved = found.solved
    values: dict[str, Cell] = {
        "answered": found.speed.count,
        "median": found.speed.median,
        "slow": found.speed.slow,
        "reported": solved.reported,
        "solved": solved.solved,
        "solved_rate": _percent(solved.tenths),
        "at_once": solved.at_once,
        "at_once_rate": _percent(solved.at_once_tenths),
    }
    for name, value in values.items():
        yield [words(f"attainment.file.{name}"), value]
    for each in found.available:
        called = words(f"category.{each.category.value}")
        yield [words("attainment.file.available", category=called), each.hundredths / 100]
