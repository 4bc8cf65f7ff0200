"""Sentences read once for a process, not for each desk that a test makes: there are thousands.

A file that was changed is read again.
"""

from pathlib import Path
from typing import Any

import texts

_read = texts._tree_of
_kept: dict[Path, tuple[tuple[int, int], dict[str, str]]] = {}


def read_once() -> None:
    """From now on in this process."""
    vars(texts)["_tree_of"] = _sentences_of


def _sentences_of(file: Path) -> Any:
    """The file's sentences by their whole keys, which is a tree of one level."""
    if not file.is_file():
        return _read(file)  # it says what is wrong
    state = file.stat().st_mtime_ns, file.stat().st_size
    if file not in _kept or _kept[file][0] != state:
        _kept[file] = state, dict(texts._leaves(_read(file)))
    return _kept[file][1]
