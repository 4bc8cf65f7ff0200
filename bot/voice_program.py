"""The program that turns a voice into MP3: reads its bytes, writes the other bytes, and ends.

    python -I bot/voice_program.py amr < voice.amr > voice.mp3

It bounds its own memory and time, and cannot write a file.
"""

import io
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress

import av
from av.audio.layout import AudioLayout

MAX_SECONDS = 120  # of sound; the platform lets people speak for 60

_CPU_SECONDS = 15
_MEMORY = 1024 * 1024 * 1024  # bytes of address space; the libraries alone map a third of it
_RATE = 16_000  # samples a second; what a phone records has no more
_BIT_RATE = 32_000


def converted(data: bytes, form: str) -> bytes:
    """What the program writes: the sound of `data`, cut after its longest time."""
    out = io.BytesIO()
    samples = 0
    with av.open(out, "w", format="mp3") as target:
        stream = target.add_stream("libmp3lame", rate=_RATE)
        stream.bit_rate = _BIT_RATE
        stream.codec_context.layout = AudioLayout("mono")
        for frame in _heard(data, form):
            samples += frame.samples
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue() if samples else b""


def _heard(data: bytes, form: str) -> Iterator[av.AudioFrame]:
    """As far as it can be decoded: a voice that was cut off is still a voice."""
    resampler = av.AudioResampler("s16p", "mono", _RATE)
    samples = 0
    with av.open(io.BytesIO(data), "r", format=form) as source:
        with suppress(av.FFmpegError):
            for frame in source.decode(audio=0):
                frame.pts = None  # a voice has no clock that could be trusted
                yield from resampler.resample(frame)
                samples += frame.samples
                if samples > MAX_SECONDS * frame.sample_rate:
                    break
        yield from resampler.resample(None)


def _bind_oneself() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bind_oneself()
    sys.stdout.buffer.write(converted(sys.stdin.buffer.read(), sys.argv[1]))
