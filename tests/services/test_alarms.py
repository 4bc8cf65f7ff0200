"""Alarms of the operators: told once, then quiet for their time (R-053, R-056)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from domain.permissions import Role
from models import Alarm, Notice
from services.alarms import raise_alarm

HOUR = timedelta(hours=1)


@pytest.fixture
def operator(make_person):
    return make_person("顾管", Role.ADMIN)


@pytest.fixture
def raised(database, now):
    def raised(key="token", at=now):
        with database.transaction() as session:
            return raise_alarm(
                session, key, at, quiet_for=HOUR, text_key="alarm.secret_wrong", errcode=40125
            )

    return raised


def told(database):
    with database.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_an_operator_is_told_what_is_wrong(database, operator, raised):
    assert raised()

    (notice,) = told(database)
    assert notice.recipient_id == operator.id
    assert notice.text_key == "alarm.secret_wrong"
    assert notice.say["facts"] == {"errcode": 40125}


def test_the_same_trouble_is_quiet_for_its_time_and_another_is_not(database, operator, raised, now):
    assert raised()
    assert not raised(at=now + HOUR - timedelta(seconds=1))
    assert raised("ip", at=now + timedelta(seconds=1))
    assert raised(at=now + HOUR)
    assert not raised(at=now + 2 * HOUR - timedelta(seconds=1))

    assert len(told(database)) == 3


def test_eight_who_see_it_at_once_tell_of_it_once(database, operator, raised):
    barrier = Barrier(8)

    def see(_):
        barrier.wait()
        return raised()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(see, range(8))) == [False] * 7 + [True]
    assert len(told(database)) == 1


def test_an_alarm_of_a_transaction_that_failed_was_not_raised(database, operator, now):
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        raise_alarm(session, "x", now, quiet_for=HOUR, text_key="alarm.secret_wrong", errcode=1)
        raise ZeroDivisionError

    with database.transaction() as session:
        assert raise_alarm(
            session, "x", now, quiet_for=HOUR, text_key="alarm.secret_wrong", errcode=1
        )


def test_a_key_of_any_length_is_kept(database, raised):
    assert raised("quota:" + "x" * 500)
    assert not raised("quota:" + "x" * 500)

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Alarm)) == 1
