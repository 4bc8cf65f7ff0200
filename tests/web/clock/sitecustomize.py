"""Every program that starts with this folder on its path lives at the time of the test.

Where a file is named, its number of seconds is the time that the test has let pass beside its own.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

_shift = float(os.environ["WEB_TEST_SHIFT"])  # seconds from the machine's time to the test's
_traveller = time_machine.travel(time.time() + _shift, tick=True).start()
_LOOKS_EVERY = 0.05  # seconds


def _follow(file: Path) -> None:
    passed = 0.0
    while True:
        wanted = float(file.read_text() or 0) if file.exists() else 0.0
        if wanted != passed:
            _traveller.shift(wanted - passed)
            passed = wanted
        time.sleep(_LOOKS_EVERY)


if named := os.environ.get("WEB_TEST_PASSED"):
    threading.Thread(target=_follow, args=(Path(named),), daemon=True).start()
