"""What the desk kept is given to the platform anew when it is to be sent (wechat-platform §10)."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from bot.client import WeChatClient
from bot.errors import ApiError
from bot.media_sending import KEPT_FOR, MediaSending
from bot.tokens import Fetched, MemoryTokenStore
from storage import MediaStore
from tests.bot.api_server import answers, api_server, refuses
from tests.bot.pushes import APP_ID
from tests.bot.voices import amr

UPLOAD = "/cgi-bin/media/upload"
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def platform():
    with api_server() as running:
        running.on(
            UPLOAD, *(answers(type="image", media_id=f"NEW-{n}", created_at=1) for n in range(3))
        )
        yield running


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sending(platform, store, clock):
    tokens = MemoryTokenStore()
    tokens.refresh(None, lambda: Fetched("TOKEN", 7200))
    client = WeChatClient(APP_ID, "s" * 32, platform.url, tokens, stable_token=True)
    return MediaSending(client, store, clock)


def photo(size=(40, 20)):
    out = io.BytesIO()
    Image.effect_noise(size, 100).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_photo_is_uploaded_once_for_two_days(sending, store, platform, clock):
    file = store.save(photo(), "image").name

    first, again = sending.media_id_for(file, "image"), sending.media_id_for(file, "image")
    clock.now += KEPT_FOR
    later = sending.media_id_for(file, "image")

    assert (first, again, later) == ("NEW-0", "NEW-0", "NEW-1")
    assert [call.params["type"] for call in platform.to(UPLOAD)] == ["image", "image"]
    assert timedelta(days=3) > KEPT_FOR


def test_a_voice_goes_as_it_came(sending, store, platform):
    file = store.save(amr(0.2), "voice").name

    sending.media_id_for(file, "voice")

    (call,) = platform.to(UPLOAD)
    assert amr(0.2) in call.body and b'filename="voice.amr"' in call.body


def test_a_photo_that_is_too_large_is_made_smaller(sending, store, platform):
    saved = store.save(photo((3000, 2200)), "image")
    assert saved.size > 2 * 1024 * 1024

    sending.media_id_for(saved.name, "image")

    (call,) = platform.to(UPLOAD)
    assert 100_000 < len(call.body) < 2 * 1024 * 1024 + 1000
    with store.open(saved.name) as file:
        assert len(file.read()) == saved.size  # what is kept stays whole


def test_what_the_platform_refuses_is_tried_anew_next_time(sending, store, platform):
    file = store.save(photo(), "image").name
    platform.on(UPLOAD, refuses(40004), answers(type="image", media_id="NEW", created_at=1))

    with pytest.raises(ApiError):
        sending.media_id_for(file, "image")
    assert sending.media_id_for(file, "image") == "NEW"


def test_a_file_that_is_gone_is_not_sent(sending, platform):
    with pytest.raises(FileNotFoundError):
        sending.media_id_for("a" * 64 + ".jpg", "image")

    assert platform.to(UPLOAD) == []
