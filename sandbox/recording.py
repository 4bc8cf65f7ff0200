"""What people did on their phones and clerks at the desk, so that it can be played again."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Act(BaseModel):
    """One act: its kind, who did it, and with what."""

    model_config = ConfigDict(extra="forbid")

    at: float  # seconds; as kept, since 1970, as told, since the first act
    kind: str = Field(pattern=r"^(phone|clerk|clock)\.[a-z]+$")
    who: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)


class Recording(BaseModel):
    """Acts in their order, as a file holds them."""

    model_config = ConfigDict(extra="ignore")

    acts: list[Act]
