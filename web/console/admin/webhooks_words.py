"""How webhooks and deliveries are shown: states, what came of a try, bodies that can be read."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from domain.webhooks import SendState, Trouble
from services.webhooks.listing import Summary
from web.console.admin import shown
from web.page import words

_COLOURS = {
    SendState.PENDING: "bg-azure-lt",
    SendState.CLAIMED: "bg-azure-lt",
    SendState.DELIVERED: "bg-green-lt",
    SendState.FAILED: "bg-red-lt",
    SendState.SKIPPED: "bg-secondary-lt",
}


def event(name: str) -> str:
    return shown.event(name)


def at(kept: str) -> str:
    """When a try was made, to the second."""
    return shown.exact(datetime.fromisoformat(kept))


def host(url: str) -> str:
    """What of an address may stand in a list: behind the host there may be a key."""
    return urlsplit(url).netloc


def state_of(summary: Summary) -> tuple[str, str]:
    """A colour and words."""
    hook = summary.hook
    if hook.paused_at is not None:
        return "bg-orange-lt", words(f"webhook_page.paused.{hook.paused_why.value}")
    if summary.is_failing:
        return "bg-red-lt", words("webhook_page.failing", count=hook.failures)
    return "bg-green-lt", words("webhook_page.running")


def sent(row: Any) -> tuple[str, str]:
    """A delivery's fate: a colour and words."""
    return _COLOURS[row.state], words(f"webhook_page.state.{row.state.value}")


def came_of(status: int | None, trouble: Trouble | str | None) -> str:
    """What a try had for an answer."""
    if status is not None:
        return str(status)
    return words(f"webhook_page.trouble.{Trouble(trouble).value}") if trouble else ""


def pretty(body: str) -> str:
    """The same values, a line each; what is sent has no blanks."""
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
