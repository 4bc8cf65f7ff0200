"""The floors answer what they must, and floor 2 keeps each message once."""

import sqlite3
from contextlib import closing

import psycopg
import pytest

from bench import load
from bench.account import openid
from bench.by_hand import keeper
from bench.callbacks import callback
from bench.figures import figures
from bench.servers import DoesNotStart, serving
from bench.turns import echoes

PEOPLE = 24


def callbacks():
    return [callback(openid(number), f"{number} 号打印机卡纸") for number in range(PEOPLE)]


def loaded(port, asked, connections=8):
    return load.run(port, [each.request for each in asked], connections, seconds=10)


def rows(url, statement):
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(statement).fetchall()


@pytest.mark.parametrize(("number", "expects"), [(0, None), (1, echoes)])
def test_a_floor_answers_everybody(number, expects, tmp_path):
    asked = callbacks()
    with serving("floor", ["-m", "bench.floors", str(number)], tmp_path) as server:
        found = figures("floor", loaded(server.port, asked), asked, expects)

        assert found.answered == PEOPLE
        assert server.memory() > 1


def test_floor_2_keeps_what_it_echoes_and_a_repeated_message_once(bare_database_url, tmp_path):
    asked = callbacks()
    floor = ["-m", "bench.floors", "2", "--database", bare_database_url]
    with serving("floor", floor, tmp_path) as server:
        figures("floor", loaded(server.port, asked), asked, echoes)
        figures("repeated", loaded(server.port, asked), asked, echoes)

    texts = {(each.text,) for each in asked}
    assert set(rows(bare_database_url, "SELECT text FROM inbox")) == texts
    assert set(rows(bare_database_url, "SELECT text FROM outbox")) == texts
    assert rows(bare_database_url, "SELECT count(*) FROM outbox") == [(PEOPLE,)]


def test_a_conversation_is_changed_by_each_of_its_messages(bare_database_url):
    kept = keeper(bare_database_url, connections=1)
    for key in ("m:1", "m:2", "m:2"):
        kept.keep(openid(1), key, f"text of {key}", "2026-11-24T02:00:00+00:00")

    assert rows(bare_database_url, "SELECT turns, draft FROM conversations") == [(2, "text of m:2")]
    kept.close()


def test_the_server_that_does_not_start_says_why(tmp_path):
    starting = serving("floor", ["-m", "bench.floors", "2"], tmp_path)

    with pytest.raises(DoesNotStart, match="floor 2 needs --database"), starting:
        pass
