"""Rate a ticket at a computer: three rows of stars and a word why, by mouse or keys (F13)."""

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import NotFound
from services import reported
from services.desk import Desk
from services.views import Scores
from web.acts import Led, looking, once
from web.forms import Filled, read_form
from web.h5.rating import FIELDS, PARTS, SCORES
from web.page import needs, show
from web.portal.routes import PATH, pages
from web.portal.tickets import is_rateable

routes = pages("rating", "/tickets/<ticket:number>/rate")


@routes.get("")
@needs(Permission.RATING_GIVE)
def blank(number: str) -> Response:
    return _page(number, Filled())


@routes.post("")
@needs(Permission.RATING_GIVE)
def sent(number: str) -> Response:
    filled = read_form(*FIELDS)
    if filled.problems:
        return _page(number, filled, 400)
    speed, attitude, result = (int(filled[part]) for part in PARTS)
    scores = Scores(speed, attitude, result, filled["comment"] or None)

    def do(desk: Desk) -> Led:
        ticket = desk.rate(desk.find(number).id, scores)
        return Led(f"{PATH}/tickets/{number}?done=rate", ticket.id)

    return once("rate", do, filled["comment"])


def _page(number: str, filled: Filled, status: int = 200) -> Response:
    """Stars, or the scores that were given, or why it is not time yet; nobody else's are shown."""
    with looking() as desk:
        ticket = desk.find(number)
        if ticket.requester_id != desk.actor.id:
            raise NotFound()
        given = reported.given(desk.session, ticket)
        may_rate = is_rateable(desk, ticket)
    return show(
        "portal/rate.html",
        status,
        ticket=ticket,
        given=given,
        is_rateable=may_rate,
        is_just_confirmed=request.args.get("done") == "confirm",
        filled=filled,
        parts=PARTS,
        scores=SCORES,
    )
