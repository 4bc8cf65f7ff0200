"""What a test holds of a running server: its clock, and whether its database answers."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SKIPPED = struct.Struct("<d")
_AWAY, _PORT, _SIZE = 8, 12, 16


class Control:
    """A page of memory that the test writes and the server process reads."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_SIZE))
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), _SIZE)

    def now(self) -> datetime:
        """The one time of test and server."""
        return datetime.now(UTC) + timedelta(seconds=self._skipped)

    def turn_to(self, at: datetime) -> None:
        _SKIPPED.pack_into(self._page, 0, (at - datetime.now(UTC)).total_seconds())

    def advance(self, duration: timedelta) -> None:
        _SKIPPED.pack_into(self._page, 0, self._skipped + duration.total_seconds())

    @property
    def _skipped(self) -> float:
        skipped: float = _SKIPPED.unpack_from(self._page, 0)[0]
        return skipped

    @property
    def is_database_away(self) -> bool:
        return self._page[_AWAY] == 1

    @is_database_away.setter
    def is_database_away(self, is_away: bool) -> None:
        self._page[_AWAY] = int(is_away)

    @property
    def port(self) -> int:
        """Where the server listens; 0 while it does not yet."""
        return int.from_bytes(self._page[_PORT:_SIZE], "little")

    @port.setter
    def port(self, port: int) -> None:
        self._page[_PORT:_SIZE] = port.to_bytes(4, "little")
