"""A month's ratings and complaints as a workbook or as CSV (F13, C1–C4)."""

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response, request

from domain.permissions import Permission
from services import satisfaction as figures
from services import satisfaction_complaints
from services.desk import Desk
from services.satisfaction import Part, Scored
from services.satisfaction_complaints import Handled
from web.acts import looking
from web.console import satisfaction_address
from web.console import satisfaction_words as say
from web.console.queue_export import harmless, new_workbook
from web.console.routes import pages
from web.console.satisfaction_address import Asked
from web.page import needs, words
from web.site import site

routes = pages("satisfaction_file", "/satisfaction")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"
Cell = str | int | float | None
Row = Sequence[Cell]


@routes.get("/export.xlsx")
@needs(Permission.SATISFACTION_READ)
def as_workbook() -> Response:
    asked = _asked()
    with looking() as desk:
        sheets = {
            "lines": list(_lines(desk, asked)),
            "months": list(_months(desk, asked)),
            "complaints": list(_complaints(desk, asked)),
            "complaint_months": list(_complaint_months(desk, asked)),
        }
    titles = {words(f"satisfaction.file.{name}"): rows for name, rows in sheets.items()}
    name = words("satisfaction.file.name")
    return sent(
        workbook(titles),
        XLSX,
        f"{name}-{asked.wanted.month}",
        f"ratings-{asked.wanted.month}",
        "xlsx",
    )


@routes.get("/export.csv")
@needs(Permission.SATISFACTION_READ)
def as_csv() -> Response:
    """The lines of ratings, with the mark by which Excel knows that it is UTF-8."""
    asked = _asked()
    with looking() as desk:
        rows = list(_lines(desk, asked))
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(row) for row in rows])
    content = b"\xef\xbb\xbf" + written.getvalue().encode("utf-8")
    name = words("satisfaction.file.name")
    return sent(
        content, _CSV, f"{name}-{asked.wanted.month}", f"ratings-{asked.wanted.month}", "csv"
    )


def _asked() -> Asked:
    return satisfaction_address.read(request.args, site().now())


def sent(content: bytes, content_type: str, name: str, plain: str, ending: str) -> Response:
    """A file, by its name and by one that every browser can write."""
    called = quote(f"{name}.{ending}")
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename={plain}.{ending}; filename*=UTF-8''{called}"
    )
    return response


def workbook(sheets: dict[str, list[Row]]) -> bytes:
    """Sheets by their titles; the first row and column stand still."""
    book = new_workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "B2"
        for row in rows:
            sheet.append(_harmless(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _harmless(row: Row) -> list[Cell]:
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


def _heading(*names: str) -> Row:
    return [words(f"satisfaction.file.{name}") for name in names]


# --- ratings --------------------------------------------------------------------------------------

_SCORES = (
    "asked",
    "answered",
    "not_rated",
    "answer_rate",
    "speed",
    "attitude",
    "result",
    "overall",
    "at_least",
    "low",
    "low_rate",
)


def _lines(desk: Desk, asked: Asked) -> Iterable[Row]:
    yield [words(f"satisfaction.by.{asked.by.value}"), *_heading(*_SCORES)]
    found = figures.lines(desk, asked.wanted, asked.by)
    for line in found:
        yield [say.line(asked.by, line.value, line.called), *_scores(line.scored)]
    yield [words("satisfaction.sum"), *_scores(figures.total(found))]


def _months(desk: Desk, asked: Asked) -> Iterable[Row]:
    yield _heading("month", *_SCORES)
    for month, scored in figures.trend(desk, asked.wanted):
        yield [str(month), *_scores(scored)]


def _scores(scored: Scored) -> list[Cell]:
    """Few answers have counts alone, here as on the page."""
    is_told = scored.hundredths(Part.OVERALL) is not None
    bound = scored.at_least
    return [
        scored.asked,
        scored.answered,
        scored.not_rated,
        _percent(scored.answered_tenths),
        *(_mean(scored.hundredths(part)) for part in Part),
        int(bound * 100) / 100 if is_told and bound is not None else None,
        scored.low,
        _percent(scored.low_tenths) if is_told else None,
    ]


def _mean(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _percent(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


# --- complaints -----------------------------------------------------------------------------------

_COUNTS = (
    "received",
    "upheld",
    "partly",
    "not_upheld",
    "withdrawn",
    "undecided",
    "in_time",
    "late",
    "objected",
    "handling_asked",
    "handling_answered",
    "process",
    "outcome",
)


def _complaints(desk: Desk, asked: Asked) -> Iterable[Row]:
    yield [words(f"satisfaction.by.{asked.by.value}"), *_heading(*_COUNTS)]
    for line in satisfaction_complaints.lines(desk, asked.wanted, asked.by):
        yield [say.complained(asked.by, line.value, line.called), *_counts(line.handled)]
    # One that names two people has two lines: the sum is counted by itself.
    whole = satisfaction_complaints.month(desk, asked.wanted)
    yield [words("satisfaction.sum"), *_counts(whole)]


def _complaint_months(desk: Desk, asked: Asked) -> Iterable[Row]:
    yield _heading("month", *_COUNTS)
    for month, handled in satisfaction_complaints.trend(desk, asked.wanted):
        yield [str(month), *_counts(handled)]


def _counts(handled: Handled) -> list[Cell]:
    return [
        handled.received,
        handled.upheld,
        handled.partly,
        handled.not_upheld,
        handled.withdrawn,
        handled.undecided,
        handled.in_time,
        handled.late,
        handled.objected,
        handled.asked,
        handled.answered,
        _mean(handled.hundredths(handled.process)),
        _mean(handled.hundredths(handled.outcome)),
    ]
