"""At night ordinary notices wait, in the morning they are one; what is urgent comes (C §24)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.delivery import ReachRules
from domain.quiet import Quiet
from domain.sentence import Say
from models import Conversation, Notice, NoticeState
from services import notices, outbox, quiet_digest, quiet_hours, reaching
from services.quiet_hours import TooLong
from tests.services.making import all_of

NIGHT = Quiet(22 * 60, 7 * 60)


@pytest.fixture
def evening(now):
    """Half past ten in Shanghai, twelve hours after the tests' morning."""
    return now + timedelta(hours=12)


@pytest.fixture
def morning(evening):
    return evening + timedelta(hours=8, minutes=30)


@pytest.fixture
def wang(make_person, database, now):
    wang = make_person("王芳")
    with database.transaction() as session:
        quiet_hours.put(session, wang.id, NIGHT, now)
    return wang


@pytest.fixture
def queue(database):
    def queue(person, at, *, is_urgent=False):
        with database.transaction() as session:
            row = notices.row(person.id, Say("notice.desk_left"), at, is_urgent=is_urgent)
            notices.queue(session, [row])
            return session.scalar(select(Notice.id).order_by(Notice.id.desc()).limit(1))

    return queue


@pytest.fixture
def claimed(database):
    def claimed(at):
        with database.transaction() as session:
            return [each.id for each in outbox.claim(session, at, 50)]

    return claimed


def test_what_is_ordinary_waits_and_what_is_urgent_does_not_wait_behind_it(
    wang, queue, claimed, evening, morning
):
    ordinary = queue(wang, evening)
    urgent = queue(wang, evening, is_urgent=True)

    assert claimed(evening) == [urgent]
    assert claimed(morning + timedelta(minutes=1)) == [ordinary]


def test_whoever_has_just_spoken_is_awake(wang, queue, claimed, database, evening):
    ordinary = queue(wang, evening)
    with database.transaction() as session:
        talk = session.query(Conversation).filter_by(person_id=wang.id).one()
        talk.heard_at = evening - timedelta(minutes=2)

    assert claimed(evening) == [ordinary]


def test_in_the_morning_many_are_one_and_few_are_themselves(
    wang, make_person, queue, claimed, database, evening, morning
):
    li = make_person("李雷")
    with database.transaction() as session:
        quiet_hours.put(session, li.id, NIGHT, evening)
    many = [queue(wang, evening + timedelta(minutes=n)) for n in range(7)]
    few = [queue(li, evening) for _ in range(2)]

    with database.transaction() as session:
        assert not quiet_digest.is_due(session, morning - timedelta(minutes=1))
        assert quiet_digest.is_due(session, morning)
        assert quiet_digest.gather(session, morning) == 1
    with database.transaction() as session:
        assert quiet_digest.gather(session, morning) == 0

    (one,) = all_of(database, Notice, text_key="quiet.summary")
    rows = {row.id: row for row in all_of(database, Notice)}
    assert {rows[each].replaced_by_id for each in many} == {one.id}
    assert {rows[each].state for each in few} == {NoticeState.PENDING}
    assert claimed(morning) == []
    assert claimed(morning + timedelta(minutes=1)) == [few[0], one.id]


def test_who_rests_is_not_out_of_reach(wang, queue, database, evening):
    queue(wang, evening)

    with database.transaction() as session:
        late = evening + timedelta(hours=6)
        assert not reaching.is_due(session, ReachRules(), late)
        assert reaching.watch(session, ReachRules(), late) == 0


def test_quiet_hours_end_on_their_day(database, make_person, now):
    wang = make_person("王芳")

    for wrong in (Quiet(0, 0), Quiet(7 * 60, 6 * 60)):
        with database.transaction() as session, pytest.raises(TooLong):
            quiet_hours.put(session, wang.id, wrong, now)
    with database.transaction() as session:
        quiet_hours.put(session, wang.id, NIGHT, now)
        quiet_hours.put(session, wang.id, None, now)
        assert quiet_hours.of(session, wang.id) is None
