"""What clerks read beside a person (W1): the words, and whose may be wrong, on both databases."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lifecycle import Status
from models import Conversation, Holder, InboxMessage, Person
from services import people, remarks
from services.remarks import LIMIT, remark_of


@pytest.mark.parametrize(
    ("known", "remark"),
    [
        (("王芳", "财务部", "IT20261124-0007", "打印机卡纸"), "财务部王芳·0007打印机卡纸"),
        (("王芳", None, "IT20261124-0007", "打印机卡纸"), "王芳·0007打印机卡纸"),
        ((None, "财务部", "IT20261124-0007", "打印机卡纸"), "财务部·0007打印机卡纸"),
        ((None, None, "IT20261124-0007", "打印机卡纸"), "0007打印机卡纸"),
        (("王芳", "财务部"), "财务部王芳"),
        (("王芳", None), "王芳"),
        ((None, None), ""),
        (("王芳", "财务部", "IT20261124-0007", "卡纸", "等3单"), "财务部王芳·0007卡纸等3单"),
        (("王 芳\n", "财务\u200b部", "IT20261124-10007", "卡\t纸"), "财务 部王 芳·10007卡 纸"),
        (
            ("王芳", "财务部", "IT20261124-0007", "惠普打印机一直卡纸，重启三次都没有用", "等2单"),
            "财务部王芳·0007惠普打印机一直卡纸，重启三次都没…等2单",
        ),
        (
            ("欧阳娜娜", "信息中心运行维护部综合管理科二组", "IT20261124-0007", "打印机一直卡纸呀"),
            "信息中心运行维护部综合管…欧阳娜娜·0007打印机一直卡纸呀",
        ),
        (
            ("王芳", "信息中心运行维护部综合管理科二组南区三号楼四层值班室五号工位", None, None),
            "信息中心运行维护部综合管理科二组南区三号楼四层值班室五…王芳",
        ),
    ],
)
def test_w1_the_remark_says_who_it_is_and_what_is_open(known, remark):
    assert remark_of(*known) == remark
    assert len(remark) <= LIMIT


_WORDS = st.text(max_size=60)


@given(st.none() | _WORDS, st.none() | _WORDS, st.integers(1, 999999), _WORDS, st.integers(0, 99))
def test_whatever_people_are_called_it_has_thirty_characters_and_the_whole_number(
    name, department, count, symptom, others
):
    more = f"等{others}单" if others else ""

    remark = remark_of(name, department, f"IT20261124-{count:04d}", symptom, more)

    assert len(remark.encode("utf-16-le")) // 2 <= LIMIT
    assert f"{count:04d}" in remark
    assert remark.endswith(more)
    assert remark.isprintable()


@given(st.none() | _WORDS, st.none() | _WORDS)
def test_without_a_ticket_it_fits_as_well(name, department):
    assert len(remark_of(name, department).encode("utf-16-le")) // 2 <= LIMIT


# --- whose may be wrong --------------------------------------------------------------------------


def bearer(database, speaker):
    with database.reading() as session:
        return next(iter(remarks.bearers(session, [speaker.id])), None)


def test_the_newest_ticket_under_way_is_told_and_how_many_there_are(
    database, make_person, make_ticket
):
    wang, zhou = make_person("王芳"), make_person("李明")
    make_ticket(requester=wang, symptom="打印机卡纸")
    newest = make_ticket(Status.ASSIGNED, requester=wang, symptom="电脑蓝屏")
    make_ticket(Status.CLOSED, requester=wang, symptom="早就好了")
    make_ticket(Status.CANCELLED, requester=wang, symptom="不用来了")

    told = bearer(database, wang)
    nothing = bearer(database, zhou)

    assert (told.number, told.symptom, told.count) == (newest.number, "电脑蓝屏", 2)
    assert (told.name, told.department, told.remark) == ("王芳", "财务部", "")
    assert (nothing.number, nothing.symptom, nothing.count) == (None, None, 0)


def test_one_that_waits_for_its_confirmation_is_still_told(database, make_person, make_ticket):
    wang = make_person()
    solved = make_ticket(Status.RESOLVED, requester=wang)

    assert bearer(database, wang).number == solved.number


def test_who_does_not_follow_bears_none(database, make_person):
    wang, nobody = make_person(), make_person(openid=None)

    with database.transaction() as session:
        people.followed(session, wang.openid, is_following=False)

    assert bearer(database, wang) is bearer(database, nobody) is None


def test_bearers_come_in_the_order_asked_for(database, make_person):
    ids = [make_person().id for _ in range(3)]

    with database.reading() as session:
        found = remarks.bearers(session, [ids[2], ids[0], ids[1]])

    assert [each.person_id for each in found] == [ids[2], ids[0], ids[1]]


def test_whose_ticket_moved_or_who_spoke_is_found_the_newest_first(
    database, make_person, make_ticket, now, monkeypatch
):
    monkeypatch.setattr(remarks, "_LOOK_BACK", 0)
    wang, li, zhao = (make_person(name) for name in ("王芳", "李明", "赵"))
    make_ticket(requester=li)
    with database.reading() as session:
        cursor = remarks.present(session)
        assert remarks.touched(session, cursor) == ([], cursor)

    make_ticket(requester=li)
    make_ticket(requester=wang)
    with database.transaction() as session:
        session.add(
            InboxMessage(
                openid=zhao.openid,
                key="m:1",
                kind="text",
                text="我是财务部赵六",
                sent_at=now,
                received_at=now,
            )
        )
    with database.reading() as session:
        found, cursor = remarks.touched(session, cursor)
        assert found == [wang.id, li.id, zhao.id]
        assert remarks.touched(session, cursor) == ([], cursor)


def test_an_activity_that_was_committed_late_is_still_seen(database, make_person, make_ticket):
    """PostgreSQL may commit a smaller id after a larger one."""
    wang = make_person()
    make_ticket(requester=wang)

    with database.reading() as session:
        found, _ = remarks.touched(session, remarks.present(session))

    assert wang.id in found


def test_those_with_clerks_and_those_with_tickets_are_found(
    database, make_person, make_ticket, now
):
    wang, li, zhao = (make_person(name) for name in ("王芳", "李明", "赵"))
    make_ticket(requester=zhao)
    make_ticket(requester=wang)
    make_ticket(requester=zhao)
    with database.transaction() as session:
        for speaker, holder, minutes in ((wang, Holder.CLERK, 5), (li, Holder.WAITING, 1)):
            talk = session.get_one(Conversation, speaker.id)
            talk.holder, talk.held_since = holder, now - timedelta(minutes=minutes)

    with database.reading() as session:
        assert remarks.with_clerks(session) == [li.id, wang.id]
        assert remarks.with_tickets(session) == [zhao.id, wang.id]
        assert remarks.after(session, wang.id, 1) == [li.id]


def test_what_was_put_on_is_kept(database, make_person):
    wang = make_person()

    for remark, row in (("财务部王芳", "财务部王芳"), ("", None)):
        with database.transaction() as session:
            remarks.keep(session, wang.id, remark)
        with database.reading() as session:
            assert session.get_one(Person, wang.id).remark == row
        assert bearer(database, wang).remark == remark
