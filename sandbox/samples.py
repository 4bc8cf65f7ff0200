"""Photos, voices and films made on the spot, for phones that have none of their own."""

import io
import random

from PIL import Image, ImageDraw

_AMR_FRAME = b"\x04" + bytes(12)  # 4.75 kbit/s, 20 ms of silence
_FRAMES_A_SECOND = 50
_SIZE = (640, 480)
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


def voice(seconds: int) -> bytes:
    """Silence in AMR."""
    return b"#!AMR\n" + _AMR_FRAME * (seconds * _FRAMES_A_SECOND)


def film() -> bytes:
    """The least that is an MP4: its type, and no picture."""
    kind = b"ftyp" + b"mp42" + bytes(4) + b"mp42isom"
    return b"".join(
        (len(part) + 4).to_bytes(4, "big") + part for part in (kind, b"mdat" + bytes(256))
    )


def code_picture(words: str) -> bytes:
    """What stands for a QR code: the phones here take its scene as words."""
    image = Image.new("RGB", (430, 430), "white")
    draw = ImageDraw.Draw(image)
    dice = random.Random(words)
    for place in range(29 * 29):
        left, top = 12 + place % 29 * 14, 12 + place // 29 * 14
        if dice.random() < 0.5:
            draw.rectangle((left, top, left + 13, top + 13), fill="black")
    for left, top in ((12, 12), (320, 12), (12, 320)):
        draw.rectangle((left - 4, top - 4, left + 102, top + 102), fill="white")
        draw.rectangle((left, top, left + 98, top + 98), outline="black", width=14)
        draw.rectangle((left + 30, top + 30, left + 68, top + 68), fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()
