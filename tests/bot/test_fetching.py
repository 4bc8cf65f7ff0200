"""Media on their way in: downloaded after the answer, kept as files, or said to be lost (R-066)."""

import io
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from PIL import Image
from sqlalchemy import select

from bot.client import WeChatClient
from bot.fetching import Fetcher
from bot.tokens import Fetched, MemoryTokenStore
from domain.permissions import Role
from models import Attachment, AttachmentState, Database, Notice
from services import people
from services.fetching import PAUSES
from services.people import NewPerson
from storage import MediaStore, sniff
from tests.bot.api_server import api_server, raw, refuses
from tests.bot.pushes import APP_ID, OPENID
from tests.bot.voices import amr
from tests.eventually import eventually

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
MEDIA = "/cgi-bin/media/get"
HTML = raw(b"<html>busy</html>", Content_Type="image/jpeg")


class Clock:
    """Time that a test turns by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(out, "JPEG")
    return raw(out.getvalue(), Content_Type="image/jpeg")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def platform():
    with api_server() as running:
        running.on(MEDIA, photo())
        yield running


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path / "media")


@pytest.fixture
def noticed():
    return []


@pytest.fixture
def fetcher(database, platform, store, clock, noticed):
    tokens = MemoryTokenStore()
    tokens.refresh(None, lambda: Fetched("TOKEN", 7200))
    client = WeChatClient(APP_ID, "s" * 32, platform.url, tokens, stable_token=True)
    fetcher = Fetcher(database, client, store, clock, lambda: noticed.append(True))
    fetcher.start()
    yield fetcher
    platform.released.set()
    assert fetcher.stop()


@pytest.fixture
def waiting(database):
    """A photo that somebody sent, not fetched yet."""

    def waiting(kind="image"):
        with database.transaction() as session:
            new = NewPerson("王芳", frozenset({Role.REQUESTER}), openid=OPENID)
            attachment = Attachment(
                person_id=people.add(session, new, NOW).id,
                kind=kind,
                media_id="MEDIA-1",
                state=AttachmentState.WAITING,
                tries=0,
                next_try_at=NOW,
                created_at=NOW,
            )
            session.add(attachment)
            session.flush()
            return attachment.id

    return waiting


@pytest.fixture
def row(database):
    def row(attachment_id):
        with database.reading() as session:
            return session.execute(
                select(Attachment.__table__).where(Attachment.id == attachment_id)
            ).one()

    return row


def test_a_photo_is_fetched_and_kept_as_a_file(fetcher, waiting, row, store, platform):
    only = waiting()
    fetcher.nudge()

    eventually(lambda: row(only).state is AttachmentState.SAVED)
    kept = row(only)
    assert kept.content_type == "image/jpeg"
    with store.open(kept.file) as file:
        assert len(file.read()) == kept.size
    assert platform.to(MEDIA)[0].params["media_id"] == "MEDIA-1"


def test_a_photo_that_nobody_spoke_of_is_found(fetcher, waiting, row):
    """R-005, R-012: killed before the nudge, or before the row was written."""
    only = waiting()

    eventually(lambda: row(only).state is AttachmentState.SAVED)


@pytest.mark.parametrize("reply", [HTML, raw(b""), refuses(-1), raw(b"busy", status=503)])
def test_what_does_not_come_now_comes_later(fetcher, waiting, row, clock, platform, reply):
    """R-066: an error page as an image, nothing at all, a busy platform."""
    platform.on(MEDIA, reply, photo())
    only = waiting()
    fetcher.nudge()
    eventually(lambda: len(platform.to(MEDIA)) == 1 and row(only).tries == 1)

    clock.now += PAUSES[0]
    fetcher.nudge()

    eventually(lambda: row(only).state is AttachmentState.SAVED)
    assert row(only).tries == 2


def test_expired_media_are_not_asked_for_again(fetcher, waiting, row, database, platform, noticed):
    """R-066: 40007; the sender is asked to send it once more."""
    platform.on(MEDIA, refuses(40007))
    only = waiting()
    fetcher.nudge()

    eventually(lambda: noticed)
    assert row(only).state is AttachmentState.FAILED
    assert len(platform.to(MEDIA)) == 1
    with database.reading() as session:
        assert list(session.scalars(select(Notice.text_key))) == ["notice.media_failed"]


def test_a_photo_that_is_none_is_refused_at_once(fetcher, waiting, row, platform):
    """R-066: by its content, whatever it was sent as."""
    platform.on(MEDIA, raw(b"#!AMR\n" + bytes(200)))
    only = waiting("image")
    fetcher.nudge()

    eventually(lambda: row(only).state is AttachmentState.FAILED)


def test_after_five_tries_it_is_given_up(fetcher, waiting, row, platform, clock):
    """R-066."""
    platform.on(MEDIA, HTML)
    only = waiting()
    for tries in range(1, 6):
        fetcher.nudge()
        eventually(partial(_times_asked, platform, tries))
        clock.now += timedelta(hours=12)

    eventually(lambda: row(only).state is AttachmentState.FAILED)
    assert row(only).tries == 5


def _times_asked(platform, times):
    return len(platform.to(MEDIA)) == times


def test_a_full_disk_is_waited_for(fetcher, waiting, row, platform, clock, store, monkeypatch):
    """R-031 for media: nothing is lost, it comes again."""
    full = OSError(28, "No space left on device")

    def no_space(*_):
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(store, "save", no_space)
        only = waiting()
        fetcher.nudge()
        eventually(lambda: row(only).tries == 1 and len(platform.to(MEDIA)) == 1)
        assert row(only).state is AttachmentState.WAITING

        eventually(lambda: not fetcher._is_waiting())
    clock.now += PAUSES[0]
    fetcher.nudge()
    eventually(lambda: row(only).state is AttachmentState.SAVED)


# --- voices, words, small pictures ---------------------------------------------------------------


def test_a_photo_has_a_small_form_beside_it(fetcher, waiting, row, store):
    only = waiting()
    fetcher.nudge()

    eventually(lambda: row(only).state is AttachmentState.SAVED)
    assert Image.open(io.BytesIO(store.read(row(only).thumbnail))).size == (40, 20)


def test_a_voice_is_kept_as_it_came_and_as_browsers_play_it(fetcher, waiting, row, store, platform):
    platform.on(MEDIA, raw(amr(0.4), Content_Type="audio/amr"))
    only = waiting("voice")
    fetcher.nudge()

    eventually(lambda: row(only).state is AttachmentState.SAVED)
    assert store.read(row(only).file) == amr(0.4)
    assert sniff(store.read(row(only).playable)) == "audio/mpeg"


def test_a_voice_that_cannot_be_played_is_there_to_be_downloaded(fetcher, waiting, row, platform):
    platform.on(MEDIA, raw(b"#!AMR\n" + b"\xff" * 300))
    only = waiting("voice")
    fetcher.nudge()

    eventually(lambda: row(only).state is AttachmentState.SAVED)
    assert row(only).playable is None and row(only).file is not None


def heard_as_mp3(data, content_type):
    return f"{content_type} {data[:3].decode()}"


def test_a_recogniser_hears_what_browsers_hear(
    database, platform, store, clock, noticed, waiting, row
):
    platform.on(MEDIA, raw(amr(0.4), Content_Type="audio/amr"))
    with _fetcher_with(heard_as_mp3, database, platform, store, clock, noticed):
        only = waiting("voice")

        eventually(lambda: row(only).words is not None)
    assert row(only).words == "audio/mpeg ID3"


def _fails(data, content_type):
    raise RuntimeError("no model")


def test_a_recogniser_that_fails_costs_the_words_alone(
    database, platform, store, clock, noticed, waiting, row
):
    platform.on(MEDIA, raw(amr(0.4), Content_Type="audio/amr"))
    with _fetcher_with(_fails, database, platform, store, clock, noticed) as fetcher:
        only = waiting("voice")
        eventually(lambda: row(only).state is AttachmentState.SAVED)
        another = waiting_again(database, only)
        fetcher.nudge()
        eventually(lambda: row(another).state is AttachmentState.SAVED)
    assert row(only).words is None


def waiting_again(database, known):
    """One more voice of the same person."""
    with database.transaction() as session:
        person_id = session.get_one(Attachment, known).person_id
        more = Attachment(
            person_id=person_id,
            kind="voice",
            media_id="MEDIA-2",
            state=AttachmentState.WAITING,
            tries=0,
            next_try_at=NOW,
            created_at=NOW,
        )
        session.add(more)
        session.flush()
        return more.id


@contextmanager
def _fetcher_with(recogniser, database, platform, store, clock, noticed):
    tokens = MemoryTokenStore()
    tokens.refresh(None, lambda: Fetched("TOKEN", 7200))
    client = WeChatClient(APP_ID, "s" * 32, platform.url, tokens, stable_token=True)
    fetcher = Fetcher(
        database, client, store, clock, lambda: noticed.append(True), recogniser=recogniser
    )
    fetcher.start()
    try:
        yield fetcher
    finally:
        assert fetcher.stop()


def test_a_slow_film_keeps_no_photo_waiting(fetcher, waiting, row, database, platform):
    platform.on(MEDIA, platform.hang, photo())
    first = waiting()
    fetcher.nudge()
    eventually(lambda: row(first).tries == 1 and len(platform.to(MEDIA)) == 1)
    second = waiting_again(database, first)
    with database.transaction() as session:
        session.get_one(Attachment, second).kind = "image"
    fetcher.nudge()

    eventually(lambda: row(second).state is AttachmentState.SAVED)
    assert row(first).state is AttachmentState.WAITING


def _aged(path, hours):
    age = path.stat().st_mtime - hours * 3600
    os.utime(path, (age, age))


def test_r012_an_orphan_is_swept_after_an_hour_and_nothing_else(
    fetcher, waiting, row, store, tmp_path
):
    only = waiting()
    eventually(lambda: row(only).state is AttachmentState.SAVED)
    orphan = store.save_made(b"ID3 orphan", "audio/mpeg").name
    young = store.save_made(b"ID3 young", "audio/mpeg").name
    for name in (row(only).file, row(only).thumbnail, orphan):
        _aged(store.find(name), 2)
    unfinished = store.find(orphan).parent / ".part-killed"
    unfinished.write_bytes(b"half")
    _aged(unfinished, 2)

    assert fetcher.drop_orphans() == 2

    left = {path.name for path in (tmp_path / "media").rglob("*") if path.is_file()}
    assert left == {row(only).file, row(only).thumbnail, young}
