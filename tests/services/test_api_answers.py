"""What is sent twice is done once, also by two at the same instant (H-52)."""

from datetime import timedelta
from itertools import count

import pytest

from domain.permissions import Role
from domain.refusals import Refusal
from models import ApiAnswer
from services import api_answers, api_tokens
from services.api_answers import Answer, KeyUsed, StillUnderWay
from tests.services.making import all_of, at_once


@pytest.fixture
def token_id(database, make_person, now):
    chen = make_person("陈台", Role.DESK)
    with database.transaction() as session:
        token, _ = api_tokens.issue(
            session,
            name="工单同步",
            person_id=chen.id,
            scopes=["tickets:write"],
            created_by_id=chen.id,
            expires_at=None,
            now=now,
        )
        return token.id


@pytest.fixture
def call(database, token_id, now):
    """One write: what it was answered with, and whether it was done."""
    numbers = count(1)

    def call(key="report-0001", digest="d" * 64, at=now):
        with database.transaction() as session:
            given = api_answers.take(session, token_id, key, digest, at)
            if given is not None:
                return given, False
            done = Answer(201, {"number": next(numbers)})
            api_answers.keep(session, token_id, key, done)
            return done, True

    return call


def test_the_same_again_gets_the_same(call):
    first, was_done = call()
    again, was_done_again = call()

    assert (was_done, was_done_again) == (True, False)
    assert first == again


def test_the_key_of_another_call_is_refused(call):
    call()

    with pytest.raises(KeyUsed):
        call(digest="e" * 64)


def test_of_many_at_once_one_is_done(call, database):
    results = at_once(*[call] * 4)

    done = [each for each in results if not isinstance(each, Refusal) and each[1]]
    others = [each for each in results if each not in done]
    assert len(done) == 1
    assert all(isinstance(each, StillUnderWay) or each[0] == done[0][0] for each in others)
    assert len(all_of(database, ApiAnswer)) == 1


def test_what_failed_leaves_no_answer_behind(call, database, token_id, now):
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        api_answers.take(session, token_id, "report-0001", "d" * 64, now)
        _ = 1 / 0

    assert call()[1]


def test_answers_are_forgotten_after_a_day(call, database, now):
    call()

    assert not call(at=now + timedelta(hours=23))[1]
    assert call(at=now + timedelta(hours=24))[1]
    assert len(all_of(database, ApiAnswer)) == 1
