"""The result of the work: the engineer's part of form HXXXJL06S, with photos and a signature."""

import base64
import binascii
import re

from flask import Response

from domain.lifecycle import Action, next_status
from domain.permissions import Permission
from domain.refusals import NotPermitted
from models import Purpose
from nlp.result import CAUSES
from services import attachments, orders
from services.desk import Desk
from services.views import WorkResult
from storage import MediaRefused, Saved
from web import uploads
from web.acts import Led, looking, once
from web.forms import Field, Filled, read_form
from web.h5.routes import pages
from web.h5.work_acts import ORDER, WORK
from web.page import needs, show, takes_photos
from web.site import site

MOST_MINUTES = 24 * 60
MOST_PARTS = 20

_PLACES = ("on_site", "remote")
_BETWEEN_PARTS = re.compile(r"[,，、;；\n]+")
_PNG = "data:image/png;base64,"
_FIELDS = (
    Field("cause", choices=CAUSES, is_required=True, missing="work_page.result.missing_cause"),
    Field("action_taken", 500, is_required=True),
    Field("minutes", 5, is_required=True, missing="work_page.result.missing_minutes"),
    Field("where", choices=_PLACES, is_required=True, missing="work_page.result.missing_where"),
    Field("parts", 200),
    Field("signature", 60_000),
)

routes = pages("work_result")


@routes.get(f"{ORDER}/result")
@needs(Permission.TICKET_READ)
def blank(number: str) -> Response:
    return _page(number, Filled({"where": "on_site"}))


@routes.post(f"{ORDER}/result")
@takes_photos
@needs(Permission.TICKET_READ)
def sent(number: str) -> Response:
    filled = read_form(*_FIELDS, files=(uploads.PHOTOS,))
    minutes = _minutes(filled)
    signature = _signature(filled)
    photos = uploads.taken(filled)
    if filled.problems or minutes is None:
        return _page(number, filled, 400)
    result = WorkResult(
        filled["cause"],
        filled["action_taken"],
        minutes,
        filled["where"] == "on_site",
        _parts(filled["parts"]),
    )

    def do(desk: Desk) -> Led:
        return _reported(desk, number, result, photos, signature)

    return once("resolve", do, filled["action_taken"])


def _reported(
    desk: Desk, number: str, result: WorkResult, photos: tuple[Saved, ...], signature: Saved | None
) -> Led:
    """What shows the work belongs to it before the requester is asked (F10)."""
    ticket_id = desk.find(number).id
    uploads.keep(desk, photos, ticket_id, Purpose.RESULT)
    if signature is not None:
        attachments.keep_upload(desk, ticket_id, "image", signature, Purpose.SIGNATURE)
    desk.resolve(ticket_id, result)
    return Led(f"{WORK}/{number}?done=result", ticket_id)


def _page(number: str, filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        order = orders.order(desk, desk.find(number).id)
    next_status(order.ticket.status, Action.RESOLVE)
    if Action.RESOLVE not in order.actions:
        raise NotPermitted(permission=Action.RESOLVE.value)
    return show(
        "work/result.html",
        status,
        ticket=order.ticket,
        filled=filled,
        causes=CAUSES,
        most_minutes=MOST_MINUTES,
    )


def _minutes(filled: Filled) -> int | None:
    typed = filled["minutes"]
    if typed.isascii() and typed.isdigit() and int(typed) <= MOST_MINUTES:
        return int(typed)
    filled.refuse("minutes", "work_page.result.missing_minutes")
    return None


def _parts(typed: str) -> tuple[str, ...]:
    named = (part.strip() for part in _BETWEEN_PARTS.split(typed))
    return tuple(filter(None, named))[:MOST_PARTS]


def _signature(filled: Filled) -> Saved | None:
    """The drawing, looked at like any other picture; None where nobody signed."""
    drawn = filled["signature"]
    if not drawn or "signature" in filled.problems:
        return None
    try:
        if not drawn.startswith(_PNG):
            raise MediaRefused("wrong_type")
        data = base64.b64decode(drawn.removeprefix(_PNG), validate=True)
        return site().store.save(data, "image")
    except (MediaRefused, binascii.Error):
        filled.refuse("signature", "work_page.result.bad_signature")
        return None
