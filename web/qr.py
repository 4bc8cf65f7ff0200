"""QR codes as pictures; the library that draws them comes with the first (T10)."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno


def svg(url: str, *, border: int, is_inline: bool) -> str:
    """Scalable; `is_inline`: as a part of a page rather than a file of its own."""
    out = io.BytesIO()
    _made(url).save(
        out, kind="svg", border=border, xmldecl=not is_inline, svgns=True, omitsize=is_inline
    )
    return out.getvalue().decode()


def data_uri(url: str, *, scale: int, dark: str = "#000") -> str:
    """For the `src` of an image, on white."""
    return _made(url).svg_data_uri(scale=scale, border=2, light="#fff", dark=dark)


def _made(url: str) -> "segno.QRCode":
    import segno

    return segno.make(url, error="m", micro=False)
