"""What was sent with a ticket, as form HXXXJL06S names it: who, when, and a few photos (R1)."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from domain.calendar import CHINA
from services.work_forms import FormAttachment
from storage import type_of
from web.page import words
from web.site import site

MOST_SHOTS = 7  # in a row across the page
_LONGEST = 150  # characters of the line: three rows of the page
_LONGEST_NAME = 36  # characters of one file's name


def files_of(sent: Sequence[FormAttachment], *, with_shots: bool) -> dict[str, Any]:
    """The line and the photos; the page leaves out the photos where it has no room for them."""
    shown = [each.thumbnail for each in sent if each.thumbnail][:MOST_SHOTS] if with_shots else []
    return {
        "attachments": _line(list(_named(sent)), len(sent)),
        "attachments_short": words("print.attached_count", count=len(sent)) if sent else "",
        "shots": [drawn for each in shown if (drawn := picture(each, 100, 75))],
    }


def picture(file: str, width: int, height: int) -> str | None:
    """A picture within an SVG, for the template takes no other bytes; None if it is gone."""
    try:
        data = site().store.find(file).read_bytes()
    except FileNotFoundError:
        return None
    encoded = base64.b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:{type_of(file)};base64,{encoded}"/>'
        "</svg>"
    )


def _named(sent: Sequence[FormAttachment]) -> Iterator[tuple[str, int]]:
    """Documents one by one, photos of one person and day together; and how many each line names."""
    for (who, day, kind, label), alike in groupby(sent, _alike):
        count = len(list(alike))
        what = _short(label) if label else words(f"print.attached_kinds.{kind}", count=count)
        yield words("print.attached", what=what, who=who, day=day), count


def _alike(each: FormAttachment) -> tuple[str, str, str, str | None]:
    kind = "video" if each.kind == "shortvideo" else each.kind
    return each.who, _day(each.at), kind, each.label if kind == "file" else None


def _line(named: Sequence[tuple[str, int]], count: int) -> str:
    """As many as there is room for, and how many there are in all."""
    parts: list[str] = []
    left = count
    for said, of in named:
        if parts and len("；".join([*parts, said])) > _LONGEST:
            break
        parts.append(said)
        left -= of
    line = "；".join(parts)
    return words("print.attached_more", line=line, count=count) if left else line


def _short(name: str) -> str:
    """Its beginning and its end, which says what it is."""
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 + 1 :]}"


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%m-%d %H:%M")
