"""Keeps messages on disk while the database is away, and gives them back in order (R-020, R-006).

A line is a digest, a space, and JSON. A line that a crash cut short fits no digest and is dropped:
its message was not answered, so WeChat sends it again.
"""

import base64
import hashlib
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from failpoints import hit

_DIGEST = 16  # hex characters; against torn lines, not against people


@dataclass(frozen=True, slots=True)
class Spooled:
    """One message that waits for the database."""

    openid: str
    key: str
    xml: bytes
    received_at: datetime
    end: int  # of its line in the file


class Spool:
    """One file of this server; whoever appends is answered only when the line is on the disk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "inbound.jsonl"
        self._mark = folder / "inbound.replayed"
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._keys: set[tuple[str, str]] = set()
        self._replayed = int(self._mark.read_text() or 0) if self._mark.exists() else 0
        for line in self._lines(self._replayed):
            self._waiting[line.openid] += 1
            self._keys.add((line.openid, line.key))
        self._cut_torn_end()

    def append(self, openid: str, key: str, xml: bytes, received_at: datetime) -> bool:
        """Keep a message; False if it waits here already. OSError: it is not on the disk."""
        with self._lock:
            if (openid, key) in self._keys:
                return False
            with self._file.open("ab") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(_line(openid, key, xml, received_at))
                file.flush()
                hit("spool.written")
                os.fsync(file.fileno())
                hit("spool.synced")
            self._waiting[openid] += 1
            self._keys.add((openid, key))
            return True

    def holds(self, openid: str) -> bool:
        """Whether something of this person waits: what they say now has to wait behind it."""
        return openid in self._waiting

    def __len__(self) -> int:
        return len(self._keys)

    def waiting(self) -> Iterator[Spooled]:
        """What waits, oldest first."""
        yield from self._lines(self._replayed)

    def done(self, message: Spooled) -> None:
        """This message and all before it were handled."""
        with self._lock:
            self._waiting[message.openid] -= 1
            if not self._waiting[message.openid]:
                del self._waiting[message.openid]
            self._keys.discard((message.openid, message.key))
            self._replayed = message.end
            if self._keys:
                self._write_mark()
            else:
                self._begin_anew()

    def _begin_anew(self) -> None:
        self._file.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)
        self._replayed = 0

    def _write_mark(self) -> None:
        part = self._mark.with_suffix(".part")
        part.write_text(str(self._replayed))
        os.replace(part, self._mark)

    def _lines(self, start: int) -> Iterator[Spooled]:
        if not self._file.exists():
            return
        with self._file.open("rb") as file:
            file.seek(start)
            end = start
            for line in file:
                end += len(line)
                if (message := _read(line, end)) is not None:
                    yield message

    def _cut_torn_end(self) -> None:
        """A line without its end would swallow the next one."""
        if not self._file.exists():
            return
        content = self._file.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self._file, whole)


def _line(openid: str, key: str, xml: bytes, received_at: datetime) -> bytes:
    kept = {
        "openid": openid,
        "key": key,
        "at": received_at.isoformat(),
        "xml": base64.b64encode(xml).decode(),
    }
    content = json.dumps(kept, separators=(",", ":")).encode()
    return b"%s %s\n" % (_digest(content), content)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest()[:_DIGEST].encode()


def _read(line: bytes, end: int) -> Spooled | None:
    digest, _, content = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or digest != _digest(content):
        return None
    kept = json.loads(content)
    return Spooled(
        kept["openid"],
        kept["key"],
        base64.b64decode(kept["xml"]),
        datetime.fromisoformat(kept["at"]),
        end,
    )
