"""Named places where a test may kill the process (reliability.md §2.3); dead code elsewhere."""

import os
import signal
import threading

_ARMED = os.environ.get("ITDESK_FAILPOINT", "")
_NAME, _, _NTH = _ARMED.partition(":")
_remaining = int(_NTH or 1)
_lock = threading.Lock()

ENABLED = bool(_ARMED) and os.environ.get("ITDESK_TESTING") == "1"

NAMES = (
    "inbox.before_insert",
    "inbox.inserted",
    "turn.before_commit",
    "turn.after_commit",
    "webhook.replied",
    "spool.written",
    "spool.synced",
    "replay.after_commit",
    "worker.claimed",
    "worker.request_sent",
    "worker.answered",
    "deadline.claimed",
    "deadline.acted",
    "complaint.claimed",
    "media.written",
    "event.kept",
    "event.claimed",
    "event.sent",
    "event.answered",
    "event.settled",
)


def arm(name: str, nth: int = 1) -> None:
    """Arm a place in a process that is running already: a test's own, forked for it."""
    global ENABLED, _NAME, _remaining
    if name not in NAMES:
        raise ValueError(f"no failpoint is called {name}")
    ENABLED, _NAME, _remaining = True, name, nth


def hit(name: str) -> None:
    """Kill this process if the test armed this place and its turn has come."""
    if ENABLED and name == _NAME:
        _count_down()


def _count_down() -> None:
    global _remaining
    with _lock:
        _remaining -= 1
        if _remaining == 0:
            os.kill(os.getpid(), signal.SIGKILL)
