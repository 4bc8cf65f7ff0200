"""What an admin does to people: added, changed, left, back; checked, previewed, recorded (Y1)."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from domain import office
from domain.office import WORKERS, ChangedMeanwhile, HasWork, NumberTaken
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound
from models import ApiToken, BindCode, Credential, Engineer, Person, Team
from nlp.initials import initials_of
from services import audit, binding, credentials, people, people_card, web_sessions
from services.people import NewPerson
from services.people_card import CARD, FACTS
from services.speakers import holds

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change would do: each fact that differs, and a mark of what it goes out from."""

    person_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    seen: str

    @property
    def changes(self) -> tuple[audit.Change, ...]:
        names = {**self.before, **self.after}
        return tuple(
            audit.Change(name, self.before.get(name), self.after.get(name))
            for name in names
            if self.before.get(name) != self.after.get(name)
        )


def plan(desk: "Desk", person_id: int, wanted: Mapping[str, Any]) -> Plan:
    """Refusals for what may not be: the last admin, open work, a staff number that is another's."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    person, engineer = _known(desk.session, person_id)
    before = people_card.facts_of(person, engineer)
    after = _after(before, wanted)
    _check_roles(desk, person, after["roles"])
    _check_number(desk.session, person_id, after["staff_number"])
    return Plan(person_id, before, after, _mark(before))


def change(desk: "Desk", person_id: int, wanted: Mapping[str, Any], seen: str) -> None:
    """As previewed; ChangedMeanwhile if somebody else was faster."""
    _lock(desk.session, person_id)
    planned = plan(desk, person_id, wanted)
    if planned.seen != seen:
        raise ChangedMeanwhile()
    person, engineer = _known(desk.session, person_id)
    for name in FACTS:
        setattr(person, name, planned.after[name])
    person.initials = initials_of(person.name)
    _set_card(desk, person, engineer, planned.after)
    desk.session.flush()
    _record(desk, "person.change", person_id, planned.before, planned.after)


def add(desk: "Desk", wanted: Mapping[str, Any]) -> int:
    """Somebody new; answers their number."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    _check_number(desk.session, None, wanted["staff_number"])
    roles = frozenset(wanted["roles"]) | {Role.REQUESTER}
    new = NewPerson(
        wanted["name"],
        roles,
        wanted["phone"],
        wanted["department"],
        wanted["office"],
        wanted["extension"],
        wanted.get("skills") or frozenset(),
        tuple(wanted.get("areas") or ()),
        wanted.get("level") or 1,
    )
    person = people.add(desk.session, new, desk.now)
    person.staff_number, person.team_id = wanted["staff_number"], wanted["team_id"]
    person.initials = initials_of(person.name)
    desk.session.flush()
    facts = people_card.facts_of(person, desk.session.get(Engineer, person.id))
    _record(desk, "person.add", person.id, None, facts)
    return person.id


def leave(desk: "Desk", person_id: int) -> None:
    """They have left: out everywhere, no roles, no machine acts as them; HasWork before that."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    _lock(desk.session, person_id)
    person, engineer = _known(desk.session, person_id)
    held = people_card.in_hand(desk.session, person_id)
    if held:
        raise HasWork(count=len(held), numbers=", ".join(each.number for each in held[:5]))
    _check_roles(desk, person, frozenset())
    before = people_card.facts_of(person, engineer)
    person.is_active, person.roles = False, frozenset({Role.REQUESTER})
    if engineer is not None:
        desk.session.delete(engineer)
    desk.session.flush()
    _shut_out(desk, person_id)
    after = people_card.facts_of(person, None)
    _record(
        desk,
        "person.leave",
        person_id,
        {**before, "is_active": True},
        {**after, "is_active": False},
    )


def come_back(desk: "Desk", person_id: int) -> None:
    """They work here again, as requester; roles are given anew."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    _lock(desk.session, person_id)
    person, _ = _known(desk.session, person_id)
    before = {"is_active": person.is_active}
    person.is_active = True
    _record(desk, "person.come_back", person_id, before, {"is_active": True})


# --- ways in -----------------------------------------------------------------------------------


def new_code(desk: "Desk", person_id: int) -> str:
    """A code with which they join by chat; shown once, an older one is void."""
    person = _active(desk, person_id)
    code = binding.issue_code(desk.session, person.id, desk.now)
    _record(desk, "person.code", person_id, None, None)
    return code


def set_provisional(desk: "Desk", person_id: int, kept: str) -> None:
    """The password whose hash this is holds for their first sign-in, and is changed there."""
    person = _active(desk, person_id)
    credentials.set_password(desk.session, person.id, kept, desk.now, is_provisional=True)
    web_sessions.end_all(desk.session, person.id)
    _record(desk, "person.password", person_id, None, None)


def end_second_factor(desk: "Desk", person_id: int) -> None:
    """Whoever lost their phone signs in by password alone until they set up another one."""
    person = _active(desk, person_id)
    credential = desk.session.get(Credential, person.id, with_for_update=True)
    if credential is None or credential.totp_sealed is None:
        raise NotFound()
    credentials.end_second_factor(credential)
    _record(desk, "person.second_factor", person_id, None, None)


def sign_out(desk: "Desk", person_id: int) -> int:
    """Out of every browser; answers of how many."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    _known(desk.session, person_id)
    count = web_sessions.end_all(desk.session, person_id)
    _record(desk, "person.sign_out", person_id, None, {"browsers": count})
    return count


def _active(desk: "Desk", person_id: int) -> Person:
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    person, _ = _known(desk.session, person_id)
    if not person.is_active:
        raise NotFound()
    return person


def _shut_out(desk: "Desk", person_id: int) -> None:
    session = desk.session
    web_sessions.end_all(session, person_id)
    session.execute(delete(BindCode).where(BindCode.person_id == person_id))
    session.execute(delete(Credential).where(Credential.person_id == person_id))
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=desk.now)
    )


# --- checks ------------------------------------------------------------------------------------


def _known(session: Session, person_id: int) -> tuple[Person, Engineer | None]:
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise NotFound()
    return person, session.get(Engineer, person_id)


def _lock(session: Session, person_id: int) -> None:
    """Them and all admins, in one order: of two who dismiss each other one comes too late."""
    session.execute(
        select(Person.id)
        .where(or_(holds(Role.ADMIN), Person.id == person_id))
        .order_by(Person.id)
        .with_for_update()
    )


def _after(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    after = {name: wanted.get(name, before[name]) for name in FACTS}
    after["roles"] = frozenset(after["roles"]) | {Role.REQUESTER}
    if after["roles"] & WORKERS:
        blank = {"level": 1, "skills": frozenset(), "areas": [], "is_on_duty": False}
        after |= {name: wanted.get(name, before.get(name, blank[name])) for name in CARD}
    return after


def _check_roles(desk: "Desk", person: Person, after: frozenset[Role]) -> None:
    office.check_admin(
        person.roles,
        after,
        own=person.id == desk.actor.id,
        last=not _other_admins(desk.session, person.id),
    )
    if person.roles & WORKERS and not after & WORKERS:
        held = people_card.in_hand(desk.session, person.id)
        if held:
            raise HasWork(count=len(held), numbers=", ".join(each.number for each in held[:5]))


def _other_admins(session: Session, person_id: int) -> list[int]:
    found = session.scalars(select(Person.id).where(holds(Role.ADMIN), Person.is_active))
    return [each for each in found if each != person_id]


def _check_number(session: Session, person_id: int | None, number: str | None) -> None:
    if not number:
        return
    holder = session.scalar(select(Person).where(Person.staff_number == number))
    if holder is not None and holder.id != person_id:
        raise NumberTaken(number=number, name=holder.name)


def _set_card(
    desk: "Desk", person: Person, engineer: Engineer | None, after: Mapping[str, Any]
) -> None:
    """Dispatch sees whoever holds a card, and nobody else."""
    if not person.roles & WORKERS:
        if engineer is not None:
            desk.session.delete(engineer)
        return
    if engineer is None:
        engineer = Engineer(person_id=person.id, open_tickets=0, workload=0)
        desk.session.add(engineer)
    if engineer.is_on_duty is not after["is_on_duty"]:
        engineer.signed_at = desk.now
    for name in CARD:
        setattr(engineer, name, after[name])


def _mark(facts: Mapping[str, Any]) -> str:
    told = json.dumps({name: _sorted(value) for name, value in facts.items()}, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _told(session: Session, facts: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """With the team's name: its number tells nobody anything."""
    if facts is None or "team_id" not in facts:
        return facts
    team = session.scalar(select(Team.name).where(Team.id == facts["team_id"]))
    kept = {name: value for name, value in facts.items() if name != "team_id"}
    return {**kept, "team": team}


def _record(
    desk: "Desk",
    action: str,
    person_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    audit.done_by(
        desk, action, f"person:{person_id}", _told(desk.session, before), _told(desk.session, after)
    )
    log.info("%s person=%s actor=%s", action.replace(".", "_"), person_id, desk.actor.id)
