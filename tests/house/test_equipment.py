"""The tests' own equipment: servers that start, databases that are fresh, a guarded network."""

import os
import socket
import subprocess
from pathlib import Path

import pytest
import requests
from redis import Redis
from sqlalchemy import create_engine, inspect, text

from tests import databases
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.network import Guard, OutsideNetwork, is_local
from tests.servers import SharedServers, _copy_of, postgres, redis
from tools import binaries

OUTSIDE = "192.0.2.1"  # an address that belongs to nobody, by RFC 5737


def _tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_bare_database_is_of_the_engine_that_the_test_is_named_for(
    bare_database_url, engine_name
):
    assert bare_database_url.startswith(engine_name)
    assert _tables(bare_database_url) == []


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(bare_database_url, turn):
    assert _tables(bare_database_url) == []

    _execute(bare_database_url, "CREATE TABLE left_behind (id INTEGER)")

    assert _tables(bare_database_url) == ["left_behind"]


ENVIRONMENT = """
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""
REVISION = """
from alembic import op
from sqlalchemy import Column, Integer

revision, down_revision = "1", None

def upgrade():
    op.create_table("tickets", Column("id", Integer, primary_key=True))
"""


@pytest.fixture
def sample_migrations(tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    (folder / "script.py.mako").touch()
    (folder / "versions" / "first.py").write_text(REVISION)
    monkeypatch.setattr(databases, "MIGRATIONS", folder)


@pytest.mark.usefixtures("sample_migrations")
def test_a_migrated_database_holds_the_tables_and_no_rows(engine_name, request, tmp_path):
    made = (
        SqliteDatabases(tmp_path)
        if engine_name == "sqlite"
        else PostgresDatabases(
            request.getfixturevalue("shared_servers"), "sample", f"sample_{os.getpid()}"
        )
    )

    for _ in range(2):
        with made.migrated() as url:
            assert set(_tables(url)) == {"tickets", "alembic_version"}
            _execute(url, "INSERT INTO tickets (id) VALUES (1)")  # a second one would clash


def test_a_database_whose_tables_were_changed_is_not_used_again(postgres_databases):
    with postgres_databases.migrated() as url:
        _execute(url, "CREATE TABLE left_behind (id INTEGER)")

    with postgres_databases.migrated() as again:
        assert again != url and "left_behind" not in _tables(again)


def test_a_used_database_counts_from_one_and_keeps_what_migrations_put_in(postgres_databases):
    def marks(url):
        engine = create_engine(url)
        with engine.begin() as connection:
            rows = connection.execute(text("SELECT name, activity_id FROM search_marks")).all()
            adds = "INSERT INTO teams (name) VALUES ('网络组') RETURNING id"
            added = connection.scalar(text(adds))
        engine.dispose()
        return rows, added

    with postgres_databases.migrated() as url:
        first = marks(url)
        _execute(url, "UPDATE search_marks SET activity_id = 7")
    with postgres_databases.migrated() as again:
        assert again == url and marks(again) == first == ([("tickets", 0)], 1)


def test_what_was_committed_survives_a_crash_of_a_durable_postgresql():
    with postgres(durable=True, tcp=True) as server:
        url = server.create("desk")
        _execute(url, "CREATE TABLE kept (id INTEGER)")

        server.crash()
        server.start()

        assert _tables(url) == ["kept"]


def test_a_durable_postgresql_flushes_and_a_quick_one_does_not(postgres_server):
    def fsync(url: str) -> str:
        engine = create_engine(url)
        with engine.connect() as connection:
            value: str = connection.scalar(text("SHOW fsync"))
        engine.dispose()
        return value

    with postgres(durable=True) as durable:
        assert fsync(durable.url("postgres")) == "on"
    assert fsync(postgres_server.url("postgres")) == "off"


def test_postgresql_from_pip_runs_from_a_copy_as_well(tmp_path):
    bundled = binaries._bundled_postgres()[0].bin.parent

    copy = _copy_of(bundled, tmp_path)

    said = subprocess.run([copy / "bin" / "initdb", "--version"], check=True, capture_output=True)
    assert b"PostgreSQL" in said.stdout
    assert tmp_path in copy.parents


def test_a_server_leaves_nothing_behind():
    with postgres() as server, redis() as store:
        folders = [Path(server.folder), Path(store.folder)]
        assert all(folder.is_dir() for folder in folders)

    assert not any(folder.exists() for folder in folders)


def test_what_a_durable_redis_was_told_survives_a_crash():
    with redis(durable=True) as server:
        with Redis.from_url(server.url) as client:
            client.set("token", "kept")

        server.crash()
        server.start()

        with Redis.from_url(server.socket_url) as client:
            assert client.get("token") == b"kept"


def test_the_shared_redis_answers(redis_server):
    with Redis.from_url(redis_server.url) as client:
        assert client.ping()


def test_a_run_that_was_killed_is_cleared_away_by_the_next_one(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.servers._short_temp", lambda: str(tmp_path))
    never_a_process = 2**31 - 1
    left = tmp_path / f"itdesk-run-{never_a_process}-x"
    (left / "servers").mkdir(parents=True)

    SharedServers.begin().end()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost", b"localhost", ""])
def test_this_machine_may_be_reached(host):
    assert is_local(host)


@pytest.mark.parametrize("host", [OUTSIDE, "10.0.0.1", "2001:db8::1", "api.weixin.qq.com"])
def test_no_other_machine_may_be_reached(host):
    assert not is_local(host)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda _: socket.create_connection((OUTSIDE, 80), timeout=1),
        lambda plain: plain.connect((OUTSIDE, 80)),
        lambda plain: plain.connect_ex((OUTSIDE, 80)),
        lambda plain: plain.sendto(b"", (OUTSIDE, 53)),
        lambda _: socket.getaddrinfo("api.weixin.qq.com", 443),
        lambda _: requests.get(f"http://{OUTSIDE}/", timeout=1),
    ],
    ids=["create_connection", "connect", "connect_ex", "sendto", "getaddrinfo", "requests"],
)
def test_each_way_out_is_closed_and_remembered(attempt, stays_on_this_machine: Guard):
    with socket.socket() as plain, pytest.raises(OutsideNetwork):
        attempt(plain)

    assert stays_on_this_machine.attempts
    stays_on_this_machine.attempts.clear()


def test_an_attempt_that_the_code_hid_fails_its_test(pytester):
    pytester.makeconftest("from tests.conftest import _guarded_sockets, stays_on_this_machine")
    pytester.makepyfile(
        f"""
        import contextlib, socket

        def test_hides_it():
            with contextlib.suppress(Exception):
                socket.create_connection(("{OUTSIDE}", 80), timeout=1)
        """
    )

    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:xdist")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*this test tried to reach {OUTSIDE}"])
