"""Media on their way in: downloaded after the answer, kept as files, or said to be lost (R-066)."""

import io
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
from storage import MediaStore
from tests.bot.api_server import api_server, raw, refuses
from tests.bot.pushes import APP_ID, OPENID
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
