"""The result of the work: the engineer's part of form HXXXJL06S, photos, files, a signature."""

import base64
import binascii

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
from web.work_forms import MOST_MINUTES, RESULT_FIELDS, result_of

_PNG = "data:image/png;base64,"

routes = pages("work_result")


@routes.get(f"{ORDER}/result")
@needs(Permission.TICKET_READ)
def blank(number: str) -> Response:
    return _page(number, Filled({"where": "on_site"}))


@routes.post(f"{ORDER}/result")
@takes_photos
@needs(Permission.TICKET_READ)
def sent(number: str) -> Response:
    filled = read_form(*RESULT_FIELDS, Field("signature", 60_000), files=(uploads.PHOTOS,))
    result = result_of(filled)
    signature = _signature(filled)
    photos = uploads.taken(filled, with_files=True)
    if filled.problems or result is None:
        return _page(number, filled, 400)
    reported = result

    def do(desk: Desk) -> Led:
        return _reported(desk, number, reported, photos, signature)

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
