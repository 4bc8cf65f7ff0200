"""A server's part in webhooks, until nothing is left to be told; tests/programs.py starts it."""

import sys
from datetime import datetime

import logs
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from domain.webhooks import WebhookRules
from jobs.webhooks import Webhooks
from models import Database
from services.desk import Rules

NAME = "oa.example.com"
"""The receiver's, which stands for this machine."""

OF_EVENTS = {
    "event.kept": 1,
    "event.claimed": 4,
    "event.sent": 4,
    "event.answered": 4,
    "event.settled": 4,
}
"""Where it is killed, and the how-manieth time that it comes past there."""


def rules() -> Rules:
    webhooks = WebhookRules(inside_hosts=(NAME,))
    return Rules(Targets(), ServiceHours.round_the_clock(), webhooks=webhooks)


def main(url: str, at: str, key: str) -> None:
    logs.set_up("ERROR")
    now = datetime.fromisoformat(at)
    database = Database(url)
    job = Webhooks(
        database, rules(), lambda: now, key.encode(), lambda: None, lambda *_: ["127.0.0.1"]
    )
    job.follow()
    while job.send() == 0.0:
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
