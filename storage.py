"""Keeps what people sent: types by content, photos without their metadata, names by checksum."""

import hashlib
import io
import os
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000  # pixels; a 1 × 40,000,000 picture is an attack, not a photo

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/speex": "spx",
    "video/mp4": "mp4",
}
_BY_FORMAT = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_READABLE = (*_BY_FORMAT, "BMP")
_PREFIX_OF = {"image": "image/", "voice": "audio/", "video": "video/", "shortvideo": "video/"}
_NAME = re.compile(r"[0-9a-f]{64}\.(?:" + "|".join(_EXTENSIONS.values()) + r")")
_JPEG_QUALITY = 88


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

    def save(self, data: bytes, kind: str) -> Saved:
        """`data` as one file; the same bytes are the same file."""
        content_type = sniff(data)
        if content_type is None or not content_type.startswith(_PREFIX_OF.get(kind, "?")):
            raise MediaRefused("wrong_type" if data else "empty")
        if kind == "image":
            data, content_type = _redrawn(data)
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest}.{_EXTENSIONS[content_type]}"
        self._write(name, data)
        return Saved(name, digest, len(data), content_type)

    def open(self, name: str) -> BinaryIO:
        """The file; a name that this store did not give does not exist."""
        return self._path(name).open("rb")

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError("no such media")
        return self._folder / name[:2] / name

    def _write(self, name: str, data: bytes) -> None:
        path = self._path(name)
        if path.exists():
            return  # renamed into place only when complete
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


def _redrawn(data: bytes) -> tuple[bytes, str]:
    """The picture drawn anew: no place, no camera, no thumbnail, nothing behind its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _redraw(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaRefused("too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, ArithmeticError):
        # Pillow's decoders let all of these through on broken files.
        raise MediaRefused("broken_image") from None


def _redraw(data: bytes) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(data), formats=_READABLE) as picture:
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
            raise MediaRefused("too_many_pixels")
        is_photo = picture.format == "JPEG"
        picture.load()  # the first frame of a moving picture
        upright = ImageOps.exif_transpose(picture)
        upright.info.clear()
        out = io.BytesIO()
        if is_photo:
            upright.convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY)
            return out.getvalue(), "image/jpeg"
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        upright.convert(mode).save(out, "PNG")
        return out.getvalue(), "image/png"
