"""Who is called when something is urgent and nobody is there, in which order (F15, D1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.escalation import CALLS_AN_HOUR
from domain.lifecycle import Action
from domain.permissions import Role
from domain.roster import Work
from models import Activity, Duty, Engineer, OfficeSetting, Person, Team, Ticket
from services import notices, roster
from services.speakers import holds

HOUR = timedelta(hours=1)
MUTED = "on_call.muted"
"""The setting that names whose reports wake nobody, and until when (H-56)."""


def chain(session: Session, category: Category | None, now: datetime) -> list[int]:
    """Everybody in turn: those on call, the skilled first; then the desk's lead; then the head.

    Where the roster names nobody, whoever is signed in comes first. Whom no message can reach is
    left out: five minutes would be lost.
    """
    engineers = on_call(session, category, now) or _signed_in(session, category, now)
    above = [*desk_leads(session), *notices.holding(session, Role.HEAD)]
    return _reachable(session, _each_once([*engineers, *above]))


def on_call(session: Session, category: Category | None, now: datetime) -> list[int]:
    """Of the roster alone: who is on call for this first, who is for another thing last."""
    duties = roster.on_duty_at(session, now, Work.ON_CALL)
    skills = _skills(session, [duty.person_id for duty in duties])
    ranked = sorted(duties, key=lambda duty: (_fit(duty, category, skills), duty.position))
    return _each_once(duty.person_id for duty in ranked)


def _fit(duty: Duty, category: Category | None, skills: dict[int, frozenset[Category]]) -> int:
    """Smaller is better; somebody who can do anything is called before who cannot do this."""
    if duty.category is not None:
        return 0 if duty.category is category else 3
    own = skills.get(duty.person_id, frozenset())
    if category is None or category is Category.OTHER or not own:
        return 1
    return 0 if category in own else 2


def _skills(session: Session, people: Sequence[int]) -> dict[int, frozenset[Category]]:
    rows = session.execute(
        select(Engineer.person_id, Engineer.skills).where(Engineer.person_id.in_(people))
    )
    return {row.person_id: row.skills for row in rows}


def _signed_in(session: Session, category: Category | None, now: datetime) -> list[int]:
    """Who stays on though nobody planned it; those with least in hand first."""
    rows = session.execute(
        select(Engineer.person_id, Engineer.skills)
        .where(Engineer.is_on_duty, ~roster.is_granted_at(Engineer.person_id, now))
        .order_by(Engineer.workload, Engineer.person_id)
    ).all()
    fit = [row for row in rows if not row.skills or category in row.skills]
    return [row.person_id for row in fit or rows]


def desk_leads(session: Session) -> list[int]:
    """Who leads a team that people of the desk are in."""
    teams = select(Person.team_id).where(holds(Role.DESK), Person.is_active)
    statement = (
        select(Team.lead_id).where(Team.lead_id.is_not(None), Team.id.in_(teams)).order_by(Team.id)
    )
    return [each for each in session.scalars(statement) if each is not None]


def leads_of(session: Session, ticket: Ticket) -> list[int]:
    """Who leads the engineer's team; without an engineer or a lead, who leads the desk."""
    if ticket.assignee_id is None:
        return desk_leads(session)
    lead = session.scalar(
        select(Team.lead_id)
        .join(Person, Person.team_id == Team.id)
        .where(Person.id == ticket.assignee_id)
    )
    return [lead] if lead is not None else desk_leads(session)


def _reachable(session: Session, people: Sequence[int]) -> list[int]:
    """Whom a message got through to last time before those of whom one did not."""
    rows = session.execute(
        select(Person.id, Person.unreached_since).where(
            Person.id.in_(people),
            Person.is_active,
            Person.openid.is_not(None),
            Person.is_following,
        )
    )
    unreached = {row.id: row.unreached_since is not None for row in rows}
    return sorted((each for each in people if each in unreached), key=unreached.__getitem__)


def _each_once(people: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(people))


def may_hold(session: Session, person_id: int) -> bool:
    """Whether a ticket can be put into their hands; a lead or head who is no engineer is told."""
    card = session.get(Engineer, person_id)
    return card is not None and bool(card.person.roles & {Role.ENGINEER, Role.VENDOR})


# --- one person does not wake everybody all night (H-56) ------------------------------------------


def is_silenced(session: Session, requester_id: int, now: datetime) -> bool:
    """Whether this person's reports wake nobody now: too many within an hour, or muted."""
    return is_muted(session, requester_id, now) or calls_of(session, requester_id, now) >= (
        CALLS_AN_HOUR
    )


def calls_of(session: Session, requester_id: int, now: datetime) -> int:
    """Tickets of theirs for which somebody was called within the last hour."""
    # A few tickets by ix_tickets_requester_id_opened_at, each one's lines by ix_activities.
    statement = (
        select(func.count(func.distinct(Activity.ticket_id)))
        .join(Ticket, Ticket.id == Activity.ticket_id)
        .where(
            Ticket.requester_id == requester_id,
            Ticket.opened_at > now - timedelta(days=3),
            Activity.happened_at > now - HOUR,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN, Action.ESCALATE]),
            Activity.detail["called"].as_integer() >= 0,
        )
    )
    return session.scalar(statement) or 0


def is_muted(session: Session, requester_id: int, now: datetime) -> bool:
    return muted_until(session, requester_id, now) is not None


def muted_until(session: Session, requester_id: int, now: datetime) -> datetime | None:
    """Until when the desk lets their reports wake nobody; None if it does not."""
    kept = muted(session).get(str(requester_id))
    until = datetime.fromisoformat(kept) if kept else None
    return until if until is not None and until > now else None


def muted(session: Session) -> dict[str, Any]:
    """Ids of people, and until when each is muted."""
    row = session.get(OfficeSetting, MUTED)
    return dict(row.value) if row else {}
