"""Real PostgreSQL and Redis for tests and benches: in a temporary folder, gone afterwards.

    with postgres() as server:  # quick: nothing is flushed to the disk
        engine = create_engine(server.create("desk"))
    with postgres(durable=True, tcp=True) as server:  # flushed as in production; on loopback
        server.crash()
        server.start()
    with redis() as server:
        client = Redis.from_url(server.url)

As root, PostgreSQL runs as `postgres` or `nobody`, for it refuses to run as root.
A pytest run shares one of each between its workers: `SharedServers`, see tests/conftest.py.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from filelock import FileLock
from psycopg import sql

from tools import binaries

LOOPBACK = "127.0.0.1"
STARTS_WITHIN = 60.0  # seconds, on a machine that is busy with other tests
# A Unix socket's path holds 107 bytes; deep temporary folders leave no room for its name.
LONGEST_TEMPORARY_FOLDER = 40

_RUN_FOLDERS = "itdesk-run-"
_POSTGRES_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_POSTGRES_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_REDIS_DURABLE = ["--appendonly", "yes", "--appendfsync", "always"]
_REDIS_QUICK = ["--appendonly", "no", "--save", ""]


class ServerError(Exception):
    """A server that did not start or stop, with the end of what it said."""


@dataclass(frozen=True)
class PostgresServer:
    """One cluster in one folder; all fields are plain, so that workers can hand it on."""

    folder: str
    bin: str
    account: str | None  # whom it runs as when we are root
    port: int
    tcp: bool

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database in this cluster."""
        if self.tcp:
            return f"postgresql+psycopg://postgres@{LOOPBACK}:{self.port}/{database}"
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port={self.port}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another one; answers its address.

        Files are copied as they are: with many tables that takes a fifth of the time.
        """
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._execute(statement.format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._execute(statement.format(sql.Identifier(database)))

    def start(self) -> None:
        """Start, or start again after `stop` or `crash`."""
        self._pg_ctl("start", "-l", f"{self.folder}/log")

    def stop(self) -> None:
        """In good order, with everything checkpointed."""
        self._pg_ctl("stop", "-m", "fast")

    def crash(self) -> None:
        """At once: connections are cut, and the next start recovers from the log."""
        self._pg_ctl("stop", "-m", "immediate")

    def _execute(self, statement: sql.Composed) -> None:
        host = LOOPBACK if self.tcp else self.folder
        address = f"host={host} port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        waits = ["-w", "-t", str(int(STARTS_WITHIN)), "-D", f"{self.folder}/data"]
        program = f"{self.bin}/pg_ctl"
        _run([program, action, *waits, *arguments], Path(self.folder), self.account)


@dataclass(frozen=True)
class RedisServer:
    """One Redis in one folder, reached over its Unix socket or over TCP on loopback."""

    folder: str
    program: str
    port: int
    durable: bool

    @property
    def url(self) -> str:
        """The address over TCP; another database is another number at the end."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    @property
    def socket_url(self) -> str:
        return f"unix://{self.folder}/redis.sock?db=0"

    def start(self) -> None:
        """Start, or start again after `stop` or `crash`; answers when it answers."""
        command = [
            *(self.program, "--port", str(self.port), "--bind", LOOPBACK),
            *("--unixsocket", f"{self.folder}/redis.sock", "--dir", self.folder),
            *("--daemonize", "yes", "--pidfile", f"{self.folder}/pid"),
            *("--logfile", f"{self.folder}/log"),
            *(_REDIS_DURABLE if self.durable else _REDIS_QUICK),
        ]
        _run(command, Path(self.folder), None)
        _wait_until(self._is_up, Path(self.folder))

    def stop(self) -> None:
        """In good order."""
        self._signal(signal.SIGTERM)

    def crash(self) -> None:
        """At once, as by the kernel."""
        self._signal(signal.SIGKILL)

    def _is_up(self) -> bool:
        """It listens before it has read its data and written its process id; all are needed."""
        return _pongs(self.port) and self._pid() is not None

    def _pid(self) -> int | None:
        note = Path(self.folder) / "pid"
        text = note.read_text() if note.exists() else ""
        return int(text) if text.endswith("\n") else None

    def _signal(self, number: signal.Signals) -> None:
        pid = self._pid()
        if pid is None:  # a test may have stopped it already
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        _wait_until(lambda: not _is_running(pid), Path(self.folder))
        (Path(self.folder) / "pid").unlink(missing_ok=True)


@contextmanager
def postgres(*, durable: bool = False, tcp: bool = False) -> Iterator[PostgresServer]:
    """A cluster of one's own; `durable` flushes as in production, `tcp` listens on loopback."""
    with _temporary_folder() as folder:
        server = start_postgres(folder, durable=durable, tcp=tcp)
        try:
            yield server
        finally:
            with suppress(ServerError):  # a test may have left it stopped
                server.crash()


@contextmanager
def redis(*, durable: bool = False) -> Iterator[RedisServer]:
    """A Redis of one's own; `durable` writes every command to the disk before it answers."""
    with _temporary_folder() as folder:
        server = start_redis(folder, durable=durable)
        try:
            yield server
        finally:
            server.crash()


def start_postgres(folder: Path, *, durable: bool, tcp: bool) -> PostgresServer:
    """Make and start a cluster in an empty folder."""
    account = _account()
    if account:
        shutil.chown(folder, account)
    server = PostgresServer(
        folder=str(folder),
        bin=str(_bin_for(account, folder)),
        account=account,
        port=_free_port(),
        tcp=tcp,
    )
    _initialise(server, _POSTGRES_DURABLE if durable else _POSTGRES_QUICK)
    server.start()
    return server


def _initialise(server: PostgresServer, flushing: dict[str, str]) -> None:
    folder = Path(server.folder)
    kind = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run([f"{server.bin}/initdb", *kind, "-D", f"{folder}/data"], folder, server.account)
    settings = flushing | {
        "listen_addresses": LOOPBACK if server.tcp else "",
        "unix_socket_directories": server.folder,
        "port": str(server.port),
        "max_connections": "200",
    }
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.writelines(f"{key} = '{value}'\n" for key, value in settings.items())


def start_redis(folder: Path, *, durable: bool) -> RedisServer:
    """Start a Redis in an empty folder."""
    program = str(binaries.redis().server)
    server = RedisServer(str(folder), program, _free_port(), durable)
    server.start()
    return server


class SharedServers:
    """One PostgreSQL and one Redis for all workers of a pytest run, each started on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._notes = folder / "servers"

    @classmethod
    def begin(cls) -> "SharedServers":
        """Make the run's folder, and clear away what a killed run has left."""
        _clear_dead_runs()
        folder = Path(tempfile.mkdtemp(prefix=f"{_RUN_FOLDERS}{os.getpid()}-", dir=_short_temp()))
        folder.chmod(0o711)  # the account that PostgreSQL runs as must pass through
        (folder / "servers").mkdir()
        return cls(folder)

    def lock(self, name: str) -> FileLock:
        """Held by one worker at a time."""
        return FileLock(self.folder / f"{name}.lock", timeout=2 * STARTS_WITHIN)

    def postgres(self) -> PostgresServer:
        def start(folder: Path) -> PostgresServer:
            return start_postgres(folder, durable=False, tcp=False)

        return PostgresServer(**self._shared("postgres", start))

    def redis(self) -> RedisServer:
        def start(folder: Path) -> RedisServer:
            return start_redis(folder, durable=False)

        return RedisServer(**self._shared("redis", start))

    def end(self) -> None:
        """Stop what was started, and leave no file behind."""
        for note in self._notes.glob("*.json"):
            fields = json.loads(note.read_text())
            server = PostgresServer(**fields) if "bin" in fields else RedisServer(**fields)
            with suppress(ServerError):
                server.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _shared(self, name: str, start: Any) -> dict[str, Any]:
        note = self._notes / f"{name}.json"
        with self.lock(name):
            if not note.exists():
                home = self.folder / name
                home.mkdir()
                note.write_text(json.dumps(asdict(start(home))))
        fields: dict[str, Any] = json.loads(note.read_text())
        return fields


def _clear_dead_runs() -> None:
    for folder in Path(_short_temp()).glob(f"{_RUN_FOLDERS}*"):
        owner = folder.name.removeprefix(_RUN_FOLDERS).partition("-")[0]
        is_ours = folder.stat().st_uid == os.getuid()
        if is_ours and owner.isdigit() and not _is_running(int(owner)):
            SharedServers(folder).end()


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="itdesk-", dir=_short_temp()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short_temp() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual) <= LONGEST_TEMPORARY_FOLDER else "/tmp"


def _account() -> str | None:
    """Who runs PostgreSQL when we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _bin_for(account: str | None, folder: Path) -> Path:
    """PostgreSQL's programs, copied if that account cannot read them where they are."""
    found = binaries.postgres().bin
    if account is None or _can_start(found, account):
        return found
    return _copy_of(found.parent, folder / "server") / "bin"


def _copy_of(home: Path, folder: Path) -> Path:
    """A copy of PostgreSQL's folder, and beside it the libraries that pip's one looks for there."""
    package = home.parent
    copy = folder / package.name / home.name
    shutil.copytree(home, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copy


def _can_start(folder: Path, account: str) -> bool:
    command = [str(folder / "postgres"), "--version"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, **_as_account(account))
    except PermissionError:
        return False
    return done.returncode == 0


def _run(command: list[str], folder: Path, account: str | None) -> None:
    """Run to the end; output goes to a file, because a daemon would keep a pipe open."""
    said = folder / "said"
    with said.open("w") as output:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            **_as_account(account),
        )
    if done.returncode:
        raise ServerError(f"{' '.join(command[:2])}: {_tail(said)} {_tail(folder / 'log')}")


def _as_account(account: str | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}


def _tail(file: Path) -> str:
    if not file.exists():
        return ""
    return " / ".join(file.read_text(errors="replace").splitlines()[-5:])


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _pongs(port: int) -> bool:
    """Whether Redis takes orders by now: while it reads its data it refuses them."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def _wait_until(condition: Callable[[], bool], folder: Path) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN
    while not condition():
        if time.monotonic() > give_up_at:
            raise ServerError(f"waited in vain for {folder.name}: {_tail(folder / 'log')}")
        time.sleep(0.005)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
