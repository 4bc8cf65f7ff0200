"""What kinds of files are taken, told by their content: nothing that runs, nothing that hides.

PDF, Office without macros, and plain text. No archives: nobody sees what is in them. Nothing is
opened, drawn or run here: an Office file's table of contents is read, and its list of types.
"""

import io
import zipfile

DOCUMENTS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "text/plain": "txt",
}
"""Content types and the endings of their names."""

TEXTS = frozenset({"csv", "log"})
"""Endings that are as true of a text as txt."""

ENDINGS = (*DOCUMENTS.values(), *sorted(TEXTS))

_OF_ENDING = {ending: content_type for content_type, ending in DOCUMENTS.items()}
_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES = "[Content_Types].xml"
_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_MOST_PARTS = 5_000
_MOST_TYPES = 1024 * 1024  # bytes of the list of types; what is larger is an attack
_MACROS = (b"macroenabled", b"vbaproject", b"activex")
_CONTROLS = frozenset(range(32)) - set(b"\t\n\r\f\x1b")


class FileRefused(Exception):
    """Bytes that are not taken; `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of(data: bytes) -> str:
    """The content type, or FileRefused: empty, wrong_type, has_macros, encrypted, broken."""
    if not data:
        raise FileRefused("empty")
    if data.startswith(_PDF):
        return _OF_ENDING["pdf"]
    if data.startswith(_ZIP):
        return _OF_ENDING[_office(data)]
    if data.startswith(_COMPOUND):
        return _OF_ENDING[_old_office(data)]
    if _is_text(data):
        return _OF_ENDING["txt"]
    raise FileRefused("wrong_type")


def _office(data: bytes) -> str:
    """By its parts; nothing but the list of types is unpacked, and that not beyond its bound."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = {name.lower() for name in parts.namelist()[: _MOST_PARTS + 1]}
            if _TYPES.lower() not in names or len(names) > _MOST_PARTS:
                raise FileRefused("wrong_type")
            with parts.open(_TYPES) as file:
                types = file.read(_MOST_TYPES + 1).lower()
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise FileRefused("broken") from None
    _refuse_macros(types + "\n".join(names).encode())
    ending = next((ending for part, ending in _MAIN.items() if part in names), None)
    if ending is None or len(types) > _MOST_TYPES:
        raise FileRefused("wrong_type")
    return ending


def _refuse_macros(told: bytes) -> None:
    if any(mark in told for mark in _MACROS):
        raise FileRefused("has_macros")


def _old_office(data: bytes) -> str:
    """By the names in its directory, which stand there in two bytes a letter."""
    if _wide("EncryptedPackage") in data:
        raise FileRefused("encrypted")
    if any(_wide(name) in data for name in ("_VBA_PROJECT", "VBA_PROJECT_CUR", "Macros")):
        raise FileRefused("has_macros")
    for stream, ending in (
        ("WordDocument", "doc"),
        ("PowerPoint Document", "ppt"),
        ("Workbook", "xls"),
        ("Book", "xls"),
    ):
        if _wide(stream) in data:
            return ending
    raise FileRefused("wrong_type")


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _is_text(data: bytes) -> bool:
    """Words in one of the ways in which Windows and everybody else write Chinese."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _reads_as(data, "utf-16")
    if _CONTROLS & set(data):
        return False
    return _reads_as(data, "utf-8") or _reads_as(data, "gb18030")


def _reads_as(data: bytes, code: str) -> bool:
    try:
        return "\0" not in data.decode(code)
    except UnicodeDecodeError:
        return False
