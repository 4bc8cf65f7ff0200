"""A ticket's rating as its requester gives it, sees it, and changes it once within a day (F13)."""

from dataclasses import dataclass

from domain.rating import CHANGE_WITHIN, HIGHEST, LOWEST
from domain.refusals import NotFound
from models import IntakeChannel
from services import reported
from services.desk import Desk
from services.views import Scores, TicketView
from web.acts import Led, looking
from web.forms import Field, Filled

PARTS = ("speed", "attitude", "result")
SCORES = [str(score) for score in range(LOWEST, HIGHEST + 1)]
FIELDS = (
    *(
        Field(part, 1, is_required=True, choices=SCORES, missing="h5.rate.missing")
        for part in PARTS
    ),
    Field("comment", 500),
)
CHANGE_HOURS = int(CHANGE_WITHIN.total_seconds()) // 3600


@dataclass(frozen=True, slots=True)
class Rated:
    """What its requester may read of a ticket's rating, and do with it now."""

    ticket: TicketView
    given: Scores | None
    first: Scores | None  # as it was given first, if it was changed since
    is_rateable: bool
    is_changeable: bool

    @property
    def as_filled(self) -> Filled:
        """The form with what was given, to be changed."""
        if self.given is None:
            return Filled()
        values = {part: str(getattr(self.given, part)) for part in PARTS}
        return Filled({**values, "comment": self.given.comment or ""})


def rated(number: str) -> Rated:
    """Nobody else's is shown."""
    with looking() as desk:
        ticket = desk.find(number)
        if ticket.requester_id != desk.actor.id:
            raise NotFound()
        return Rated(
            ticket,
            reported.given(desk.session, ticket),
            reported.given_first(desk.session, ticket),
            reported.is_rateable(desk.session, ticket),
            desk.rating_to_change(ticket.id) is not None,
        )


def scores_of(filled: Filled) -> Scores:
    speed, attitude, result = (int(filled[part]) for part in PARTS)
    return Scores(speed, attitude, result, filled["comment"] or None)


def give(desk: Desk, number: str, scores: Scores, channel: IntakeChannel, way: str) -> Led:
    ticket = desk.rate(desk.find(number).id, scores, channel)
    return Led(f"{way}/{number}?done=rate", ticket.id)


def change(desk: Desk, number: str, scores: Scores, channel: IntakeChannel, way: str) -> Led:
    """Back to the rating, which says what is kept."""
    ticket = desk.change_rating(desk.find(number).id, scores, channel)
    return Led(f"{way}/{number}/rate?done=change", ticket.id)
