"""A reply as it is kept for retries, and as the XML that answers a callback."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.render import Button, text_reply, transfer_reply
from texts import Rendered

_BETWEEN = "\n"
_ROOM = 1200  # bytes; lines to tap take as much again
_BUTTONS = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers one message: words with lines to tap, or the hand-over to the desk."""

    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()  # act and label
    is_transfer: bool = False
    kf_account: str | None = None
    held_by: int | None = None  # the takeover whose clerk reads it at the console: silence

    @property
    def is_silent(self) -> bool:
        return not (self.text or self.buttons or self.is_transfer)

    def with_more(self, message: Rendered, lead: str = "") -> "Reply | None":
        """The same with another message below it; None where both do not fit into one reply."""
        buttons = dict(self.buttons) | {line.act: line.label for line in message.lines}
        before = f"\n\n{lead}\n" if lead else _BETWEEN
        text = f"{self.text}{before}{message.text}"
        if len(text.encode()) > _ROOM or len(buttons) > _BUTTONS:
            return None
        return replace(self, text=text, buttons=tuple(buttons.items()))

    def kept(self) -> dict[str, Any]:
        """The JSON of the inbox row."""
        if self.is_transfer:
            return {"transfer": self.kf_account or ""}
        kept = {"text": self.text, "buttons": [list(button) for button in self.buttons]}
        return kept if self.held_by is None else {**kept, "held": self.held_by}

    @classmethod
    def of_row(cls, kept: dict[str, Any] | None) -> "Reply | None":
        """The reply that `kept` made; None for silence."""
        if not kept:
            return None
        if "transfer" in kept:
            return cls(is_transfer=True, kf_account=kept["transfer"] or None)
        return cls(kept["text"], tuple((act, label) for act, label in kept["buttons"]))

    def xml(self, *, to: str, account: str, at: datetime) -> str:
        """The passive reply; empty if there is nothing to say."""
        if self.is_transfer:
            return transfer_reply(to=to, account=account, at=at, kf_account=self.kf_account)
        buttons = [Button(act, label) for act, label in self.buttons]
        return text_reply(self.text, buttons, to=to, account=account, at=at)


def reply_of(messages: Iterable[Rendered]) -> Reply | None:
    """Several sentences as one reply: WeChat takes one per message."""
    rendered = [message for message in messages if message.text or message.lines]
    if not rendered:
        return None
    text = _BETWEEN.join(message.text for message in rendered if message.text)
    buttons = {line.act: line.label for message in rendered for line in message.lines}
    return Reply(text, tuple(buttons.items()))
