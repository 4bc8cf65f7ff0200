"""Keeps the search's words up to date: a thread that never holds the writer for long (C §13)."""

import time
from collections.abc import Callable
from datetime import datetime

from loop import Loop
from models import Database
from services import search_index
from services.search_index import Place

EVERY = 2.0  # seconds; what was opened is found by its words within five
_SHARE = 9  # parts of rest for each part of work while there is much to do
_REST_AT_LEAST = 0.02  # seconds


class SearchIndexer:
    """Follows the tickets' timelines; several processes may, one works at a time."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._place: Place | None = None
        self._loop = Loop("search", self._worked, first=EVERY)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        """What is under way is finished."""
        self._loop.stop()

    def _worked(self) -> float:
        """Does a step; answers how long to rest."""
        began = time.monotonic()
        if self.step():
            return EVERY
        return max(_REST_AT_LEAST, _SHARE * (time.monotonic() - began))

    def step(self) -> bool:
        """Index a little; answers whether nothing is left."""
        if self._place is None:
            with self._database.reading() as session:
                self._place = search_index.begin(session)
        done = search_index.step(self._database, self._place, self._clock())
        self._place = done.place
        if done.is_caught_up:
            search_index.learn_initials(self._database)
        return done.is_caught_up
