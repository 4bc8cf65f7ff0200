"""How many customer messages a person's own acts allow, and until when."""

from typing import Literal

from pydantic import BaseModel

from sandbox.settings import Rules

Act = Literal["message", "click", "follow", "scan"]

OUT_OF_TIME = 45015  # response out of time limit or subscription is canceled
OUT_OF_COUNT = 45047  # out of response count limit


class Window(BaseModel):
    """Messages that are left until a moment."""

    left: int
    until: float


Windows = dict[str, Window]


def opened(windows: Windows, act: Act, rules: Rules, now: float) -> None:
    """An act fills its own row anew; rows do not add up and do not touch each other."""
    most, seconds = row_of(act, rules)
    windows[act] = Window(left=most, until=now + seconds)
    message = windows.get("message")
    if rules.acts_refresh_message_window and act != "message" and message and message.until > now:
        opened(windows, "message", rules, now)


def row_of(act: Act, rules: Rules) -> tuple[int, int]:
    rows: dict[Act, tuple[int, int]] = {
        "message": rules.message_window,
        "click": rules.click_window,
        "follow": rules.follow_window,
        "scan": rules.scan_window,
    }
    return rows[act]


def refusal(windows: Windows, now: float) -> int | None:
    """The errcode that a customer message meets now, or None if it may pass."""
    live = [window for window in windows.values() if window.until > now]
    if not live:
        return OUT_OF_TIME
    if not any(window.left for window in live):
        return OUT_OF_COUNT
    return None


def consume(windows: Windows, rules: Rules, now: float) -> None:
    """Takes one message from the row that the rules name; `refusal` was asked before."""
    usable = [window for window in windows.values() if window.until > now and window.left]
    pick = min if rules.consume == "soonest" else max
    pick(usable, key=lambda window: window.until).left -= 1


def consume_one(windows: Windows, rules: Rules, now: float) -> None:
    """Takes one message if there is one to take."""
    if refusal(windows, now) is None:
        consume(windows, rules, now)
