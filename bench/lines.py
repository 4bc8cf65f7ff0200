"""Several connections at a time, each with a thread of its own."""

import threading
from collections.abc import Callable


def started(line: Callable[[int], None], many: int) -> list[threading.Thread]:
    """`line` is told its place; what is still going on when the bench ends is not waited for."""
    threads = [threading.Thread(target=line, args=(place,), daemon=True) for place in range(many)]
    for thread in threads:
        thread.start()
    return threads
