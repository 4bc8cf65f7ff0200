"""SQLite without flushing, in the tests' own processes: no test cuts the power, and all wait.

Programs that a test starts flush as in production.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from models import database


@contextmanager
def unflushed() -> Iterator[None]:
    make = database._sqlite_engine

    def made(url: str, **options: Any) -> Engine:
        engine = make(url, **options)
        event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA synchronous=OFF"))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_sqlite_engine", made)
        yield
