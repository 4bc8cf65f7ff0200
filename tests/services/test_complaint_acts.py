"""Each act on a complaint × status × role × relation, done or refused as the tables say (Y1)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event

from domain.complaints import (
    COMPLAINT_LIFECYCLE,
    ComplaintAction,
    ComplaintRules,
    ComplaintStatus,
    HandlingRating,
    Verdict,
)
from domain.heard import Heard, Medium
from domain.permissions import Permission, Relation, Role, may
from domain.refusals import Refusal
from domain.speaker import Speaker
from models import Complaint
from services.complaints import answering, handling, records, submitting
from services.complaints.handling import Decision
from services.complaints.views import NEEDED, view
from services.desk import Rules
from tests.domain.rights import holds
from tests.services import complaint_kit
from tests.services.complaint_kit import Cast, cast_of

DEPUTY = "D001"
WRITES = ("INSERT", "UPDATE", "DELETE")
Act = Callable[[Any, int], Any]

ACTS: dict[ComplaintAction, tuple[Act, ...]] = {
    ComplaintAction.ADD: (
        lambda desk, each: submitting.add(desk, each, "还有一件"),
        lambda desk, each: submitting.attach(desk, each, Heard(Medium.IMAGE, media_id="m1")),
    ),
    ComplaintAction.TAKE: (handling.take,),
    ComplaintAction.VERIFY: (lambda desk, each: handling.verify(desk, each, "属实"),),
    ComplaintAction.REPORT: (handling.report,),
    ComplaintAction.RETURN: (lambda desk, each: handling.give_back(desk, each, "再查查"),),
    ComplaintAction.DECIDE: (
        lambda desk, each: handling.decide(desk, each, Decision(Verdict.PARTLY, "道歉")),
    ),
    ComplaintAction.FEED_BACK: (lambda desk, each: handling.feed_back(desk, each, "抱歉"),),
    ComplaintAction.OBJECT: (lambda desk, each: answering.object_to(desk, each, "不服"),),
    ComplaintAction.RATE: (lambda desk, each: answering.rate(desk, each, HandlingRating(4, 4)),),
    ComplaintAction.WITHDRAW: (answering.withdraw,),
}
ASKED = [(action, act) for action, acts in ACTS.items() for act in acts]


class Undone(Exception):
    """Takes a transaction back at its end."""


@pytest.fixture
def database_url(sqlite_databases) -> Iterator[str]:
    """SQLite alone: which rows somebody may see is asked of both in test_complaint_permissions."""
    with sqlite_databases.migrated() as url:
        yield url


@pytest.fixture
def rules(rules: Rules) -> Rules:
    return replace(rules, complaints=ComplaintRules(deputy=DEPUTY))


@pytest.fixture
def deputy(make_person) -> Speaker:
    return make_person("代理人", Role.ADMIN, phone="13800005555", staff_number=DEPUTY)


@pytest.fixture
def cast(make_person, make_engineer) -> Cast:
    return cast_of(make_person, make_engineer)


@pytest.fixture
def written(database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def brought_to(status: ComplaintStatus, database, desk_of, cast: Cast, **said: Any) -> int:
    """A complaint in this status; only what the table leads to is a way there."""
    kit = {
        ComplaintStatus.REPORTED: complaint_kit.reported,
        ComplaintStatus.DECIDED: complaint_kit.decided,
        ComplaintStatus.OBJECTED: complaint_kit.objected,
        ComplaintStatus.FED_BACK: complaint_kit.fed_back,
        ComplaintStatus.RATED: complaint_kit.fed_back,
        ComplaintStatus.CLOSED: complaint_kit.fed_back,
    }
    complaint = kit.get(status, complaint_kit.submitted)(database, desk_of, cast, **said)
    with database.transaction() as session:
        match status:
            case ComplaintStatus.VERIFIED:
                handling.verify(desk_of(session, cast.clerk), complaint.id, "属实")
            case ComplaintStatus.RATED:
                rating = HandlingRating(5, 5)
                answering.rate(desk_of(session, cast.requester), complaint.id, rating)
            case ComplaintStatus.WITHDRAWN:
                answering.withdraw(desk_of(session, cast.requester), complaint.id)
            case ComplaintStatus.CLOSED:
                row = session.get_one(Complaint, complaint.id)
                records.act(session, row, ComplaintAction.CLOSE, None, row.submitted_at)
    with database.reading() as session:
        assert session.get_one(Complaint, complaint.id).status is status
    return complaint.id


def wanted(action: ComplaintAction, status: ComplaintStatus, role: Role, relations: Any) -> str:
    """What both tables say, read a second time."""

    def has(permission: Permission) -> bool:
        return any(holds(role, permission, each) for each in relations)

    if not has(NEEDED[action]):
        return "NotPermitted" if has(Permission.COMPLAINT_READ) else "NotFound"
    if (status, action) == (ComplaintStatus.OBJECTED, ComplaintAction.OBJECT):
        return "ObjectedBefore"
    return "done" if (status, action) in COMPLAINT_LIFECYCLE else "ComplaintActionNotAllowed"


def seen(database, desk_of, written, who: Speaker, act: Act, complaint_id: int) -> str:
    """What came of it; a refusal that wrote something says so, for a talk is saved all the same."""
    found = ""
    try:
        with database.transaction() as session:
            written.clear()
            try:
                act(desk_of(session, who), complaint_id)
                session.flush()
                found = "done" if written else "done, and nothing written"
            except Refusal as no:
                session.flush()
                found = type(no).__name__ + (" and writes" if written else "")
            raise Undone
    except Undone:
        return found


@pytest.mark.parametrize("status", list(ComplaintStatus))
def test_only_who_may_does_what_its_status_allows(
    database, desk_of, written, cast, deputy, make_person, status
):
    """C1 to C4, Y1: all roles and relations; whoever may not see it does not find it."""
    outside, named = make_person("旁人"), make_person("被点名的")
    kept_from = (named.id, cast.head.id)
    ordinary = brought_to(status, database, desk_of, cast, people=(named.id,))
    without_head = brought_to(
        status, database, desk_of, replace(cast, head=deputy), people=kept_from
    )
    stands: list[tuple[str, Speaker, int, tuple[Relation | None, ...]]] = [
        ("own", cast.requester, ordinary, (Relation.OWN,)),
        ("impartial", outside, ordinary, (Relation.IMPARTIAL,)),
        ("concerned", named, ordinary, (None,)),
        ("deputy not needed", deputy, ordinary, (Relation.IMPARTIAL,)),
        ("deputy", deputy, without_head, (Relation.IMPARTIAL, Relation.DEPUTY)),
        ("concerned head", cast.head, without_head, (None,)),
    ]
    wrong = [
        f"{action} as {role}, {name}: {found} instead of {right}"
        for (action, act), role, (name, who, complaint, relations) in product(ASKED, Role, stands)
        if (
            found := seen(
                database, desk_of, written, replace(who, roles=frozenset({role})), act, complaint
            )
        )
        != (right := wanted(action, status, role, relations))
    ]

    assert wrong == []


def test_every_act_of_the_table_is_tried():
    """All but what the clock and the desk itself note."""
    by_itself = {
        ComplaintAction.SUBMIT,
        ComplaintAction.CLOSE,
        ComplaintAction.REMIND,
        ComplaintAction.READ,
    }

    assert set(ACTS) == set(ComplaintAction) - by_itself == set(NEEDED)


def test_a_view_offers_what_the_tables_allow(database, desk_of, cast):
    complaint_id = brought_to(ComplaintStatus.REPORTED, database, desk_of, cast)
    with database.reading() as session:
        row = session.get_one(Complaint, complaint_id)
        for who in (cast.requester, cast.clerk, cast.head):
            desk = desk_of(session, who)
            stand = records.stand_of(desk, row)
            offered = set(view(desk, row).actions)
            allowed = {
                action
                for action, needs in NEEDED.items()
                if (row.status, action) in COMPLAINT_LIFECYCLE and may(who.roles, needs, stand)
            }
            assert offered == allowed
