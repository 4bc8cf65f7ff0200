"""Plays a recording again: the same acts in the same rhythm, with real pushes."""

import threading
import time
from typing import Any

from sandbox.acts import Acts
from sandbox.phones import NotPossible
from sandbox.recording import Act
from sandbox.refusals import ApiRefusal
from sandbox.world import UnknownPerson, World

_FAILURES_TOLD = 100
_LOOKS_UP_EVERY = 0.2  # seconds


class Busy(Exception):
    """A replay is under way."""


class Player:
    """One replay at a time, in a thread of its own."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._began = 0.0
        self._recorded: list[Act] = []
        self._speed = 1.0
        self._done = 0
        self._failed: list[dict[str, str]] = []

    def start(self, acts: list[Act], speed: float) -> None:
        with self._lock:
            if self._is_running():
                raise Busy
            self._recorded = sorted(acts, key=lambda act: act.at)
            self._speed, self._done, self._failed = speed, 0, []
            self._stopped = threading.Event()
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._play, name="replay", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def told(self) -> dict[str, Any]:
        """How far it is."""
        return {
            "is_running": self._is_running(),
            "done": self._done,
            "total": len(self._recorded),
            "failed": list(self._failed),
            "speed": self._speed,
            "left": round(self._left(self._recorded[-1]), 1) if self._is_running() else 0,
        }

    def _is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _left(self, act: Act) -> float:
        """Seconds until it is this act's turn."""
        due = (act.at - self._recorded[0].at) / self._speed
        return max(0.0, self._began + due - time.monotonic())

    def _play(self) -> None:
        epoch = self._world.epoch
        for act in self._recorded:
            while (left := self._left(act)) and not self._is_void(epoch):
                self._stopped.wait(min(left, _LOOKS_UP_EVERY))
            if self._is_void(epoch):
                return
            self._repeat(act)

    def _is_void(self, epoch: int) -> bool:
        """Whether somebody stopped it, began anew, or ended it all."""
        return self._stopped.is_set() or self._world.is_over or self._world.epoch != epoch

    def _repeat(self, act: Act) -> None:
        why = ""
        try:
            self._acts.repeat(act)
        except NotPossible as error:
            why = str(error)
        except UnknownPerson:
            why = "没有这部手机"
        except ApiRefusal as error:
            why = error.errmsg
        except (KeyError, TypeError, ValueError) as error:
            why = f"不能重放：{type(error).__name__}"
        if why and len(self._failed) < _FAILURES_TOLD:
            self._failed.append({"kind": act.kind, "who": act.who, "error": why})
        self._done += 1
        self._world.touch()
