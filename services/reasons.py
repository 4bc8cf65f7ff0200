"""Why a notice did not get through, as a word of texts.yaml (`undelivered.…`)."""

from collections.abc import Iterable
from typing import Any

from domain.sentence import Say, Word
from models import Fate, Outcome

_BY_ERRCODE = {
    40001: "token",
    40003: "not_following",
    43004: "not_following",
    43019: "blocked",
    43101: "blocked",
    45009: "quota",
    45015: "window_shut",
    45047: "used_up",
    47003: "refused",
    48001: "misconfigured",
    48002: "blocked",
    50002: "limited",
    50005: "not_following",
}
_BY_FATE = {Fate.BLOCKED: "blocked", Fate.FAILED: "other", Fate.SILENT: "silent"}


def reason_of(delivery: Any) -> Word:
    """Of one try (a `Delivery` or its row)."""
    if delivery.fate in _BY_FATE:
        return Word(f"undelivered.{_BY_FATE[delivery.fate]}")
    if delivery.outcome is Outcome.ACCEPTED:
        return Word("undelivered.silent")
    if delivery.outcome in (Outcome.UNCLEAR, Outcome.STARTED):
        return Word("undelivered.unclear")
    if delivery.errcode is None:
        return Word("undelivered.away")
    return Word(f"undelivered.{_BY_ERRCODE.get(delivery.errcode, 'other')}")


def tried(deliveries: Iterable[Any]) -> tuple[Say, ...]:
    """What was tried and why each try failed; the same once."""
    seen = {(each.channel.value, reason_of(each).key): each for each in deliveries}
    return tuple(
        Say("notice.tried", {"channel": Word(f"form.channels.{channel}"), "why": Word(why)})
        for channel, why in seen
    )
