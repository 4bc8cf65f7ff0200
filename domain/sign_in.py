"""How often somebody may try to sign in, and how long they wait then (H-41)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.refusals import Refusal


class TriesUsedUp(Refusal):
    """Too many wrong passwords or codes; `until` says when the next one is looked at."""

    text_key = "sign_in.wait"


@dataclass(frozen=True, slots=True)
class Rung:
    """After so many wrong tries within some time there is a pause since the last."""

    tries: int
    within: timedelta
    pause: timedelta


OF_ACCOUNT = (
    Rung(5, timedelta(hours=24), timedelta(minutes=15)),
    Rung(10, timedelta(hours=24), timedelta(hours=1)),
)
"""A right password ends the count; scanning with WeChat stays open meanwhile."""

OF_ADDRESS = (Rung(20, timedelta(minutes=15), timedelta(minutes=15)),)

OF_MANY = (Rung(200, timedelta(minutes=15), timedelta(minutes=1)),)
"""For an address that many people share: this machine, where a proxy stands before the desk."""

REMEMBERED_FOR = max(rung.within for rung in (*OF_ACCOUNT, *OF_ADDRESS, *OF_MANY))


def next_try_at(
    guesses: Sequence[datetime], rungs: Iterable[Rung], now: datetime
) -> datetime | None:
    """When the next try is looked at; None: now. `guesses`: the wrong ones."""
    if not guesses:
        return None
    last = max(guesses)
    pauses = [rung.pause for rung in rungs if _count(guesses, now - rung.within) >= rung.tries]
    opens_at = last + max(pauses, default=timedelta())
    return opens_at if opens_at > now else None


def _count(guesses: Sequence[datetime], since: datetime) -> int:
    return sum(at > since for at in guesses)
