"""`run.py notice`: what did not get through, each try, and once more (P3, P6)."""

import pytest
from sqlalchemy import select

from domain.delivery import Channel
from domain.sentence import Say
from models import Delivery, Notice, NoticeState, Outcome
from services import notices, people
from services.people import NewPerson
from tests.cli.conftest import NOW


@pytest.fixture
def make_notice(database):
    def make(state=NoticeState.FAILED):
        with database.transaction() as session:
            wang = people.add(session, NewPerson("王芳", frozenset(), phone="13800001234"), NOW)
            say = Say("notice.arrived", {"engineer": "周工", "number": "IT20261124-0007"})
            notice = Notice(**{**notices.row(wang.id, say, NOW), "state": state})
            session.add(notice)
            session.flush()
            session.add(
                Delivery(
                    notice_id=notice.id,
                    channel=Channel.CUSTOM,
                    outcome=Outcome.REFUSED,
                    errcode=45015,
                    started_at=NOW,
                )
            )
            return notice.id

    return make


def test_what_did_not_get_through_is_listed_with_the_reason_p3(run, make_notice):
    make_notice()

    listed = run("notice", "list").output

    assert "王芳" in listed and "45015" in listed
    assert "13800001234" not in listed  # masked, as everywhere on a terminal


def test_what_got_through_is_listed_only_with_all(run, make_notice):
    make_notice(NoticeState.DELIVERED)

    assert "王芳" not in run("notice", "list").output
    assert "王芳" in run("notice", "list", "--all").output


def test_one_is_shown_in_its_words_with_each_try_p3(run, make_notice):
    shown = run("notice", "show", make_notice()).output

    assert "周工已到现场，正在处理您的报修 IT20261124-0007" in shown
    assert shown.count("客服消息") == 1


def test_one_is_sent_again_once_p6(run, database, make_notice):
    notice_id = make_notice()

    assert run("notice", "retry", notice_id).exit_code == 0
    with database.reading() as session:
        assert session.get_one(Notice, notice_id).state is NoticeState.PENDING
    again = run("notice", "retry", notice_id)
    assert again.exit_code == 1 and "不用再发" in again.output


@pytest.mark.parametrize("act", ["show", "retry"])
def test_there_is_no_such_notice(run, database, act):
    done = run("notice", act, 4711)

    assert done.exit_code == 1 and "4711" in done.output


def test_nothing_undelivered_is_good_news(run, database):
    assert "都送到了" in run("notice", "list").output
    assert run("notice", "list", "--all").exit_code == 0


def test_a_try_that_got_through_is_no_failure(run, database, make_notice):
    notice_id = make_notice(NoticeState.DELIVERED)
    with database.transaction() as session:
        tried = session.scalars(select(Delivery)).one()
        tried.outcome, tried.errcode = Outcome.ACCEPTED, None

    assert "客服消息  微信收下了\n" in run("notice", "show", notice_id).output
