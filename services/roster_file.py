"""Reads a list of people out of an Excel or CSV file that nobody has to trust (H-36, S-126)."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from domain.sentence import Fact, Say

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
_MOST_SHEET_ROWS = 2**20  # that Excel itself has; whatever is filled below MOST_ROWS is refused
_MOST_PARTS = 1000  # files within a workbook; one of three sheets has about 15

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx with a password
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",;\t"
_IS_ENCRYPTED = 0x1
_PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What a spreadsheet program runs when it opens the cell; a phone may begin with a plus.
_FORMULA = ("=", "@", "＝")


class FileRefused(Exception):
    """The file cannot be read as a list of people; `say` tells why."""

    def __init__(self, key: str, **facts: Fact) -> None:
        super().__init__(key)
        self.say = Say(key, facts)


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of one cell; a formula's are not trusted."""

    text: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row by its number, as spreadsheet programs count them."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> int:
        """How many cells hold words."""
        return sum(bool(cell.text) for cell in self.cells)


_EMPTY = Cell("")


def read_lines(path: Path) -> list[Line]:
    """All rows of the file's first sheet; FileRefused for what is no list, or too large."""
    _check_kind(path.name)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileRefused("import.unreadable", why=error.strerror) from None
    return lines_of(path.name, content)


def lines_of(name: str, content: bytes, most_rows: int | None = None) -> list[Line]:
    """The same of a file that was uploaded under this name."""
    kind, most = _check_kind(name), most_rows or MOST_ROWS
    if len(content) > MOST_BYTES:
        raise FileRefused("import.too_large", most=MOST_BYTES // 1024 // 1024)
    if content.startswith(_OLE):
        raise FileRefused("import.old_excel")
    lines = []
    for line in _of_workbook(content) if kind == ".xlsx" else _of_csv(content):
        if line.number > most:
            raise FileRefused("import.too_many_rows", most=most)
        lines.append(line)
    return lines


def _check_kind(name: str) -> str:
    kind = Path(name).suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise FileRefused("import.other_kind", kind=kind or Path(name).name)
    return kind


# --- csv ---------------------------------------------------------------------------------------


def _of_csv(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(rows, 1):
            words = [_plain(value) for value in row[:MOST_COLUMNS]]
            yield Line(number, tuple(Cell(each, each.startswith(_FORMULA)) for each in words))
    except csv.Error:
        raise FileRefused("import.broken_csv", row=rows.line_num) from None


def _decoded(content: bytes) -> str:
    if content.startswith(_ZIP) or b"\0" in content:
        raise FileRefused("import.no_csv")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("import.no_csv")


# --- xlsx --------------------------------------------------------------------------------------


def _of_workbook(content: bytes) -> Iterator[Line]:
    if not content.startswith(_ZIP):
        raise FileRefused("import.no_workbook")
    try:
        _inspect(content)
        yield from _sheet(content)
    except FileRefused:
        raise
    except DefusedXmlException:
        raise FileRefused("import.dangerous") from None
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise FileRefused("import.no_workbook") from error


def _sheet(content: bytes) -> Iterator[Line]:
    """Formulas are neither worked out nor believed: the cell says that it holds one."""
    import openpyxl  # 25 MiB that a server needs only for this

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise FileRefused("import.no_workbook")
        # The dimensions that a sheet tells of itself may be anything.
        rows = shown[0].iter_rows(1, _MOST_SHEET_ROWS, 1, MOST_COLUMNS)
        for number, row in enumerate(rows, 1):
            line = Line(number, tuple(map(_cell, row)))
            if line.filled:
                yield line
    finally:
        book.close()


def _cell(found: Any) -> Cell:
    if found.value is None:
        return _EMPTY
    words = _plain(found.value)
    return Cell(words, found.data_type == "f" or words.startswith(_FORMULA))


def _plain(value: object) -> str:
    """A number that was meant as digits: 13800001234.0 is no phone."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or isinstance(value, bool):
        return ""
    return " ".join(str(value).split())


def _inspect(content: bytes) -> None:
    """Refuse bombs and document type definitions before anything is unpacked for good."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise FileRefused("import.unpacks_too_large", most=MOST_UNPACKED // 1024 // 1024)
        if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
            raise FileRefused("import.old_excel")
        if any(part.compress_type not in _PACKED_BY for part in parts):
            raise FileRefused("import.no_workbook")
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                _refuse_declarations(archive, part)


def _refuse_declarations(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(ContentHandler())
    with archive.open(part) as source:
        try:
            parser.parse(source)
        except SAXException:
            raise FileRefused("import.no_workbook") from None
