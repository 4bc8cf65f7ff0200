"""Browsers that are signed in: found by their token, ended by time, by hand, by a new phone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.permissions import Role
from models import Person, WebSession
from services import web_sessions
from services.web_sessions import IDLE_FOR, KEPT_FOR


@pytest.fixture
def start(database, now):
    def start(openid: str, at=now) -> str:
        with database.transaction() as session:
            return web_sessions.start(session, openid, at)

    return start


@pytest.fixture
def reader_of(database, now):
    def read(token: str, at=now) -> web_sessions.Reader | None:
        with database.reading() as session:
            return web_sessions.reader_of(session, token, at)

    return read


def test_a_token_finds_its_person_and_no_other(make_person, start, reader_of):
    wang, li = make_person(), make_person("李明")
    start(li.openid)

    found = reader_of(start(wang.openid))

    assert found is not None and found.speaker == wang and found.is_following
    assert reader_of("") is None and reader_of("x" * 43) is None


def test_somebody_unknown_becomes_a_requester_who_does_not_follow(start, reader_of):
    found = reader_of(start("oDeskNobodyKnown000000000001"))

    assert found is not None and not found.is_following
    assert found.speaker.roles == {Role.REQUESTER}


def test_the_token_itself_is_not_kept(make_person, start, database):
    token = start(make_person().openid)

    with database.reading() as session:
        (row,) = session.scalars(select(WebSession))
    assert token not in (row.token_hash, row.via)


@pytest.mark.parametrize("age", [IDLE_FOR, KEPT_FOR, KEPT_FOR * 10])
def test_what_is_too_old_is_over(make_person, start, reader_of, now, age):
    token = start(make_person().openid)

    assert reader_of(token, now + age) is None


def test_being_seen_keeps_it_but_no_longer_than_thirty_days(
    make_person, start, reader_of, database, now
):
    token = start(make_person().openid)
    for days in (6, 12, 18, 24, 29):
        at = now + timedelta(days=days)
        found = reader_of(token, at)
        assert found is not None and found.is_to_be_noted
        with database.transaction() as session:
            web_sessions.seen(session, token, at)
        assert not reader_of(token, at).is_to_be_noted

    assert reader_of(token, now + KEPT_FOR) is None


def test_one_browser_is_signed_out_or_all_of_them(make_person, start, reader_of, database):
    wang = make_person()
    first, second, third = (start(wang.openid) for _ in range(3))

    with database.transaction() as session:
        web_sessions.end(session, first)
    one_left = [reader_of(token) is not None for token in (first, second, third)]
    with database.transaction() as session:
        ended = web_sessions.end_all(session, wang.id)

    assert one_left == [False, True, True] and ended == 2
    assert reader_of(second) is None


def test_the_phone_that_a_person_had_before_is_signed_out(make_person, start, reader_of, database):
    """The person is the same, but the WeChat account that proved it is not theirs any more."""
    zhou = make_person("周工", Role.ENGINEER)
    token = start(zhou.openid)

    with database.transaction() as session:
        session.get_one(Person, zhou.id).openid = "oDeskZhouOnAnotherPhone00001"

    assert reader_of(token) is None


def test_a_person_without_wechat_has_no_session(make_person, start, reader_of, database):
    wang = make_person()
    token = start(wang.openid)

    with database.transaction() as session:
        session.get_one(Person, wang.id).openid = None

    assert reader_of(token) is None


def test_what_is_over_is_swept_at_the_next_sign_in(make_person, start, database, now):
    wang = make_person()
    start(wang.openid)

    start(wang.openid, now + IDLE_FOR)

    with database.reading() as session:
        assert len(session.scalars(select(WebSession)).all()) == 1
