"""Texts with links, cut into the parts that a phone shows."""

import html
import re
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel

_ANCHOR = re.compile(r"<a\s+([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[A-Za-z0-9.\-_~:/?#@!$&'()*+,;=%]+[A-Za-z0-9/_=#-]")


class Part(BaseModel):
    """A run of text, a link, or a line that a tap sends back."""

    kind: Literal["text", "link", "line"]
    text: str
    href: str | None = None
    id: str | None = None


class Line(BaseModel):
    """What a tap sends: its words, and the id that travels with them."""

    id: str
    content: str


def parts_of(text: str) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for found in _ANCHOR.finditer(text):
        parts += _plain(text[end : found.start()])
        parts.append(_anchor(found))
        end = found.end()
    return parts + _plain(text[end:])


def lines_of(text: str) -> list[Line]:
    """The tappable lines inside a text, in their order."""
    return [line for found in _ANCHOR.finditer(text) if (line := _tap_line(_href(found)))]


def _anchor(found: re.Match[str]) -> Part:
    href, label = _href(found), found.group(2)
    if line := _tap_line(href):
        return Part(kind="line", text=label, id=line.id)
    if href.startswith(("http://", "https://")):
        return Part(kind="link", text=label, href=href)
    return Part(kind="text", text=found.group(0))


def _href(found: re.Match[str]) -> str:
    matched = _HREF.search(found.group(1))
    return html.unescape(matched.group(1) or matched.group(2) or "") if matched else ""


def _tap_line(href: str) -> Line | None:
    if not href.startswith("weixin://bizmsgmenu?"):
        return None
    query = parse_qs(urlsplit(href).query, keep_blank_values=True)
    content = query.get("msgmenucontent", [""])[0]
    return Line(id=query.get("msgmenuid", [""])[0], content=content) if content else None


def _plain(text: str) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for found in _BARE_URL.finditer(text):
        if text[end : found.start()]:
            parts.append(Part(kind="text", text=text[end : found.start()]))
        parts.append(Part(kind="link", text=found.group(0), href=found.group(0)))
        end = found.end()
    if text[end:]:
        parts.append(Part(kind="text", text=text[end:]))
    return parts
