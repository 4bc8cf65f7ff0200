"""Databases for tests: as new for each test, copied from a template with the tables in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config

from tests.emptying import Reusable
from tests.servers import PostgresServer, SharedServers

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations"
_numbers = count(1)


def migrate(url: str, revision: str = "head") -> None:
    """Lay the tables as an operator does: by the migrations, up to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, revision)


class SqliteDatabases:
    """SQLite files: the template is migrated once for each worker, then copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The address of a file that does not exist yet."""
        yield _sqlite_url(self._next())

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a database with all tables and no rows."""
        if not self._template.exists():
            migrate(_sqlite_url(self._template))
        yield _sqlite_url(Path(shutil.copy(self._template, self._next())))

    def _next(self) -> Path:
        return self._folder / f"desk{next(_numbers)}.sqlite"


class PostgresDatabases:
    """Databases of the run's PostgreSQL: the template is migrated once for all workers.

    One that a test is done with is emptied and given to the next.
    """

    def __init__(self, shared: SharedServers, worker: str, template: str = "desk_template") -> None:
        self._shared = shared
        self._worker = worker
        self._template = template
        self._idle: list[Reusable] = []

    @property
    def server(self) -> PostgresServer:
        return self._shared.postgres()

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The address of a database with nothing in it."""
        yield from self._database(template="template0")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a database with all tables and no rows."""
        self._make_template()
        found = self._idle.pop() if self._idle else self._another()
        try:
            yield found.url
        finally:
            if found.empty():
                self._idle.append(found)
            else:
                self.server.drop(found.name)

    def _another(self) -> Reusable:
        name = f"desk_{self._worker}_{next(_numbers)}"
        return Reusable.begin(name, self.server.create(name, template=self._template))

    def _database(self, template: str) -> Iterator[str]:
        server, name = self.server, f"desk_{self._worker}_{next(_numbers)}"
        try:
            yield server.create(name, template=template)
        finally:
            server.drop(name)

    def _make_template(self) -> None:
        done = self._shared.folder / f"{self._template}.done"
        with self._shared.lock(self._template):
            if not done.exists():
                self.server.drop(self._template)  # a worker may have died half-way
                migrate(self.server.create(self._template))
                done.touch()


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"
