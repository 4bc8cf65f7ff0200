"""What may be done with duties: who may stand in, what clashes, how what is asked goes on (D1)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.permissions import Role
from domain.refusals import Refusal
from domain.roster import Asked, Work

REST = timedelta(hours=8)
"""Between two shifts; less is allowed, and whoever decides reads it."""


class Answer(StrEnum):
    """What may be said to a swap or a leave."""

    AGREE = auto()  # by the colleague
    GRANT = auto()
    REFUSE = auto()
    WITHDRAW = auto()


class NoLongerAsked(Refusal):
    """It was decided, answered or taken back meanwhile."""

    text_key = "roster_life.settled"


_SWAP: Mapping[tuple[Asked, Answer], Asked] = {
    (Asked.ASKED, Answer.AGREE): Asked.AGREED,
    (Asked.ASKED, Answer.REFUSE): Asked.REFUSED,
    (Asked.ASKED, Answer.WITHDRAW): Asked.WITHDRAWN,
    (Asked.AGREED, Answer.GRANT): Asked.GRANTED,
    (Asked.AGREED, Answer.REFUSE): Asked.REFUSED,
    (Asked.AGREED, Answer.WITHDRAW): Asked.WITHDRAWN,
}
_LEAVE: Mapping[tuple[Asked, Answer], Asked] = {
    (Asked.ASKED, Answer.GRANT): Asked.GRANTED,
    (Asked.ASKED, Answer.REFUSE): Asked.REFUSED,
    (Asked.ASKED, Answer.WITHDRAW): Asked.WITHDRAWN,
    (Asked.GRANTED, Answer.WITHDRAW): Asked.WITHDRAWN,
}


def swap_after(state: Asked, answer: Answer) -> Asked:
    """How a swap stands after this answer; NoLongerAsked if it cannot be given any more."""
    return _after(_SWAP, state, answer)


def leave_after(state: Asked, answer: Answer) -> Asked:
    """How a leave stands after this answer; NoLongerAsked if it cannot be given any more."""
    return _after(_LEAVE, state, answer)


def _after(table: Mapping[tuple[Asked, Answer], Asked], state: Asked, answer: Answer) -> Asked:
    found = table.get((state, answer))
    if found is None:
        raise NoLongerAsked()
    return found


# --- duties --------------------------------------------------------------------------------------

_MAY_WORK: Mapping[Work, frozenset[Role]] = {
    Work.DESK: frozenset({Role.DESK}),
    Work.FIELD: frozenset({Role.ENGINEER, Role.VENDOR}),
    Work.ON_CALL: frozenset({Role.ENGINEER, Role.VENDOR, Role.HEAD}),
}


def may_work(roles: Collection[Role], work: Work) -> bool:
    """Whether somebody with these roles can be put on such a duty."""
    return bool(_MAY_WORK[work] & set(roles))


@dataclass(frozen=True, slots=True)
class Stint:
    """A duty as these rules see it."""

    work: Work
    begins_at: datetime
    ends_at: datetime


def clash(one: Stint, other: Stint) -> bool:
    """Nobody is twice at work at one time; on call beside a shift is usual."""
    if one.ends_at <= other.begins_at or other.ends_at <= one.begins_at:
        return False
    return one.work is other.work or Work.ON_CALL not in (one.work, other.work)


def has_short_rest(stint: Stint, others: Iterable[Stint]) -> bool:
    """Whether a shift would follow another one, or be followed, within hours."""
    return stint.work is not Work.ON_CALL and any(
        other.work is not Work.ON_CALL
        and other.begins_at < stint.ends_at + REST
        and stint.begins_at < other.ends_at + REST
        for other in others
    )
