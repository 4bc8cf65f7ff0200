"""What a process makes at its start stays: little is made, and nothing of it looked for again."""

import ctypes
import gc
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import cast

# structlog draws failures with rich and requests guesses encodings with charset_normalizer,
# wherever these are installed. We log lines, and WeChat writes UTF-8.
_NEVER_USED = ("rich", "charset_normalizer")

_ARENA_MAX, _ARENAS = -8, 2  # as glibc's malloc.h counts its settings


def leave_out() -> None:
    """What libraries load where it is there, and a desk never uses: 6 MiB (T10).

    For a whole process, before its libraries are loaded.
    """
    for name in _NEVER_USED:
        sys.modules[name] = cast(ModuleType, None)  # as if it were not installed
    warnings.filterwarnings("ignore", "Unable to find acceptable character detection")


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
