"""Every program that starts with this folder on its path lives at the time of the test."""

import os
import time

import time_machine

_shift = float(os.environ["WEB_TEST_SHIFT"])  # seconds from the machine's time to the test's
time_machine.travel(time.time() + _shift, tick=True).start()
