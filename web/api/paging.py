"""Where a page ended, as an opaque word: what is opened meanwhile moves no page (F3)."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from services.api_tickets import Place
from web.api.problems import Wrong

MOST = 100  # of one page
USUAL = 50
_BY_WISH = "wished"  # a third part of the places among wished times

Item = TypeVar("Item")


def cut(found: Sequence[Item], limit: int) -> tuple[Sequence[Item], Item | None]:
    """The page, of one more than was asked for; and its last item, if more follow."""
    page = found[:limit]
    return page, page[-1] if len(found) > limit else None


def cursor_after_ticket(ended: Place) -> str:
    written: list[object] = [ended.at.astimezone(UTC).isoformat(), ended.id]
    return _sealed([*written, _BY_WISH] if ended.is_of_wish else written)


def cursor_after(row_id: int) -> str:
    return _sealed([row_id])


def ticket_place(cursor: str, *, is_by_wish: bool = False) -> Place | None:
    """None for the first page; Wrong for a word that is no cursor of tickets."""
    if not cursor:
        return None
    match _opened(cursor):
        case [str(opened_at), int(ticket_id)]:
            return Place(_instant(opened_at), _number(ticket_id))
        case [str(wished_at), int(ticket_id), word] if word == _BY_WISH and is_by_wish:
            return Place(_instant(wished_at), _number(ticket_id), is_of_wish=True)
    raise Wrong("cursor", "api.invalid.cursor")


def row_place(cursor: str) -> int | None:
    """None for the first page; Wrong for a word that is no cursor of a list by id."""
    if not cursor:
        return None
    match _opened(cursor):
        case [int(row_id)]:
            return _number(row_id)
    raise Wrong("cursor", "api.invalid.cursor")


def _sealed(place: list[object]) -> str:
    written = json.dumps(place, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _opened(cursor: str) -> object:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise Wrong("cursor", "api.invalid.cursor") from None


def _instant(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("cursor", "api.invalid.cursor") from None


def _number(row_id: int) -> int:
    if isinstance(row_id, bool) or not 0 <= row_id < 2**31:
        raise Wrong("cursor", "api.invalid.cursor")
    return row_id
