"""Workbooks to fill in: a template, and the rows that were wrong with what is wrong (C §17)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nlp.patterns import words_in
from services import device_import, roster_words
from services.roster_file import Line

if TYPE_CHECKING:  # 25 MiB: a server loads it with the first list that is asked for
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_BLUE = "FF206BC4"
_WHITE = "FFFFFFFF"
_WIDTH = 18
_WIDE = 44
_LISTS = {
    "people": ("roster", tuple(name for name in roster_words.COLUMNS if name != "id")),
    "devices": ("devices", device_import.COLUMNS),
}

KINDS = tuple(_LISTS)
"""What can be brought in by a list."""


def headings(kind: str) -> list[str]:
    """The columns of such a list, as they are called first."""
    name, columns = _LISTS[kind]
    return [words_in(name, f"column.{column}")[0] for column in columns]


def template(kind: str, title: str, notes: Sequence[str]) -> bytes:
    """A workbook with the columns, and beside it what to write in them."""
    from openpyxl.styles import Alignment

    book = _book()
    sheet = _first(book, title)
    _write_head(sheet, headings(kind))
    told = book.create_sheet(title=notes[0])
    told.column_dimensions["A"].width = 2 * _WIDE
    for number, line in enumerate(notes[1:], 1):
        told.cell(number, 1, line).alignment = Alignment(wrap_text=True)
    return _bytes(book)


def wrong_rows(title: str, lines: Sequence[Line], why: Mapping[int, str], heading: str) -> bytes:
    """The rows that could not be taken, as they came, each with the reason in a last column."""
    head = next(line for line in lines if line.number < min(why) and _is_head(line, lines, why))
    width = max(map(_width, lines))
    from openpyxl.utils import get_column_letter

    book = _book()
    sheet = _first(book, title)
    _write_head(sheet, [*_texts(head, width), heading])
    sheet.column_dimensions[get_column_letter(width + 1)].width = _WIDE
    for line in lines:
        if line.number in why:
            _append(sheet, [*_texts(line, width), why[line.number]])
    return _bytes(book)


def _width(line: Line) -> int:
    """Up to the last cell that holds words: sheets are read far beyond."""
    return max((place for place, cell in enumerate(line.cells, 1) if cell.text), default=0)


def _texts(line: Line, width: int) -> list[str]:
    texts = [cell.text for cell in line.cells[:width]]
    return texts + [""] * (width - len(texts))


def _is_head(line: Line, lines: Sequence[Line], why: Mapping[int, str]) -> bool:
    """The heading is the first row that names a column; titles above it name none."""
    known = {
        word for name, columns in _LISTS.values() for each in columns for word in _words(name, each)
    }
    return any(roster_words.bare(cell.text) in known for cell in line.cells)


def _words(name: str, column: str) -> tuple[str, ...]:
    return words_in(name, f"column.{column}")


def _book() -> Workbook:
    from openpyxl import Workbook

    return Workbook()


def _first(book: Workbook, title: str) -> Worksheet:
    sheet = book.worksheets[0]
    sheet.title = title[:31]
    return sheet


def _write_head(sheet: Worksheet, names: Sequence[str]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    _append(sheet, names)
    font, fill = Font(bold=True, color=_WHITE), PatternFill("solid", fgColor=_BLUE)
    for number, cell in enumerate(sheet[1], 1):
        cell.font, cell.fill = font, fill
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.freeze_panes = "A2"


def _append(sheet: Worksheet, words: Sequence[str]) -> None:
    """Each cell as text: what begins like a formula stays what it is (H-36)."""
    row = sheet.max_row + 1 if any(cell.value for cell in sheet[1]) else 1
    for number, word in enumerate(words, 1):
        cell = sheet.cell(row, number, word)
        cell.data_type, cell.number_format = "s", "@"


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
