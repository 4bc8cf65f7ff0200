"""A program that forks servers, and runs that kill them, on each engine."""

import pytest

from tests.faults.crashing import Crashes
from tests.faults.servers import forge as running_forge


@pytest.fixture(scope="session")
def forge(tmp_path_factory):
    with running_forge(tmp_path_factory.mktemp("forge")) as made:
        yield made


@pytest.fixture(scope="session")
def crashes_on(request, forge, tmp_path_factory):
    """Killing runs by engine; what a serial run comes to is found out once for each."""
    made: dict[str, Crashes] = {}

    def on(engine_name):
        if engine_name not in made:
            fixture = "sqlite_databases" if engine_name == "sqlite" else "postgres_databases"
            databases = request.getfixturevalue(fixture)
            folder = tmp_path_factory.mktemp(f"crash-{engine_name}")
            made[engine_name] = Crashes(forge, databases, folder)
        return made[engine_name]

    return on


@pytest.fixture
def crashes(crashes_on, engine_name):
    return crashes_on(engine_name)
