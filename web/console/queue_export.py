"""The list as a file, exactly as it is narrowed: CSV or a workbook (C §18)."""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO
from urllib.parse import quote

from flask import Response, request, stream_with_context
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from domain.calendar import CHINA
from domain.permissions import Permission
from domain.speaker import Speaker
from services import export
from services.desk import Desk
from services.listing_rows import Listed
from services.listing_wanted import View
from web.acts import looking
from web.console import queue_address, queue_words
from web.console.queue_address import COLUMNS, FIXED, Asked
from web.console.routes import pages
from web.page import needs, reader, words
from web.site import site

routes = pages("queue_export")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
_INSTANTS = {"opened": "opened_at", "result_due": "resolution_due_at", "changed": "changed_at"}
_PIECE = 64 * 1024
_TIME = "%Y-%m-%d %H:%M"
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("/queue/export.csv")
@needs(Permission.TICKET_EXPORT)
def as_csv() -> Response:
    """Streamed, with the mark by which Excel knows that it is UTF-8."""
    return csv_of(_begun(_asked()), "tickets", words("queue.export.file"))


@routes.get("/queue/export.xlsx")
@needs(Permission.TICKET_EXPORT)
def as_workbook() -> Response:
    called = words("queue.export.file"), words("queue.export.sheet")
    return workbook_of(_begun(_asked()), "tickets", *called)


def _asked() -> Asked:
    return queue_address.read(request.args, View.TODO)


# --- lines ----------------------------------------------------------------------------------------


def _begun(asked: Asked) -> Iterator[list[str]]:
    """The heading, the rows, and a clear word if there are more."""
    with looking() as desk:
        is_whole = export.begin(desk, asked.wanted)
    columns = (*FIXED, *(asked.columns if asked.is_table else COLUMNS))
    heading = [queue_words.column_word(column) for column in columns]
    last = [] if is_whole else [[words("queue.export.capped", most=export.MOST)]]
    now, me = site().now(), reader()
    texts = [heading, *last]  # said while the request is there
    rows = export.rows(lambda: _look(me, now), asked.wanted)
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
    if column == "due":
        return row.clock[1].astimezone(CHINA).strftime(_TIME) if row.clock else ""
    return queue_words.cell(row, column, now)


def harmless(text: str) -> str:
    """No formula, whatever somebody typed (C §18), and nothing that a workbook cannot hold."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{kept}" if kept.lstrip(" \u3000").startswith(_FORMULA) else kept


# --- files ----------------------------------------------------------------------------------------


def csv_of(lines: Iterable[list[str]], plain: str, called: str) -> Response:
    """Named in plain letters and as people call it."""
    encoded = (line.encode("utf-8") for line in _csv(lines))
    response = Response(stream_with_context(_with_mark(encoded)), content_type=_CSV)
    return _named(response, plain, called, "csv")


def workbook_of(lines: Iterable[list[str]], plain: str, called: str, sheet: str) -> Response:
    response = Response(_pieces(_workbook(lines, sheet)), content_type=_XLSX)
    return _named(response, plain, called, "xlsx")


def _named(response: Response, plain: str, called: str, ending: str) -> Response:
    day = site().now().astimezone(CHINA).strftime("%Y%m%d-%H%M")
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


def _with_mark(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield from pieces


def _workbook(lines: Iterable[list[str]], called: str) -> IO[bytes]:
    """Written row by row: openpyxl keeps them in a file, and here stands what it packs of it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(called)
    sheet.freeze_panes = "C2"
    for line in lines:
        sheet.append(line)
    kept = io.BytesIO()
    book.save(kept)
    kept.seek(0)
    return kept


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(_PIECE):
            yield piece
