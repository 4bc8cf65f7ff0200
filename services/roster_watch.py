"""Looks after the roster: reminders, who did not come, who forgot to sign out, what lapsed (D1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.permissions import Role
from domain.roster import Asked, Work
from domain.sentence import Fact, Say
from models import Duty, Engineer, Leave, Person, Shift
from services import handing_over, notices, queries, roster, swaps
from services.duty_views import line_of
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Rules

REMIND_BEFORE = timedelta(minutes=30)
MISSED_AFTER = timedelta(minutes=10)
SIGNED_OUT_AFTER = timedelta(minutes=30)
FOLLOWS_WITHIN = timedelta(minutes=30)
"""A duty that begins so soon after another one goes on with it."""
CAME_EARLY = timedelta(hours=3)
"""Who signed in so long before, and is still there, has come for this duty."""

NAMED = 8  # people in one message
MOST = 200  # duties looked at in one go; the next is half a minute away


def is_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to do, asked without a lock: most of the time there is not."""
    if swaps.is_to_lapse(session, now) or handing_over.is_to_remind(session, now):
        return True
    wanted = (_to_look_after(now), _begun_leave(now))
    return any(session.scalar(each.limit(1)) is not None for each in wanted)


def watch(session: Session, rules: "Rules", now: datetime) -> int:
    """Does what is due on the roster, each thing once; answers how much there was."""
    done = swaps.lapse(session, now)
    done += _sign_off_on_leave(session, now)
    missing: list[Duty] = []
    for duty in _due(session, now):
        if duty.signed_in_at is not None:
            done += _end(session, duty, now)
        elif duty.begins_at <= now - MISSED_AFTER:
            done += _miss(session, duty, missing, now)
        else:
            done += _remind(session, duty, now)
    _tell_of_missing(session, missing, now)
    done += handing_over.remind(session, rules, now)
    session.flush()
    return done


def _due(session: Session, now: datetime) -> list[Duty]:
    """Duties with something to do, under their lock; another clock has the rest."""
    statement = _to_look_after(now).order_by(Duty.begins_at, Duty.id).limit(MOST)
    return list(session.scalars(statement.with_for_update(skip_locked=True, of=Duty)))


def _to_look_after(now: datetime) -> Select[Duty]:
    """By ix_duties_begins_at_ends_at: those that begin soon, or began within two days."""
    is_new = or_(Duty.reminded_at.is_(None), Duty.begins_at <= now - MISSED_AFTER)
    is_late = Duty.ends_at <= now - SIGNED_OUT_AFTER
    return (
        select(Duty)
        .join(Person, Person.id == Duty.person_id)
        .where(
            Duty.begins_at > now - roster.LASTS_AT_MOST - SIGNED_OUT_AFTER,
            Duty.begins_at <= now + REMIND_BEFORE,
            or_(
                and_(
                    Duty.signed_in_at.is_(None), Duty.missed_at.is_(None), is_new, _is_expected(now)
                ),
                and_(Duty.signed_in_at.is_not(None), Duty.signed_out_at.is_(None), is_late),
            ),
        )
    )


def _is_expected(now: datetime) -> ColumnElement[bool]:
    """Whoever is on leave, or has left, is not waited for."""
    at = case((Duty.begins_at > now, Duty.begins_at), else_=literal(now, Duty.begins_at.type))
    return and_(Person.is_active, ~roster.is_granted_at(Duty.person_id, at))


# --- it begins -----------------------------------------------------------------------------------


def _remind(session: Session, duty: Duty, now: datetime) -> int:
    if duty.reminded_at is not None:
        return 0
    duty.reminded_at = now
    if _has_come(session, duty):
        _tell(session, duty, "roster_told.goes_on", now)
    else:
        _tell(session, duty, "roster_told.reminder", now)
    return 1


def _miss(session: Session, duty: Duty, missing: list[Duty], now: datetime) -> int:
    """Nobody signed in; what is over by now is only noted (R-073)."""
    if _has_come(session, duty):
        duty.signed_in_at = duty.begins_at
        return 1
    duty.missed_at = now
    duty.reminded_at = duty.reminded_at or now
    if duty.ends_at > now:
        late = (now - duty.begins_at) // timedelta(minutes=1)
        _tell(session, duty, "roster_told.begun", now, late=late)
        missing.append(duty)
    return 1


def _has_come(session: Session, duty: Duty) -> bool:
    """Still there from the duty before, or signed in for this one earlier than others do."""
    before = session.scalar(
        select(Duty.id)
        .where(
            # By ix_duties_person_id_ends_at.
            Duty.person_id == duty.person_id,
            Duty.ends_at >= duty.begins_at - FOLLOWS_WITHIN,
            Duty.begins_at < duty.begins_at,
            Duty.signed_in_at.is_not(None),
            Duty.signed_out_at.is_(None),
        )
        .limit(1)
    )
    if before is not None:
        return True
    engineer = session.get(Engineer, duty.person_id)
    return bool(
        engineer
        and engineer.is_on_duty
        and engineer.signed_at is not None
        and engineer.signed_at >= duty.begins_at - CAME_EARLY
    )


def _tell_of_missing(session: Session, missing: Sequence[Duty], now: datetime) -> None:
    """One message for all of them; of who is on call the head hears, too."""
    if not missing:
        return
    lines = tuple(_line(session, each) for each in missing[:NAMED])
    more = len(missing) - NAMED if len(missing) > NAMED else None
    facts: dict[str, Fact] = {"count": len(missing), "people": lines, "more": more}
    for person_id in _who_hears(session, missing):
        notices.tell(session, person_id, "roster_told.missed", now, is_urgent=True, known=facts)


def _who_hears(session: Session, missing: Iterable[Duty]) -> list[int]:
    found = notices.desk_people(session)
    absent = {each.person_id for each in missing}
    if any(each.work is Work.ON_CALL for each in missing) or set(found) <= absent:
        found = [*found, *notices.holding(session, Role.HEAD)]
    return [each for each in dict.fromkeys(found) if each not in absent]


def _line(session: Session, duty: Duty) -> Say:
    person = session.get_one(Person, duty.person_id)
    facts: dict[str, Fact] = {
        "name": person.name,
        "phone": person.reached_by,
        "duty": _said(session, duty),
    }
    return Say("roster_told.missed_line", facts)


# --- it ends -------------------------------------------------------------------------------------


def _end(session: Session, duty: Duty, now: datetime) -> int:
    """Signed out for them, unless they go on: with the next duty, or because they signed anew."""
    duty.signed_out_at = duty.ends_at
    engineer = session.get(Engineer, duty.person_id)
    if engineer is None or not engineer.is_on_duty or _goes_on(session, duty, engineer, now):
        return 1
    engineer.is_on_duty = False
    engineer.signed_at = now
    in_hand = queries.count_in_hand(session, duty.person_id)
    _tell(session, duty, "roster_told.signed_out", now, count=in_hand or None)
    return 1


def _goes_on(session: Session, duty: Duty, engineer: Engineer, now: datetime) -> bool:
    if engineer.signed_at is not None and engineer.signed_at > duty.ends_at:
        return True
    following = select(Duty.id).where(
        Duty.person_id == duty.person_id,
        Duty.id != duty.id,
        Duty.ends_at > now,
        Duty.begins_at <= now + FOLLOWS_WITHIN,
        Duty.work != Work.ON_CALL,
    )
    return session.scalar(following.limit(1)) is not None


def _sign_off_on_leave(session: Session, now: datetime) -> int:
    """Leave has begun: no more work is given to them."""
    statement = _begun_leave(now).with_for_update(skip_locked=True, of=Engineer)
    found = list(session.scalars(statement).unique())
    for engineer in found:
        engineer.is_on_duty = False
        engineer.signed_at = now
    return len(found)


def _begun_leave(now: datetime) -> Select[Engineer]:
    """By ix_leaves_state_begins_at."""
    return (
        select(Engineer)
        .join(Leave, Leave.person_id == Engineer.person_id)
        .where(
            Leave.state == Asked.GRANTED,
            Leave.begins_at <= now,
            Leave.begins_at > now - timedelta(days=1),
            Leave.ends_at > now,
            Engineer.is_on_duty,
            or_(Engineer.signed_at.is_(None), Engineer.signed_at < Leave.begins_at),
        )
    )


# --- said ----------------------------------------------------------------------------------------


def _said(session: Session, duty: Duty) -> Say:
    shift = session.get(Shift, duty.shift_id) if duty.shift_id else None
    return line_of(duty.begins_at, duty.ends_at, shift.name if shift else None, duty.work)


def _tell(session: Session, duty: Duty, key: str, now: datetime, **facts: Fact) -> None:
    """Only in chat: for who is never there the desk's list of the missing must do."""
    if session.get_one(Person, duty.person_id).openid is None:
        return
    notices.tell(
        session,
        duty.person_id,
        key,
        now,
        is_urgent=True,
        buttons=(button(Command.MY_DUTIES),),
        known={"duty": _said(session, duty), **facts},
    )
