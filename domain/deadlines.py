"""Which clocks a ticket may have running, and when they ring (F9, F16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto


class DeadlineKind(StrEnum):
    ANSWER_REMINDER = auto()
    ANSWER_DUE = auto()
    HOLD_ENDS = auto()
    CONFIRM_REMINDER = auto()
    AUTO_CLOSE = auto()
    RATING_REMINDER = auto()
    TARGET_AT_RISK = auto()  # the promise that is due next: three quarters of its time are gone
    TARGET_DUE = auto()  # and now all of it
    LADDER = auto()  # the next rung for what is late (services/escalating.py)
    DISPATCH = auto()  # the desk opens: what came in at night is given out (F15)
    CALL_OUT = auto()  # who is on call has not answered: the next one is called (F15)


ANSWER_KINDS = (
    DeadlineKind.ANSWER_REMINDER,
    DeadlineKind.ANSWER_DUE,
    DeadlineKind.CALL_OUT,
)

IN_HAND_KINDS = (*ANSWER_KINDS, DeadlineKind.HOLD_ENDS)
"""These run for who has the ticket, and end when it leaves their hands; promises go on."""

AWAITED_KINDS = (*ANSWER_KINDS, DeadlineKind.LADDER, DeadlineKind.DISPATCH)
"""Somebody is without help until these have rung: they go before all others (R-075)."""

OUTDATED_BY: Mapping[DeadlineKind, DeadlineKind] = {
    DeadlineKind.ANSWER_REMINDER: DeadlineKind.ANSWER_DUE,
    DeadlineKind.CONFIRM_REMINDER: DeadlineKind.AUTO_CLOSE,
    DeadlineKind.TARGET_AT_RISK: DeadlineKind.TARGET_DUE,
}
"""Where both are over, after a long stop, only the newer one still has something to say (R-073)."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the desk promises, as durations (config `service.*`)."""

    respond_within: timedelta = timedelta(minutes=10)
    resolve_within: timedelta = timedelta(hours=2)
    auto_close_within: timedelta = timedelta(hours=24)
    remind_confirm_within: timedelta = timedelta(hours=4)
    remind_rating_within: timedelta = timedelta(hours=20)
    reopen_within: timedelta = timedelta(days=7)
    on_call_answer_within: timedelta = timedelta(minutes=5)

    def reminder_at(self, assigned_at: datetime) -> datetime:
        """Half of the answer time is gone and nobody has answered."""
        return assigned_at + self.respond_within / 2

    def response_due_at(self, assigned_at: datetime) -> datetime:
        return assigned_at + self.respond_within
