"""Keeps what people sent: types by content, photos without their metadata, names by checksum."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from domain.file_names import clean_name
from file_kinds import DOCUMENTS, TEXTS, FileRefused, kind_of

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/speex": "spx",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    **DOCUMENTS,
}
_PREFIX_OF = {"image": "image/", "voice": "audio/", "video": "video/", "shortvideo": "video/"}
_NAME = re.compile(r"[0-9a-f]{64}\.(?:" + "|".join(_EXTENSIONS.values()) + r")")
_TYPES = {extension: content_type for content_type, extension in _EXTENSIONS.items()}
_SMALLER_SIDES = (2400, 1600, 1000)  # pixels


class MediaRefused(Exception):
    """Bytes that are not what they were sent as; `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Saved:
    name: str
    sha256: str  # of the bytes that are kept, which for a photo are not those that came
    size: int
    content_type: str
    thumbnail: str | None = None  # of a picture: its small form, a file of its own
    called: str | None = None  # of a document: the name that it came by, made harmless
    width: int = 0  # of a picture, in pixels
    height: int = 0


def type_of(name: str) -> str:
    """The content type of a file by the name that the store gave it."""
    return _TYPES[name.rpartition(".")[2]]


def sniff(data: bytes) -> str | None:
    """The content type by the first bytes; a header may say anything."""
    for magic, content_type in _MAGIC:
        if data.startswith(magic):
            return content_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if data[:4] == b"OggS" and b"Speex   " in data[:64]:
        return "audio/speex"
    return None


_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"#!AMR", "audio/amr"),  # and #!AMR-WB
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
)


class MediaStore:
    """A folder of files that are complete or absent, whenever the power goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self._folder

    def save(self, data: bytes, kind: str, most_side: int | None = None) -> Saved:
        """`data` as one file, a picture no larger than that; the same bytes are the same file."""
        content_type = sniff(data)
        if content_type is None or not content_type.startswith(_PREFIX_OF.get(kind, "?")):
            raise MediaRefused("wrong_type" if data else "empty")
        if kind != "image":
            return self._keep(data, content_type)
        from pictures import redrawn  # as late as it says

        try:
            drawn = redrawn(data, most_side)
        except FileRefused as refused:
            raise MediaRefused(refused.reason) from None
        thumbnail = self._keep(drawn.thumbnail, "image/jpeg")
        kept = self._keep(drawn.data, drawn.content_type)
        return replace(kept, thumbnail=thumbnail.name, width=drawn.size[0], height=drawn.size[1])

    def save_document(self, data: bytes, called: str) -> Saved:
        """A document as it came, under a name that tells the truth; MediaRefused for any other."""
        try:
            content_type = kind_of(data)
        except FileRefused as refused:
            raise MediaRefused(refused.reason) from None
        ending = DOCUMENTS[content_type]
        alike = TEXTS if ending == "txt" else frozenset()
        return replace(self._keep(data, content_type), called=clean_name(called, ending, alike))

    def save_made(self, data: bytes, content_type: str) -> Saved:
        """What we made ourselves of something kept, such as a voice that browsers play."""
        return self._keep(data, content_type)

    def _keep(self, data: bytes, content_type: str) -> Saved:
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest}.{_EXTENSIONS[content_type]}"
        self._write(name, data)
        return Saved(name, digest, len(data), content_type)

    def open(self, name: str) -> BinaryIO:
        """The file; a name that this store did not give does not exist."""
        return self._path(name).open("rb")

    def find(self, name: str) -> Path:
        """Where the file is, for who sends it in parts; FileNotFoundError if it is not there."""
        path = self._path(name)
        if not path.is_file():
            raise FileNotFoundError(name)
        return path

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read()

    def smaller(self, name: str, most: int) -> bytes:
        """A picture in at most so many bytes, if it can be shown smaller; else its own bytes."""
        data = self.read(name)
        if len(data) <= most or not type_of(name).startswith("image/"):
            return data
        from pictures import shrunk

        for side in _SMALLER_SIDES:
            if len(data) > most:
                data = shrunk(data, side)
        return data

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def delete_older(self, name: str, age: timedelta) -> bool:
        """Removes a file unless somebody has written it anew meanwhile."""
        with suppress(FileNotFoundError):
            path = self._path(name)
            if path.stat().st_mtime < self._disk_time() - age.total_seconds():
                path.unlink()
                return True
        return False

    def older_than(self, age: timedelta) -> Iterator[str]:
        """Names of files that nobody has written for so long, by the disk's own clock."""
        limit = self._disk_time() - age.total_seconds()
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < limit and _NAME.fullmatch(path.name):
                    yield path.name

    def drop_unfinished(self, age: timedelta) -> int:
        """Removes what a killed process had begun to write; answers how many (R-012)."""
        limit, dropped = self._disk_time() - age.total_seconds(), 0
        for path in self._folder.glob("[0-9a-f][0-9a-f]/.part-*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()
                    dropped += 1
        return dropped

    def _disk_time(self) -> float:
        """Ages are compared on one clock: the one that stamps the files."""
        with tempfile.NamedTemporaryFile(prefix=".now-", dir=self._folder) as file:
            return os.fstat(file.fileno()).st_mtime

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError("no such media")
        return self._folder / name[:2] / name

    def _write(self, name: str, data: bytes) -> None:
        path = self._path(name)
        with suppress(FileNotFoundError):
            os.utime(path)  # young again: the sweep of orphans must not take it before its row
            return  # it is there, and complete: it was renamed into place
        path.parent.mkdir(exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".part-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        _sync_folder(self._folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
