"""Which clocks a ticket may have running, and when they ring (F9, F16)."""

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


ANSWER_KINDS = (DeadlineKind.ANSWER_REMINDER, DeadlineKind.ANSWER_DUE)


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
