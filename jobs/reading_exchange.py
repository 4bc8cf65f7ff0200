"""Takes weights and own words into this process, seconds after they were put live (F6)."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from models import Database
from nlp import live as reader
from nlp.weights import ModelUnusable
from services.alarms import raise_alarm
from services.readings import live
from services.readings.live import Standing

log = logging.getLogger(__name__)

_QUIET_FOR = timedelta(hours=24)


class ReadingExchange:
    """Looks with the office's thread; whoever reads a message waits for none of it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._known = Standing()
        self._one = threading.Lock()

    def refresh(self) -> None:
        """What was committed is read by when this returns; what is damaged changes nothing."""
        with self._one:
            with self._database.reading() as session:
                found = live.standing(session)
            if found == self._known:
                return
            if found.words != self._known.words:
                reader.put_words(reader.own_words(found.words))
                log.info("own_words_put count=%d", len(found.words))
            if found.digest != self._known.digest:
                self._exchange(found)
            self._known = found

    def _exchange(self, found: Standing) -> None:
        if found.model_id is None:
            log.info("weights_put name=%s", reader.put_shipped())
            return
        with self._database.reading() as session:
            content, card = live.weights(session, found.model_id)
        try:
            if card.get("sha256") != found.digest:
                raise ModelUnusable("not the weights that the row names")
            log.info("weights_put name=%s", reader.put_weights(content, card))
        except ModelUnusable as error:
            log.error("weights_refused model=%s reason=%s", found.model_id, error)
            self._alarm(found)

    def _alarm(self, found: Standing) -> None:
        """Once a day: until somebody looks, the weights from before go on reading."""
        with self._database.transaction() as session:
            raise_alarm(
                session,
                f"weights:{found.digest[:12]}",
                self._clock(),
                quiet_for=_QUIET_FOR,
                text_key="notice.weights_refused",
                name=found.digest[:12],
            )
