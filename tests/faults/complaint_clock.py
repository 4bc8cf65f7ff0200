"""A clock of complaints that rings until nothing is due; tests/programs.py starts it."""

import sys
from datetime import datetime

import logs
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from jobs.timetable import Timetable
from models import Database
from services.desk import Rules


def main(url: str, at: str) -> None:
    logs.set_up("ERROR")
    rules, now = Rules(Targets(), ServiceHours.round_the_clock()), datetime.fromisoformat(at)
    timetable = Timetable(Database(url), rules, lambda: now, lambda: None)
    while timetable.ring_complaints():
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
