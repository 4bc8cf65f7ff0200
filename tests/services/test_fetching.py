"""Fetching what people sent: tried five times, kept once, and told if it will not come (R-066)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.heard import Heard, Medium
from domain.lifecycle import Status
from models import Attachment, AttachmentState, Notice
from services import fetching
from storage import Saved

HOUR = timedelta(hours=1)
KEPT = Saved("a" * 64 + ".jpg", "a" * 64, 2048, "image/jpeg", "b" * 64 + ".jpg")


@pytest.fixture
def send_photo(database, desk_of, now):
    def send(person, ticket_id=None):
        heard = Heard(Medium.IMAGE, media_id="MEDIA-1")
        with database.transaction() as session:
            desk_of(session, person).attach(heard, ticket_id)
            return session.scalar(select(Attachment.id).order_by(Attachment.id.desc()).limit(1))

    return send


@pytest.fixture
def claim(database):
    def claim(at):
        with database.transaction() as session:
            return fetching.claim(session, at)

    return claim


@pytest.fixture
def attachment(database):
    def attachment(attachment_id):
        with database.reading() as session:
            found = session.get_one(Attachment, attachment_id)
            session.expunge(found)
            return found

    return attachment


@pytest.fixture
def told(database):
    def told():
        with database.reading() as session:
            found = session.scalars(select(Notice).where(Notice.text_key == "notice.media_failed"))
            return [(each.recipient_id, each.say["facts"]) for each in found]

    return told


def save(database, wanted):
    with database.transaction() as session:
        return fetching.saved(session, wanted, KEPT)


def test_a_fetched_photo_is_saved_with_its_file(
    database, make_person, send_photo, claim, attachment, now
):
    photo = send_photo(make_person())

    wanted = claim(now)

    assert (wanted.id, wanted.media_id, wanted.kind) == (photo, "MEDIA-1", "image")
    assert save(database, wanted)
    kept = attachment(photo)
    assert (kept.state, kept.size, kept.next_try_at) == (AttachmentState.SAVED, 2048, None)
    assert claim(now + 100 * HOUR) is None


def test_a_place_has_nothing_to_fetch(database, make_person, desk_of, claim, now):
    person, place = make_person(), Heard(Medium.LOCATION, latitude=31.2, longitude=121.4)
    with database.transaction() as session:
        desk_of(session, person).attach(place)

    assert claim(now) is None


def test_a_failure_comes_again_five_times_within_a_day(make_person, send_photo, claim, now):
    """R-066: media live for three days."""
    send_photo(make_person())
    at, tries = now, []
    while at < now + timedelta(days=2):
        wanted = claim(at)
        if wanted is not None:
            tries.append((wanted.tries, wanted.is_last_try))
        at += timedelta(minutes=1)

    assert tries == [(1, False), (2, False), (3, False), (4, False), (5, True)]


def test_a_fetcher_killed_mid_download_is_followed_by_another(make_person, send_photo, claim, now):
    """R-008, R-012: the next try was set before the first began."""
    photo = send_photo(make_person())
    assert claim(now).tries == 1

    assert claim(now + timedelta(minutes=1)) is None
    assert claim(now + fetching.PAUSES[0]).id == photo


def test_a_fetcher_that_comes_back_too_late_writes_nothing(
    database, make_person, send_photo, claim, attachment, now
):
    """R-017: the number of the try is the claim."""
    photo = send_photo(make_person())
    asleep = claim(now)
    awake = claim(now + HOUR)

    assert not save(database, asleep)
    assert attachment(photo).state is AttachmentState.WAITING
    assert save(database, awake)


def test_fetchers_at_once_never_fetch_the_same(make_person, send_photo, claim, now):
    person = make_person()
    photos = [send_photo(person) for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        claimed = [each for each in pool.map(lambda _: claim(now), range(6)) if each]
    while (one := claim(now)) is not None:  # what a thread skipped because another held it
        claimed.append(one)

    assert sorted(each.id for each in claimed) == photos


def test_the_sender_is_told_once_what_could_not_be_fetched(
    database, make_person, make_ticket, send_photo, claim, attachment, told, now
):
    """R-066: with the ticket that it belongs to."""
    person = make_person()
    ticket = make_ticket(Status.NEW, requester=person)
    photo = send_photo(person, ticket.id)
    wanted = claim(now)

    for _ in range(2):
        with database.transaction() as session:
            fetching.give_up(session, wanted, now, "errcode 40007")

    assert attachment(photo).state is AttachmentState.FAILED
    assert told() == [(person.id, {"number": ticket.number, "what": {"word": "medium.image"}})]


def test_a_last_try_that_nobody_came_back_from_is_given_up(
    make_person, send_photo, claim, attachment, told, now
):
    """I9: nothing waits for ever."""
    person = make_person()
    photo = send_photo(person)
    at = now
    for pause in fetching.PAUSES:
        assert claim(at) is not None
        at += pause

    assert claim(at) is None
    assert attachment(photo).state is AttachmentState.FAILED
    assert told() == [(person.id, {"what": {"word": "medium.image"}})]


def test_files_that_no_row_has_are_named(database, make_person, send_photo, claim, now):
    """R-012, I11: the photo and its small form are known, a third file is an orphan."""
    send_photo(make_person())
    save(database, claim(now))
    orphan = "c" * 64 + ".jpg"

    with database.reading() as session:
        found = fetching.without_row(session, [KEPT.name, "b" * 64 + ".jpg", orphan])

    assert found == [orphan]
