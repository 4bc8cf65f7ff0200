"""Keeps the platform's tags as the roles are, so that each person gets the menu of their work."""

import logging
import threading

from bot.client import WeChatClient
from bot.errors import ApiError
from bot.menus import ENGINEER, ensure_tags
from logs import failure
from models import Database, DatabaseUnavailable
from services import tagging
from services.tagging import Retag

log = logging.getLogger(__name__)

EVERY = 3.0  # seconds; who has just joined sees the menu at the next opening of the chat
AFTER_FAILURE = 30.0  # seconds


class Tagger:
    """A thread that retags people whose roles have changed."""

    def __init__(self, database: Database, client: WeChatClient) -> None:
        self._database = database
        self._client = client
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tags", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        pause = 0.5
        while not self._stopped.wait(pause):
            pause = EVERY
            try:
                self.retag()
            except DatabaseUnavailable:
                pause = AFTER_FAILURE
            except ApiError as error:
                log.warning("tags_failed %s", error)
                pause = AFTER_FAILURE
            except Exception as error:
                failure(log, "tags_failed", error)
                pause = AFTER_FAILURE

    def retag(self) -> int:
        """Put right what is wrong; answers how many people were retagged."""
        tag = ENGINEER.tag or ""
        with self._database.reading() as session:
            people = tagging.to_retag(session, tag)
        if not people:
            return 0
        ids = ensure_tags(self._client, [tag])
        for person in people:
            self._change(person, ids[tag])
        with self._database.transaction() as session:
            tagging.tagged(session, {person.person_id: person.wanted for person in people})
        log.info("people_retagged count=%d", len(people))
        return len(people)

    def _change(self, person: Retag, tag_id: int) -> None:
        if person.wanted:
            self._client.tag_people(tag_id, [person.openid])
        else:
            self._client.untag_people(tag_id, [person.openid])
