"""The log of every API call and every callback attempt, newest last."""

from collections import deque
from typing import Any, Literal

from pydantic import BaseModel

KEPT = 20_000  # entries
_TEXT_LIMIT = 4_000  # characters of a body
_WORDS_LIMIT = 60


class Entry(BaseModel):
    """One call or one attempt."""

    id: int
    at: float
    direction: Literal["api", "callback", "note"]
    method: str = ""
    path: str = ""
    openid: str = ""
    what: str = ""  # the kind of message, or the command
    words: str = ""  # the beginning of what was said
    status: int | None = None
    errcode: int | None = None
    ms: float = 0
    attempt: int | None = None
    push_id: int | None = None
    outcome: str = ""
    request: str = ""
    answer: str = ""


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._last = 0

    @property
    def last(self) -> int:
        return self._last

    def add(self, **values: Any) -> Entry:
        self._last += 1
        for name in ("request", "answer"):
            values[name] = str(values.get(name, ""))[:_TEXT_LIMIT]
        values["words"] = str(values.get("words") or "")[:_WORDS_LIMIT]
        entry = Entry(id=self._last, **values)
        self._entries.append(entry)
        return entry

    def since(self, after: int, limit: int) -> list[Entry]:
        """The entries after this one; at most the newest `limit`."""
        found: list[Entry] = []
        for entry in reversed(self._entries):
            if entry.id <= after or len(found) == limit:
                break
            found.append(entry)
        return found[::-1]

    def find(self, entry_id: int) -> Entry | None:
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def clear(self) -> None:
        self._entries.clear()
