"""Rate a ticket, in whichever area it is opened: three rows of stars and a word why (F13)."""

from collections.abc import Callable

from flask import Response, request

from models import IntakeChannel
from services.desk import Desk
from services.views import Scores
from web import own_rating
from web.acts import Led, once
from web.area import area
from web.forms import Filled, read_form
from web.own_rating import CHANGE_HOURS, FIELDS, PARTS, SCORES, Rated
from web.page import show

Give = Callable[[Desk, str, Scores, IntakeChannel, str], Led]


def blank(number: str) -> Response:
    """Empty; with `?change` as it was given, if it may still be changed."""
    found = own_rating.rated(number)
    is_change = "change" in request.args and found.is_changeable
    return _page(found, found.as_filled if is_change else Filled(), is_change=is_change)


def sent(number: str, channel: IntakeChannel) -> Response:
    return _taken(number, channel, "rate", own_rating.give)


def changed(number: str, channel: IntakeChannel) -> Response:
    return _taken(number, channel, "rate_change", own_rating.change)


def _taken(number: str, channel: IntakeChannel, act: str, give: Give) -> Response:
    filled = read_form(*FIELDS)
    if filled.problems:
        is_change = act == "rate_change"
        return _page(own_rating.rated(number), filled, 400, is_change=is_change)
    scores, way = own_rating.scores_of(filled), f"{area().path}/tickets"
    return once(act, lambda desk: give(desk, number, scores, channel, way), filled["comment"])


def _page(found: Rated, filled: Filled, status: int = 200, *, is_change: bool = False) -> Response:
    """Stars, or the scores that were given, or why it is not time yet."""
    just_done = request.args.get("done", "")
    return show(
        f"{area().name}/rate.html",
        status,
        ticket=found.ticket,
        given=found.given,
        first=found.first,
        is_rateable=found.is_rateable,
        is_changeable=found.is_changeable,
        is_change=is_change and found.is_changeable,
        is_just_confirmed=just_done == "confirm",
        is_just_changed=just_done == "change",
        hours=CHANGE_HOURS,
        filled=filled,
        parts=PARTS,
        scores=SCORES,
    )
