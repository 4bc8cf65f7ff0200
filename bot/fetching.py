"""Fetches the media that people sent, after they were answered, and keeps them as files."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.client import WeChatClient
from bot.crew import Crew
from bot.errors import ApiError, Reaction
from failpoints import hit
from models import Database
from services import fetching
from services.fetching import Wanted
from storage import MediaRefused, MediaStore, Saved

log = logging.getLogger(__name__)

_HOPELESS = frozenset({Reaction.PERMANENT, Reaction.UNREACHABLE})


class Fetcher:
    """One thread that downloads; what fails comes again later, five times within a day."""

    def __init__(
        self,
        database: Database,
        client: WeChatClient,
        store: MediaStore,
        clock: Callable[[], datetime],
        on_notice: Callable[[], None],
    ) -> None:
        self._database = database
        self._client = client
        self._store = store
        self._clock = clock
        self._on_notice = on_notice
        self._crew = Crew("fetcher", self._work, self._sweep, 1)

    def start(self) -> None:
        self._crew.start()

    def nudge(self) -> None:
        self._crew.nudge()

    def stop(self, within: float = 5.0) -> bool:
        return self._crew.stop(within)

    def _sweep(self) -> None:
        if self._is_waiting():
            self._crew.nudge()

    def _work(self) -> None:
        while not self._crew.is_stopping and self._is_waiting():
            with self._database.transaction() as session:
                wanted = fetching.claim(session, self._clock())
            if wanted is not None:
                self._fetch(wanted)

    def _is_waiting(self) -> bool:
        with self._database.reading() as session:
            return fetching.is_waiting(session, self._clock())

    def _fetch(self, wanted: Wanted) -> None:
        try:
            kept = self._downloaded(wanted)
        except MediaRefused as error:
            self._give_up(wanted, error.reason)
        except ApiError as error:
            why = f"errcode {error.errcode}"
            log.info("media_not_fetched attachment=%s errcode=%s", wanted.id, error.errcode)
            if wanted.is_last_try or error.reaction in _HOPELESS:
                self._give_up(wanted, why)
        except OSError as error:  # the disk is full: it comes again
            log.error("media_not_kept attachment=%s errno=%s", wanted.id, error.errno)
            if wanted.is_last_try:
                self._give_up(wanted, "disk")
        else:
            with self._database.transaction() as session:
                fetching.saved(session, wanted, kept.name, kept.content_type, kept.size)

    def _downloaded(self, wanted: Wanted) -> Saved:
        media = self._client.download_media(wanted.media_id)
        kept = self._store.save(media.content, wanted.kind)
        hit("media.written")
        return kept

    def _give_up(self, wanted: Wanted, why: str) -> None:
        with self._database.transaction() as session:
            fetching.give_up(session, wanted, self._clock(), why)
        self._on_notice()
