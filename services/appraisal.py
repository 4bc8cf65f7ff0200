"""What counts for somebody in a month: ratings, upheld complaints, and answers to them (R3, C4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from domain.appraisal import (
    MOST_POINTS,
    FactKind,
    FactState,
    NotToBeAnswered,
    NotToBeDecided,
    points_of_rating,
)
from domain.commands import Command
from domain.cover import day_of, midnight
from domain.months import Month
from domain.permissions import Permission, Role, Stand, demand, may
from domain.rating import Rating as Judged
from domain.refusals import NotFound, Refusal
from domain.sentence import Fact, Word
from models import AppraisalFact, Complaint, ComplaintPerson, Person, Rating
from services import notices
from services.complaints import records

if TYPE_CHECKING:
    from services.desk import Desk

WORDS_LIMIT = 1000  # characters


class NothingSaid(Refusal):
    """An answer or a decision needs words."""

    text_key = "appraisal.refusal.nothing_said"


@dataclass(frozen=True, slots=True)
class FactView:
    """One thing that counts, as whom it concerns may read it: nobody who rated is named."""

    id: int
    person_id: int
    person: str
    kind: FactKind
    month: str
    points: int
    points_first: int
    words: str
    scores: tuple[int, int, int] | None  # of a rating
    state: FactState
    made_at: datetime
    answer_until: datetime
    answer: str | None
    answered_at: datetime | None
    decision: str | None
    decided_at: datetime | None
    may_answer: bool

    @property
    def facts(self) -> dict[str, Fact]:
        """What sentences about it speak of."""
        speed, attitude, result = self.scores or (None, None, None)
        return {
            "person": self.person,
            "kind": Word(f"appraisal.kind.{self.kind.value}"),
            "state": Word(f"appraisal.state.{self.state.value}"),
            "month": self.month,
            "points": f"{self.points:+d}",
            "words": self.words or None,
            "speed": speed,
            "attitude": attitude,
            "result": result,
            "until": self.answer_until,
            "answer": self.answer,
            "decision": self.decision,
        }


# --- facts are made ------------------------------------------------------------------------------


def count_rating(desk: "Desk", rating: Rating) -> None:
    """A rating of somebody's work counts for them; changed, it counts as it is now (F13)."""
    if rating.engineer_id is None or rating.engineer_id == rating.requester_id:
        return
    points = points_of_rating(Judged(rating.speed, rating.attitude, rating.result))
    fact = desk.session.scalar(select(AppraisalFact).where(AppraisalFact.rating_id == rating.id))
    if fact is not None:
        if fact.state is FactState.STANDS:
            fact.points = points
        return
    desk.session.add(
        AppraisalFact(
            person_id=rating.engineer_id,
            kind=FactKind.RATING,
            rating_id=rating.id,
            month=str(Month.of(rating.rated_at)),
            points=points,
            points_first=points,
            words="",
            made_at=desk.now,
            answer_until=_answer_until(desk),
        )
    )


def count_complaint(
    desk: "Desk", complaint: Complaint, person_id: int, points: int, words: str
) -> None:
    """An upheld complaint counts for whom it concerns; they are told, without who complained."""
    of_both = (AppraisalFact.complaint_id == complaint.id, AppraisalFact.person_id == person_id)
    fact = desk.session.scalar(select(AppraisalFact).where(*of_both))
    if fact is None:
        fact = AppraisalFact(
            person_id=person_id,
            kind=FactKind.COMPLAINT,
            complaint_id=complaint.id,
            month=str(Month.of(desk.now)),
            points_first=points,
            made_at=desk.now,
            made_by_id=desk.actor.id,
        )
        desk.session.add(fact)
    fact.points, fact.words, fact.state = points, words[:WORDS_LIMIT], FactState.STANDS
    fact.answer_until = _answer_until(desk)
    fact.answer = fact.answered_at = None
    fact.decision = fact.decided_at = fact.decided_by_id = None
    desk.session.flush()
    _tell(desk, fact, "appraisal_told.counted", Command.ANSWER_FACT)


def _answer_until(desk: "Desk") -> datetime:
    """To the end of a day: the minute of a rating would tell whose it was (P8)."""
    return midnight(day_of(desk.now + desk.rules.complaints.appeal_within) + timedelta(days=1))


def strike_others(desk: "Desk", complaint: Complaint, but: Collection[int]) -> None:
    """A second decision clears whom it does not name any more."""
    rows = desk.session.scalars(
        select(AppraisalFact).where(AppraisalFact.complaint_id == complaint.id)
    ).all()
    for fact in rows:
        if fact.person_id not in but and fact.state is not FactState.STRUCK:
            fact.state, fact.points = FactState.STRUCK, 0
            fact.decided_by_id, fact.decided_at = desk.actor.id, desk.now
            _tell(desk, fact, "appraisal_told.struck")


# --- answered, and decided -----------------------------------------------------------------------


def answer(desk: "Desk", fact_id: int, words: str) -> FactView:
    """Whom it concerns says their side, once and in time; the head decides."""
    fact = _permitted(desk, fact_id, Permission.APPRAISAL_ANSWER)
    words = _said(words)
    if fact.state is not FactState.STANDS or fact.answered_at or desk.now > fact.answer_until:
        raise NotToBeAnswered()
    fact.answer, fact.answered_at, fact.state = words, desk.now, FactState.ANSWERED
    for person_id in _deciders(desk, fact):
        _tell(desk, fact, "appraisal_told.answered", Command.DECIDE_FACT, to=person_id)
    return _view(desk, fact)


def _deciders(desk: "Desk", fact: AppraisalFact) -> Collection[int]:
    """Heads who have no part in it; of a complaint, whoever may decide that (C3, P8)."""
    complaint = _complaint_of(desk, fact)
    if complaint is not None:
        return [each for each in records.deciders(desk, complaint) if each != fact.person_id]
    left_out = {fact.person_id, _rated_by(desk, fact)}
    return [each for each in notices.holding(desk.session, Role.HEAD) if each not in left_out]


def _complaint_of(desk: "Desk", fact: AppraisalFact) -> Complaint | None:
    return desk.session.get(Complaint, fact.complaint_id) if fact.complaint_id else None


def _rated_by(desk: "Desk", fact: AppraisalFact) -> int | None:
    rating = desk.session.get(Rating, fact.rating_id) if fact.rating_id else None
    return rating.requester_id if rating else None


def decide(desk: "Desk", fact_id: int, points: int, words: str) -> FactView:
    """The head's word on an answer: as before, other points, or none at all (struck)."""
    fact = _permitted(desk, fact_id, Permission.APPRAISAL_DECIDE)
    words = _said(words)
    if fact.state is not FactState.ANSWERED:
        raise NotToBeDecided()
    points = max(-MOST_POINTS, min(MOST_POINTS, points))
    if points == fact.points:
        fact.state = FactState.UPHELD
    else:
        fact.state = FactState.CHANGED if points else FactState.STRUCK
    fact.points, fact.decision = points, words
    fact.decided_by_id, fact.decided_at = desk.actor.id, desk.now
    _tell(desk, fact, "appraisal_told.decided")
    return _view(desk, fact)


def _said(words: str) -> str:
    if not words.strip():
        raise NothingSaid()
    return words.strip()[:WORDS_LIMIT]


def _tell(desk: "Desk", fact: AppraisalFact, key: str, *commands: Command, to: int = 0) -> None:
    """Whom it concerns, if nobody else is named."""
    notices.tell(
        desk.session,
        to or fact.person_id,
        key,
        desk.now,
        is_urgent=True,
        buttons=tuple(notices.button(each, str(fact.id)) for each in commands),
        known=_view(desk, fact).facts,
    )


def _permitted(desk: "Desk", fact_id: int, permission: Permission) -> AppraisalFact:
    fact = desk.session.get(AppraisalFact, fact_id, with_for_update=True, populate_existing=True)
    if fact is None or not _may_read(desk, fact):
        raise NotFound()
    demand(desk.actor.roles, permission, _stand(desk, fact))
    return fact


def _may_read(desk: "Desk", fact: AppraisalFact) -> bool:
    return may(desk.actor.roles, Permission.APPRAISAL_READ, _stand(desk, fact))


def _stand(desk: "Desk", fact: AppraisalFact) -> Stand:
    is_mine = fact.person_id == desk.actor.id
    complaint = _complaint_of(desk, fact)
    if complaint is not None:
        stand = records.stand_of(desk, complaint)
        is_apart = stand.is_impartial and not is_mine
        return Stand(
            is_about_me=is_mine,
            is_impartial=is_apart,
            is_deputy=is_apart and stand.is_deputy,
        )
    is_apart = not is_mine and desk.actor.id != _rated_by(desk, fact)
    return Stand(is_about_me=is_mine, is_impartial=is_apart, is_deputy=False)


def seen_by(desk: "Desk") -> ColumnElement[bool]:
    """`_may_read` in one expression: not what a complaint counts that concerns the reader (P8)."""
    kept_from_me = exists().where(
        ComplaintPerson.complaint_id == AppraisalFact.complaint_id,
        ComplaintPerson.person_id == desk.actor.id,
    )
    mine_to_tell = exists().where(
        Complaint.id == AppraisalFact.complaint_id, Complaint.requester_id == desk.actor.id
    )
    of_nobody_else = AppraisalFact.complaint_id.is_(None)
    is_mine = AppraisalFact.person_id == desk.actor.id
    if not may(desk.actor.roles, Permission.APPRAISAL_READ, Stand(is_impartial=True)):
        return is_mine
    return or_(is_mine, of_nobody_else, and_(~kept_from_me, ~mine_to_tell))


# --- reading -------------------------------------------------------------------------------------


def mine(desk: "Desk", month: str | None = None, most: int = 50) -> tuple[FactView, ...]:
    """What counts for the actor, newest first."""
    demand(desk.actor.roles, Permission.APPRAISAL_READ, Stand(is_about_me=True))
    statement = select(AppraisalFact).where(AppraisalFact.person_id == desk.actor.id)
    return _listed(desk, statement, month, most)


def of_everybody(
    desk: "Desk", month: str | None = None, person_id: int | None = None, most: int = 200
) -> tuple[FactView, ...]:
    """For the head: what counts for whom, newest first."""
    demand(desk.actor.roles, Permission.APPRAISAL_READ, Stand(is_impartial=True))
    statement = select(AppraisalFact).where(seen_by(desk))
    if person_id is not None:
        statement = statement.where(AppraisalFact.person_id == person_id)
    return _listed(desk, statement, month, most)


def to_decide(desk: "Desk") -> tuple[FactView, ...]:
    """Answers that wait for the head, the oldest first; none that are about the actor."""
    apart = Stand(is_impartial=True, is_deputy=True)
    demand(desk.actor.roles, Permission.APPRAISAL_DECIDE, apart)
    waiting = select(AppraisalFact).where(AppraisalFact.state == FactState.ANSWERED)
    ordered = waiting.order_by(AppraisalFact.answered_at, AppraisalFact.id)
    return tuple(
        _view(desk, each)
        for each in desk.session.scalars(ordered).all()
        if may(desk.actor.roles, Permission.APPRAISAL_DECIDE, _stand(desk, each))
    )


def one(desk: "Desk", fact_id: int) -> FactView:
    """NotFound for whoever may not read it."""
    fact = desk.session.get(AppraisalFact, fact_id)
    if fact is None or not _may_read(desk, fact):
        raise NotFound()
    return _view(desk, fact)


def _listed(
    desk: "Desk", statement: Select[AppraisalFact], month: str | None, most: int
) -> tuple[FactView, ...]:
    if month is not None:
        statement = statement.where(AppraisalFact.month == month)
    ordered = statement.order_by(AppraisalFact.id.desc()).limit(most)
    return tuple(_view(desk, each) for each in desk.session.scalars(ordered).all())


def _view(desk: "Desk", fact: AppraisalFact) -> FactView:
    rating = desk.session.get(Rating, fact.rating_id) if fact.rating_id else None
    return FactView(
        id=fact.id,
        person_id=fact.person_id,
        person=desk.session.get_one(Person, fact.person_id).name or "",
        kind=fact.kind,
        month=fact.month,
        points=fact.points,
        points_first=fact.points_first,
        words=fact.words,
        scores=(rating.speed, rating.attitude, rating.result) if rating else None,
        state=fact.state,
        made_at=fact.made_at,
        answer_until=fact.answer_until,
        answer=fact.answer,
        answered_at=fact.answered_at,
        decision=fact.decision,
        decided_at=fact.decided_at,
        may_answer=fact.person_id == desk.actor.id
        and fact.state is FactState.STANDS
        and fact.answered_at is None
        and desk.now <= fact.answer_until,
    )
