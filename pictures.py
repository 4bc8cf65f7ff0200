"""Pictures drawn anew: no place, no camera, nothing behind their end, none too large.

Loaded when the first picture comes: the library is 3 MiB that a message needs no byte of (T10).
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from file_kinds import FileRefused

MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000  # pixels; a 1 × 40,000,000 picture is an attack, not a photo
THUMBNAIL_SIDE = 320  # pixels; fills a third of a phone, sharp

_READABLE = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_JPEG_QUALITY = 88
_THUMBNAIL_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture drawn anew, and its small form, a JPEG."""

    data: bytes
    content_type: str
    thumbnail: bytes
    size: tuple[int, int]


def redrawn(data: bytes, most_side: int | None) -> Drawn:
    """The picture, no larger than a size that is given.

    FileRefused: too_many_pixels, broken_image.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _redraw(data, most_side or MAX_SIDE)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused("too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, ArithmeticError):
        # Pillow's decoders let all of these through on broken files.
        raise FileRefused("broken_image") from None


def _redraw(data: bytes, most_side: int) -> Drawn:
    with Image.open(io.BytesIO(data), formats=_READABLE) as picture:
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
            raise FileRefused("too_many_pixels")
        is_photo = picture.format == "JPEG"
        picture.load()  # the first frame of a moving picture
        upright = ImageOps.exif_transpose(picture)
        drawn = _flat(upright) if is_photo else _with_transparency(upright)
        drawn.thumbnail((most_side, most_side))
        size = drawn.size  # the thumbnail is made of the picture itself
        data = _encoded(drawn, "JPEG", _JPEG_QUALITY) if is_photo else _encoded(drawn, "PNG")
        return Drawn(data, "image/jpeg" if is_photo else "image/png", _thumbnail(drawn), size)


def _with_transparency(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it lets through: a signature is drawn on nothing."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def _thumbnail(picture: Image.Image) -> bytes:
    """Made of the picture itself, which is not needed any more: a copy would be large."""
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _encoded(_flat(picture), "JPEG", _THUMBNAIL_QUALITY)


def shrunk(data: bytes, side: int) -> bytes:
    """A JPEG of it that is no larger than that either way."""
    with Image.open(io.BytesIO(data), formats=_READABLE) as picture:
        picture.thumbnail((side, side))
        return _encoded(_flat(picture), "JPEG", _JPEG_QUALITY)


def _encoded(picture: Image.Image, form: str, quality: int | None = None) -> bytes:
    """Pixels alone: notes that came with the picture stay behind."""
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, form, **({"quality": quality} if quality else {}))
    return out.getvalue()
