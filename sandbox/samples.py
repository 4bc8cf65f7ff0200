"""Photos, voices, films and QR codes made on the spot, for phones that have none of their own."""

import io
import math
import random
from array import array
from functools import lru_cache

import av
import segno
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageDraw

_AMR = b"#!AMR\n"
_AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)  # bytes, by coding
_FRAMES_A_SECOND = 50
_RATE = 8000  # samples a second
_NOTES = (523.25, 659.25, 783.99, 1046.5, 880.0, 783.99, 659.25, 587.33)
_LONGEST = 60  # seconds
_CODE_SIZE = 430  # pixels
_SIZE = (640, 480)
_PICTURES_A_SECOND = 3
_SUBJECTS = ("printer", "screen", "socket")


def photo(number: int) -> bytes:
    """A drawn picture of some device, another one for each number."""
    dice = random.Random(number)
    tone = dice.randrange(24)
    image = Image.new("RGB", _SIZE, (206 + tone, 212 + tone, 220 + tone))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 340, 640, 480), fill=(176, 148, 116))
    draw.line((0, 340, 640, 340), fill=(140, 116, 90), width=4)
    _DRAWINGS[_SUBJECTS[number % len(_SUBJECTS)]](draw)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _printer(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((170, 210, 470, 370), 18, fill=(70, 76, 84))
    draw.rounded_rectangle((205, 300, 435, 350), 8, fill=(38, 41, 46))
    draw.polygon(((235, 215), (405, 215), (390, 90), (252, 100)), fill=(250, 250, 246))
    draw.line(((258, 190), (300, 165), (330, 185), (392, 150)), fill=(205, 205, 200), width=5)
    draw.ellipse((430, 228, 450, 248), fill=(226, 74, 60))
    draw.polygon(((225, 330), (415, 330), (440, 420), (200, 420)), fill=(244, 244, 240))


def _screen(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((130, 90, 510, 330), 14, fill=(32, 34, 38))
    draw.rectangle((146, 106, 494, 312), fill=(0, 88, 176))
    for row, width in enumerate((250, 180, 300, 220, 120)):
        draw.rectangle((170, 136 + row * 32, 170 + width, 146 + row * 32), fill=(214, 228, 244))
    draw.polygon(((290, 330), (350, 330), (366, 392), (274, 392)), fill=(52, 55, 60))
    draw.rounded_rectangle((230, 388, 410, 404), 6, fill=(52, 55, 60))


def _socket(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((220, 130, 420, 320), 16, fill=(248, 248, 246))
    for left in (250, 330):
        draw.rectangle((left, 190, left + 60, 246), fill=(44, 46, 50))
        for pin in range(6):
            x = left + 8 + pin * 8
            draw.line((x, 192, x, 206), fill=(212, 178, 84), width=3)
    draw.line(((280, 246), (270, 330), (160, 420), (60, 470)), fill=(58, 122, 200), width=12)


_DRAWINGS = {"printer": _printer, "screen": _screen, "socket": _socket}


@lru_cache(maxsize=_LONGEST)
def voice(seconds: int) -> bytes:
    """A tune in AMR, as phones record: 8000 Hz, one channel."""
    out = io.BytesIO()
    with av.open(out, "w", format="amr") as container:
        stream = container.add_stream("libopencore_amrnb", rate=_RATE)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        stream.bit_rate = 12_200
        for packet in [*stream.encode(_tune(seconds)), *stream.encode(None)]:
            container.mux(packet)
    # The coder adds a frame of its own look-ahead; a voice is as long as it was asked to be.
    frames = seconds * _FRAMES_A_SECOND
    return out.getvalue()[: len(_AMR) + frames * _AMR_FRAMES[7]]


def _tune(seconds: int) -> AudioFrame:
    """The melody over and over."""
    melody = _melody()
    size = seconds * _RATE
    samples = (melody * (size // len(melody) + 1))[:size]
    frame = AudioFrame(format="s16", layout="mono", samples=size)
    frame.sample_rate = _RATE
    frame.planes[0].update(samples.tobytes())
    return frame


@lru_cache(maxsize=1)
def _melody() -> "array[int]":
    """Half a second for each note, each swelling and fading away."""
    note = _RATE // 2
    envelope = [math.sin(math.pi * at / note) ** 0.5 for at in range(note)]
    samples = array("h")
    for height in _NOTES:
        pitch = height * 2 * math.pi / _RATE
        samples.extend(
            round(7000 * envelope[at] * (math.sin(pitch * at) + 0.3 * math.sin(2 * pitch * at)))
            for at in range(note)
        )
    return samples


def amr_seconds(content: bytes) -> float | None:
    """How long a voice lasts, by its frames; None for what is no AMR."""
    if not content.startswith(_AMR):
        return None
    at, frames = len(_AMR), 0
    while at < len(content):
        at += _AMR_FRAMES[content[at] >> 3 & 15]
        frames += 1
    return frames / _FRAMES_A_SECOND


@lru_cache(maxsize=1)
def film() -> bytes:
    """Two seconds of the three devices, one after the other."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=_PICTURES_A_SECOND)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        for number in range(2 * _PICTURES_A_SECOND):
            picture = Image.open(io.BytesIO(photo(number // 2)))
            frame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return out.getvalue()


def code_picture(words: str) -> bytes:
    """A QR code of these words with its quiet zone, as large as the platform draws it."""
    code = segno.make(words, error="m", micro=False)
    scale = _CODE_SIZE // code.symbol_size()[0]
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=scale)
    image = Image.new("RGB", (_CODE_SIZE, _CODE_SIZE), "white")
    picture = Image.open(drawn).convert("RGB")
    margin = (_CODE_SIZE - picture.width) // 2
    image.paste(picture, (margin, margin))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return out.getvalue()
