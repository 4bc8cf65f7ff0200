"""Databases for tests: as new for each test, copied from a template with the tables in it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config

from tests.emptying import Reusable
from tests.servers import PostgresServer, SharedServers

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations"
_numbers = count(1)

Make = Callable[[str], None]


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

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The address of a file that does not exist yet."""
        yield _sqlite_url(self._next())

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a database with all tables and no rows."""
        with self.left_by(_migrate_a_file, "template") as url:
            yield url

    @contextmanager
    def left_by(self, make: Make, name: str) -> Iterator[str]:
        """A copy of what `make` leaves in a bare database; it is asked once for each name."""
        template = self._folder / f"{name}.sqlite"
        if not template.exists():
            begun = template.with_suffix(".begun")
            make(_sqlite_url(begun))
            begun.rename(template)
        copy = Path(shutil.copyfile(template, self._next()))
        yield _sqlite_url(copy)
        for part in ("", "-wal", "-shm"):  # thousands of them fill a disk
            Path(f"{copy}{part}").unlink(missing_ok=True)

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
        self._made: set[str] = set()

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
        self._make_template(migrate, self._template)
        found = self._idle.pop() if self._idle else self._another()
        try:
            yield found.url
        finally:
            if found.empty():
                self._idle.append(found)
            else:
                self.server.drop(found.name)

    @contextmanager
    def left_by(self, make: Make, name: str) -> Iterator[str]:
        """A copy of what `make` leaves in a bare database; it is asked once for each name."""
        self._make_template(make, name)
        yield from self._database(template=name)

    def _another(self) -> Reusable:
        name = f"desk_{self._worker}_{next(_numbers)}"
        return Reusable.begin(name, self.server.create(name, template=self._template))

    def _database(self, template: str) -> Iterator[str]:
        server, name = self.server, f"desk_{self._worker}_{next(_numbers)}"
        try:
            yield server.create(name, template=template)
        finally:
            server.drop(name)

    def _make_template(self, make: Make, name: str) -> None:
        done = self._shared.folder / f"{name}.done"
        if name in self._made:
            return
        with self._shared.lock(name):
            if not done.exists():
                self.server.drop(name)  # a worker may have died half-way
                make(self.server.create(name))
                done.touch()
        self._made.add(name)


def _migrate_a_file(url: str) -> None:
    """In the mode in which a desk keeps it: to change that takes longer than to copy it."""
    migrate(url)
    with closing(sqlite3.connect(url.partition("///")[2])) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"
