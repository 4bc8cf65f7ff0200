"""`run.py clock` as an operator starts it: beside servers that keep no clock, and a second one."""

import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlalchemy import func, select, update

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action
from models import Activity, Deadline, Notice, Ticket
from services import notices
from tests.e2e import story
from tests.faults.people import CHEN, ZHOU
from tests.programs import program

ENDS_WITHIN = 15.0  # seconds
LATER = timedelta(seconds=2)  # eight ticks of a clock

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def world(world):
    """Its server leaves the deadlines to others."""
    world.server.stop()
    settings = yaml.safe_load(world.server.config.read_text(encoding="utf-8"))
    settings["server"] = {"keeps_clock": False}
    world.server.config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    world.server.start()
    return world


@contextmanager
def clock(world):
    """Running, until it is asked to stop; its exit code is looked at."""
    log = world.folder / "clock.log"
    running = program("run.py", "clock", "--config", str(world.server.config), log=log)
    try:
        assert running.stdout.readline() == "clock ready\n", log.read_text(encoding="utf-8")
        yield running
        running.send_signal(signal.SIGTERM)
        assert running.wait(ENDS_WITHIN) == 0, log.read_text(encoding="utf-8")
        assert running.stdout.read() == "clock stops\n"
    finally:
        running.close()


def let_be_due(world, number):
    """The engineer's five minutes are over; answers the ticket's id."""
    with world.database.transaction() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
        session.execute(
            update(Deadline)
            .where(Deadline.ticket_id == ticket_id, Deadline.kind == DeadlineKind.ANSWER_REMINDER)
            .values(due_at=datetime.now(UTC))
        )
    return ticket_id


def count(world, statement):
    return world.rows(lambda session: session.scalar(statement))


def test_deadlines_ring_in_the_clocks_alone_and_once_beside_a_second_one(world):
    """R-074: a process of its own, any number of them."""
    told = story.report(world)
    ticket_id = let_be_due(world, told.number)
    reminded = select(func.count()).where(
        Activity.ticket_id == ticket_id, Activity.action == Action.REMIND
    )
    with world.database.transaction() as session:
        later = datetime.now(UTC) + LATER
        notices.tell_desk(
            session,
            "notice.nobody_free",
            later,
            known={"number": told.number, "symptom": "卡纸", "place": "三楼"},
        )
    world.is_told(CHEN, told.short, "没有人能接")
    assert count(world, reminded) == 0, "a server whose server.keeps_clock is false rang"

    with clock(world), clock(world):
        world.is_told(ZHOU, told.short, "还在等您接单")

    assert count(world, reminded) == 1
    key = "notice.answer_reminder"
    assert count(world, select(func.count()).where(Notice.text_key == key)) == 1


def test_ctrl_c_ends_a_clock_that_has_nothing_to_do_as_well(sqlite_world):
    sqlite_world.server.stop()

    with clock(sqlite_world) as running:
        running.send_signal(signal.SIGINT)
        assert running.wait(ENDS_WITHIN) == 0
