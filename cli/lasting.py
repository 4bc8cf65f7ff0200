"""What a process makes at its start stays: nothing in it is worth looking for to be freed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Without the collector, which would walk again and again through all that is made (T10)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
