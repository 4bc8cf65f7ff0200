"""The databases that are measured: as durable as an operator's, in a folder that is thrown away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import postgres

KINDS = ("sqlite", "postgresql")

Create = Callable[[str], str]
"""Makes an empty database of this name; answers its address."""


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Create]:
    if kind == "sqlite":
        yield lambda name: f"sqlite:///{folder / name}.sqlite"
        return
    with postgres(durable=True) as server:
        yield server.create
