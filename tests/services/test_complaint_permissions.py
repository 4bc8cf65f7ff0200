"""Who sees which complaint, and who does not decide in their own matter (C2, C3, P8)."""

from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from sqlalchemy import select

from domain.complaints import About, ComplaintRules, ComplaintStatus, Concerned, Verdict
from domain.permissions import Permission, Role, may
from domain.refusals import NotFound, NotPermitted
from domain.speaker import Speaker
from models import Complaint, ComplaintPerson, IntakeChannel, Notice, Person
from services.complaints import handling, records, submitting
from services.complaints.handling import ConcernsYou, Decision
from services.desk import Rules
from tests.services import complaint_kit
from tests.services.complaint_kit import Cast, cast_of

DEPUTY = "D001"


@pytest.fixture
def rules(rules: Rules) -> Rules:
    return replace(rules, complaints=ComplaintRules(deputy=DEPUTY))


@pytest.fixture
def deputy(make_person) -> Speaker:
    return make_person("代理人", Role.ADMIN, phone="13800005555", staff_number=DEPUTY)


@pytest.fixture
def cast(make_person, make_engineer) -> Cast:
    return cast_of(make_person, make_engineer)


# --- lists and the rule are one ------------------------------------------------------------------


def test_lists_show_what_the_rule_lets_see(database, desk_of, make_person, make_engineer, deputy):
    """P8: `visible_to` and `stand_of`, for everybody and each set of people it may concern."""
    heads = [make_person("陈主任", Role.HEAD), make_person("李主任", Role.HEAD)]
    gone = make_person("前主任", Role.HEAD)
    people = [
        *heads,
        make_person("小陈", Role.DESK),
        make_engineer("周工"),
        make_person("管理员", Role.ADMIN),
        make_person("王芳"),
        deputy,
    ]
    sets = chain.from_iterable(combinations(people, size) for size in range(3))
    with database.transaction() as session:
        session.get_one(Person, gone.id).is_active = False
        for count, (concerned, who) in enumerate(product(list(sets), (people[0], people[-2]))):
            _inserted(session, count, who, {each.id for each in concerned} - {who.id})

    with database.reading() as session:
        rows = session.scalars(select(Complaint).order_by(Complaint.id)).all()
        for who in (*people, gone):
            desk = desk_of(session, who)
            listed = session.scalars(select(Complaint.id).where(records.visible_to(desk))).all()
            ruled = [
                row.id
                for row in rows
                if may(who.roles, Permission.COMPLAINT_READ, records.stand_of(desk, row))
            ]
            assert sorted(listed) == ruled, who.name
            assert len(ruled) < len(rows) or who is gone


def _inserted(session, count: int, who: Speaker, concerned: set[int]) -> None:
    at = session.get_one(Person, who.id).created_at
    row = Complaint(
        number=f"TS20261124-{count:04d}",
        status=ComplaintStatus.SUBMITTED,
        channel=IntakeChannel.WECHAT,
        requester_id=who.id,
        contact_name=who.name,
        contact_department="",
        contact_phone="8899",
        about=About.SERVICE,
        words="不满意",
        submitted_at=at,
    )
    session.add(row)
    session.flush()
    for person_id in concerned:
        why = Concerned.NAMED
        session.add(ComplaintPerson(complaint_id=row.id, person_id=person_id, why=why))


# --- separation of duties in words ---------------------------------------------------------------


def test_a_clerk_whom_it_concerns_does_not_verify_it(database, desk_of, cast, make_person):
    """C2: nor finds out that it is there; and nobody finds against themselves."""
    other = make_person("小刘", Role.DESK)
    complaint = complaint_kit.submitted(database, desk_of, cast, people=(other.id,))

    with database.transaction() as session, pytest.raises(NotFound):
        handling.verify(desk_of(session, other), complaint.id, "没有的事")
    with database.transaction() as session, pytest.raises(ConcernsYou):
        handling.verify(desk_of(session, cast.clerk), complaint.id, "是我", [cast.clerk.id])


def test_a_head_whom_it_concerns_is_replaced_by_the_deputy(database, desk_of, cast, deputy):
    """C3: the person named for that decides, and nobody else hears of it."""
    complaint = complaint_kit.reported(database, desk_of, cast, people=(cast.head.id,))

    with database.transaction() as session, pytest.raises(NotFound):
        handling.decide(desk_of(session, cast.head), complaint.id, Decision(Verdict.UPHELD, "无"))
    with database.transaction() as session:
        made = handling.decide(
            desk_of(session, deputy), complaint.id, Decision(Verdict.PARTLY, "道歉")
        )
        told = session.scalars(
            select(Notice.recipient_id).where(Notice.text_key == "complaint_told.reported")
        ).all()
    assert made.status is ComplaintStatus.DECIDED
    assert list(told) == [deputy.id]


def test_a_deputy_waits_while_a_head_can_decide(database, desk_of, cast, deputy, make_person):
    make_person("李主任", Role.HEAD)
    complaint = complaint_kit.reported(database, desk_of, cast, people=(cast.head.id,))

    with database.transaction() as session, pytest.raises((NotFound, NotPermitted)):
        handling.decide(desk_of(session, deputy), complaint.id, Decision(Verdict.UPHELD, "无"))


def test_with_nobody_to_decide_an_admin_is_told_without_content(
    database, desk_of, cast, make_person
):
    """Not the head who runs the system, too: that one is concerned."""
    admin = make_person("管理员", Role.ADMIN)
    both = make_person("李主任", Role.HEAD, Role.ADMIN)
    kept_from = (cast.head.id, both.id)
    complaint = complaint_kit.reported(database, desk_of, cast, people=kept_from)
    with database.reading() as session:
        rows = session.scalars(
            select(Notice).where(Notice.text_key == "complaint_told.no_decider")
        ).all()

    assert [row.recipient_id for row in rows] == [admin.id]
    assert complaint.number not in str(rows[0].say)
    assert rows[0].complaint_id is None


def test_who_is_found_concerned_later_is_told_no_more(database, desk_of, cast, make_person):
    """A colleague at the desk heard of it at first; what had not left yet stays here."""
    other = make_person("小刘", Role.DESK)
    complaint = complaint_kit.submitted(database, desk_of, cast)
    with database.transaction() as session:
        handling.verify(desk_of(session, cast.clerk), complaint.id, "小刘也在场", [other.id])

    with database.reading() as session:
        states = select(Notice.state).where(Notice.recipient_id == other.id)
        assert [each.value for each in session.scalars(states)] == ["replaced"]
        with pytest.raises(NotFound):
            submitting.add(desk_of(session, other), complaint.id, "看看")
