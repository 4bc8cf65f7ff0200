"""Whom a ticket could go to: scores part by part, load, skills, reach, and why not (F8, E)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain import dispatch
from domain.category import Category
from domain.dispatch import Candidate, Score
from domain.lifecycle import Action
from domain.sentence import Say
from models import Activity, Ticket
from services import dispatching

if TYPE_CHECKING:
    from services.desk import Desk

_NOT_THERE = ("leave", "off_duty", "unreachable")


@dataclass(frozen=True, slots=True)
class Option:
    """One engineer, as dispatch sees them for this ticket."""

    id: int
    name: str
    phone: str | None
    score: Score | None  # None: left out
    why_not: str | None
    open_tickets: int
    skills: tuple[Category, ...]
    areas: tuple[str, ...]
    level: int
    is_on_duty: bool
    is_reachable: bool
    is_first: bool  # dispatch's own choice: no reason is asked
    has_it: bool

    @property
    def is_there(self) -> bool:
        """Beyond skill or load somebody may be asked, but not who is not there."""
        return self.why_not not in _NOT_THERE


@dataclass(frozen=True, slots=True)
class Panel:
    """All of them, the best first, and why the last one was chosen."""

    options: tuple[Option, ...]
    most: int  # open tickets that one engineer is given
    receipt: tuple[Say, ...]
    reason: str | None  # that the desk gave for the last choice


def panel(desk: "Desk", ticket: Ticket) -> Panel:
    found, rows = dispatching.candidates(desk.session, ticket.requester_id, desk.now)
    job = dispatching.job_of(ticket, dispatching.gave_back(desk.session, ticket))
    most = desk.rules.max_open_tickets
    others = [each for each in found if each.id != ticket.assignee_id]
    receipt = dispatch.choose(job, others, most)
    scores = {score.engineer_id: score for score in receipt.scores}
    places = {engineer_id: place for place, engineer_id in enumerate(scores)}
    options = [
        Option(
            id=each.id,
            name=each.name,
            phone=rows[each.id].phone or rows[each.id].extension,
            score=scores.get(each.id),
            why_not=_why_not(job, each, most),
            open_tickets=each.open_tickets,
            skills=_skills(each),
            areas=tuple(sorted(each.areas)),
            level=each.level,
            is_on_duty=each.is_on_duty,
            is_reachable=each.is_reachable,
            is_first=each.id == receipt.chosen,
            has_it=each.id == ticket.assignee_id,
        )
        for each in found
    ]
    options.sort(key=lambda each: (places.get(each.id, len(found)), not each.is_there, each.id))
    lines, reason = _last_receipt(desk, ticket)
    return Panel(tuple(options), most, lines, reason)


def _why_not(job: dispatch.Job, candidate: Candidate, most: int) -> str | None:
    return dispatch.why_not(job, candidate, most)


def _skills(candidate: Candidate) -> tuple[Category, ...]:
    return tuple(sorted(Category(each) for each in candidate.skills))


def _last_receipt(desk: "Desk", ticket: Ticket) -> tuple[tuple[Say, ...], str | None]:
    detail = desk.session.scalar(
        select(Activity.detail)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN]),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    )
    scores: Sequence[dict[str, int]] = ((detail or {}).get("receipt") or {}).get("scores", ())
    lines = tuple(
        Say("receipt.line", {k: v for k, v in score.items() if k != "engineer_id"})
        for score in scores[:3]
    )
    return lines, (detail or {}).get("reason")
