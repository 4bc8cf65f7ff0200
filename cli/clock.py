"""`run.py clock`: keeps the deadlines in a process of its own; several may run, each rings once."""

import threading

import click

import logs
from cli.context import Desk, config_option, pass_desk
from cli.serve import check_tables, stop_on_signals
from jobs.clock_watch import ClockWatch
from jobs.timetable import Timetable
from models import Database
from services.live_rules import LiveRules
from wiring import client_of, office_of, rules_of

WAKES_EVERY = 1.0  # seconds


@click.command()
@config_option
@pass_desk
def clock(desk: Desk) -> None:
    """Keep the clocks without serving: beside servers whose server.keeps_clock is false.

    What a deadline has to tell is sent by the servers, seconds later. On SQLite one process
    writes at a time: run this beside a server only on PostgreSQL.
    """
    logs.set_up()
    check_tables(desk)
    database = Database(desk.settings.database.url)
    rules = LiveRules(rules_of(desk.settings))
    office = office_of(database, rules, desk.settings.service, desk.clock)
    client = client_of(desk.settings, database, desk.clock)
    watch = ClockWatch(desk.clock, client.platform_time)
    timetable = Timetable(database, rules, desk.clock, _nobody_to_nudge, watch)
    stop_on_signals()
    try:
        office.start()
        timetable.start()
        click.echo("clock ready")
        _wait()
    except KeyboardInterrupt:
        click.echo("clock stops")
    finally:
        timetable.stop()
        office.stop()
        database.dispose()


def _wait() -> None:
    """Until a signal; one that comes just before the waiting begins is seen soon after."""
    nothing = threading.Event()
    while True:
        nothing.wait(WAKES_EVERY)


def _nobody_to_nudge() -> None:
    """The servers' senders look for themselves, every other second."""
