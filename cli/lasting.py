"""What a process makes at its start stays: nothing in it is worth looking for to be freed."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_ARENA_MAX, _ARENAS = -8, 2  # as glibc's malloc.h counts its settings


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


def share_memory() -> None:
    """Threads take from two heaps of glibc's, not from sixteen that each keep what they had (T10).

    As `MALLOC_ARENA_MAX=2` would; before any thread is there. Another C library goes its own way.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)
