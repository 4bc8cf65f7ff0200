"""The list as a file, exactly as it is narrowed: CSV or a workbook (C §18)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request, stream_with_context

from domain.calendar import CHINA
from domain.permissions import Permission
from domain.speaker import Speaker
from services import export, export_files
from services.desk import Desk
from services.listing_rows import Listed
from services.listing_wanted import View
from web.acts import looking
from web.console import queue_address, queue_layout, queue_words
from web.console.queue_address import COLUMNS, FIXED, Asked
from web.console.routes import PATH, pages
from web.page import go, needs, reader, words
from web.site import site

if TYPE_CHECKING:
    from openpyxl import Workbook

routes = pages("queue_export")

PLAIN = "tickets"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
_NOT_IN_A_WORKBOOK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_INSTANTS = {"opened": "opened_at", "result_due": "resolution_due_at", "changed": "changed_at"}
_PIECE = 64 * 1024
_TIME = "%Y-%m-%d %H:%M"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("/queue/export.csv")
@needs(Permission.TICKET_EXPORT)
def as_csv() -> Response:
    """Streamed, with the mark by which Excel knows that it is UTF-8."""
    asked = _laid()
    if asked is None:
        return _beside("csv")
    return csv_of(_begun(asked), PLAIN, words("queue.export.file"))


@routes.get("/queue/export.xlsx")
@needs(Permission.TICKET_EXPORT)
def as_workbook() -> Response:
    asked = _laid()
    if asked is None:
        return _beside("xlsx")
    called = words("queue.export.file"), words("queue.export.sheet")
    return workbook_of(_begun(asked), PLAIN, *called)


def _laid() -> Asked | None:
    """The list as it is on the screen; None if it is too long to be waited for."""
    asked = queue_address.read(request.args, View.TODO)
    with looking() as desk:
        if export.is_long(desk, asked.wanted, export_files.AT_ONCE):
            return None
        return queue_layout.laid(desk, asked)[0]


def _beside(ending: str) -> Response:
    query = request.query_string.decode("utf-8", "replace")
    return go(f"{PATH}/exports?format={ending}&{query}")


# --- lines ----------------------------------------------------------------------------------------


def _begun(asked: Asked) -> Iterator[list[str]]:
    with looking() as desk:
        is_whole = export.begin(desk, asked.wanted, export.MOST)
    return lines_of(asked, reader(), is_whole=is_whole, most=export.MOST)


def lines_of(asked: Asked, me: Speaker, *, is_whole: bool, most: int) -> Iterator[list[str]]:
    """The heading, the rows, and a clear word if there are more."""
    columns = (*FIXED, *(asked.columns if asked.is_table else COLUMNS))
    heading = [queue_words.column_word(column) for column in columns]
    last = [] if is_whole else [[words("queue.export.capped", most=most)]]
    now = site().now()
    texts = [heading, *last]  # said while the request is there
    rows = export.rows(lambda: _look(me, now), asked.wanted, most)
    return _lines(texts, rows, columns, now)


@contextmanager
def _look(me: Speaker, now: datetime) -> Iterator[Desk]:
    """The file is read on after its view has answered."""
    with site().database.reading() as session:
        yield Desk(session, now, site().rules, me)


def _lines(
    texts: list[list[str]], rows: Iterable[Listed], columns: tuple[str, ...], now: datetime
) -> Iterator[list[str]]:
    heading, *last = texts
    yield heading
    for row in rows:
        yield [harmless(_cell(row, column, now)) for column in columns]
    yield from last


def _cell(row: Listed, column: str, now: datetime) -> str:
    """As the table says it, but times in full: a file is read on another day."""
    if column in _INSTANTS:
        at: datetime | None = getattr(row, _INSTANTS[column])
        return at.astimezone(CHINA).strftime(_TIME) if at else ""
    if column == "wished":
        return queue_words.wished_words(row, lambda at: at.astimezone(CHINA).strftime(_TIME))
    if column == "due":
        return row.clock[1].astimezone(CHINA).strftime(_TIME) if row.clock else ""
    return queue_words.cell(row, column, now)


def harmless(text: str) -> str:
    """No formula, whatever somebody typed (C §18), and nothing that a workbook cannot hold."""
    kept = _NOT_IN_A_WORKBOOK.sub("", text)
    return f"'{kept}" if kept.lstrip(" \u3000").startswith(_FORMULA) else kept


# --- files ----------------------------------------------------------------------------------------


def csv_of(lines: Iterable[list[str]], plain: str, called: str) -> Response:
    """Named in plain letters and as people call it."""
    response = Response(stream_with_context(csv_bytes(lines)), content_type=CSV)
    return named(response, plain, called, "csv")


def workbook_of(lines: Iterable[list[str]], plain: str, called: str, sheet: str) -> Response:
    kept = io.BytesIO()
    write_workbook(lines, sheet, kept)
    kept.seek(0)
    response = Response(_pieces(kept), content_type=XLSX)
    return named(response, plain, called, "xlsx")


def named(
    response: Response, plain: str, called: str, ending: str, at: datetime | None = None
) -> Response:
    """As people call it, with when it was made."""
    day = (at or site().now()).astimezone(CHINA).strftime("%Y%m%d-%H%M")
    name = quote(f"{called}-{day}.{ending}")
    response.headers["Content-Disposition"] = (
        f"attachment; filename={plain}-{day}.{ending}; filename*=UTF-8''{name}"
    )
    return response


def _csv(lines: Iterable[list[str]]) -> Iterator[str]:
    written = io.StringIO()
    writer = csv.writer(written)
    for line in lines:
        writer.writerow(line)
        if written.tell() > _PIECE:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def csv_bytes(lines: Iterable[list[str]]) -> Iterator[bytes]:
    """With the mark of UTF-8 in front."""
    yield b"\xef\xbb\xbf"
    for piece in _csv(lines):
        yield piece.encode("utf-8")


def new_workbook() -> "Workbook":
    """One that is written row by row; the library is loaded with the first that is asked for."""
    from openpyxl import Workbook

    return Workbook(write_only=True)


def write_workbook(lines: Iterable[list[str]], called: str, into: IO[bytes]) -> None:
    """Row by row: openpyxl keeps them in a file meanwhile."""
    book = new_workbook()
    sheet = book.create_sheet(called)
    sheet.freeze_panes = "C2"
    for line in lines:
        sheet.append(line)
    book.save(into)


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(_PIECE):
            yield piece
