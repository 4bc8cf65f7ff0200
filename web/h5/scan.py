"""A computer asks to be signed in: its code was scanned, here stands the question (F3, H-34)."""

from flask import Response

from domain.permissions import Permission
from services import scans
from web.forms import Field, read_form
from web.h5.routes import pages
from web.page import needs, reader, show, tell
from web.site import site

routes = pages("scan")

_ANSWER = Field("answer", 3, is_required=True, choices=("yes", "no"))


@routes.get("/scan/<token>")
@needs(Permission.ACCOUNT_MANAGE)
def question(token: str) -> Response:
    """Looking signs nobody in: whoever loads addresses unseen says no yes."""
    with site().database.reading() as reading:
        asked = scans.asked(reading, token, site().now())
    if asked is None:
        return tell("scan_over", 410)
    return show("h5/scan.html", asked=asked, token=token, me=reader())


@routes.post("/scan/<token>")
@needs(Permission.ACCOUNT_MANAGE)
def answered(token: str) -> Response:
    is_yes = read_form(_ANSWER)["answer"] == "yes"
    with site().database.transaction() as writing:
        counts = scans.answer(writing, token, reader().id, site().now(), is_yes=is_yes)
    if not counts:
        return tell("scan_over", 410)
    return tell("scan_yes" if is_yes else "scan_no")
