"""WeChat's API is down under load: callbacks are answered in time, notices come after (P3, P6).

`ITDESK_OUTAGE_SECONDS=600` makes it the ten minutes of a release; the gate takes some seconds.
"""

import os
import re
import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from domain.sentence import Say
from models import Notice, NoticeState, Person
from services import notices
from tests.e2e.test_outages import BUDGET, errors, slowest
from tests.faults.people import CHEN, LIN, WU, ZHAO, ZHOU

SECONDS = float(os.environ.get("ITDESK_OUTAGE_SECONDS", "12"))
WITHIN = 120.0 + SECONDS  # for everything to arrive afterwards
CALLBACKS_EVERY = 0.12  # seconds
NOTICES_EVERY = max(0.5, SECONDS / 240)  # seconds; hundreds for each person in ten minutes
PEOPLE = (LIN, ZHAO, ZHOU, WU, CHEN)
MARK = re.compile(r"N\d{5}N")


class Load:
    """People who go on talking, and a desk that goes on telling them things."""

    def __init__(self, world):
        self.world = world
        self.pushes = []
        self.told: dict[str, list[str]] = {each.openid: [] for each in PEOPLE}
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._talk, daemon=True),
            threading.Thread(target=self._tell, daemon=True),
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _talk(self):
        turn = 0
        while not self._over.wait(CALLBACKS_EVERY):
            self.pushes.append(self.world.begins_to_say(PEOPLE[turn % len(PEOPLE)], "帮助"))
            turn += 1

    def _tell(self):
        number = 0
        while not self._over.wait(NOTICES_EVERY):
            for somebody in PEOPLE:
                number += 1
                self._queue(somebody, f"N{number:05d}N")

    def _queue(self, somebody, mark):
        say = Say("notice.progress", {"number": "IT1", "engineer": "周工", "words": mark})
        with self.world.database.transaction() as session:
            person_id = session.scalar(select(Person.id).where(Person.openid == somebody.openid))
            notices.queue(session, [notices.row(person_id, say, datetime.now(UTC))])
        self.told[somebody.openid].append(mark)


def seen(world, somebody):
    """The marks on somebody's phone, in the order in which they came."""
    texts = [each.get("text", "") for each in world.chat(somebody) if each["from"] != "person"]
    return [mark for text in texts for mark in MARK.findall(text)]


@pytest.mark.timeout(SECONDS + 2 * WITHIN)
@pytest.mark.parametrize("kind", ["close", "html502", "latency"])
def test_p3_p6_the_api_is_down_and_everything_arrives_afterwards_in_order(sqlite_world, kind):
    world = sqlite_world
    for somebody in PEOPLE:
        world.says(somebody, "帮助")
    fault = {"path": "*", "kind": kind}
    if kind == "latency":
        fault["seconds"] = 8.0  # past every time-out

    with Load(world) as load:
        world.sandbox.rules(api_faults=[fault])
        threading.Event().wait(SECONDS)
        world.sandbox.rules(api_faults=[])
    for push in load.pushes:
        world.fate(push)
    arrive(world, load)

    assert slowest(world) < BUDGET and errors(world) == []
    for somebody in PEOPLE:
        marks = seen(world, somebody)
        first = list(dict.fromkeys(marks))
        assert first == load.told[somebody.openid], somebody.name
        assert len(marks) - len(first) <= 1, "more than one copy of what was under way"


def arrive(world, load):
    """People go on saying something, as people do; that opens their windows again."""
    ends = time.monotonic() + WITHIN
    while any(len(set(seen(world, each))) < len(load.told[each.openid]) for each in PEOPLE):
        missing = world.rows(
            lambda session: list(
                session.execute(
                    select(Notice.id, Notice.state, Notice.tries).where(
                        Notice.state != NoticeState.DELIVERED
                    )
                )
            )
        )
        assert time.monotonic() < ends, missing[:5]
        for somebody in PEOPLE:
            world.says(somebody, "帮助")
        threading.Event().wait(0.5)
