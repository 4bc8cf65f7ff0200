"""The life of a ticket: status × action → status, one table (F5–F16).

Buttons, permission tests and the diagram in the README are all derived from `LIFECYCLE`.
"""

from collections.abc import Mapping
from enum import StrEnum, auto

from domain.refusals import Refusal
from domain.sentence import Word


class Status(StrEnum):
    NEW = auto()
    ASSIGNED = auto()
    IN_PROGRESS = auto()
    ON_HOLD = auto()
    RESOLVED = auto()
    CLOSED = auto()
    CANCELLED = auto()
    MERGED = auto()


class Action(StrEnum):
    OPEN = auto()
    AMEND = auto()
    ATTACH = auto()
    ASSIGN = auto()
    REASSIGN = auto()
    QUEUE = auto()
    ACCEPT = auto()
    DECLINE = auto()
    TRANSFER = auto()
    ASK_SUPPORT = auto()
    PROGRESS = auto()
    HOLD = auto()
    RESUME = auto()
    RESOLVE = auto()
    CONFIRM = auto()
    CLOSE = auto()
    REOPEN = auto()
    CANCEL = auto()
    MERGE = auto()
    URGE = auto()
    RATE = auto()
    REMIND = auto()
    TALK = auto()  # with the desk, about it (W1)
    NOTE = auto()  # for those who work here
    UNMERGE = auto()
    LINK = auto()
    SPLIT = auto()
    RECLASSIFY = auto()  # complex or not: other promises hold from now on (F14)
    ESCALATE = auto()  # it is late: the next one hears of it (F11)
    GIVE_SUPPORT = auto()  # the desk sends a higher level or the vendor (F12)
    CORRECT = auto()  # category, priority, place or contact, as the desk knows them by now


class ActionNotAllowed(Refusal):
    """The ticket's status has no such way out."""

    text_key = "refusal.action_not_allowed"

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(status=Word(f"status.{status.value}"))
        self.status = status
        self.action = action


OPEN_STATUSES = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
"""Somebody at the desk still owes work."""

ENDED_STATUSES = (Status.CLOSED, Status.CANCELLED, Status.MERGED)

_N, _A, _P, _H, _R, _C = (
    Status.NEW,
    Status.ASSIGNED,
    Status.IN_PROGRESS,
    Status.ON_HOLD,
    Status.RESOLVED,
    Status.CLOSED,
)

LIFECYCLE: Mapping[tuple[Status, Action], Status] = {
    (_N, Action.ASSIGN): _A,
    (_N, Action.RESOLVE): _R,
    (_N, Action.MERGE): Status.MERGED,
    (_N, Action.CANCEL): Status.CANCELLED,
    (_A, Action.ACCEPT): _P,
    (_A, Action.DECLINE): _N,
    (_A, Action.REASSIGN): _A,
    (_A, Action.QUEUE): _N,
    (_A, Action.CANCEL): Status.CANCELLED,
    (_A, Action.MERGE): Status.MERGED,
    (_P, Action.RESOLVE): _R,
    (_P, Action.HOLD): _H,
    (_P, Action.TRANSFER): _N,
    (_P, Action.REASSIGN): _A,
    (_P, Action.ASK_SUPPORT): _P,
    (_P, Action.PROGRESS): _P,
    (_P, Action.CANCEL): Status.CANCELLED,
    (_H, Action.RESUME): _P,
    (_H, Action.PROGRESS): _H,
    (_H, Action.TRANSFER): _N,
    (_P, Action.MERGE): Status.MERGED,
    (_H, Action.CANCEL): Status.CANCELLED,
    (_H, Action.MERGE): Status.MERGED,
    (_H, Action.REASSIGN): _A,
    (Status.MERGED, Action.UNMERGE): _N,
    (_R, Action.CONFIRM): _C,
    (_R, Action.CLOSE): _C,
    (_R, Action.REOPEN): _N,
    (_C, Action.REOPEN): _N,
    # What may be added to a ticket without moving it.
    **{(status, Action.AMEND): status for status in OPEN_STATUSES},
    **{(status, Action.ATTACH): status for status in (*OPEN_STATUSES, _R)},
    **{(status, Action.URGE): status for status in OPEN_STATUSES},
    **{(status, Action.NOTE): status for status in Status},
    **{(status, Action.LINK): status for status in Status},
    **{(status, Action.SPLIT): status for status in OPEN_STATUSES},
    **{(status, Action.CORRECT): status for status in (*OPEN_STATUSES, _R)},
    **{(status, Action.RECLASSIFY): status for status in OPEN_STATUSES},
    **{(status, Action.ESCALATE): status for status in OPEN_STATUSES},
    **{(status, Action.GIVE_SUPPORT): status for status in (_A, _P, _H)},
    **{(status, Action.TALK): status for status in (*OPEN_STATUSES, _R, _C)},
    (_A, Action.REMIND): _A,
    (_R, Action.REMIND): _R,
    (_C, Action.REMIND): _C,
    (_C, Action.RATE): _C,
}


def next_status(status: Status, action: Action) -> Status:
    """Where the action leads, or `ActionNotAllowed`."""
    try:
        return LIFECYCLE[status, action]
    except KeyError:
        raise ActionNotAllowed(status, action) from None


def actions_from(status: Status) -> tuple[Action, ...]:
    """The ways out of a status, in the table's order."""
    return tuple(action for (start, action) in LIFECYCLE if start is status)


def diagram() -> str:
    """The table as a Mermaid state diagram (the README's picture is generated from it)."""
    moves = [
        f"    {start.value} --> {end.value}: {action.value}"
        for (start, action), end in LIFECYCLE.items()
        if start is not end
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> new: open", *moves])
