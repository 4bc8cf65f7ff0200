"""What kind of thing is broken: the twelve categories of the labelling standard."""

from enum import StrEnum, auto


class Category(StrEnum):
    COMPUTER = auto()
    PRINTER = auto()
    NETWORK = auto()
    ACCOUNT = auto()
    EMAIL = auto()
    SOFTWARE = auto()
    BUSINESS = auto()
    MEETING = auto()
    SERVER = auto()
    SECURITY = auto()
    DATA = auto()
    OTHER = auto()
