"""Styles and scripts: read and kept gzipped, each under an address with its hash (S-049)."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).resolve().parent / "static"
PREFIX = "/static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_NEEDED = "h5/vendor/weui.min.css"
_FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    """As it is sent to browsers; whoever takes no gzip has it unpacked for them (T10)."""

    zipped: bytes
    content_type: str
    mark: str  # the beginning of its hash

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.zipped)


class Assets:
    """The files that pages load; nothing else is ever served (S-049)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = dict(_read(folder))
        if _NEEDED not in self._files:
            raise FileNotFoundError(f"{folder / _NEEDED}: fetch it with `make setup`")

    def address(self, name: str) -> str:
        """Where this file is; KeyError for one that does not exist."""
        return f"{PREFIX}/{self._files[name].mark}/{name}"

    def content(self, name: str) -> bytes:
        """What stands in this file; KeyError for one that does not exist."""
        return self._files[name].plain

    def blueprint(self) -> Blueprint:
        routes = Blueprint("assets", "web")

        @routes.get(f"{PREFIX}/<mark>/<path:name>")
        def asset(mark: str, name: str) -> Response:
            file = self._files.get(name)
            if file is None:
                abort(404)
            return _answer(file, is_this_one=mark == file.mark)

        return routes


def _read(folder: Path) -> Iterator[tuple[str, _File]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _TYPES:
            plain = path.read_bytes()
            mark = hashlib.sha256(plain).hexdigest()[:12]
            name = path.relative_to(folder).as_posix()
            yield name, _File(gzip.compress(plain, 9, mtime=0), _TYPES[path.suffix], mark)


def _answer(file: _File, *, is_this_one: bool) -> Response:
    is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(file.zipped if is_zipped else file.plain, content_type=file.content_type)
    if is_zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # The page of another version asks for another hash: what there is now is better than nothing.
    response.headers["Cache-Control"] = _FOR_A_YEAR if is_this_one else "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
