"""Leave: asked for, granted by the head; dispatch, roster and reminders go by it (D1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.calendar import CHINA
from domain.commands import Command
from domain.duty_rules import Answer, leave_after
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound, Refusal
from domain.roster import Asked
from domain.sentence import Button, Fact, Say
from models import Duty, Engineer, Leave, Person
from services import duty_views, notices
from services.duty_views import DutyView
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Desk

OPEN = (Asked.ASKED, Asked.GRANTED)
WORDS_LIMIT = 100  # characters; of the reason, and of what the head says
SHOWN = 5  # duties in one message


class LeaveIsPast(Refusal):
    """Leave is asked for before it is over."""

    text_key = "roster_life.leave_is_past"


class LeaveAskedBefore(Refusal):
    """Another leave of theirs covers some of that time."""

    text_key = "roster_life.leave_asked_before"


@dataclass(frozen=True, slots=True)
class LeaveView:
    """A leave, and the duties that fall into it."""

    id: int
    state: Asked
    person_id: int
    name: str
    begins_at: datetime
    ends_at: datetime
    reason: str
    asked_at: datetime
    words: str | None
    duties: tuple[DutyView, ...] = ()

    @property
    def facts(self) -> dict[str, Fact]:
        """What the sentences about it speak of."""
        shown = tuple(each.say for each in self.duties[:SHOWN])
        return {
            "name": self.name,
            "when": when(self.begins_at, self.ends_at),
            "reason": self.reason or None,
            "words": self.words,
            "count": len(self.duties) or None,
            "duties": tuple(Say("roster_life.duty_line", {"duty": each}) for each in shown) or None,
        }


def when(begins_at: datetime, ends_at: datetime) -> Say:
    """One day, some days, or a part of one: from midnight to midnight it is whole days."""
    begins, ends = begins_at.astimezone(CHINA), ends_at.astimezone(CHINA)
    last = (ends - duty_views.MINUTE).date()
    facts: dict[str, Fact] = {
        "first": _day(begins.month, begins.day),
        "last": _day(last.month, last.day),
        "begins": begins_at,
        "ends": f"{ends.hour}:{ends.minute:02d}" if begins.date() == ends.date() else ends_at,
        "count": (last - begins.date()).days + 1,
    }
    return Say(f"roster_life.when.{_kind(begins, ends, is_one=last == begins.date())}", facts)


def _kind(begins: datetime, ends: datetime, *, is_one: bool) -> str:
    """Whole days, half of one, or by the clock."""
    clock = (begins.hour, begins.minute, ends.hour, ends.minute)
    if clock == (0, 0, 0, 0):
        return "day" if is_one else "days"
    halves = {(0, 0, 12, 0): "morning", (12, 0, 0, 0): "afternoon"}
    return halves.get(clock, "part") if is_one else "part"


def _day(month: int, day: int) -> Say:
    return Say("roster_life.when.date", {"month": month, "day": day})


# --- looking -------------------------------------------------------------------------------------


def mine(desk: "Desk") -> tuple[LeaveView, ...]:
    """The actor's leave that is not over, asked for or granted."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    return _listed(
        desk.session,
        # By ix_leaves_person_id_ends_at.
        Leave.person_id == desk.actor.id,
        Leave.ends_at > desk.now,
        Leave.state.in_(OPEN),
    )


def to_decide(desk: "Desk") -> tuple[LeaveView, ...]:
    """What waits for the head, the soonest first; by ix_leaves_state_begins_at."""
    demand(desk.actor.roles, Permission.ROSTER_DECIDE)
    return _listed(desk.session, Leave.state == Asked.ASKED, Leave.ends_at > desk.now)


def _listed(session: Session, *conditions: ColumnElement[bool]) -> tuple[LeaveView, ...]:
    statement = select(Leave).where(*conditions).order_by(Leave.begins_at, Leave.id).limit(50)
    return tuple(_view(session, each) for each in session.scalars(statement))


def affected(
    session: Session, person_id: int, begins_at: datetime, ends_at: datetime
) -> tuple[DutyView, ...]:
    """Duties that somebody would not be there for; by ix_duties_person_id_ends_at."""
    return duty_views.listed(
        session,
        Duty.person_id == person_id,
        Duty.ends_at > begins_at,
        Duty.begins_at < ends_at,
    )


# --- asking and deciding -------------------------------------------------------------------------


def ask(desk: "Desk", begins_at: datetime, ends_at: datetime, reason: str = "") -> LeaveView:
    """Ask for leave; a head's own is granted with it, for nobody stands above them here."""
    session = desk.session
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    if ends_at <= max(begins_at, desk.now):
        raise LeaveIsPast()
    if any(each.begins_at < ends_at and begins_at < each.ends_at for each in mine(desk)):
        raise LeaveAskedBefore()
    leave = Leave(
        person_id=desk.actor.id,
        begins_at=begins_at,
        ends_at=ends_at,
        reason=reason.strip()[:WORDS_LIMIT],
        state=Asked.ASKED,
        asked_at=desk.now,
    )
    session.add(leave)
    session.flush()
    if desk.actor.could(Permission.ROSTER_DECIDE):
        return _settle(desk, leave, grants=True, words="")
    found = _view(session, leave)
    buttons = tuple(button(each, f"leave-{leave.id}") for each in (Command.GRANT, Command.DENY))
    for person_id in notices.holding(session, Role.HEAD):
        _tell(desk, person_id, "roster_told.leave_to_decide", found, buttons)
    return found


def decide(desk: "Desk", leave_id: int, *, grants: bool, words: str = "") -> LeaveView:
    """The head's word; duties without anybody are told to the desk at once."""
    demand(desk.actor.roles, Permission.ROSTER_DECIDE)
    return _settle(desk, _locked(desk, leave_id), grants=grants, words=words)


def _settle(desk: "Desk", leave: Leave, *, grants: bool, words: str) -> LeaveView:
    session = desk.session
    leave.state = leave_after(leave.state, Answer.GRANT if grants else Answer.REFUSE)
    leave.decided_by_id, leave.decided_at = desk.actor.id, desk.now
    leave.words = words.strip()[:WORDS_LIMIT] or None
    session.flush()
    found = _view(session, leave)
    if leave.person_id != desk.actor.id:
        key = "roster_told.leave_granted" if grants else "roster_told.leave_refused"
        _tell(desk, leave.person_id, key, found)
    if grants and found.duties:
        for person_id in notices.desk_people(session):
            if person_id != leave.person_id:
                _tell(desk, person_id, "roster_told.leave_leaves_gap", found)
    if grants and leave.begins_at <= desk.now:
        _sign_off(desk, leave.person_id)
    return found


def _sign_off(desk: "Desk", person_id: int) -> None:
    """Leave that has begun: no more work is given to them."""
    engineer = desk.session.get(Engineer, person_id, with_for_update={"of": Engineer})
    if engineer is not None and engineer.is_on_duty:
        engineer.is_on_duty, engineer.signed_at = False, desk.now


def withdraw(desk: "Desk", leave_id: int) -> LeaveView:
    """Not needed after all, or for the rest of it; the head hears if it had been granted."""
    demand(desk.actor.roles, Permission.ROSTER_ASK)
    leave = _locked(desk, leave_id)
    if leave.person_id != desk.actor.id:
        raise NotFound()
    was_granted = leave.state is Asked.GRANTED
    if was_granted and leave.begins_at < desk.now:
        leave.ends_at = max(min(leave.ends_at, desk.now), leave.begins_at + duty_views.MINUTE)
    else:
        leave.state = leave_after(leave.state, Answer.WITHDRAW)
    found = _view(desk.session, leave)
    if was_granted:
        for person_id in notices.holding(desk.session, Role.HEAD):
            if person_id != desk.actor.id:
                _tell(desk, person_id, "roster_told.leave_withdrawn", found)
    return found


def _locked(desk: "Desk", leave_id: int) -> Leave:
    """A leave that the actor has to do with; NotFound for any other (S-042)."""
    leave = desk.session.get(Leave, leave_id, with_for_update=True, populate_existing=True)
    is_theirs = leave is not None and leave.person_id == desk.actor.id
    if leave is None or not (is_theirs or desk.actor.could(Permission.ROSTER_DECIDE)):
        raise NotFound()
    return leave


def _view(session: Session, leave: Leave) -> LeaveView:
    return LeaveView(
        id=leave.id,
        state=leave.state,
        person_id=leave.person_id,
        name=session.get_one(Person, leave.person_id).name or "",
        begins_at=leave.begins_at,
        ends_at=leave.ends_at,
        reason=leave.reason,
        asked_at=leave.asked_at,
        words=leave.words,
        duties=affected(session, leave.person_id, leave.begins_at, leave.ends_at),
    )


def _tell(
    desk: "Desk", person_id: int, key: str, leave: LeaveView, buttons: tuple[Button, ...] = ()
) -> None:
    notices.tell(desk.session, person_id, key, desk.now, buttons=buttons, known=leave.facts)
