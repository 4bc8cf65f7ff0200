"""The folder in which a run's state is found again: a snapshot, the chats, the media files."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sandbox.state import Bubble, State


class Storage:
    """Files that are whole or absent; chats are only ever added to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._snapshot = folder / "state.json"
        self._chats = folder / "chats.jsonl"
        self.media = folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self._journal = self._chats.open("a", encoding="utf-8")

    def load(self) -> State:
        if not self._snapshot.exists():
            return State()
        return State.model_validate_json(self._snapshot.read_bytes())

    def bubbles(self) -> Iterator[Bubble]:
        """What was said, oldest first; a line cut by a crash is left out."""
        with self._chats.open(encoding="utf-8") as lines:
            for line in lines:
                if line.endswith("\n"):
                    yield Bubble.model_validate(json.loads(line))

    def save(self, state: State) -> None:
        part = self._snapshot.with_suffix(".part")
        part.write_text(state.model_dump_json(), encoding="utf-8")
        os.replace(part, self._snapshot)

    def add(self, bubble: Bubble) -> None:
        line = bubble.model_dump_json(by_alias=True, exclude_none=True)
        self._journal.write(line + "\n")
        self._journal.flush()

    def forget(self) -> None:
        """Leaves the folder as a first run finds it."""
        self._journal.close()
        self._chats.unlink(missing_ok=True)
        self._snapshot.unlink(missing_ok=True)
        shutil.rmtree(self.media, ignore_errors=True)
        self.media.mkdir()
        self._journal = self._chats.open("a", encoding="utf-8")

    def close(self) -> None:
        self._journal.close()
