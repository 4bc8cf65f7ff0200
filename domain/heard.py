"""What a person sent, as conversations hear it, whatever platform it came through."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Medium(StrEnum):
    """What a message is made of; EVENT is a press, a follow or a scan."""

    TEXT = auto()
    IMAGE = auto()
    VOICE = auto()
    VIDEO = auto()
    LOCATION = auto()
    FILE = auto()  # by a page alone: the platform takes none in chat
    LINK = auto()
    EVENT = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Heard:
    """One message or event of a person."""

    medium: Medium
    text: str = ""  # typed, recognised from voice, or the label of a tapped line
    tap: str | None = None  # the act behind a tapped line, or the menu key
    event: str = ""  # lower case; empty for messages
    media_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    label: str = ""  # the words for a place on a map
    scene: str | None = None  # of a scanned code
    kf_account: str | None = None  # of a kf_* event

    @property
    def is_message(self) -> bool:
        return self.medium is not Medium.EVENT
