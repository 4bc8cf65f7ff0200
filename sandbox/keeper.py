"""What the platform does by itself: saves what changed, ends what idled too long."""

import threading

from sandbox import kf
from sandbox.callback import Sender
from sandbox.world import World

_EVERY = 0.5  # seconds


class Keeper:
    """A thread that looks around now and then, until it is told to stop."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stops, and saves for the last time."""
        self._is_over.set()
        self._thread.join()
        self._world.save()

    def _run(self) -> None:
        while not self._is_over.wait(_EVERY):
            self._sender.events(kf.expire(self._world))
            self._world.save()
