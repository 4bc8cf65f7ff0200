"""A clock that ticks until it is killed; tests/programs.py starts it.

Its batches are small, so that there are many moments to die.
"""

import sys
import time
from datetime import datetime, timedelta

import logs
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from jobs.timetable import Timetable
from models import Database
from services import ringing
from services.desk import Rules

MANY = 1_000_000  # tickets that one engineer may have
BATCH = 4  # tickets of one transaction
LIVES_AT_MOST = 20.0  # seconds; a clock that a test forgot


def main(url: str, at: str) -> None:
    logs.set_up("ERROR")
    ringing.BATCH = BATCH
    rules = Rules(Targets(), ServiceHours.round_the_clock(), max_open_tickets=MANY)
    began = time.monotonic()

    def clock() -> datetime:
        return datetime.fromisoformat(at) + timedelta(seconds=time.monotonic() - began)

    timetable = Timetable(Database(url), rules, clock, lambda: None)
    while time.monotonic() < began + LIVES_AT_MOST:
        if not timetable.tick():
            time.sleep(0.001)


if __name__ == "__main__":
    main(*sys.argv[1:])
