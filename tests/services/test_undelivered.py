"""Notices that did not get through: listed with what was tried, sent again by hand (P3, P6)."""

from datetime import timedelta

import pytest

from domain.delivery import Channel
from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from domain.sentence import Say
from models import Activity, Delivery, Notice, NoticeState, Outcome
from services import notices, undelivered
from services.undelivered import NoticeSettled
from tests.services.making import all_of, only

HOUR = timedelta(hours=1)
STUCK = [NoticeState.HELD, NoticeState.EXPIRED, NoticeState.FAILED, NoticeState.UNKNOWN]
FINE = [NoticeState.PENDING, NoticeState.CLAIMED, NoticeState.DELIVERED, NoticeState.REPLACED]


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def make_notice(database, now):
    """A notice in any state, about nothing in particular unless a ticket is given."""

    def make(
        to, state=NoticeState.FAILED, *, at=now, key="notice.progress", ticket_id=None, **more
    ):
        say = Say(key, {"number": "IT20261124-0007", "engineer": "周工", "words": "在路上"})
        with database.transaction() as session:
            kept = {**notices.row(to.id, say, at, ticket_id=ticket_id), "state": state, **more}
            notice = Notice(**kept)
            session.add(notice)
            session.flush()
            return notice.id

    return make


def try_it(database, notice_id, at, errcode=45015, channel=Channel.CUSTOM):
    with database.transaction() as session:
        session.add(
            Delivery(
                notice_id=notice_id,
                channel=channel,
                outcome=Outcome.REFUSED,
                errcode=errcode,
                started_at=at,
            )
        )


@pytest.mark.parametrize("state", STUCK)
def test_it_is_listed_to_whom_since_when_and_why_p3(
    database, by, clerk, make_person, now, make_notice, state
):
    wang = make_person("王芳")
    notice_id = make_notice(wang, state)
    try_it(database, notice_id, now)
    try_it(database, notice_id, now + HOUR, 43101, Channel.TEMPLATE)

    found = by(clerk, now + HOUR).undelivered()

    assert found.count == 1
    (view,) = found.newest
    assert (view.id, view.name, view.phone) == (notice_id, "王芳", "13800001234")
    assert (view.state, view.since) == (state.value, now)
    assert [(each.channel, each.errcode) for each in view.tries] == [
        ("custom", 45015),
        ("template", 43101),
    ]
    assert len({each.why.key for each in view.tries}) == 2


@pytest.mark.parametrize("state", FINE)
def test_what_got_through_or_is_under_way_is_not_listed(by, clerk, make_person, make_notice, state):
    make_notice(make_person(), state)

    assert by(clerk).undelivered().newest == ()


def test_what_is_still_open_is_listed_once_the_desk_was_alarmed_of_it(
    by, clerk, make_person, make_notice, now
):
    make_notice(make_person(), NoticeState.PENDING, alarmed_at=now)

    assert by(clerk).undelivered().count == 1


def test_alarms_of_the_desk_itself_are_no_news(by, clerk, make_notice):
    make_notice(clerk, key=notices.UNDELIVERED)

    assert by(clerk).undelivered().count == 0


def test_the_newest_stand_first_and_old_ones_are_forgotten(
    by, clerk, make_person, make_notice, now
):
    wang = make_person()
    make_notice(wang, at=now - 80 * HOUR)
    ids = [make_notice(wang, at=now - HOUR) for _ in range(7)]

    found = by(clerk).undelivered()

    assert found.count == 7
    assert [each.id for each in found.newest] == ids[:-6:-1]


def test_sent_again_it_is_as_good_as_new_p6(database, by, clerk, make_person, make_notice, now):
    notice_id = make_notice(make_person(), NoticeState.EXPIRED, tries=4, settled_at=now)

    sent = by(clerk, now + 30 * HOUR).retry(notice_id)

    notice = only(database, Notice)
    assert (notice.state, notice.tries, notice.settled_at) == (NoticeState.PENDING, 0, None)
    assert notice.valid_until == now + 30 * HOUR + notices.VALID_FOR
    assert notice.next_try_at == now + 30 * HOUR
    assert sent.name == "王芳"


@pytest.mark.parametrize("state", FINE)
def test_what_was_said_or_replaced_is_not_said_again_p2(by, clerk, make_person, make_notice, state):
    notice_id = make_notice(make_person(), state)

    with pytest.raises(NoticeSettled):
        by(clerk).retry(notice_id)


def test_a_second_tap_does_not_send_it_twice_p2(by, clerk, make_person, make_notice):
    notice_id = make_notice(make_person())
    by(clerk).retry(notice_id)

    with pytest.raises(NoticeSettled):
        by(clerk).retry(notice_id)


def test_nobody_is_sent_to_a_ticket_that_somebody_else_has(
    database, by, clerk, make_engineer, make_ticket, make_notice
):
    zhou, wu = make_engineer("周工", skills=["printer"]), make_engineer("吴工", phone="13800003333")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)
    lost = make_notice(wu, key="notice.assigned", ticket_id=ticket.id)
    own = make_notice(zhou, key="notice.assigned", ticket_id=ticket.id)

    with pytest.raises(NoticeSettled):
        by(clerk).retry(lost)
    assert by(clerk).retry(own).number == ticket.number


def test_the_ticket_remembers_who_sent_it_again(
    database, by, clerk, make_engineer, make_ticket, make_notice
):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou)
    notice_id = make_notice(zhou, key="notice.assigned", ticket_id=ticket.id)

    by(clerk).retry(notice_id)

    last = all_of(database, Activity, ticket_id=ticket.id)[-1]
    assert (last.actor_id, last.detail["notice_id"]) == (clerk.id, notice_id)


def test_who_may_read_and_who_may_send_again_y1(by, make_person, make_notice):
    head, wang = make_person("陈主任", Role.HEAD), make_person("王芳")
    notice_id = make_notice(wang)

    assert by(head).undelivered().count == 1
    with pytest.raises(NotPermitted):
        by(head).retry(notice_id)
    for act in ("undelivered", "overview"):
        with pytest.raises(NotPermitted):
            getattr(by(wang), act)()


def test_there_is_no_such_notice(by, clerk):
    with pytest.raises(NotFound):
        by(clerk).retry(4711)


def test_one_that_nobody_tried_is_shown_all_the_same(database, make_person, make_notice):
    notice_id = make_notice(make_person(), NoticeState.HELD)

    with database.reading() as session:
        view = undelivered.one(session, notice_id)
    assert (view.tries, view.number) == ((), None)
