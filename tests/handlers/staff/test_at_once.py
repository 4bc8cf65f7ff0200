"""Two at one complaint: the second is told what changed, on each engine (C2, C3)."""

import pytest

from domain.complaints import ComplaintActionNotAllowed, ComplaintStatus
from domain.permissions import Role
from models import Complaint, ComplaintPerson
from services.complaints import answering, handling, submitting
from tests.services.making import all_of, only

FOUND = "问过本人，确实中途离开，当天没有回来"
REPORTED, DECIDED = ComplaintStatus.REPORTED, ComplaintStatus.DECIDED


@pytest.fixture
def database_url(engine_name, request):
    """Both: what is changed meanwhile is asked under a lock."""
    databases = "sqlite_databases" if engine_name == "sqlite" else "postgres_databases"
    with request.getfixturevalue(databases).migrated() as url:
        yield url


def test_another_clerk_takes_it_on(talk_of, cast, at, other_clerk, now_at):
    number = at().number
    assert now_at(cast.head, number).verifier.id == cast.clerk.id
    talk = talk_of(other_clerk).hears("核实 0001")

    talk.taps("take").answers("complaint_desk.taken", "complaint_desk.ask_findings")

    assert now_at(cast.head, number).verifier.id == other_clerk.id
    assert "take" not in {act.partition("=")[2] for act in talk.offered}


def test_the_second_of_two_clerks_is_told_what_the_first_did(talk_of, cast, at, other_clerk):
    number = at().number
    second = talk_of(other_clerk).hears(f"核实 0001 {FOUND}").hears("周工")
    talk_of(cast.clerk).hears("核实 0001 没有这回事").hears("不涉及个人").taps("yes")

    second.taps("yes").answers("complaint_desk.gone_on", number="0001", written=FOUND)

    assert "小陈 上报" in second.read and "待处理" in second.read
    assert second.waits_at == (None, None)
    again = talk_of(other_clerk).hears(tap=f"verify:{number}").answers("complaint_desk.gone_on")
    assert again.offered == []


def test_a_refusal_of_the_second_leaves_what_the_first_found(
    database, desk_of, cast, at, other_clerk
):
    """A chat commits what a refused act did before: it must have done nothing."""
    complaint = at()
    with database.transaction() as session:
        desk = desk_of(session, cast.clerk)
        handling.verify(desk, complaint.id, FOUND, [cast.engineer.id])
        handling.report(desk, complaint.id)

    with database.transaction() as session, pytest.raises(ComplaintActionNotAllowed):
        handling.verify(desk_of(session, other_clerk), complaint.id, "没有", [])

    assert [each.is_found for each in all_of(database, ComplaintPerson)] == [True]


def test_what_the_complainant_adds_is_read_before_it_is_reported(
    database, desk_of, talk_of, cast, at, now_at
):
    complaint = at()
    talk = talk_of(cast.clerk).hears(f"核实 0001 {FOUND}").hears("周工")
    with database.transaction() as session:
        submitting.add(desk_of(session, cast.requester), complaint.id, "他还把螺丝落下了")

    talk.taps("yes").answers("complaint_desk.news", "complaint_desk.confirm")
    assert "王芳 补充：他还把螺丝落下了" in talk.read
    talk.taps("yes").answers("complaint_desk.reported")
    assert now_at(cast.head, complaint.number).status is ComplaintStatus.REPORTED


def test_a_complaint_that_is_withdrawn_is_verified_no_more(database, desk_of, talk_of, cast, at):
    complaint = at()
    talk = talk_of(cast.clerk).hears("核实 0001")
    with database.transaction() as session:
        answering.withdraw(desk_of(session, cast.requester), complaint.id)

    talk.hears(FOUND).answers("complaint_desk.gone_on")
    assert "王芳 撤回" in talk.read


def test_the_second_of_two_heads_is_told_what_the_first_decided(talk_of, cast, at, make_person):
    second = make_person("何总", Role.HEAD, phone="13800007777")
    at(REPORTED)
    late = talk_of(second).hears("处理 0001 不成立 没有这回事")
    first = talk_of(cast.head).hears("处理 0001 成立 当面道歉").taps("by_rule")
    first.taps("as_measures").taps("yes").answers("complaint_head.decided")

    late.taps("yes").answers("complaint_desk.gone_on", written="没有这回事")
    assert "陈主任 作出处理：当面道歉" in late.read


def test_what_is_added_meanwhile_is_read_before_it_is_decided(database, desk_of, talk_of, cast, at):
    complaint = at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001 不成立 没有这回事")
    with database.transaction() as session:
        submitting.add(desk_of(session, cast.requester), complaint.id, "我有录音")

    talk.taps("yes").answers("complaint_desk.news", "complaint_head.confirm")
    assert "王芳 补充：我有录音" in talk.read
    talk.taps("yes").answers("complaint_head.decided")


def test_the_second_of_two_clerks_is_told_that_it_was_said(
    database, desk_of, talk_of, cast, at, other_clerk
):
    complaint = at(DECIDED)
    talk = talk_of(other_clerk).hears("反馈 0001 周工今天来道歉")
    with database.transaction() as session:
        handling.feed_back(desk_of(session, cast.clerk), complaint.id, "您反映的属实")

    talk.taps("yes").answers("complaint_desk.gone_on", written="周工今天来道歉")
    assert "小陈 反馈给投诉人：您反映的属实" in talk.read
    assert only(database, Complaint).feedback == "您反映的属实"
