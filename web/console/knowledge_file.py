"""What articles spared the desk, month by month: a page, a workbook, CSV (K1)."""

import csv
import io
from collections.abc import Iterable

from flask import Response, request

from domain.months import Month
from domain.permissions import Permission
from services.desk import Desk
from services.knowledge import figures
from services.knowledge.figures import Counted
from web.acts import looking
from web.console.address_parts import month_of
from web.console.queue_export import harmless
from web.console.routes import pages
from web.console.satisfaction_file import XLSX, Cell, Row, sent, workbook
from web.page import needs, show, words
from web.site import site

routes = pages("knowledge_file", "/knowledge/figures")

_CSV = "text/csv; charset=utf-8"
COLUMNS = ("shown", "useful", "useless", "reported", "silent", "open", "by_clerks", "spared")


@routes.get("")
@needs(Permission.KNOWLEDGE_WRITE)
def shown() -> Response:
    month = _month()
    with looking() as desk:
        found = figures.figures(desk, month)
        before = figures.figures(desk, month.moved(-1))
    return show(
        "console/knowledge/figures.html",
        found=found,
        last=before,
        columns=COLUMNS,
        earlier=month.moved(-1),
        later=month.moved(1) if month < Month.of(site().now()) else None,
    )


@routes.get("/export.xlsx")
@needs(Permission.KNOWLEDGE_WRITE)
def as_workbook() -> Response:
    month = _month()
    with looking() as desk:
        sheets = {"lines": list(_lines(desk, month)), "months": list(_months(desk, month))}
    titles = {words(f"knowledge_page.file.{name}"): rows for name, rows in sheets.items()}
    return sent(workbook(titles), XLSX, _name(month), f"knowledge-{month}", "xlsx")


@routes.get("/export.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def as_csv() -> Response:
    """With the mark by which Excel knows that it is UTF-8."""
    month = _month()
    with looking() as desk:
        rows = list(_lines(desk, month))
    written = io.StringIO()
    csv.writer(written).writerows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    content = b"\xef\xbb\xbf" + written.getvalue().encode("utf-8")
    return sent(content, _CSV, _name(month), f"knowledge-{month}", "csv")


def _name(month: Month) -> str:
    return f"{words('knowledge_page.file.name')}-{month}"


def _month() -> Month:
    """The one that is asked for, if it has begun; else this one."""
    current = Month.of(site().now())
    try:
        return min(month_of(request.args.get("month", ""), site().now()), current)
    except ValueError:
        return current


def _heading(*names: str) -> list[str]:
    return [words(f"knowledge_page.column.{name}") for name in names]


def _lines(desk: Desk, month: Month) -> Iterable[Row]:
    found = figures.figures(desk, month)
    yield _heading("number", "title", "category", *COLUMNS)
    for line in found.lines:
        kind = words(f"category.{line.category.value}")
        yield [line.number, line.title, kind, *_cells(line.counted)]
    yield [words("knowledge_page.all"), "", "", *_cells(found.total)]
    yield [words("knowledge_page.spared_once"), "", "", *[None] * 7, found.spared]


def _months(desk: Desk, month: Month) -> Iterable[Row]:
    yield _heading("month", *COLUMNS, "spared_once")
    for each in figures.trend(desk, month):
        yield [str(each.month), *_cells(each.total), each.spared]


def _cells(counted: Counted) -> list[Cell]:
    return [getattr(counted, name) for name in COLUMNS]
