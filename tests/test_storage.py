"""Keeping what people sent."""

import contextlib
import hashlib
import io
import os
import stat
import struct
import zlib
from datetime import timedelta

import pytest
from PIL import Image

from pictures import MAX_PIXELS
from storage import MediaRefused, MediaStore, sniff

AMR = b"#!AMR\n" + bytes(range(200))
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


def picture(fmt: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, fmt, **options)
    return out.getvalue()


def small(store: MediaStore, data: bytes) -> Image.Image:
    name = store.save(data, "image").thumbnail
    assert name is not None
    return Image.open(io.BytesIO(store.read(name)))


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    return picture(exif=exif, comment=b"SecretComment")


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path / "media")


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_a_picture_is_kept_and_can_be_opened(store, fmt):
    saved = store.save(picture(fmt), "image")

    with store.open(saved.name) as file:
        kept = file.read()
    assert saved.sha256 == hashlib.sha256(kept).hexdigest()
    assert saved.size == len(kept)
    assert saved.content_type == ("image/jpeg" if fmt == "JPEG" else "image/png")
    assert Image.open(io.BytesIO(kept)).size == (40, 20)


def test_a_photo_loses_its_place_and_camera_and_stands_upright(store):
    with store.open(store.save(with_place(), "image").name) as file:
        kept = file.read()

    image = Image.open(io.BytesIO(kept))
    assert image.size == (20, 40)
    assert not image.getexif()
    assert b"Secret" not in kept


def test_what_hides_behind_a_picture_is_gone(store):
    with store.open(store.save(picture() + b"<?php evil ?>", "image").name) as file:
        assert b"php" not in file.read()


@pytest.mark.parametrize(("data", "kind"), [(AMR, "voice"), (MP4, "video"), (MP4, "shortvideo")])
def test_sounds_and_films_are_kept_as_they_came(store, data, kind):
    saved = store.save(data, kind)

    with store.open(saved.name) as file:
        assert file.read() == data


def test_the_same_bytes_are_one_file(store, tmp_path):
    assert store.save(AMR, "voice") == store.save(AMR, "voice")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", "image", "empty"),
        (b"<!DOCTYPE html><html>502</html>", "image", "wrong_type"),
        (b'{"errcode":40007}', "image", "wrong_type"),
        (b"MZ\x90\x00" + bytes(100), "voice", "wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image", "wrong_type"),
        (b"%PDF-1.7", "image", "wrong_type"),
        (AMR, "image", "wrong_type"),
        (picture(), "voice", "wrong_type"),
        (picture(), "elephant", "wrong_type"),
        (picture()[:200], "image", "broken_image"),
        (b"\xff\xd8\xff" + bytes(50), "image", "broken_image"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image", "broken_image"),
        (b"GIF89a", "image", "broken_image"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image", "broken_image"),
    ],
)
def test_r066_what_is_not_what_it_was_sent_as_is_refused(store, data, kind, reason):
    with pytest.raises(MediaRefused) as caught:
        store.save(data, kind)

    assert caught.value.reason == reason


def header_only(width: int, height: int) -> bytes:
    """A small PNG that claims a large picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    "size", [(MAX_PIXELS // 1000 + 1, 1000), (100_000, 100_000), (1, 30_000), (30_000, 1)]
)
def test_a_picture_too_large_to_draw_is_refused_by_its_header(store, size):
    with pytest.raises(MediaRefused, match="too_many_pixels"):
        store.save(header_only(*size), "image")


def test_every_cut_of_a_picture_is_kept_or_refused(store):
    for fmt in ("JPEG", "PNG", "GIF", "WEBP", "BMP"):
        whole = picture(fmt)
        for end in range(0, len(whole), 7):
            with contextlib.suppress(MediaRefused):
                store.save(whole[:end], "image")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "",
        "a" * 64,
        "a" * 64 + ".php",
        "A" * 64 + ".jpg",
        "a" * 64 + ".jpg\n",
        "..%2f" + "a" * 64 + ".jpg",
        ".part-x",
    ],
)
def test_s103_a_name_that_the_store_did_not_give_does_not_exist(store, name):
    with pytest.raises(FileNotFoundError):
        store.open(name)
    with pytest.raises(FileNotFoundError):
        store.delete(name)


def test_a_deleted_file_is_gone_and_may_be_deleted_again(store):
    saved = store.save(AMR, "voice")

    store.delete(saved.name)
    store.delete(saved.name)

    with pytest.raises(FileNotFoundError):
        store.open(saved.name)


def test_a_full_disk_leaves_nothing_half_written(store, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        store.save(AMR, "voice")

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_kept_files_belong_to_the_service_alone(store, tmp_path):
    store.save(AMR, "voice")

    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_type_is_read_from_the_first_bytes():
    assert sniff(b"#!AMR-WB\n") == "audio/amr"
    assert sniff(b"OggS" + bytes(24) + b"Speex   1.2") == "audio/speex"
    assert sniff(b"") is None


# --- small pictures, made files, what is left over -----------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1600, 1200), (320, 240)), ((100, 4000), (8, 320)), ((40, 20), (40, 20))],
)
def test_a_small_form_fits_a_list_and_is_never_enlarged(store, size, expected):
    thumbnail = small(store, picture(size=size))

    assert (thumbnail.size, thumbnail.format) == (expected, "JPEG")


def test_a_small_form_stands_upright_and_says_nothing_of_the_place(store):
    thumbnail = small(store, with_place())

    assert thumbnail.size == (20, 40)
    assert not thumbnail.getexif()


def test_a_signature_drawn_on_nothing_is_dark_on_white_where_it_is_small(store):
    drawn = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (100, 40, 300, 60))
    out = io.BytesIO()
    drawn.save(out, "PNG")

    thumbnail = small(store, out.getvalue()).convert("L")

    assert min(thumbnail.crop((0, 0, 10, 10)).tobytes()) > 250
    assert max(thumbnail.crop((155, 38, 165, 42)).tobytes()) < 10


@pytest.mark.parametrize("kind", ["voice", "video"])
def test_sounds_and_films_have_no_small_form(store, kind):
    assert store.save({"voice": AMR, "video": MP4}[kind], kind).thumbnail is None


def test_a_picture_is_made_smaller_until_it_can_be_sent(store):
    out = io.BytesIO()
    Image.effect_noise((1500, 1500), 100).convert("RGB").save(out, "JPEG", quality=95)
    name = store.save(out.getvalue(), "image").name

    smaller = store.smaller(name, 700_000)

    assert len(smaller) <= 700_000
    assert Image.open(io.BytesIO(smaller)).size == (1000, 1000)
    assert store.smaller(name, 50_000_000) == store.read(name)


def aged(store, name, hours=2):
    path = store.find(name)
    age = path.stat().st_mtime - hours * 3600
    os.utime(path, (age, age))
    return name


def test_old_files_are_named_and_young_ones_are_not(store):
    old = aged(store, store.save(AMR, "voice").name)
    young = store.save(AMR + b"x", "voice").name

    assert list(store.older_than(timedelta(hours=1))) == [old]
    assert not store.delete_older(young, timedelta(hours=1))
    assert store.delete_older(old, timedelta(hours=1))
    assert list(store.older_than(timedelta(hours=1))) == []


def test_bytes_that_come_again_make_their_file_young(store):
    """The sweep of orphans must not take a file whose row is just being written."""
    old = aged(store, store.save(AMR, "voice").name)

    store.save(AMR, "voice")

    assert list(store.older_than(timedelta(hours=1))) == []
    assert not store.delete_older(old, timedelta(hours=1))


def test_a_file_that_is_gone_is_not_found(store):
    saved = store.save(AMR, "voice")
    store.delete(saved.name)

    with pytest.raises(FileNotFoundError):
        store.find(saved.name)
    assert not store.delete_older(saved.name, timedelta(hours=1))
