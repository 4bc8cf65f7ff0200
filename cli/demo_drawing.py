"""A drawn picture for the demonstration: the back of a printer with its cover let down (K2).

Its letters are explained in words beside it: letters need no font that a machine may lack.
"""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 640)
_PAPER, _LINE, _CASE, _COVER, _DARK = "#ffffff", "#334155", "#e2e8f0", "#f1f5f9", "#475569"
_ROLLER, _HOT, _BLUE = "#94a3b8", "#fdba74", "#2563eb"
_THICK = 4  # pixels

Box = tuple[int, int, int, int]
Point = tuple[int, int]

_CASE_AT: Box = (170, 60, 790, 480)
_OPENING: Box = (250, 150, 710, 400)
_FUSER: Box = (275, 175, 685, 230)
_ROLLERS: tuple[Box, ...] = ((300, 275, 450, 315), (510, 275, 660, 315))
_SHEET = [(400, 300), (560, 300), (585, 455), (375, 455)]
_COVER_DOWN = [(250, 400), (710, 400), (760, 560), (200, 560)]
_LATCHES: tuple[Box, ...] = ((222, 205, 246, 275), (714, 205, 738, 275))
_SOCKET: Box = (190, 345, 230, 380)
_LABELS: tuple[tuple[str, Point, Point], ...] = (  # where it stands, and what it points to
    ("A", (80, 240), (226, 240)),
    ("B", (80, 560), (235, 530)),
    ("C", (880, 330), (650, 298)),
    ("D", (880, 150), (676, 200)),
)
_ROUND = 34  # pixels from the middle of a letter to its rim


def rear_cover() -> bytes:
    """As a PNG file."""
    picture = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    _draw_printer(pen)
    for letter, at, to in _LABELS:
        _label(pen, letter, at, to)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_printer(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle(_CASE_AT, 28, _CASE, _LINE, _THICK)
    pen.rectangle(_OPENING, _DARK, _LINE, _THICK)
    pen.rounded_rectangle(_FUSER, 10, _HOT, _LINE, _THICK)
    for roller in _ROLLERS:
        pen.rounded_rectangle(roller, 18, _ROLLER, _LINE, _THICK)
    pen.polygon(_COVER_DOWN, _COVER, _LINE, _THICK)
    pen.polygon(_SHEET, _PAPER, _LINE, _THICK)
    for latch in _LATCHES:
        pen.rounded_rectangle(latch, 8, _BLUE, _LINE, _THICK)
    pen.rectangle(_SOCKET, _DARK, _LINE, _THICK)


def _label(pen: ImageDraw.ImageDraw, letter: str, at: Point, to: Point) -> None:
    """A letter in a circle, and a line to the thing."""
    pen.line((at, to), _BLUE, _THICK)
    pen.circle(to, 8, _BLUE)
    pen.circle(at, _ROUND, _BLUE, _PAPER, _THICK)
    pen.text(at, letter, _PAPER, ImageFont.load_default(40), anchor="mm")
