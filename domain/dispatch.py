"""Who gets a ticket: skill, area, level, workload, turn (F8), with a receipt that explains it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.category import Category
from domain.priority import Priority

SKILL_POINTS = 40
GENERALIST_POINTS = 10
AREA_POINTS = 25
LEVEL_POINTS = 5
KNOWS_POINTS = 8
LOAD_POINTS = -12
IDLE_POINTS = 1
"""Points a fact is worth: the desk's weighing of 规范4, where it can be read and argued with."""

PRIORITY_WEIGHT = {Priority.URGENT: 3, Priority.HIGH: 2, Priority.NORMAL: 1}
"""How much of an engineer's day a ticket of this priority takes, against an ordinary one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engineer as dispatch sees them."""

    id: int
    name: str
    skills: frozenset[str]
    areas: frozenset[str]
    level: int
    open_tickets: int
    workload: int
    is_on_duty: bool
    is_reachable: bool
    last_assigned_at: datetime | None
    knows_requester: bool = False
    is_away: bool = False  # on leave that was granted


@dataclass(frozen=True, slots=True)
class Job:
    """What dispatch must know of a ticket."""

    category: Category | None
    place: str
    priority: Priority
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Score:
    """One candidate's points, part by part."""

    engineer_id: int
    name: str
    total: int
    skill: int
    area: int
    level: int
    load: int
    knows: int
    turn: int

    def as_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Why this engineer: the ranking, and who was left out for what."""

    chosen: int | None
    scores: tuple[Score, ...]
    left_out: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, object]:
        return {
            "chosen": self.chosen,
            "scores": [score.as_dict() for score in self.scores[:5]],
            "left_out": [list(pair) for pair in self.left_out[:10]],
        }


def choose(job: Job, candidates: Iterable[Candidate], max_open: int) -> Receipt:
    """The best engineer for the job, or nobody; ties go to who waited longest for work."""
    fit: list[Candidate] = []
    left_out: list[tuple[str, str]] = []
    for candidate in candidates:
        reason = why_not(job, candidate, max_open)
        if reason is None:
            fit.append(candidate)
        else:
            left_out.append((candidate.name, reason))
    turn = _turns(fit)
    scores = sorted(
        (_score(job, candidate, turn[candidate.id]) for candidate in fit),
        key=lambda score: (-score.total, score.engineer_id),
    )
    return Receipt(scores[0].engineer_id if scores else None, tuple(scores), tuple(left_out))


def why_not(job: Job, candidate: Candidate, max_open: int) -> str | None:
    """The word for why a candidate cannot take the job, None if they can."""
    if candidate.id in job.excluded:
        return "declined"
    if candidate.is_away:
        return "leave"
    if not candidate.is_on_duty:
        return "off_duty"
    if not candidate.is_reachable:
        return "unreachable"
    if candidate.open_tickets >= max_open:
        return "full"
    if candidate.skills and not _has_skill(job, candidate):
        return "skill"
    return None


def _has_skill(job: Job, candidate: Candidate) -> bool:
    if job.category is None or job.category is Category.OTHER:
        return True
    return job.category.value in candidate.skills


def _turns(fit: list[Candidate]) -> dict[int, int]:
    """A point for each colleague who was given work later: who waited longest has most."""
    order = sorted(fit, key=lambda c: (c.last_assigned_at is not None, c.last_assigned_at, c.id))
    return {c.id: (len(order) - 1 - place) * IDLE_POINTS for place, c in enumerate(order)}


def _score(job: Job, candidate: Candidate, turn: int) -> Score:
    skilled = job.category is not None and job.category.value in candidate.skills
    skill = SKILL_POINTS if skilled else GENERALIST_POINTS
    area = AREA_POINTS if any(name and name in job.place for name in candidate.areas) else 0
    level = LEVEL_POINTS * candidate.level if job.priority is Priority.URGENT else 0
    load = LOAD_POINTS * candidate.workload
    knows = KNOWS_POINTS if candidate.knows_requester else 0
    total = skill + area + level + load + knows + turn
    return Score(candidate.id, candidate.name, total, skill, area, level, load, knows, turn)
