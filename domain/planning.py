"""What a plan of the roster is refused for (D1)."""

from domain.refusals import Refusal


class NameUsed(Refusal):
    """Another shift or pattern is called so."""

    text_key = "roster_refusal.name_used"


class Overlaps(Refusal):
    """The person has a duty for the same work at that time."""

    text_key = "roster_refusal.overlaps"


class OnLeave(Refusal):
    """Leave was granted for that time."""

    text_key = "roster_refusal.on_leave"


class IsOver(Refusal):
    """What was is kept as it was: who had a duty is asked about later."""

    text_key = "roster_refusal.is_over"


class NotWorkingHere(Refusal):
    """Only members of staff who have not left are planned."""

    text_key = "roster_refusal.not_working_here"


class TurnsAround(Refusal):
    """A duty that ends before it begins, or lasts longer than a day and a half."""

    text_key = "roster_refusal.turns_around"
