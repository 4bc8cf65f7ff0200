"""Swaps of duties: asked of a colleague, agreed to, granted by the head, done (D1, 规范8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.duty_rules import (
    Answer,
    NoLongerAsked,
    Stint,
    clash,
    has_short_rest,
    may_work,
    swap_after,
)
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound, Refusal
from domain.roster import Asked
from domain.sentence import Button, Fact, Facts, Say, Word
from models import Duty, Person, Swap
from services import dispatching, duty_views, notices, roster
from services.duty_views import DutyView
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Desk

OPEN = (Asked.ASKED, Asked.AGREED)
OFFERED_WITHIN = timedelta(days=21)
"""Duties of a colleague that may be taken for one's own lie no farther ahead."""

REASON_LIMIT = 100  # characters; the column's


class AlreadyAsked(Refusal):
    """A swap of this duty is under way."""

    text_key = "roster_life.already_asked"


class CannotStandIn(Refusal):
    """The colleague has another duty then, is away, or does other work."""

    text_key = "roster_life.cannot_stand_in"


class DutyIsOver(Refusal):
    """What has been worked cannot be swapped."""

    text_key = "roster_life.duty_is_over"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A colleague, and why they could not take a duty over; None: they could."""

    id: int
    name: str
    why_not: str | None = None  # a word of roster_life.why_not


@dataclass(frozen=True, slots=True)
class SwapView:
    """A swap as both and the head read it."""

    id: int
    state: Asked
    duty: DutyView
    for_duty: DutyView | None
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    reason: str
    asked_at: datetime
    has_short_rest: bool = False

    @property
    def facts(self) -> dict[str, Fact]:
        """What the sentences about it speak of."""
        return {
            "from": self.from_name,
            "to": self.to_name,
            "duty": self.duty.say,
            "other": self.for_duty.say if self.for_duty else None,
            "reason": self.reason or None,
            "rest": Word("roster_life.short_rest") if self.has_short_rest else None,
        }


# --- looking -------------------------------------------------------------------------------------


def stand_ins(desk: "Desk", duty_id: int) -> tuple[StandIn, ...]:
    """Who could take this duty of the actor's over, and of the others why not."""
    duty = _own(desk, duty_id)
    # A few dozen colleagues at most: read whole, judged by the rules of the domain.
    everybody = desk.session.scalars(
        select(Person).where(Person.is_active, Person.name.is_not(None), duty_views.works_here())
    )
    able = [each for each in everybody if each.id != desk.actor.id]
    listed = [
        StandIn(each.id, each.name or "", why_not(desk.session, each, duty))
        for each in able
        if may_work(each.roles, duty.work)
    ]
    return tuple(sorted(listed, key=lambda each: (each.why_not is not None, each.id)))


def why_not(
    session: Session, person: Person, duty: Duty, given_away: int | None = None
) -> str | None:
    """Why somebody cannot take a duty over; `given_away` is theirs that goes the other way."""
    if not may_work(person.roles, duty.work):
        return "other_work"
    if person.openid is None or not person.is_following:
        return "not_in_chat"
    if _is_away(session, person.id, duty):
        return "away"
    own = _stints(session, person.id, duty, given_away)
    return "clash" if any(clash(_stint(duty), each) for each in own) else None


def _is_away(session: Session, person_id: int, duty: Duty) -> bool:
    granted = roster.leaves_between(session, duty.begins_at, duty.ends_at, [person_id])
    return any(each.state is Asked.GRANTED for each in granted)


def _stints(session: Session, person_id: int, around: Duty, but: int | None) -> list[Stint]:
    day = timedelta(days=1)
    begin, end = around.begins_at - day, around.ends_at + day
    found = roster.duties_between(session, begin, end, [person_id])
    return [_stint(each) for each in found if each.id not in (but, around.id)]


def _stint(duty: Duty) -> Stint:
    return Stint(duty.work, duty.begins_at, duty.ends_at)


def offered_for(desk: "Desk", duty_id: int, person_id: int) -> tuple[DutyView, ...]:
    """The colleague's next duties that the actor could take for this one."""
    own, me = _own(desk, duty_id), desk.session.get_one(Person, desk.actor.id)
    theirs = duty_views.coming(desk.session, person_id, desk.now)
    return tuple(
        each
        for each in theirs
        if each.begins_at > desk.now
        and each.begins_at < desk.now + OFFERED_WITHIN
        and why_not(desk.session, me, desk.session.get_one(Duty, each.id), own.id) is None
    )


def to_answer(desk: "Desk") -> tuple[SwapView, ...]:
    """What colleagues ask the actor, oldest first."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    mine = and_(Swap.state == Asked.ASKED, Swap.to_person_id == desk.actor.id)
    return _listed(desk.session, mine)


def asked_by(desk: "Desk") -> tuple[SwapView, ...]:
    """What the actor asked and nobody has decided."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    mine = and_(Swap.state.in_(OPEN), Swap.from_person_id == desk.actor.id)
    return _listed(desk.session, mine)


def to_decide(desk: "Desk") -> tuple[SwapView, ...]:
    """What both agreed on, oldest first."""
    demand(desk.actor.roles, Permission.ROSTER_DECIDE)
    return _listed(desk.session, Swap.state == Asked.AGREED)


def one(desk: "Desk", swap_id: int) -> SwapView:
    """A swap that the actor has to do with; NotFound for any other (S-042)."""
    return _view(desk.session, _found(desk, swap_id))


def _listed(session: Session, wanted: ColumnElement[bool]) -> tuple[SwapView, ...]:
    # By ix_swaps_state_asked_at.
    statement = select(Swap).where(wanted).order_by(Swap.asked_at, Swap.id).limit(50)
    return tuple(_view(session, each) for each in session.scalars(statement))


# --- asking and answering ------------------------------------------------------------------------


def ask(
    desk: "Desk", duty_id: int, to: int, for_duty_id: int | None = None, reason: str = ""
) -> SwapView:
    """Ask a colleague to take a duty, or to change it for one of theirs."""
    session = desk.session
    dispatching.decide_alone(session)
    duty, person = _own(desk, duty_id), session.get(Person, to)
    if person is None or person.id == desk.actor.id or not person.is_active:
        raise NotFound()
    if _is_under_way(session, duty.id):
        raise AlreadyAsked()
    other = _theirs(desk, for_duty_id, to) if for_duty_id is not None else None
    _check(session, desk, duty, person, other)
    swap = Swap(
        duty_id=duty.id,
        from_person_id=desk.actor.id,
        to_person_id=to,
        for_duty_id=other.id if other else None,
        reason=reason.strip()[:REASON_LIMIT],
        state=Asked.ASKED,
        asked_at=desk.now,
    )
    session.add(swap)
    session.flush()
    found = _view(session, swap)
    answers = tuple(button(each, str(swap.id)) for each in (Command.AGREE, Command.DISAGREE))
    _tell(desk, to, "roster_told.swap_asked", found, answers)
    return found


def answer(desk: "Desk", swap_id: int, *, agrees: bool) -> SwapView:
    """The colleague's word; with theirs it goes to the head, who grants it."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    swap = _locked(desk, swap_id)
    if swap.to_person_id != desk.actor.id:
        raise NotFound()
    swap.state = swap_after(swap.state, Answer.AGREE if agrees else Answer.REFUSE)
    swap.agreed_at = desk.now if agrees else None
    desk.session.flush()
    found = _view(desk.session, swap)
    if not agrees:
        _tell(desk, swap.from_person_id, "roster_told.swap_declined", found)
        return found
    if _decides(desk, swap.from_person_id):
        return _settle(desk, swap, swap.from_person_id, grants=True)
    _tell(desk, swap.from_person_id, "roster_told.swap_agreed", found)
    _ask_heads(desk, found)
    return found


def _decides(desk: "Desk", person_id: int) -> bool:
    """A head's own swap needs nobody else's word than the colleague's."""
    return Role.HEAD in desk.session.get_one(Person, person_id).roles


def decide(desk: "Desk", swap_id: int, *, grants: bool) -> SwapView:
    """The head's word; granted, the roster says so at once."""
    demand(desk.actor.roles, Permission.ROSTER_DECIDE)
    return _settle(desk, _locked(desk, swap_id), desk.actor.id, grants=grants)


def _settle(desk: "Desk", swap: Swap, by: int, *, grants: bool) -> SwapView:
    session = desk.session
    swap.state = swap_after(swap.state, Answer.GRANT if grants else Answer.REFUSE)
    swap.decided_by_id, swap.decided_at = by, desk.now
    found = _view(session, swap)
    if grants:
        dispatching.decide_alone(session)
        _exchange(desk, swap)
    session.flush()
    key = "roster_told.swap_granted" if grants else "roster_told.swap_refused"
    for person_id in (swap.from_person_id, swap.to_person_id):
        if person_id != desk.actor.id or person_id == swap.from_person_id:
            _tell(desk, person_id, key, found)
    return found


def withdraw(desk: "Desk", swap_id: int) -> SwapView:
    """Taken back by who asked, as long as it is not decided."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    swap = _locked(desk, swap_id)
    if swap.from_person_id != desk.actor.id:
        raise NotFound()
    swap.state = swap_after(swap.state, Answer.WITHDRAW)
    swap.decided_at = desk.now
    found = _view(desk.session, swap)
    _tell(desk, swap.to_person_id, "roster_told.swap_withdrawn", found)
    return found


def is_to_lapse(session: Session, now: datetime) -> bool:
    """Asked without a lock."""
    return session.scalar(_to_lapse(now).limit(1)) is not None


def lapse(session: Session, now: datetime) -> int:
    """The duty began, and nobody had decided: it stays whose it is. They are told so, once."""
    statement = _to_lapse(now).with_for_update(skip_locked=True, of=Swap)
    found = list(session.scalars(statement))
    for swap in found:
        swap.state, swap.decided_at = Asked.REFUSED, now
        facts = _view(session, swap).facts
        notices.tell(
            session,
            swap.from_person_id,
            "roster_told.swap_lapsed",
            now,
            is_urgent=True,
            known=facts,
        )
    return len(found)


def _to_lapse(now: datetime) -> Select[Swap]:
    has_begun = and_(Duty.begins_at <= now, Swap.asked_at < Duty.begins_at)
    return (
        select(Swap)
        .join(Duty, Duty.id == Swap.duty_id)
        # By ix_swaps_state_asked_at: few are open at any time.
        .where(Swap.state.in_(OPEN), or_(has_begun, Duty.ends_at <= now))
    )


# --- the roster ----------------------------------------------------------------------------------


def _exchange(desk: "Desk", swap: Swap) -> None:
    """What is under way is handed over from this moment; what was worked stays as it was."""
    session, now = desk.session, desk.now
    duty = session.get_one(Duty, swap.duty_id, with_for_update=True)
    other = session.get(Duty, swap.for_duty_id, with_for_update=True) if swap.for_duty_id else None
    if duty.person_id != swap.from_person_id or (other and other.person_id != swap.to_person_id):
        raise NoLongerAsked()  # the roster was planned anew meanwhile
    _check(session, desk, duty, session.get_one(Person, swap.to_person_id), other)
    if duty.begins_at < now:
        _split(session, duty, swap.to_person_id, now)
    else:
        _give(duty, swap.to_person_id, now)
    if other is not None:
        session.flush()
        _give(other, swap.from_person_id, now)


def _give(duty: Duty, person_id: int, now: datetime) -> None:
    duty.person_id = person_id
    roster.note_change(duty, now)
    duty.reminded_at = duty.signed_in_at = duty.signed_out_at = duty.missed_at = None


def _split(session: Session, duty: Duty, to: int, now: datetime) -> None:
    session.add(
        Duty(
            person_id=to,
            shift_id=duty.shift_id,
            work=duty.work,
            position=duty.position,
            category=duty.category,
            begins_at=now,
            ends_at=duty.ends_at,
            made_by_id=duty.made_by_id,
            made_at=now,
        )
    )
    duty.ends_at = now
    roster.note_change(duty, now)


def _check(session: Session, desk: "Desk", duty: Duty, person: Person, other: Duty | None) -> None:
    if duty.ends_at <= desk.now or (other is not None and other.begins_at <= desk.now):
        raise DutyIsOver()
    why = why_not(session, person, duty, other.id if other else None)
    if why is None and other is not None:
        back = session.get_one(Person, duty.person_id)
        why, person = why_not(session, back, other, duty.id), back
    if why is not None:
        raise CannotStandIn(name=person.name, why=Word(f"roster_life.why_not.{why}"))


def _own(desk: "Desk", duty_id: int) -> Duty:
    """A duty of the actor's that is not over; NotFound for another's (S-042)."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    duty = desk.session.get(Duty, duty_id)
    if duty is None or duty.person_id != desk.actor.id:
        raise NotFound()
    if duty.ends_at <= desk.now:
        raise DutyIsOver()
    return duty


def _theirs(desk: "Desk", duty_id: int, person_id: int) -> Duty:
    duty = desk.session.get(Duty, duty_id)
    if duty is None or duty.person_id != person_id:
        raise NotFound()
    return duty


def _is_under_way(session: Session, duty_id: int) -> bool:
    # By ix_swaps_duty_id.
    asked = select(Swap.id).where(Swap.duty_id == duty_id, Swap.state.in_(OPEN))
    return session.scalar(asked.limit(1)) is not None


def _found(desk: "Desk", swap_id: int) -> Swap:
    swap = desk.session.get(Swap, swap_id)
    return _concerning(desk, swap)


def _locked(desk: "Desk", swap_id: int) -> Swap:
    swap = desk.session.get(Swap, swap_id, with_for_update=True, populate_existing=True)
    return _concerning(desk, swap)


def _concerning(desk: "Desk", swap: Swap | None) -> Swap:
    is_theirs = swap is not None and desk.actor.id in (swap.from_person_id, swap.to_person_id)
    if swap is None or not (is_theirs or desk.actor.could(Permission.ROSTER_DECIDE)):
        raise NotFound()
    return swap


def _view(session: Session, swap: Swap) -> SwapView:
    ids = [swap.duty_id, *([swap.for_duty_id] if swap.for_duty_id else [])]
    duties = duty_views.by_id(session, ids)
    names = {
        person.id: person.name or ""
        for person in session.scalars(
            select(Person).where(Person.id.in_([swap.from_person_id, swap.to_person_id]))
        )
    }
    duty = session.get_one(Duty, swap.duty_id)
    others = _stints(session, swap.to_person_id, duty, swap.for_duty_id)
    return SwapView(
        id=swap.id,
        state=swap.state,
        duty=duties[swap.duty_id],
        for_duty=duties.get(swap.for_duty_id or 0),
        from_id=swap.from_person_id,
        from_name=names[swap.from_person_id],
        to_id=swap.to_person_id,
        to_name=names[swap.to_person_id],
        reason=swap.reason,
        asked_at=swap.asked_at,
        has_short_rest=has_short_rest(duties[swap.duty_id].stint, others),
    )


# --- telling -------------------------------------------------------------------------------------


def _tell(
    desk: "Desk", person_id: int, key: str, swap: SwapView, buttons: tuple[Button, ...] = ()
) -> None:
    facts: Facts = swap.facts
    notices.tell(desk.session, person_id, key, desk.now, buttons=buttons, known=facts)


def _ask_heads(desk: "Desk", swap: SwapView) -> None:
    buttons = tuple(button(each, f"swap-{swap.id}") for each in (Command.GRANT, Command.DENY))
    for person_id in notices.holding(desk.session, Role.HEAD):
        _tell(desk, person_id, "roster_told.swap_to_decide", swap, buttons)


def line(swap: SwapView) -> Say:
    """The swap in one line."""
    return Say("roster_life.swap_line", swap.facts)
