"""Bulletins for their readers, in whichever area they open them: a list, and one (K3)."""

import logging

from flask import Response, request

from models import DatabaseUnavailable
from services import bulletins
from services.bulletins import BulletinView
from web.acts import looking
from web.area import area
from web.page import reader, show
from web.site import site

log = logging.getLogger(__name__)

MOST = 2**31 - 1  # no id is larger


def before() -> int | None:
    """Where the next part of a list begins, as the address says it."""
    asked = request.args.get("before", "")
    is_id = asked.isascii() and asked.isdecimal() and int(asked) <= MOST
    return int(asked) if is_id else None


def listed() -> Response:
    with looking() as desk:
        found = bulletins.published(desk, before())
    return show(f"{area().name}/bulletins.html", found=found)


def one(bulletin_id: int) -> Response:
    """Opened is read; the first time counts."""
    with looking() as desk:
        bulletin = bulletins.read(desk, bulletin_id)
    if bulletin.read_at is None:
        _note(bulletin)
    return show(f"{area().name}/bulletin.html", bulletin=bulletin)


def _note(bulletin: BulletinView) -> None:
    """A busy database keeps nobody from reading."""
    try:
        with site().database.transaction() as session:
            bulletins.note_reading(session, bulletin.id, reader().id, site().now())
    except DatabaseUnavailable:
        log.info("reading_not_noted bulletin=%s", bulletin.id)
