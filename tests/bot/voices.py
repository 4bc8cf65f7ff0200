"""Voices as phones send them, made here: a tone, coded as AMR."""

import io
import math
from array import array
from functools import cache

import av

RATE = 8000
_FRAME = 160


@cache
def amr(seconds: float = 1.0) -> bytes:
    """So much of a tone."""
    out = io.BytesIO()
    with av.open(out, "w", format="amr") as target:
        stream = target.add_stream("libopencore_amrnb", rate=RATE)
        stream.bit_rate = 12_200
        stream.codec_context.layout = av.AudioLayout("mono")
        for start in range(0, int(seconds * RATE), _FRAME):
            target.mux(stream.encode(_tone(start)))
        target.mux(stream.encode(None))
    return out.getvalue()


def _tone(start: int) -> av.AudioFrame:
    frame = av.AudioFrame("s16", "mono", _FRAME)
    waves = (int(8000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(start, start + 160))
    frame.planes[0].update(array("h", waves).tobytes())
    frame.rate, frame.pts = RATE, start
    return frame


def seconds_of(sound: bytes) -> float:
    with av.open(io.BytesIO(sound), "r") as source:
        return sum(frame.samples / frame.sample_rate for frame in source.decode(audio=0))
