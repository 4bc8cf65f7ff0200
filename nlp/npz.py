"""Reads an npz of plain arrays without numpy, which a worker has no other use for (T10)."""

import io
import re
import zipfile
from dataclasses import dataclass

_MAGIC = b"\x93NUMPY\x01\x00"
_LENGTH_AT = len(_MAGIC)
_HEADER_AT = _LENGTH_AT + 2
_HEADER = re.compile(
    r"\{'descr': '([<|][a-z]\d)', 'fortran_order': False, 'shape': \((\d+), ?(\d*)\), \} *\n"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """One array: numbers of one kind, little-endian, row by row."""

    kind: str  # as numpy writes it: <i2 is of two bytes and signed
    shape: tuple[int, ...]
    content: bytes


def read(packed: bytes) -> dict[str, Plain]:
    """By name; `ValueError` or `zipfile.BadZipFile` for what is no such file."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {
            name.removesuffix(".npy"): _plain(archive.read(name)) for name in archive.namelist()
        }


def _plain(content: bytes) -> Plain:
    if not content.startswith(_MAGIC):
        raise ValueError("no array")
    begins = _HEADER_AT + int.from_bytes(content[_LENGTH_AT:_HEADER_AT], "little")
    header = _HEADER.fullmatch(content[_HEADER_AT:begins].decode("latin-1"))
    if header is None:
        raise ValueError("an array of another kind")
    kind, *sizes = header.groups()
    shape = tuple(int(size) for size in sizes if size)
    found = Plain(kind, shape, content[begins:])
    rows, columns = shape if len(shape) == 2 else (shape[0], 1)
    if len(found.content) != rows * columns * int(kind[2:]):
        raise ValueError("an array of another length")
    return found
