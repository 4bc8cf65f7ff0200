"""A program that forks servers, and runs that kill them, on each engine."""

import pytest

from tests.faults.crashing import Crashes
from tests.faults.servers import forge as running_forge


@pytest.fixture(scope="session")
def forge(tmp_path_factory):
    with running_forge(tmp_path_factory.mktemp("forge")) as made:
        yield made


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crashes(request, forge, tmp_path_factory):
    """Killing runs on one engine; what a serial run comes to is found out once."""
    fixture = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    databases = request.getfixturevalue(fixture)
    return Crashes(forge, databases, tmp_path_factory.mktemp(f"crash-{request.param}"))
