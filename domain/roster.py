"""The words of the roster: what somebody is there for, and how something asked for stands (D1)."""

from enum import StrEnum, auto


class Work(StrEnum):
    """What a shift is for."""

    DESK = auto()  # answers people
    FIELD = auto()  # takes orders
    ON_CALL = auto()  # is called when something is urgent and nobody is there (F15)


class Asked(StrEnum):
    """How a leave or a swap stands."""

    ASKED = auto()
    AGREED = auto()  # the colleague takes the duty; it is not granted yet
    GRANTED = auto()
    REFUSED = auto()
    WITHDRAWN = auto()
