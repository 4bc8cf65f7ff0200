"""A process that has imported the clock and forks one for each order; run as a program.

A forked clock ticks until it is killed, in small batches, so that there are many moments to die.
"""

import os
import signal
import sys
import time
import traceback
from datetime import datetime, timedelta

import failpoints
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


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's to collect
    logs.set_up("ERROR")
    print("forks", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_clock(*line.split())
        print(child, flush=True)


def _be_clock(url: str, at: str, failpoint: str = "", nth: str = "1") -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if failpoint:
            failpoints.arm(failpoint, int(nth))
        ringing.BATCH = BATCH
        hours = ServiceHours.round_the_clock()
        rules = Rules(Targets(), hours, max_open_tickets=MANY)
        began = time.monotonic()

        def clock() -> datetime:
            return datetime.fromisoformat(at) + timedelta(seconds=time.monotonic() - began)

        timetable = Timetable(Database(url), rules, clock, lambda: None)
        while time.monotonic() < began + LIVES_AT_MOST:
            if not timetable.tick():
                time.sleep(0.001)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
