"""Each act of the desk × each role × each relation: done, refused or not found (Y1)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event

from domain import permissions
from domain.heard import Heard, Medium
from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.permissions import Permission, Relation, Role
from domain.refusals import NotFound, NotPermitted, NotYours, Refusal
from domain.speaker import Speaker
from models import Activity, Database, Engineer, Session, Ticket
from services.desk import Desk
from services.views import Scores
from tests.domain.rights import holds
from tests.services.making import RESULT

RELATIONS = (
    None,
    Relation.OWN,
    Relation.ASSIGNED,
    Relation.WAS_ASSIGNED,
    Relation.SUPPORTING,
    Relation.IN_AREA,
)  # those that somebody can have to a ticket
PHOTO = Heard(Medium.IMAGE, media_id="m1")
WRITES = ("INSERT", "UPDATE", "DELETE")

# Done ones first: they leave the engineer's hands free for the others.
STATUSES = (
    Status.CLOSED,
    Status.RESOLVED,
    Status.ON_HOLD,
    Status.IN_PROGRESS,
    Status.ASSIGNED,
)


@dataclass(frozen=True)
class Act:
    """One method of the desk: what it needs, when it makes sense, and its other arguments."""

    needs: Permission
    status: Status
    do: Callable[[Desk, int], Any]


ACTS = {
    "ticket": Act(Permission.TICKET_READ, Status.ASSIGNED, lambda d, t: d.ticket(t)),
    "solution_of": Act(Permission.TICKET_READ, Status.ASSIGNED, lambda d, t: d.solution_of(t)),
    "last_word": Act(Permission.TICKET_READ, Status.ASSIGNED, lambda d, t: d.last_word(t)),
    "show_media": Act(Permission.TICKET_READ_MEDIA, Status.ASSIGNED, lambda d, t: d.show_media(t)),
    "receipt": Act(Permission.TICKET_READ_RECEIPT, Status.ASSIGNED, lambda d, t: d.receipt(t)),
    "urge": Act(Permission.TICKET_URGE, Status.ASSIGNED, lambda d, t: d.urge(t)),
    "cancel": Act(Permission.TICKET_CANCEL, Status.ASSIGNED, lambda d, t: d.cancel(t)),
    "amend": Act(Permission.TICKET_ATTACH, Status.ASSIGNED, lambda d, t: d.amend(t, "还有")),
    "attach": Act(Permission.TICKET_ATTACH, Status.ASSIGNED, lambda d, t: d.attach(PHOTO, t)),
    "confirm": Act(Permission.TICKET_CONFIRM, Status.RESOLVED, lambda d, t: d.confirm(t)),
    "reopen": Act(Permission.TICKET_REOPEN, Status.RESOLVED, lambda d, t: d.reopen(t, "又坏了")),
    "rate": Act(Permission.RATING_GIVE, Status.CLOSED, lambda d, t: d.rate(t, Scores(5, 5, 5))),
    "comment": Act(
        Permission.RATING_GIVE,
        Status.CLOSED,
        lambda d, t: (d.rate(t, Scores(1, 5, 5)), d.comment(t, "太慢")),
    ),
    "change_rating": Act(
        Permission.RATING_GIVE,
        Status.CLOSED,
        lambda d, t: (d.rate(t, Scores(1, 5, 5)), d.change_rating(t, Scores(4, 5, 5))),
    ),
    "accept": Act(Permission.TICKET_ACCEPT, Status.ASSIGNED, lambda d, t: d.accept(t)),
    "decline": Act(Permission.TICKET_DECLINE, Status.ASSIGNED, lambda d, t: d.decline(t, "忙")),
    "transfer": Act(
        Permission.TICKET_TRANSFER, Status.IN_PROGRESS, lambda d, t: d.transfer(t, "忙")
    ),
    "colleagues": Act(Permission.TICKET_TRANSFER, Status.IN_PROGRESS, lambda d, t: d.colleagues(t)),
    "arrive": Act(Permission.TICKET_PROGRESS, Status.IN_PROGRESS, lambda d, t: d.arrive(t)),
    "progress": Act(
        Permission.TICKET_PROGRESS, Status.IN_PROGRESS, lambda d, t: d.progress(t, "在修")
    ),
    "hold": Act(
        Permission.TICKET_HOLD,
        Status.IN_PROGRESS,
        lambda d, t: d.hold(t, "等配件", d.now + timedelta(hours=1)),
    ),
    "due_after": Act(
        Permission.TICKET_HOLD,
        Status.IN_PROGRESS,
        lambda d, t: d.due_after(t, d.now + timedelta(hours=1)),
    ),
    "why_due": Act(Permission.TICKET_READ, Status.IN_PROGRESS, lambda d, t: d.why_due(t)),
    "emergency": Act(Permission.TICKET_URGE, Status.IN_PROGRESS, lambda d, t: d.emergency(t)),
    "reclassify": Act(
        Permission.TICKET_RECLASSIFY,
        Status.IN_PROGRESS,
        lambda d, t: d.reclassify(t, is_complex=True, reason="要换主板"),
    ),
    "helpers": Act(Permission.TICKET_GIVE_SUPPORT, Status.IN_PROGRESS, lambda d, t: d.helpers(t)),
    "give_support": Act(
        Permission.TICKET_GIVE_SUPPORT,
        Status.IN_PROGRESS,
        lambda d, t: d.give_support(t, d.helpers(t)[0].id),
    ),
    "take_charge": Act(
        Permission.TICKET_DISPATCH, Status.IN_PROGRESS, lambda d, t: d.take_charge(t)
    ),
    "resume": Act(Permission.TICKET_RESUME, Status.ON_HOLD, lambda d, t: d.resume(t)),
    "ask_support": Act(
        Permission.TICKET_ASK_SUPPORT, Status.IN_PROGRESS, lambda d, t: d.ask_support(t, "人手")
    ),
    "resolve": Act(
        Permission.TICKET_RESOLVE, Status.IN_PROGRESS, lambda d, t: d.resolve(t, RESULT)
    ),
}


class Undone(Exception):
    """Takes a transaction back at its end."""


class Matrix:
    """Tries each act as each person in each relation, and takes it back."""

    def __init__(
        self, database: Database, actor: Speaker, tickets: dict[Status, int], desk_of: Any
    ) -> None:
        self._database = database
        self._actor = actor
        self._tickets = tickets
        self._desk_of = desk_of
        self._written: list[str] = []
        event.listen(database.engine, "before_cursor_execute", self._note)

    def _note(self, _: Any, __: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            self._written.append(statement)

    def mismatches(
        self, names: Iterable[str] = ACTS, roles: Iterable[Role] = Role
    ) -> Iterator[str]:
        """Where the desk does not do what the grid says."""
        for name, role, relation in product(names, roles, RELATIONS):
            seen = self._seen(ACTS[name], role, relation)
            wanted = _wanted(ACTS[name], role, relation)
            if seen != wanted:
                yield f"{name} as {role} {relation or 'stranger'}: {seen} instead of {wanted}"

    def _seen(self, act: Act, role: Role, relation: Relation | None) -> str:
        seen = ""
        try:
            with self._database.transaction() as session:
                self._relate(session, self._tickets[act.status], relation)
                seen = self._tried(session, act, role)
                raise Undone
        except Undone:
            return seen

    def _tried(self, session: Session, act: Act, role: Role) -> str:
        actor = Speaker(**{**_fields(self._actor), "roles": frozenset({role})})
        self._written.clear()
        try:
            act.do(self._desk_of(session, actor), self._tickets[act.status])
        except Refusal as no:
            session.flush()
            return type(no).__name__ if not self._written else f"{type(no).__name__} and writes"
        session.flush()
        return "done"

    def _relate(self, session: Session, ticket_id: int, relation: Relation | None) -> None:
        ticket, me = session.get_one(Ticket, ticket_id), self._actor.id
        match relation:
            case Relation.OWN:
                ticket.requester_id = me
            case Relation.ASSIGNED:
                ticket.assignee_id = me
            case Relation.SUPPORTING:
                ticket.supporter_id = me
            case Relation.IN_AREA:
                session.get_one(Engineer, me).areas = ["三楼"]
            case Relation.WAS_ASSIGNED:
                session.add(_former_assignment(ticket, me))
        session.flush()


def _fields(speaker: Speaker) -> dict[str, Any]:
    return {name: getattr(speaker, name) for name in speaker.__slots__}


def _former_assignment(ticket: Ticket, engineer_id: int) -> Activity:
    return Activity(
        ticket_id=ticket.id,
        action=Action.ASSIGN,
        status_before=Status.NEW,
        status_after=Status.ASSIGNED,
        happened_at=ticket.opened_at,
        detail={"engineer_id": engineer_id},
    )


def _wanted(act: Act, role: Role, relation: Relation | None) -> str:
    if relation is Relation.IN_AREA and act.status not in OPEN_STATUSES:
        relation = None  # what is done is no longer the area's
    may_read = holds(role, Permission.TICKET_READ, relation)
    if act.needs is Permission.TICKET_ACCEPT:
        return _wanted_of_accept(role, relation, may_read)
    if holds(role, act.needs, relation):
        return "done"
    return NotPermitted.__name__ if may_read else NotFound.__name__


def _wanted_of_accept(role: Role, relation: Relation | None, may_read: bool) -> str:
    """Only whose it is accepts it; who was ever asked reads that it is not theirs."""
    if not holds(role, Permission.TICKET_ACCEPT, Relation.ASSIGNED):
        return NotPermitted.__name__
    if relation is Relation.ASSIGNED:
        return "done"
    was_asked = relation is Relation.WAS_ASSIGNED
    return NotYours.__name__ if may_read or was_asked else NotFound.__name__


@pytest.fixture
def matrix(database, make_person, make_engineer, make_ticket, desk_of):
    make_person("陈台", Role.DESK)
    wang, zhou = make_person("王芳"), make_engineer("周工", skills=["printer"])
    actor = make_engineer("李工", skills=["network"])
    tickets = {status: make_ticket(status, requester=wang, engineer=zhou).id for status in STATUSES}
    make_engineer("何工", skills=["printer"], level=3)  # who could be given as support
    with database.transaction() as session:  # so that taking a job away leaves no debt
        card = session.get_one(Engineer, actor.id)
        card.open_tickets, card.workload = 1, 3
    return Matrix(database, actor, tickets, desk_of)


def test_each_act_is_done_by_whom_the_rights_name_and_by_nobody_else(matrix):
    """Y1, H-20: 31 acts × 6 roles × 6 relations; a refusal has written nothing."""
    assert len(ACTS) * len(Role) * len(RELATIONS) == 31 * 6 * 6

    assert list(matrix.mismatches()) == []


def test_the_matrix_knows_every_act_on_a_ticket():
    """A method that is added to the desk is added here."""
    on_a_ticket = {
        name
        for name, method in vars(Desk).items()
        if callable(method) and "ticket_id" in getattr(method, "__annotations__", {})
    }

    # Whose rating may be changed, and which of one's own answers a ticket came of, are one's own.
    assert on_a_ticket - {"rating_to_change", "ticket_came_of"} == set(ACTS)


ENFORCED = sorted({act.needs for act in ACTS.values()})
SWAPS = [
    (permission, one, other)
    for permission in ENFORCED
    for one, other in [(Role.DESK, Role.ENGINEER), (Role.REQUESTER, Role.VENDOR)]
]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_two_cells_of_the_table_swapped_are_seen(matrix, monkeypatch):
    """Y1: the services ask the table, and this matrix notices when it says something else."""
    unseen = []
    for permission, one, other in SWAPS:
        rows = permissions.PERMISSIONS[permission]
        if rows.get(one, ()) == rows.get(other, ()):
            continue
        swapped = {**rows, one: rows.get(other, ()), other: rows.get(one, ())}
        with monkeypatch.context() as patch:
            table = {**permissions.PERMISSIONS, permission: swapped}
            patch.setattr(permissions, "PERMISSIONS", table)
            acts = [name for name, act in ACTS.items() if act.needs is permission]
            if not any(matrix.mismatches(acts, (one, other))):
                unseen.append((permission, one, other))

    assert unseen == []
