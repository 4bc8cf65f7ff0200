"""How a worker begins: what it reads first, in which order it runs, what the collector may skip."""

import gc
import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

from tests.read_once import read_once

SLOW_FIRST = (
    *("e2e/", "faults/", "web/", "security/", "sandbox/page/", "house/", "migrations/"),
    *("bot/", "services/", "cli/", "web_pages/", "handlers/"),
)
"""Folders whose files take longest: what is begun last must not keep one worker busy alone."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Each worker first reads a part of its own, and finds the others' parts compiled later on."""
    gc.disable()
    read_once()
    here = Path(__file__).parent
    places = [session.config.rootpath / each for each in session.config.args]
    if hasattr(session.config, "workerinput") and places == [here]:
        worker = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        files = sorted(here.rglob("test_*.py"))
        for file in files[worker :: int(os.environ["PYTEST_XDIST_WORKER_COUNT"])]:
            with suppress(Exception):  # collecting it tells what is wrong with it
                import_module(".".join(file.relative_to(here.parent).with_suffix("").parts))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of the slow folders come first; among each other they stay as they were shuffled."""
    items.sort(key=_slowness)


def pytest_collection_finish() -> None:
    """What is there before the first test stays: the collector need not walk through it again."""
    gc.freeze()
    gc.enable()


def _slowness(item: pytest.Item) -> int:
    path = item.path.relative_to(Path(__file__).parent).as_posix()
    found = (rank for rank, folder in enumerate(SLOW_FIRST) if path.startswith(folder))
    return next(found, len(SLOW_FIRST))
