"""Rate a ticket: three rows of stars and a word why (F13)."""

from flask import Response, request

from domain.permissions import Permission
from domain.rating import HIGHEST, LOWEST
from domain.refusals import NotFound
from services import reported
from services.desk import Desk
from services.views import Scores
from web.acts import Led, looking, once
from web.forms import Field, Filled, read_form
from web.h5.routes import pages
from web.page import needs, show

routes = pages("rating")

PARTS = ("speed", "attitude", "result")
SCORES = [str(score) for score in range(LOWEST, HIGHEST + 1)]
FIELDS = (
    *(
        Field(part, 1, is_required=True, choices=SCORES, missing="h5.rate.missing")
        for part in PARTS
    ),
    Field("comment", 500),
)


@routes.get("/tickets/<ticket:number>/rate")
@needs(Permission.RATING_GIVE)
def blank(number: str) -> Response:
    return _page(number, Filled())


@routes.post("/tickets/<ticket:number>/rate")
@needs(Permission.RATING_GIVE)
def sent(number: str) -> Response:
    filled = read_form(*FIELDS)
    if filled.problems:
        return _page(number, filled, 400)
    speed, attitude, result = (int(filled[part]) for part in PARTS)
    scores = Scores(speed, attitude, result, filled["comment"] or None)

    def do(desk: Desk) -> Led:
        ticket = desk.rate(desk.find(number).id, scores)
        return Led(f"/h5/tickets/{number}?done=rate", ticket.id)

    return once("rate", do, filled["comment"])


def _page(number: str, filled: Filled, status: int = 200) -> Response:
    """Stars, or the scores that were given, or why it is not time yet; nobody else's are shown."""
    with looking() as desk:
        ticket = desk.find(number)
        if ticket.requester_id != desk.actor.id:
            raise NotFound()
        given = reported.given(desk.session, ticket)
        is_rateable = reported.is_rateable(desk.session, ticket)
    is_just_confirmed = request.args.get("done") == "confirm"
    return show(
        "h5/rate.html",
        status,
        ticket=ticket,
        given=given,
        is_rateable=is_rateable,
        is_just_confirmed=is_just_confirmed,
        filled=filled,
        parts=PARTS,
        scores=SCORES[::-1],
    )
