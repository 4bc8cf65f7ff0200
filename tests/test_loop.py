"""A thread that goes on whatever fails, and ends when it is told to."""

import threading

from loop import Loop
from models import DatabaseUnavailable
from tests.eventually import eventually


def test_a_loop_outlives_what_fails_and_a_nudge_ends_its_rest():
    done, fails = [], [DatabaseUnavailable("away"), ValueError("a fault")]

    def step():
        if fails:
            raise fails.pop(0)
        done.append(threading.current_thread().name)
        return 3600.0

    loop = Loop("sweeper", step, after_failure=0.0)
    loop.start()
    eventually(lambda: done)
    loop.nudge()
    eventually(lambda: len(done) == 2)
    loop.stop()

    assert done == ["sweeper", "sweeper"]
    assert not any(thread.name == "sweeper" for thread in threading.enumerate())


def test_a_loop_that_was_never_begun_ends_as_well():
    loop = Loop("sweeper", lambda: 1.0)

    loop.stop()

    assert loop.stopped.is_set()
