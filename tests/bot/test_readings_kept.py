"""What decided in a talk is kept as it was read, and nothing of a complaint (F6, P8)."""

from sqlalchemy import select

from domain.understanding import Handling, Truth
from models import StoredReading
from tests.bot.test_turns import FAULT, desk  # noqa: F401


def kept(desk):  # noqa: F811
    with desk.database.reading() as session:
        rows = session.scalars(select(StoredReading).order_by(StoredReading.id)).all()
        session.expunge_all()
        return rows


def test_what_was_read_stands_with_the_ticket_that_came_of_it(desk):  # noqa: F811
    desk.says(FAULT)
    desk.says("王芳 财务部 13800001234")
    desk.says("是")

    found = kept(desk)
    assert [each.handling for each in found] == [Handling.ACTED]
    assert (found[0].intent, found[0].truth) == ("report", Truth.CONFIRMED)
    assert found[0].ticket_id is not None


def test_two_faults_of_one_message_are_two_things_to_learn(desk):  # noqa: F811
    desk.says("我是财务部王芳 13800001234,在三楼财务室")
    desk.says("打印机卡纸,还有我的邮箱也登不上")
    desk.says("都报")

    found = [(each.text, each.truth) for each in kept(desk) if each.ticket_id is not None]
    assert found == [("打印机卡纸", Truth.CONFIRMED), ("邮箱登不上", Truth.CONFIRMED)]


def test_nonsense_is_kept_as_not_understood(desk):  # noqa: F811
    desk.says("qwe")
    desk.says("zxc")

    last = kept(desk)[-1]
    assert (last.handling, last.truth, last.ticket_id) == (Handling.NOT_UNDERSTOOD, None, None)


def test_nothing_of_a_complaint_is_kept(desk):  # noqa: F811
    desk.says("我要投诉，你们那个师傅态度太差了，修一半就走")
    desk.says("周工昨天下午来的，骂人")

    assert kept(desk) == []
