"""Signing in on each engine: the count of guesses, codes to scan, one's browsers (H-31, H-41)."""

import threading
from datetime import timedelta

import pytest

from domain.permissions import Role
from domain.refusals import NotFound
from domain.sign_in import TriesUsedUp
from models import Person
from services import browsers, credentials, scans, signing_in, web_sessions
from services.signing_in import Place
from services.web_sessions import Via

KEY = b"of the tests alone"
DESK = Place("Edge · Windows", "203.0.113.7")


@pytest.fixture
def clerk(database, make_person, now):
    person = make_person("陈静", Role.DESK)
    with database.transaction() as session:
        session.get_one(Person, person.id).staff_number = "1001"
        credentials.set_password(session, person.id, "$argon2id$", now)
    return person


def _guess(database, now, address="203.0.113.7"):
    with database.transaction() as session:
        return signing_in.begin(session, "1001", address, now)


def test_guesses_at_the_same_moment_are_counted_one_by_one(database, clerk, now):
    """H-41: forty browsers at once get five tries between them, not forty."""
    looked_at = []

    def guess(place: int) -> None:
        try:
            _guess(database, now, f"203.0.113.{place}")
            looked_at.append(place)
        except TriesUsedUp:
            pass

    threads = [threading.Thread(target=guess, args=(place,)) for place in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(looked_at) == 5


def test_a_right_password_takes_its_own_guess_back(database, clerk, now):
    for _ in range(12):
        tried = _guess(database, now)
        with database.transaction() as session:
            assert signing_in.next_of(session, tried, None) is signing_in.Next.IN

    assert _guess(database, now).password_hash == "$argon2id$"


def test_a_session_begins_where_another_ends(database, clerk, now):
    with database.transaction() as session:
        first = signing_in.enter(session, clerk.id, Via.PASSWORD, DESK, "", now)
    with database.transaction() as session:
        second = signing_in.enter(session, clerk.id, Via.PASSWORD, DESK, first, now)

    with database.reading() as session:
        assert web_sessions.desk_reader_of(session, first, now) is None
        found = web_sessions.desk_reader_of(session, second, now)
        assert found is not None and found.speaker.id == clerk.id


def test_a_code_is_answered_once_and_used_once(database, clerk, make_person, now):
    wang = make_person("王芳")
    with database.transaction() as session:
        shown = scans.begin(session, DESK, now)
        assert shown is not None
    with database.transaction() as session:
        assert scans.answer(session, shown.token, wang.id, now, is_yes=True)
        assert not scans.answer(session, shown.token, clerk.id, now, is_yes=True)
    with database.transaction() as session:
        assert scans.use(session, shown, now) == wang.id
        assert scans.use(session, shown, now) is None


def test_one_address_gets_no_more_codes_than_an_office_needs(database, now):
    with database.transaction() as session:
        given = [scans.begin(session, DESK, now) for _ in range(101)]
        assert given[-2] is not None and given[-1] is None
        assert scans.begin(session, Place(None, "203.0.113.8"), now)
    with database.transaction() as session:
        assert scans.begin(session, DESK, now + timedelta(minutes=13))


def test_browsers_left_alone_are_not_listed_and_nobody_ends_anothers(
    database, clerk, make_person, now
):
    wang = make_person("王芳")
    with database.transaction() as session:
        old = now - timedelta(hours=3)
        signing_in.enter(session, clerk.id, Via.PASSWORD, DESK, "", old)
        token = signing_in.enter(session, clerk.id, Via.SCAN, DESK, "", now)
        web_sessions.start(session, clerk.openid, now - timedelta(days=2))
    with database.transaction() as session:
        listed = browsers.list_of(session, clerk.id, token, now)
        with pytest.raises(NotFound):
            browsers.end(session, wang.id, listed[0].mark)

    assert [(each.via, each.is_this) for each in listed] == [("scan", True), ("wechat", False)]


def test_a_secret_sealed_with_another_key_opens_nothing(database, clerk, now):
    with database.transaction() as session:
        kept = credentials.set_password(session, clerk.id, "$argon2id$", now)
        credentials.begin_second_factor(session, kept, KEY)

        assert credentials.secret_of(kept, KEY) is not None
        assert credentials.secret_of(kept, b"another key") is None
        assert not credentials.takes_second_factor(kept, "123456", b"another key", now)
