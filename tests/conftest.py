"""What every test may use.

bare_database_url    an address with nothing behind it yet; the test runs on each engine
database_url         the same with all tables (by the migrations) and no rows; on each engine
database_left_by     `database_left_by(make)`: a copy of what `make(url)` left, made once
postgres_url         PostgreSQL only: a database of this worker's own, bare, kept for its session
postgres_server      the run's PostgreSQL: `create(name)`, `drop(name)`, `url(name)`
redis_server         the run's Redis: `url`; shared, so give keys a prefix of the test's own
browser              Chromium: `executable`, `environment` (tools/binaries.py)

A test that cuts or kills a server starts its own: `postgres()` and `redis()` in tests/servers.py.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import Make, PostgresDatabases, SqliteDatabases
from tests.network import Guard
from tests.servers import PostgresServer, RedisServer, SharedServers
from tests.statements import compiled_once
from tests.unflushed import unflushed
from tools import binaries

pytest_plugins = ["pytester", "tests.beginning"]

ENGINES = ("sqlite", "postgresql")
RUN_FOLDER = "ITDESK_TEST_RUN"  # handed to the workers by their environment

# The same examples in each run: a failure is found again by running again.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")

_guard = Guard()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = str(SharedServers.begin().folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and RUN_FOLDER in os.environ:
        SharedServers(Path(os.environ.pop(RUN_FOLDER))).end()


@pytest.fixture(scope="session")
def shared_servers() -> SharedServers:
    return SharedServers(Path(os.environ[RUN_FOLDER]))


@pytest.fixture(scope="session")
def postgres_server(shared_servers: SharedServers) -> PostgresServer:
    return shared_servers.postgres()


@pytest.fixture(scope="session")
def redis_server(shared_servers: SharedServers) -> RedisServer:
    return shared_servers.redis()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(shared_servers: SharedServers) -> PostgresDatabases:
    return PostgresDatabases(shared_servers, os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session")
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    with postgres_databases.bare() as url:
        yield url


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def bare_database_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with _databases(engine_name, request).bare() as url:
        yield url


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with _databases(engine_name, request).migrated() as url:
        yield url


@pytest.fixture
def database_left_by(
    engine_name: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[Make], str]]:
    with ExitStack() as stack:

        def left_by(make: Make) -> str:
            name = f"{make.__module__.rpartition('.')[2]}_{make.__name__}"
            return stack.enter_context(_databases(engine_name, request).left_by(make, name))

        yield left_by


def _databases(
    engine_name: str, request: pytest.FixtureRequest
) -> SqliteDatabases | PostgresDatabases:
    """Asked for by name, so that a test on SQLite alone starts no server."""
    fixture = "sqlite_databases" if engine_name == "sqlite" else "postgres_databases"
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(fixture)
    return databases


@pytest.fixture(scope="session")
def browser() -> binaries.Browser:
    return binaries.browser()


@pytest.fixture(scope="session", autouse=True)
def _quick_databases() -> Iterator[None]:
    with compiled_once(), unflushed():
        yield


@pytest.fixture(scope="session", autouse=True)
def _guarded_sockets() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guard.connects(getattr(socket.socket, name)))
        patch.setattr(socket.socket, "sendto", _guard.sends(socket.socket.sendto))
        patch.setattr(socket, "getaddrinfo", _guard.resolves(socket.getaddrinfo))
        yield


@pytest.fixture(autouse=True)
def stays_on_this_machine(_guarded_sockets: None) -> Iterator[Guard]:
    """Fails a test that tried to reach any other machine, even if the code hid the attempt."""
    _guard.attempts.clear()
    yield _guard
    attempts = sorted(set(_guard.attempts))
    _guard.attempts.clear()
    if attempts:
        pytest.fail(f"this test tried to reach {', '.join(attempts)}")
