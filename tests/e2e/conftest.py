"""`world`: a sandbox and a server on free ports, with a migrated database; on each engine.

`sqlite_world` is the same on SQLite alone; `make_world(url)` one on any database. A server's port,
its log and `run.py` are `world.server`; the platform's rules and faults are `world.sandbox`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import Database
from tests.e2e.processes import Server, running_sandbox
from tests.e2e.world import World
from tests.faults import people
from tests.sandbox.live import Live


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path


@pytest.fixture
def sandbox(folder) -> Iterator[Live]:
    with running_sandbox(folder) as live:
        yield live


@pytest.fixture
def make_world(folder, sandbox) -> Iterator[Callable[[str], World]]:
    with ExitStack() as stack:

        def make(url: str) -> World:
            database = Database(url)
            stack.callback(database.dispose)
            people.seed(database, datetime.now(UTC))
            server = Server(folder, url, sandbox.url)
            stack.callback(server.kill)
            sandbox.rules(callback_url=server.callback_url)
            server.start()
            return World(sandbox, server, database, folder)

        yield make


@pytest.fixture
def world(make_world, database_url) -> World:
    made: World = make_world(database_url)
    return made


@pytest.fixture
def server(world) -> Server:
    made: Server = world.server
    return made


@pytest.fixture
def sqlite_world(make_world, sqlite_databases) -> Iterator[World]:
    with sqlite_databases.migrated() as url:
        yield make_world(url)
