"""Labels to stick on devices: a QR code each, on a sheet of A4 for any browser to print."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import segno

_WHITE_ON_BLACK, _PLAIN = "\033[97;40m", "\033[0m"  # light modules are the written ones

_STYLE = """
@page { size: A4; margin: 10mm }
* { box-sizing: border-box }
body { margin: 0; color: #000; background: #fff;
  font: 10pt/1.35 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei",
  sans-serif }
main { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0 }
section { display: flex; gap: 3mm; align-items: center; height: 39.5mm; padding: 3mm;
  border: .2mm dashed #999; break-inside: avoid; overflow: hidden }
svg { flex: none; width: 33mm; height: 33mm }
div { min-width: 0 }
p { margin: 0; overflow-wrap: anywhere }
.what { font-size: 12pt; font-weight: bold }
.code { font: bold 12pt/1.4 Consolas, "DejaVu Sans Mono", monospace }
.name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
  overflow: hidden }
.place { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
  overflow: hidden; color: #333 }
@media screen { main { max-width: 190mm; margin: 10mm auto } }
"""


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says; `url` is what its QR code holds."""

    code: str
    name: str
    place: str
    url: str


def svg(url: str, *, is_inline: bool = False) -> str:
    """The code as a picture that can be printed at any size."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", scale=8, border=2, xmldecl=not is_inline, svgns=True, omitsize=is_inline
    )
    return out.getvalue().decode("utf-8")


def terminal(url: str) -> str:
    """The code in characters, for a phone to read off the screen whatever the window's colours."""
    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out=out, border=2, compact=True)
    return "\n".join(f"{_WHITE_ON_BLACK}{line}{_PLAIN}" for line in out.getvalue().splitlines())


def sheet(labels: Iterable[Label], *, title: str, invitation: str) -> str:
    """All labels as one page of HTML that needs nothing else."""
    body = "\n".join(_label(each, invitation) for each in labels)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n<main>\n{body}\n</main>\n</html>\n"
    )


def _label(label: Label, invitation: str) -> str:
    lines = (
        ("what", invitation),
        ("code", label.code),
        ("name", label.name),
        ("place", label.place),
    )
    words = "".join(f'<p class="{kind}">{escape(text)}</p>' for kind, text in lines)
    return f"<section>{svg(label.url, is_inline=True)}<div>{words}</div></section>"
