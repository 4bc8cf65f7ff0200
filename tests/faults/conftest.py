"""Runs that kill servers, on each engine."""

import pytest

from tests.faults.crashing import Crashes


@pytest.fixture(scope="session")
def crashes_on(request, tmp_path_factory):
    """Killing runs by engine; what a serial run comes to is found out once for each."""
    made: dict[str, Crashes] = {}

    def on(engine_name):
        if engine_name not in made:
            fixture = "sqlite_databases" if engine_name == "sqlite" else "postgres_databases"
            databases = request.getfixturevalue(fixture)
            folder = tmp_path_factory.mktemp(f"crash-{engine_name}")
            made[engine_name] = Crashes(databases, folder)
        return made[engine_name]

    return on


@pytest.fixture
def crashes(crashes_on, engine_name):
    return crashes_on(engine_name)
