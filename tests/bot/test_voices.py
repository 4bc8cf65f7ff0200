"""Voices that browsers can play, and what hostile bytes can do: nothing (H-36)."""

import io
import time
from contextlib import suppress
from itertools import pairwise

import av
import pytest

from bot import voice_program, voices
from storage import sniff
from tests.bot.voices import amr, seconds_of


def sound_of(voice: bytes) -> bytes:
    """What browsers play; there has to be something."""
    sound = voices.playable(voice, "audio/amr")
    assert sound is not None
    return sound


def test_a_voice_of_a_phone_becomes_one_that_browsers_play():
    sound = sound_of(amr(2.0))

    assert sniff(sound) == voices.CONTENT_TYPE
    assert seconds_of(sound) == pytest.approx(2.0, abs=0.2)


def test_the_tone_is_still_in_it():
    """Not silence, and not noise: loud, and at its pitch."""
    with av.open(io.BytesIO(sound_of(amr(1.0))), "r") as source:
        samples = [
            int(value * 1000)
            for frame in source.decode(audio=0)
            for value in memoryview(frame.planes[0]).cast("f")
        ]
    crossings = sum(a < 0 <= b for a, b in pairwise(samples))

    assert max(samples) > 100
    assert crossings == pytest.approx(440, rel=0.1)


def test_what_was_cut_off_is_played_as_far_as_it_goes():
    whole = amr(2.0)

    sound = sound_of(whole[: len(whole) // 2 + 7])

    assert seconds_of(sound) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#!AMR\n",
        b"#!AMR-WB\n",
        b"#!AMR\n" + b"\xff" * 300,
        b"OggS" + bytes(24) + b"Speex   " + bytes(200),
        b"RIFF" + bytes(100),
    ],
    ids=["nothing", "no sound", "no wide sound", "no frame", "speex", "another thing"],
)
def test_bytes_that_are_no_voice_are_no_sound(data):
    assert voices.playable(data, "audio/speex" if b"Speex" in data else "audio/amr") is None


def test_no_cut_and_no_flip_of_a_voice_takes_the_process_along():
    whole = amr(0.2)
    for place in range(6, len(whole), len(whole) // 40):
        broken = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        for data in (whole[:place], broken):
            with suppress(av.FFmpegError):
                assert isinstance(voice_program.converted(data, "amr"), bytes)


def test_an_hour_is_cut_to_two_minutes(monkeypatch):
    monkeypatch.setattr(voice_program, "MAX_SECONDS", 2)

    assert seconds_of(voice_program.converted(amr(4.0), "amr")) == pytest.approx(2.0, abs=0.3)


def test_what_is_too_large_is_not_even_tried(monkeypatch):
    monkeypatch.setattr(voices, "MAX_BYTES", 100)

    assert voices.playable(amr(1.0), "audio/amr") is None


def test_what_browsers_play_already_is_left_as_it_is():
    assert voices.playable(b"ID3", "audio/mpeg") is None


@pytest.mark.parametrize(
    ("program", "within"),
    [
        ("while True: pass", 0.5),
        ("import os; os.abort()", 10),
        ("import sys; sys.exit(1)", 10),
        ("x = bytearray(1 << 40)", 10),
    ],
    ids=["hangs", "crashes", "refuses", "takes all memory"],
)
def test_a_program_that_goes_wrong_costs_a_voice_and_no_more(
    monkeypatch, tmp_path, program, within
):
    wrong = tmp_path / "program.py"
    wrong.write_text(program)
    monkeypatch.setattr(voices, "_PROGRAM", wrong)
    monkeypatch.setattr(voices, "_WITHIN", within)
    begun = time.monotonic()

    assert voices.playable(amr(0.2), "audio/amr") is None
    assert time.monotonic() - begun < 10
