"""An expected no: what the edge answers kindly, with the key of its sentence."""

from domain.sentence import Fact, Facts


class Refusal(Exception):
    """A rule said no; `text_key` names the sentence, `args` what it speaks of."""

    text_key = "refusal.general"

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.text_key, facts)
        self.facts: Facts = facts


class NotPermitted(Refusal):
    """The person's roles do not hold this action on this object (Y1)."""

    text_key = "refusal.not_permitted"


class NotFound(Refusal):
    """No such object, or none that this person may see: both sound the same (H-20)."""

    text_key = "refusal.not_found"


class AlreadyTaken(Refusal):
    """Another engineer was faster."""

    text_key = "refusal.already_taken"


class NotYours(Refusal):
    """The ticket is dispatched to somebody else, or to nobody."""

    text_key = "refusal.not_yours"


class CodeRefused(Refusal):
    """A one-time code that is wrong, used or too old (H-28)."""

    text_key = "bind.refused"


class GuessesUsedUp(Refusal):
    """Too many wrong codes; only the desk can help now (H-28)."""

    text_key = "bind.blocked"


class AlreadyStaff(Refusal):
    """A member of staff typed a code that is for somebody else: nobody becomes two people."""

    text_key = "bind.already_staff"


class AlreadyRated(Refusal):
    """A ticket is rated once in each cycle (F13, P2)."""

    text_key = "rating.already_given"


class TooLate(Refusal):
    """The time for this has passed, such as reopening after its days (F16)."""

    text_key = "refusal.too_late"


class ProfileMissing(Refusal):
    """Nobody can be helped whose name or number is not known (R1)."""

    text_key = "refusal.profile_missing"


class NotRateable(Refusal):
    """Only what was closed can be rated, and not by who worked on it (F13)."""

    text_key = "rating.not_yet"
