"""Who stands how to a complaint, which ones a person may see, and a line of its history (P8)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from domain.complaints import ComplaintAction, next_complaint_status
from domain.permissions import Permission, Role, Stand, demand, may
from domain.refusals import NotFound
from domain.speaker import Speaker
from models import Complaint, ComplaintEvent, ComplaintPerson, Person
from services.speakers import holds

if TYPE_CHECKING:
    from services.desk import Desk


def permitted(desk: "Desk", complaint_id: int, permission: Permission) -> Complaint:
    """The locked complaint, if the actor may do this to it; one they may not see is not found."""
    complaint = desk.session.get(
        Complaint, complaint_id, with_for_update=True, populate_existing=True
    )
    if complaint is None:
        raise NotFound()
    stand = stand_of(desk, complaint)
    if not may(desk.actor.roles, permission, stand):
        if not may(desk.actor.roles, Permission.COMPLAINT_READ, stand):
            raise NotFound()
        demand(desk.actor.roles, permission, stand)
    return complaint


def seen(desk: "Desk", number: str) -> Complaint:
    """By its whole number; NotFound if there is none that the actor may see."""
    found = desk.session.scalar(
        select(Complaint).where(Complaint.number == number, visible_to(desk))
    )
    if found is None:
        raise NotFound()
    return found


def stand_of(desk: "Desk", complaint: Complaint) -> Stand:
    """Exclusion wins: whom it concerns is neither impartial nor a deputy."""
    is_own = complaint.requester_id == desk.actor.id
    is_impartial = not is_own and desk.actor.id not in concerned_in(desk.session, complaint.id)
    return Stand(
        is_own=is_own,
        is_impartial=is_impartial,
        is_deputy=is_impartial and desk.actor.id == deputy_for(desk, complaint),
    )


def concerned_in(session: Session, complaint_id: int) -> frozenset[int]:
    """Everybody who must not learn of it."""
    these = ComplaintPerson.complaint_id == complaint_id
    return frozenset(session.scalars(select(ComplaintPerson.person_id).where(these)))


def visible_to(desk: "Desk") -> ColumnElement[bool]:
    """`stand_of` and the table in one expression: what lists, counts and files are made of."""
    me, roles = desk.actor.id, desk.actor.roles
    is_own = Complaint.requester_id == me
    concerns_me = exists().where(
        ComplaintPerson.complaint_id == Complaint.id, ComplaintPerson.person_id == me
    )
    if may(roles, Permission.COMPLAINT_READ, Stand(is_impartial=True)):
        return or_(is_own, ~concerns_me)
    if is_deputy(desk):
        return or_(is_own, ~concerns_me & ~has_impartial(Role.HEAD))
    return is_own


def has_impartial(role: Role) -> ColumnElement[bool]:
    """Whether somebody of this role neither complained nor is concerned."""
    concerned = exists().where(
        ComplaintPerson.complaint_id == Complaint.id, ComplaintPerson.person_id == Person.id
    )
    # Said outright: two levels down SQLAlchemy would ask for any complaint, not for this one.
    apart = (Person.id != Complaint.requester_id, ~concerned.correlate(Complaint, Person))
    return exists().where(holds(role), Person.is_active, *apart).correlate(Complaint)


# --- who may see to it ---------------------------------------------------------------------------


def impartial(session: Session, complaint: Complaint, role: Role) -> tuple[int, ...]:
    """People of this role who neither complained nor are concerned."""
    left_out = {complaint.requester_id, *concerned_in(session, complaint.id)}
    found = session.scalars(
        select(Person.id).where(holds(role), Person.is_active).order_by(Person.id)
    )
    return tuple(each for each in found if each not in left_out)


def deputy_for(desk: "Desk", complaint: Complaint) -> int | None:
    """Who decides in place of the heads, all of whom are concerned; None while one is not."""
    if impartial(desk.session, complaint, Role.HEAD):
        return None
    return deputy(desk.session, desk.rules.complaints.deputy)


def deputy(session: Session, staff_number: str) -> int | None:
    """The person named in the settings, if there is one and a role of theirs may decide."""
    if not staff_number:
        return None
    named = select(Person.id, Person.roles).where(
        Person.staff_number == staff_number, Person.is_active
    )
    found = session.execute(named).one_or_none()
    if found is None:
        return None
    may_decide = may(found.roles, Permission.COMPLAINT_DECIDE, Stand(is_deputy=True))
    return int(found.id) if may_decide else None


def is_deputy(desk: "Desk") -> bool:
    """Whether the actor is named in the settings."""
    named = desk.rules.complaints.deputy
    return bool(named) and deputy(desk.session, named) == desk.actor.id


def deciders(desk: "Desk", complaint: Complaint) -> tuple[int, ...]:
    """Heads who are not concerned, or else the deputy; nobody if none was named."""
    heads = impartial(desk.session, complaint, Role.HEAD)
    if heads:
        return heads
    named = deputy_for(desk, complaint)
    left_out = {complaint.requester_id, *concerned_in(desk.session, complaint.id)}
    return (named,) if named is not None and named not in left_out else ()


def open_counts(session: Session, people: tuple[int, ...]) -> Mapping[int, int]:
    """How many complaints each of these clerks is verifying."""
    rows = session.execute(
        select(Complaint.verifier_id, func.count())
        .where(Complaint.verifier_id.in_(people), Complaint.ended_at.is_(None))
        .group_by(Complaint.verifier_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def are_one(session: Session, old_id: int, new_id: int) -> None:
    """Two rows are one person: what they complained of goes over, and what they are kept from."""
    for model, column in (
        (Complaint, Complaint.requester_id),
        (ComplaintEvent, ComplaintEvent.actor_id),
    ):
        session.execute(
            update(model).where(column == old_id).values({column.key: new_id}),
            execution_options={"synchronize_session": False},
        )
    kept_from = select(ComplaintPerson).where(ComplaintPerson.person_id == old_id)
    for row in session.scalars(kept_from).all():
        known = session.get(ComplaintPerson, (row.complaint_id, new_id))
        if known is None:
            facts = {"complaint_id": row.complaint_id, "why": row.why, "is_found": row.is_found}
            session.add(ComplaintPerson(person_id=new_id, **facts))
        else:
            known.is_found = known.is_found or row.is_found
        session.delete(row)
    session.flush()


# --- its history ---------------------------------------------------------------------------------


def act(
    session: Session,
    complaint: Complaint,
    action: ComplaintAction,
    actor: Speaker | None,
    now: datetime,
    **detail: Any,
) -> None:
    """Move it as the table says, and keep who did what; ComplaintActionNotAllowed otherwise."""
    complaint.status = next_complaint_status(complaint.status, action)
    record(session, complaint, action, actor, now, **detail)


def record(
    session: Session,
    complaint: Complaint,
    action: ComplaintAction,
    actor: Speaker | None,
    now: datetime,
    **detail: Any,
) -> None:
    kept = {name: value for name, value in detail.items() if value is not None}
    session.add(
        ComplaintEvent(
            complaint_id=complaint.id,
            action=action,
            status_after=complaint.status,
            actor_id=actor.id if actor else None,
            happened_at=now,
            detail=kept or None,
        )
    )
