"""A training: asked for, claimed by one process, run apart, kept as a candidate (F6)."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.refusals import Refusal
from domain.understanding import Truth
from models import Database, OfficeSetting, StoredReading, table_of
from nlp.intents import WITH_CATEGORY, Intent
from nlp.lessons import Lesson
from services.readings import apart, live, models
from services.readings.preview import packed

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

KEY = "learning.training"
"""Of the row that says how the training stands; one row, so one training at a time."""

TAKES_AT_MOST = timedelta(minutes=15)
"""After that whoever was at it has died, and another may begin."""

_MOST_LESSONS = 20_000  # the newest; three times the corpus
_MODULE = "nlp.learning"

_rows = table_of(StoredReading)
_OF_URGENCY = (Truth.CORRECTED, Truth.LABELLED)
_CATEGORIES_OF = tuple(sorted(str(intent) for intent in WITH_CATEGORY))


class TrainingUnderWay(Refusal):
    """One at a time."""

    text_key = "reading.refusal.under_way"


@dataclass(frozen=True, slots=True)
class Progress:
    """How the last training stands, or stood."""

    state: str = "none"  # asked, running, done, failed
    at: datetime | None = None  # since when
    stage: str = ""
    by_id: int | None = None
    note: str = ""
    model_id: int | None = None
    is_weekly: bool = False

    def is_under_way(self, now: datetime) -> bool:
        is_open = self.state in ("asked", "running")
        return is_open and self.at is not None and now - self.at < TAKES_AT_MOST

    def to_json(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "at": self.at.isoformat() if self.at else None,
        }


_PLAIN = ("state", "stage", "by_id", "note", "model_id", "is_weekly")


def progress(session: Session) -> Progress:
    """By the row's key."""
    row = session.get(OfficeSetting, KEY, populate_existing=True)
    return _read(row.value) if row else Progress()


def _read(kept: Mapping[str, Any]) -> Progress:
    at = datetime.fromisoformat(kept["at"]) if kept.get("at") else None
    return Progress(at=at, **{name: kept[name] for name in _PLAIN if name in kept})


def ask(desk: "Desk", note: str = "") -> None:
    """Whoever keeps the clock begins within seconds; TrainingUnderWay if somebody asked before."""
    demand(desk.actor.roles, Permission.READING_MANAGE)
    _begin(desk.session, Progress("asked", desk.now, by_id=desk.actor.id, note=note[:200]))


def ask_weekly(session: Session, now: datetime) -> None:
    _begin(session, Progress("asked", now, is_weekly=True))


def _begin(session: Session, wanted: Progress) -> None:
    assert wanted.at is not None
    row = session.get(OfficeSetting, KEY, with_for_update=True, populate_existing=True)
    if row is not None and _read(row.value).is_under_way(wanted.at):
        raise TrainingUnderWay()
    _write(session, row, wanted)


def _write(session: Session, row: OfficeSetting | None, stands: Progress) -> None:
    assert stands.at is not None
    if row is None:
        row = OfficeSetting(key=KEY)
        session.add(row)
    row.value, row.changed_at = stands.to_json(), stands.at
    row.changed_by_id = stands.by_id
    session.flush()


def claim(database: Database, now: datetime) -> Progress | None:
    """What was asked for, now this process's to do; None if another one has it."""
    with database.transaction() as session:
        row = session.get(OfficeSetting, KEY, with_for_update=True, populate_existing=True)
        if row is None or _read(row.value).state != "asked":
            return None
        claimed = replace(_read(row.value), state="running", at=now)
        _write(session, row, claimed)
        return claimed


# --- the work ----------------------------------------------------------------------------------


def train(
    database: Database,
    clock: Callable[[], datetime],
    claimed: Progress,
    stopped: threading.Event | None = None,
) -> int | None:
    """The candidate that came of it; None if it failed, which the row says then."""
    with database.reading() as session:
        job = job_of(session)

    def said(stage: str) -> None:
        with database.transaction() as session:
            row = session.get(OfficeSetting, KEY, with_for_update=True)
            _write(session, row, replace(claimed, stage=stage))

    try:
        within = TAKES_AT_MOST.total_seconds()
        learnt = apart.work(_MODULE, job, within=within, on_stage=said, stopped=stopped)
    except apart.Failed as error:
        log.error("training_failed why=%s", error)
        _ended(database, replace(claimed, state="failed", at=clock(), stage=""))
        return None
    with database.transaction() as session:
        model_id = models.keep(session, learnt, by_id=claimed.by_id, note=claimed.note, now=clock())
        row = session.get(OfficeSetting, KEY, with_for_update=True, populate_existing=True)
        _write(session, row, replace(claimed, state="done", at=clock(), model_id=model_id))
    log.info("training_done model=%s lessons=%d", model_id, len(job["lessons"]))
    return model_id


def train_here(database: Database, clock: Callable[[], datetime], note: str) -> int | None:
    """From the command line: asked for and begun at once; TrainingUnderWay beside another."""
    with database.transaction() as session:
        _begin(session, Progress("asked", clock(), note=note[:200]))
    claimed = claim(database, clock())
    if claimed is None:
        raise TrainingUnderWay()
    return train(database, clock, claimed)


def _ended(database: Database, stands: Progress) -> None:
    with database.transaction() as session:
        row = session.get(OfficeSetting, KEY, with_for_update=True, populate_existing=True)
        _write(session, row, stands)


def job_of(session: Session) -> dict[str, Any]:
    """All that a training depends on, in an order that is always the same."""
    stands = live.standing(session)
    return {
        "lessons": [each.to_json() for each in lessons_of(session)],
        "own": [list(row) for row in stands.words],
        "old": packed(session, stands.model_id),
    }


def lessons_of(session: Session) -> list[Lesson]:
    """What there is to learn, the oldest first; by ix_readings_truth_truth_at."""
    wanted = or_(*(_rows.c.truth == truth for truth in Truth))
    newest = (
        select(_rows)
        .where(wanted, ~_rows.c.is_left_out, _rows.c.true_intent.is_not(None))
        .order_by(_rows.c.id.desc())
        .limit(_MOST_LESSONS)
    )
    return [_lesson(row) for row in reversed(session.execute(newest).all())]


def counted(session: Session) -> dict[Truth, int]:
    """How many sentences there are to learn from, by who said what they are."""
    rows = session.execute(
        select(_rows.c.truth, func.count())
        .where(_rows.c.truth.is_not(None), ~_rows.c.is_left_out)
        .group_by(_rows.c.truth)
    )
    return {row[0]: row[1] for row in rows}


def _lesson(row: Any) -> Lesson:
    has_category = row.true_intent in _CATEGORIES_OF and row.true_category is not None
    has_urgency = row.truth in _OF_URGENCY and row.true_intent == Intent.REPORT
    return Lesson(
        row.text,
        row.true_intent,
        row.true_category.value if has_category else None,
        row.true_urgency.value if has_urgency and row.true_urgency else None,
        row.truth,
        min(row.intent_confidence, row.category_confidence),
    )
