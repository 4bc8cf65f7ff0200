"""What stands behind the webhook is slow or away: all are answered in time, nothing is lost."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import func, select

from models import Notice, NoticeState, Ticket
from tests.databases import migrate
from tests.e2e import story
from tests.faults.people import LIN, ZHOU
from tests.servers import postgres

BUDGET = 4500  # milliseconds (P3)
KEPT = "系统正在恢复"  # is said while the database is away
SEND = "/cgi-bin/message/custom/send"


def slowest(world):
    """The longest that the platform waited for an answer, in milliseconds."""
    return max(line["ms"] for line in world.journal("callback"))


def errors(world):
    return [line for line in world.journal("callback") if line["status"] not in (200, None)]


# --- WeChat's API (R-050, R-051, R-055) -----------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        {"path": "*", "kind": "errcode", "errcode": -1},
        {"path": "*", "kind": "html502"},
        {"path": SEND, "kind": "latency", "seconds": 1.5},
        {"path": SEND, "kind": "close"},
    ],
    ids=["busy", "bad gateway", "slow", "cut"],
)
def test_p3_r050_r051_while_the_api_is_down_the_story_goes_on_in_time(sqlite_world, fault):
    """P3, P6: replies need no API; notices come afterwards, those that are still so."""
    world = sqlite_world
    world.sandbox.rules(api_faults=[fault])

    told = story.report(world)
    story.work(world, told)
    world.sandbox.rules(api_faults=[])
    story.settle(world, told)

    assert slowest(world) < BUDGET and errors(world) == []
    story.check_once(world, told, "the API was down")
    states = world.rows(lambda session: set(session.scalars(select(Notice.state))))
    assert states <= {NoticeState.DELIVERED, NoticeState.REPLACED}


# --- the database (P3, R-020, R-023, R-028) -------------------------------------------------------


@contextmanager
def locked(url):
    """Another process has the file for itself, as a backup might."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def stopped(server, world):
    """The database's own process is gone, and comes back; so are our connections to it."""
    server.crash()
    world.database.dispose()
    try:
        yield
    finally:
        server.start()


def tell_through_an_outage(world, outage):
    """The report is confirmed while the database is away and the API slow."""
    world.sandbox.rules(api_latency=1.0)
    world.says(LIN, story.FAULT)
    world.says(LIN, story.CONTACT)
    with outage:
        assert KEPT in world.taps(LIN, "确认报修")
        assert world.says(LIN, "我的报修") == ""  # told once (P3), and kept in order
    late = world.is_told(LIN, "已受理", ZHOU.name)
    world.sandbox.rules(api_latency=0)
    found = story.NUMBER.search(late)
    assert found
    return story.Told(found.group())


def check_after(world, told):
    world.is_told(LIN, told.short, "卡纸")  # the answer to 我的报修, after the first one
    story.work(world, told)
    story.settle(world, told)
    assert slowest(world) < BUDGET and errors(world) == []
    assert world.rows(lambda session: session.scalar(select(func.count(Ticket.id)))) == 1
    story.check_once(world, told, "the database was away")


def test_p3_r028_sqlite_is_locked_by_another_and_nothing_is_lost(make_world, sqlite_databases):
    """R-020, R-028: answered from the spool, handled in order afterwards, one ticket."""
    with sqlite_databases.migrated() as url:
        world = make_world(url)

        told = tell_through_an_outage(world, locked(url))

        check_after(world, told)


def test_p3_r020_postgresql_is_gone_and_comes_back(make_world):
    """R-020, R-023, R-025: the same, with its process killed and every connection stale."""
    with postgres(durable=True) as server:
        url = server.create("desk")
        migrate(url)
        world = make_world(url)

        told = tell_through_an_outage(world, stopped(server, world))

        check_after(world, told)
        world.database.dispose()


def test_r021_started_without_its_database_it_serves_from_the_spool(make_world):
    """R-021: no start waits for a database, and nothing said meanwhile is lost."""
    with postgres(durable=True) as server:
        url = server.create("desk")
        migrate(url)
        world = make_world(url)
        world.server.kill()
        with stopped(server, world):
            world.server.start()
            assert KEPT in world.says(LIN, story.FAULT)
        world.is_told(LIN, "打印机", "三楼财务室")

        told = story.after_fault(world)

        story.work(world, told)
        world.check(1, "started without a database")
        world.database.dispose()
