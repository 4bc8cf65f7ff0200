"""Priority from impact and urgency (F6, 细则二): one table, read by dispatch, targets and lists."""

from enum import IntEnum, StrEnum, auto


class Impact(StrEnum):
    """Who is hit: one person, several, or the business itself."""

    PERSON = auto()
    TEAM = auto()
    BUSINESS = auto()


class Urgency(StrEnum):
    """How fast it is needed, as the requester's words say (F14)."""

    NORMAL = auto()
    HIGH = auto()


class Priority(IntEnum):
    """1 is served first; lists order by it ascending."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3


PRIORITIES: dict[tuple[Impact, Urgency], Priority] = {
    (Impact.BUSINESS, Urgency.HIGH): Priority.URGENT,
    (Impact.BUSINESS, Urgency.NORMAL): Priority.HIGH,
    (Impact.TEAM, Urgency.HIGH): Priority.URGENT,
    (Impact.TEAM, Urgency.NORMAL): Priority.HIGH,
    (Impact.PERSON, Urgency.HIGH): Priority.HIGH,
    (Impact.PERSON, Urgency.NORMAL): Priority.NORMAL,
}


def priority_of(impact: Impact, urgency: Urgency) -> Priority:
    """The priority that the desk's table gives to this impact and urgency."""
    return PRIORITIES[impact, urgency]
