"""Teams: added, renamed, led, joined; a word for lists and figures, never for rights."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from domain.office import NameTaken
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound
from models import Person, Team
from services import audit

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class TeamView:
    """One team with how many are in it."""

    id: int
    name: str
    lead_id: int | None
    lead: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team."""

    id: int
    name: str
    staff_number: str | None
    roles: frozenset[Role]


def listed(session: Session) -> tuple[TeamView, ...]:
    """All teams by name."""
    lead = aliased(Person)
    counts = (
        select(Person.team_id, func.count().label("size"))
        .where(Person.team_id.is_not(None), Person.is_active)
        .group_by(Person.team_id)
        .subquery()
    )
    rows = session.execute(
        select(Team, lead.name.label("lead"), counts.c.size)
        .join(lead, lead.id == Team.lead_id, isouter=True)
        .join(counts, counts.c.team_id == Team.id, isouter=True)
        .order_by(Team.name)
    )
    return tuple(
        TeamView(row.Team.id, row.Team.name, row.Team.lead_id, row.lead, row.size or 0)
        for row in rows
    )


def get(session: Session, team_id: int) -> TeamView:
    """NotFound for a number that is no team's."""
    found = next((each for each in listed(session) if each.id == team_id), None)
    if found is None:
        raise NotFound()
    return found


def members(session: Session, team_id: int) -> tuple[Member, ...]:
    rows = session.execute(
        select(Person.id, Person.name, Person.staff_number, Person.roles)
        .where(Person.team_id == team_id, Person.is_active)
        .order_by(Person.name, Person.id)
    )
    return tuple(Member(row.id, row.name or "", row.staff_number, row.roles) for row in rows)


def add(desk: "Desk", name: str) -> int:
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    _check_name(desk.session, None, name)
    team = Team(name=name)
    desk.session.add(team)
    desk.session.flush()
    audit.done_by(desk, "team.add", f"team:{team.id}", None, {"name": name})
    return team.id


def change(desk: "Desk", team_id: int, name: str, lead_id: int | None) -> None:
    """Another name or lead; whoever leads is a member."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    team = _team(desk.session, team_id)
    _check_name(desk.session, team_id, name)
    before = {"name": team.name, "lead": _name(desk.session, team.lead_id)}
    if lead_id is not None and lead_id not in [each.id for each in members(desk.session, team_id)]:
        raise NotFound()
    team.name, team.lead_id = name, lead_id
    desk.session.flush()
    after = {"name": name, "lead": _name(desk.session, lead_id)}
    audit.done_by(desk, "team.change", f"team:{team_id}", before, after)


def take_in(desk: "Desk", team_id: int, person_id: int) -> None:
    """Into this team, and out of the one they were in."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    team, person = _team(desk.session, team_id), _person(desk.session, person_id)
    _move(desk, person, team)


def let_go(desk: "Desk", team_id: int, person_id: int) -> None:
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    person = _person(desk.session, person_id)
    if person.team_id == team_id:
        _move(desk, person, None)


def _move(desk: "Desk", person: Person, to: Team | None) -> None:
    former = desk.session.get(Team, person.team_id) if person.team_id else None
    if former is not None and former.lead_id == person.id and former is not to:
        former.lead_id = None
    before = {"team": former.name if former else None}
    person.team_id = to.id if to else None
    desk.session.flush()
    audit.done_by(
        desk, "person.change", f"person:{person.id}", before, {"team": to.name if to else None}
    )


def _team(session: Session, team_id: int) -> Team:
    team = session.get(Team, team_id, with_for_update=True)
    if team is None:
        raise NotFound()
    return team


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update={"of": Person})
    if person is None or not person.is_active:
        raise NotFound()
    return person


def _check_name(session: Session, team_id: int | None, name: str) -> None:
    holder = session.scalar(select(Team.id).where(Team.name == name))
    if holder is not None and holder != team_id:
        raise NameTaken(name=name)


def _name(session: Session, person_id: int | None) -> str | None:
    return session.scalar(select(Person.name).where(Person.id == person_id))
