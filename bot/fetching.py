"""Fetches the media that people sent, after they were answered, and keeps them as files."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import voices
from bot.client import WeChatClient
from bot.crew import Crew
from bot.errors import ApiError, Reaction
from failpoints import hit
from logs import failure
from models import Database
from services import fetching, recognition
from services.fetching import Wanted
from services.recognition import Recogniser
from storage import MediaRefused, MediaStore, Saved

log = logging.getLogger(__name__)

THREADS = 2  # a slow film does not keep a photo waiting
GATHERS_FOR = 0.03  # seconds; of many nudges at once one look comes
ORPHAN_AGE = timedelta(hours=1)  # a file without a row that is younger may still get its row (I11)
_SWEEPS_EVERY = timedelta(hours=1)
_HOPELESS = frozenset({Reaction.PERMANENT, Reaction.UNREACHABLE})


class Fetcher:
    """Threads that download; what fails comes again later, five times within a day."""

    def __init__(
        self,
        database: Database,
        client: WeChatClient,
        store: MediaStore,
        clock: Callable[[], datetime],
        on_notice: Callable[[], None],
        recogniser: Recogniser | None = None,
    ) -> None:
        self._database = database
        self._client = client
        self._store = store
        self._clock = clock
        self._on_notice = on_notice
        self._recogniser = recogniser
        self._swept_at: datetime | None = None
        self._crew = Crew("fetcher", self._work, self._sweep, THREADS, gather=GATHERS_FOR)

    def start(self) -> None:
        self._crew.start()

    def nudge(self) -> None:
        """Something was committed that may have to be fetched."""
        self._crew.nudge()

    def stop(self, within: float = 5.0) -> bool:
        return self._crew.stop(within)

    # --- finding work ----------------------------------------------------------------------------

    def _sweep(self) -> None:
        if self._is_waiting():
            self._crew.nudge()
        now = self._clock()
        if self._swept_at is None or now - self._swept_at >= _SWEEPS_EVERY:
            self._swept_at = now
            self.drop_orphans()

    def drop_orphans(self) -> int:
        """Files that a crash left without a row; answers how many (R-012)."""
        dropped = self._store.drop_unfinished(ORPHAN_AGE)
        old = list(self._store.older_than(ORPHAN_AGE))
        if old:
            with self._database.reading() as session:
                orphans = fetching.without_row(session, old)
            dropped += sum(self._store.delete_older(name, ORPHAN_AGE) for name in orphans)
        if dropped:
            log.info("orphans_dropped count=%s", dropped)
        return dropped

    def _work(self) -> None:
        while not self._crew.is_stopping and self._is_waiting():
            with self._database.transaction() as session:
                wanted = fetching.claim(session, self._clock())
            if wanted is not None:
                self._crew.nudge()  # there may be more than this
                self._fetch(wanted)

    def _is_waiting(self) -> bool:
        with self._database.reading() as session:
            return fetching.is_waiting(session, self._clock())

    # --- one medium ------------------------------------------------------------------------------

    def _fetch(self, wanted: Wanted) -> None:
        try:
            data, kept = self._downloaded(wanted)
            playable = self._playable(wanted, data, kept)
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
                is_ours = fetching.saved(session, wanted, kept, playable)
            if is_ours and wanted.kind == "voice":
                self._recognise(wanted, data, kept.content_type, playable)

    def _downloaded(self, wanted: Wanted) -> tuple[bytes, Saved]:
        media = self._client.download_media(wanted.media_id)
        kept = self._store.save(media.content, wanted.kind)
        hit("media.written")
        return media.content, kept

    def _playable(self, wanted: Wanted, data: bytes, kept: Saved) -> str | None:
        """A second file for browsers; without one the original is there to be downloaded."""
        if wanted.kind != "voice":
            return None
        sound = voices.playable(data, kept.content_type)
        return self._store.save_made(sound, voices.CONTENT_TYPE).name if sound else None

    def _recognise(
        self, wanted: Wanted, data: bytes, content_type: str, playable: str | None
    ) -> None:
        """The operator's function gets MP3 where there is one; its faults are its own."""
        if self._recogniser is None:
            return
        if playable:
            data, content_type = self._store.read(playable), voices.CONTENT_TYPE
        try:
            words = self._recogniser(data, content_type)
        except Exception as error:
            failure(log, "voice_not_recognised", error, attachment=wanted.id)
            return
        if words:
            with self._database.transaction() as session:
                recognition.keep(session, wanted.id, words, self._clock())
            self._on_notice()

    def _give_up(self, wanted: Wanted, why: str) -> None:
        with self._database.transaction() as session:
            fetching.give_up(session, wanted, self._clock(), why)
        self._on_notice()
