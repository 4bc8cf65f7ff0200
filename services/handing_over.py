"""Between two shifts: open matters listed, signed by who goes and who comes (规范8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.duty_rules import may_work
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound, Refusal
from domain.roster import Work
from domain.sentence import Fact, Say
from models import Duty, HandOver, Person
from services import duty_views, handed_matters, handed_tickets, notices, roster
from services.duty_views import DutyView
from services.handed_matters import Matter
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Desk, Rules

NOTES_LIMIT = 2000  # characters
REMIND_BEFORE = timedelta(minutes=15)
NEXT_WITHIN = timedelta(hours=1)
"""Who begins so near to the end of a shift takes over from it."""
ENDED_WITHIN = timedelta(hours=4)
"""So long after it a shift may still be handed over."""
SHOWN = 10  # matters in one message
PAGE = 30  # hand-overs of one page
_SHIFTS_THAT_MUST = (Work.DESK, Work.ON_CALL)
"""At the end of these a hand-over is asked for; engineers may write one as they like."""


class HandOverSigned(Refusal):
    """Both have signed: what is written stays."""

    text_key = "hand_over.signed_before"


class NobodyToTake(Refusal):
    """It must be said who takes over."""

    text_key = "hand_over.nobody"


@dataclass(frozen=True, slots=True)
class HandOverView:
    """A hand-over as both read it."""

    id: int
    work: Work
    duty: DutyView | None
    from_id: int
    from_name: str
    to_id: int | None
    to_name: str | None
    matters: tuple[Matter, ...]
    notes: str
    written_at: datetime
    given_at: datetime | None
    taken_at: datetime | None

    @property
    def facts(self) -> dict[str, Fact]:
        """What the sentences about it speak of."""
        return {
            "from": self.from_name,
            "to": self.to_name,
            "duty": self.duty.say if self.duty else None,
            "notes": self.notes or None,
            **matter_facts(self.matters),
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be handed over now, and to whom it could be."""

    work: Work
    duty: DutyView | None
    to: tuple[int, str] | None  # who comes next by the roster
    takers: tuple[tuple[int, str], ...]
    matters: tuple[Matter, ...]

    @property
    def facts(self) -> dict[str, Fact]:
        return {"duty": self.duty.say if self.duty else None, **matter_facts(self.matters)}


def matter_facts(matters: Sequence[Matter]) -> dict[str, Fact]:
    """The first matters in lines; how many there are, and how many are not shown."""
    lines = tuple(handed_matters.say_of(each) for each in matters[:SHOWN])
    more = len(matters) - SHOWN if len(matters) > SHOWN else None
    return {
        "count": len(matters) or None,
        "matters": lines or None,
        "more": more,
        **handed_tickets.facts(matters),
    }


# --- giving --------------------------------------------------------------------------------------


def draft(desk: "Desk", to: int | None = None, moves: Collection[str] | None = None) -> Draft:
    """As it stands now: by the roster, or for whoever works without one.

    `moves`: numbers of tickets that go along; None: those that nobody has begun, and urgent ones.
    """
    demand(desk.actor.roles, Permission.HAND_OVER_SIGN)
    session = desk.session
    duty = _ending(session, desk.actor.id, desk.now)
    work = duty.work if duty else _work_of(desk)
    coming = _next(session, duty) if duty else None
    found = handed_matters.matters(session, desk.actor.id, work, desk.now)
    views = duty_views.by_id(session, [duty.id]) if duty else {}
    return Draft(
        work=work,
        duty=views[duty.id] if duty else None,
        to=(coming.id, coming.name or "") if coming else None,
        takers=_takers(desk, work),
        matters=tuple(handed_tickets.chosen(session, found, to, moves)),
    )


def give(
    desk: "Desk", to: int | None, notes: str = "", moves: Collection[str] | None = None
) -> HandOverView:
    """Signed by who goes: matters as they stand now; who comes is asked to sign as well."""
    session, made = desk.session, draft(desk, moves=moves)
    taker = _taker(desk, made, to)
    matters = handed_tickets.chosen(session, made.matters, taker.id if taker else None, None)
    row = _begun(session, desk.actor.id, desk.now) or HandOver(
        work=made.work, from_person_id=desk.actor.id, written_at=desk.now
    )
    row.work, row.duty_id = made.work, made.duty.id if made.duty else None
    row.to_person_id = taker.id if taker else None
    row.matters, row.notes = [dict(each) for each in matters], notes.strip()[:NOTES_LIMIT]
    row.written_at = row.given_at = desk.now
    session.add(row)
    session.flush()
    found = _view(session, row)
    _ask_taker(desk, found)
    return found


def _taker(desk: "Desk", made: Draft, to: int | None) -> Person | None:
    """The one named, else the next by the roster; at the desk whoever comes may sign."""
    chosen = to if to is not None else made.to[0] if made.to else None
    if chosen is None:
        if made.work is not Work.DESK:
            raise NobodyToTake()
        return None
    if chosen not in {each for each, _ in made.takers}:
        raise NotFound()
    return desk.session.get_one(Person, chosen)


def _ask_taker(desk: "Desk", found: HandOverView) -> None:
    to = [found.to_id] if found.to_id else notices.desk_people(desk.session)
    for person_id in to:
        if person_id == desk.actor.id:
            continue
        notices.tell(
            desk.session,
            person_id,
            "roster_told.hand_over",
            desk.now,
            buttons=(button(Command.TAKE_OVER, str(found.id)),),
            known=found.facts,
        )


def take(desk: "Desk", hand_over_id: int) -> HandOverView:
    """Signed by who comes: it is theirs from now on, with the tickets that go along."""
    row = _locked(desk, hand_over_id)
    if row.given_at is None or not _may_take(desk, row):
        raise NotFound()
    if row.taken_at is not None:
        raise HandOverSigned()
    row.to_person_id, row.taken_at = desk.actor.id, desk.now
    handed_tickets.move(desk, row)
    desk.session.flush()
    found = _view(desk.session, row)
    notices.tell(
        desk.session, row.from_person_id, "roster_told.taken_over", desk.now, known=found.facts
    )
    return found


def _may_take(desk: "Desk", row: HandOver) -> bool:
    if row.to_person_id is not None:
        return row.to_person_id == desk.actor.id
    return row.from_person_id != desk.actor.id and may_work(desk.actor.roles, row.work)


def _work_of(desk: "Desk") -> Work:
    return Work.DESK if Role.DESK in desk.actor.roles else Work.FIELD


def _ending(session: Session, person_id: int, now: datetime) -> Duty | None:
    """The duty that somebody is on, or has just ended; on call only if there is no other."""
    statement = (
        # By ix_duties_person_id_ends_at.
        select(Duty)
        .where(
            Duty.person_id == person_id,
            Duty.ends_at > now - ENDED_WITHIN,
            Duty.begins_at <= now,
        )
        .order_by(Duty.ends_at)
    )
    found = sorted(session.scalars(statement), key=lambda each: each.work is Work.ON_CALL)
    return found[0] if found else None


def _next(session: Session, duty: Duty) -> Person | None:
    """Who comes near the end of the shift: for the same work, else whoever else is there then."""
    coming = [
        each
        for each in roster.duties_between(
            session, duty.ends_at - NEXT_WITHIN, duty.ends_at + NEXT_WITHIN
        )
        if abs(each.begins_at - duty.ends_at) <= NEXT_WITHIN
        and each.person_id != duty.person_id
        and not roster.is_away(session, each.person_id, each.begins_at)
    ]
    others = {Work.DESK: Work.ON_CALL, Work.FIELD: Work.ON_CALL, Work.ON_CALL: Work.DESK}
    for work in (duty.work, others[duty.work]):
        for each in coming:
            if each.work is work:
                return session.get_one(Person, each.person_id)
    return None


def _takers(desk: "Desk", work: Work) -> tuple[tuple[int, str], ...]:
    """Everybody who works here, those who do the same work first."""
    everybody = desk.session.scalars(
        select(Person)
        .where(Person.is_active, Person.openid.is_not(None), Person.id != desk.actor.id)
        .where(duty_views.works_here())
        .order_by(Person.id)
    )
    listed = [(each.id, each.name or "", may_work(each.roles, work)) for each in everybody]
    listed.sort(key=lambda each: not each[2])
    return tuple((person_id, name) for person_id, name, _ in listed)


def _begun(session: Session, person_id: int, now: datetime) -> HandOver | None:
    """The one that the clock laid ready and nobody has signed."""
    statement = (
        select(HandOver)
        .where(
            HandOver.written_at > now - ENDED_WITHIN,
            HandOver.from_person_id == person_id,
            HandOver.given_at.is_(None),
        )
        .order_by(HandOver.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


# --- looking -------------------------------------------------------------------------------------


def waiting_for(desk: "Desk") -> tuple[HandOverView, ...]:
    """Given, and not signed by who comes: what the actor is asked to sign, oldest first."""
    demand(desk.actor.roles, Permission.HAND_OVER_SIGN)
    statement = (
        # By ix_hand_overs_written_at: those of two days.
        select(HandOver)
        .where(
            HandOver.written_at > desk.now - roster.LASTS_AT_MOST,
            HandOver.given_at.is_not(None),
            HandOver.taken_at.is_(None),
        )
        .order_by(HandOver.written_at, HandOver.id)
    )
    found = desk.session.scalars(statement)
    return tuple(_view(desk.session, each) for each in found if _may_take(desk, each))


def recent(desk: "Desk", before: int | None = None) -> tuple[HandOverView, ...]:
    """The newest signed ones: all for who plans the roster, else the actor's own."""
    demand(desk.actor.roles, Permission.HAND_OVER_SIGN)
    conditions: list[ColumnElement[bool]] = [HandOver.given_at.is_not(None)]
    if not desk.actor.could(Permission.ROSTER_PLAN):
        me = desk.actor.id
        conditions.append(or_(HandOver.from_person_id == me, HandOver.to_person_id == me))
    if before is not None:
        conditions.append(HandOver.id < before)
    # By the primary key, newest first.
    statement = select(HandOver).where(*conditions).order_by(HandOver.id.desc())
    found = desk.session.scalars(statement.limit(PAGE))
    return tuple(_view(desk.session, each) for each in found)


def one(desk: "Desk", hand_over_id: int) -> HandOverView:
    """One that the actor gave, takes, or may read as a planner; NotFound for others (S-042)."""
    demand(desk.actor.roles, Permission.HAND_OVER_SIGN)
    row = desk.session.get(HandOver, hand_over_id)
    return _view(desk.session, _readable(desk, row))


def may_take(desk: "Desk", found: HandOverView) -> bool:
    """Whether it waits for the actor's signature."""
    row = desk.session.get_one(HandOver, found.id)
    return row.given_at is not None and row.taken_at is None and _may_take(desk, row)


def _locked(desk: "Desk", hand_over_id: int) -> HandOver:
    demand(desk.actor.roles, Permission.HAND_OVER_SIGN)
    row = desk.session.get(HandOver, hand_over_id, with_for_update=True, populate_existing=True)
    return _readable(desk, row)


def _readable(desk: "Desk", row: HandOver | None) -> HandOver:
    if row is None:
        raise NotFound()
    is_theirs = desk.actor.id in (row.from_person_id, row.to_person_id)
    may_read = desk.actor.could(Permission.ROSTER_PLAN) and row.given_at is not None
    if not (is_theirs or may_read or (row.given_at is not None and _may_take(desk, row))):
        raise NotFound()
    return row


def _view(session: Session, row: HandOver) -> HandOverView:
    duty_id = row.duty_id
    to = session.get(Person, row.to_person_id) if row.to_person_id else None
    return HandOverView(
        id=row.id,
        work=row.work,
        duty=duty_views.by_id(session, [duty_id]).get(duty_id) if duty_id else None,
        from_id=row.from_person_id,
        from_name=session.get_one(Person, row.from_person_id).name or "",
        to_id=to.id if to else None,
        to_name=to.name if to else None,
        matters=tuple(row.matters),
        notes=row.notes,
        written_at=row.written_at,
        given_at=row.given_at,
        taken_at=row.taken_at,
    )


def line(found: HandOverView) -> Say:
    """A hand-over in one line."""
    return Say("hand_over.line", found.facts)


# --- by the clock --------------------------------------------------------------------------------


def remind(session: Session, rules: "Rules", now: datetime) -> int:
    """A shift ends soon: what it leaves is laid ready, and whoever goes is asked to sign."""
    del rules
    done = 0
    for duty in _ending_soon(session, now):
        to = _next(session, duty)
        found = handed_matters.matters(session, duty.person_id, duty.work, now)
        if not found and to is None:
            continue
        row = HandOver(
            work=duty.work,
            duty_id=duty.id,
            from_person_id=duty.person_id,
            to_person_id=to.id if to else None,
            matters=[dict(each) for each in found],
            notes="",
            written_at=now,
        )
        session.add(row)
        session.flush()
        notices.tell(
            session,
            duty.person_id,
            "roster_told.hand_over_due",
            now,
            is_urgent=True,
            buttons=(button(Command.HAND_OVER),),
            known=_view(session, row).facts,
        )
        done += 1
    return done


def is_to_remind(session: Session, now: datetime) -> bool:
    """Asked without a lock."""
    return session.scalar(_ends_soon(now).limit(1)) is not None


def _ending_soon(session: Session, now: datetime) -> list[Duty]:
    """Under their lock; another clock has the rest."""
    statement = _ends_soon(now).order_by(Duty.ends_at, Duty.id)
    return list(session.scalars(statement.with_for_update(skip_locked=True, of=Duty)))


def _ends_soon(now: datetime) -> Select[Duty]:
    """Desk and on call, signed in, with no hand-over laid ready."""
    laid_ready = select(HandOver.id).where(
        # By ix_hand_overs_written_at: of this shift, at its end.
        HandOver.duty_id == Duty.id,
        HandOver.written_at > now - ENDED_WITHIN,
    )
    return (
        # By ix_duties_begins_at_ends_at.
        select(Duty)
        .join(Person, Person.id == Duty.person_id)
        .where(
            Duty.begins_at > now - roster.LASTS_AT_MOST,
            Duty.begins_at <= now,
            Duty.ends_at > now,
            Duty.ends_at <= now + REMIND_BEFORE,
            Duty.work.in_(_SHIFTS_THAT_MUST),
            Duty.signed_in_at.is_not(None),
            Person.openid.is_not(None),
            ~laid_ready.exists(),
        )
    )
