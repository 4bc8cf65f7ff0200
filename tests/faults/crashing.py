"""Kills the server once or twice while a story is told, and looks at what is left."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.lifecycle import Action
from models import Activity, Notice, Person, Rating, Ticket
from tests.faults.invariants import Rows
from tests.faults.phones import OUTAGE
from tests.faults.stage import Stage, stage
from tests.faults.story import REPORTS, Plot, Story

KILLED_AT_MOST = 2
FIRST_GUESS = 1.5  # seconds that a story takes, until one was measured

HITS = {
    "inbox.before_insert": 12,
    "inbox.inserted": 12,
    "turn.before_commit": 12,
    "turn.after_commit": 12,
    "webhook.replied": 12,
    "spool.written": 1,
    "spool.synced": 1,
    "replay.after_commit": 1,
    "worker.claimed": 3,
    "worker.request_sent": 4,
    "worker.answered": 4,
    "deadline.claimed": 1,
    "deadline.acted": 1,
    "media.written": 1,
}
"""How often every story comes past each place, at least."""


@dataclass(frozen=True)
class Outcome:
    """What a serial run comes to as well (P2): without times, ids and late replies."""

    tickets: tuple[tuple[object, ...], ...]
    timelines: tuple[tuple[str, tuple[Action, ...]], ...]
    ratings: tuple[tuple[object, ...], ...]
    notices: tuple[tuple[str, tuple[str, ...]], ...]


def outcome_of(stage: Stage) -> Outcome:
    rows = Rows(stage.database)
    names = {person.id: person.name for person in rows.of(Person)}
    requesters = {ticket.id: names[ticket.requester_id] for ticket in rows.of(Ticket)}
    timelines: dict[str, list[Action]] = defaultdict(list)
    for line in rows.of(Activity):
        timelines[requesters[line.ticket_id]].append(line.action)
    told: dict[str, list[str]] = defaultdict(list)
    for notice in rows.of(Notice):
        if notice.text_key != "late.reply":
            told[names[notice.recipient_id]].append(
                f"{notice.text_key} {requesters.get(notice.ticket_id, '')}"
            )
    return Outcome(
        tuple(
            sorted(
                (names[each.requester_id], each.status, names[each.assignee_id], each.priority)
                for each in rows.of(Ticket)
            )
        ),
        tuple(sorted((name, tuple(lines)) for name, lines in timelines.items())),
        tuple((requesters[each.ticket_id], each.speed, each.result) for each in rows.of(Rating)),
        tuple(sorted((name, tuple(sorted(keys))) for name, keys in told.items())),
    )


class Crashes:
    """Runs on one engine; each is replayed by its seed."""

    def __init__(self, databases: object, folder: Path) -> None:
        self._databases = databases
        self._folder = folder
        self._serial: dict[bool, Outcome] = {}
        self._takes = FIRST_GUESS
        self._runs = 0
        self.deaths = 0

    def at_failpoint(self, name: str, seed: int) -> None:
        """Killed where the failpoint is, the n-th time that the story comes past it."""
        dice = random.Random(f"{name} {seed}")
        plot, nth = Plot.of(dice), dice.randint(1, HITS[name])
        with self._stage() as stage:
            stage.server.start(name, nth)
            Story(stage, plot).tell()
            self._judge(stage, plot, f"{name}:{nth} {seed}")
            assert stage.server.deaths == 1, f"{name}:{nth} killed nobody, seed {seed}"

    def at_random(self, seed: int) -> None:
        """Killed once or twice at any moment, the drain included."""
        dice = random.Random(f"random {seed}")
        plot = Plot.of(dice)
        moments = [dice.random() for _ in range(dice.randint(1, KILLED_AT_MOST))]
        self.serial(plot)  # also says how long a story takes
        with self._stage() as stage:
            stage.server.start()
            killers = [threading.Timer(each * self._takes, stage.server.kill) for each in moments]
            for killer in killers:
                killer.start()
            Story(stage, plot).tell()
            for killer in killers:
                killer.join()
            self._judge(stage, plot, f"random {seed}")

    def serial(self, plot: Plot) -> Outcome:
        """What comes of the story when nobody is killed."""
        if plot.is_reassigned not in self._serial:
            with self._stage() as stage:
                stage.server.start()
                stage.server.be_up()
                began = time.monotonic()
                Story(stage, plot).tell()
                stage.drain()
                self._takes = time.monotonic() - began
                stage.check(len(REPORTS), "serial")
                assert stage.server.deaths == 0
                self._serial[plot.is_reassigned] = outcome_of(stage)
        return self._serial[plot.is_reassigned]

    def _judge(self, stage: Stage, plot: Plot, seed: str) -> None:
        stage.drain()
        stage.check(len(REPORTS), seed)
        _check_replies(stage, seed)
        self.deaths += stage.server.deaths
        outcome = outcome_of(stage)
        assert outcome == self.serial(plot), f"seed {seed}"

    @contextmanager
    def _stage(self) -> Iterator[Stage]:
        self._runs += 1
        with (
            self._databases.migrated() as url,  # type: ignore[attr-defined]
            stage(url, self._folder / str(self._runs)) as made,
        ):
            yield made


def _check_replies(stage: Stage, seed: str) -> None:
    """Each delivery of a message that was answered with words got the same ones."""
    for key, texts in stage.phones.log.replies.items():
        said = {text for text in texts if text and OUTAGE not in text}
        assert len(said) <= 1, f"seed {seed}: {key} was answered differently: {said}"
