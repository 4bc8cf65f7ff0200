"""Keeps the platform's tags as the roles are, so that each person gets the menu of their work."""

import logging
import time
from collections.abc import Callable, Sequence

from bot.client import WeChatClient
from bot.errors import ApiError, Reaction
from bot.menus import CONDITIONAL, ensure_tags
from loop import Loop
from models import Database
from services import tagging
from services.tagging import Retag, TagOf

log = logging.getLogger(__name__)

EVERY = 3.0  # seconds; who has just joined sees the menu at the next opening of the chat
AFTER_FAILURE = 30.0  # seconds
IN_PEACE = 3600.0  # seconds in which somebody is left alone whom the platform does not know
_BEGINS_AFTER = 0.5  # seconds
_SOME_FAILED = 45171  # the others have it

TAG_OF: TagOf = [(menu.tag, menu.roles) for menu in CONDITIONAL if menu.tag]


class Tagger:
    """A thread that retags people whose roles have changed."""

    def __init__(
        self,
        database: Database,
        client: WeChatClient,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._client = client
        self._seconds = seconds
        self._gone: dict[int, float] = {}  # people, and when each is tried again
        self._loop = Loop("tags", self._step, first=_BEGINS_AFTER, after_failure=AFTER_FAILURE)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def _step(self) -> float:
        """What the platform refuses it will take later: no fault of ours stands in the log."""
        try:
            self.retag()
        except ApiError as error:
            log.warning("tags_failed %s", error)
            return AFTER_FAILURE
        return EVERY

    def retag(self) -> int:
        """Put right what is wrong, at most fifty people; answers how many were retagged."""
        self._gone = {who: until for who, until in self._gone.items() if until > self._seconds()}
        with self._database.reading() as session:
            people = tagging.to_retag(session, TAG_OF, but=self._gone)
        if not people:
            return 0
        ids = ensure_tags(self._client, [tag for tag, _ in TAG_OF])
        done = self._changed(people, ids)
        with self._database.transaction() as session:
            tagging.tagged(session, {person.person_id: person.wanted for person in done})
        log.info("people_retagged count=%d", len(done))
        return len(done)

    def _changed(self, people: Sequence[Retag], ids: dict[str, int]) -> list[Retag]:
        """Everybody ends with one of our tags or none: whatever a crash or a rebinding left.

        The former ones go first: of two the platform heeds the one put on last.
        """
        for tag, tag_id in ids.items():
            others = [person for person in people if person.wanted != tag]
            self._each(self._client.untag_people, tag_id, others)
        for tag, tag_id in ids.items():
            fitting = [person for person in people if person.wanted == tag]
            self._each(self._client.tag_people, tag_id, fitting)
        return [person for person in people if person.person_id not in self._gone]

    def _each(
        self, act: Callable[[int, Sequence[str]], None], tag_id: int, people: Sequence[Retag]
    ) -> None:
        """One call for all; if somebody is gone, the halves show who, and nobody else loses."""
        known = [person for person in people if person.person_id not in self._gone]
        if not known:
            return
        try:
            act(tag_id, [person.openid for person in known])
        except ApiError as error:
            if error.reaction is not Reaction.UNREACHABLE and error.errcode != _SOME_FAILED:
                raise
            if len(known) == 1:
                self._gone[known[0].person_id] = self._seconds() + IN_PEACE
                log.warning("tag_refused person=%s %s", known[0].person_id, error)
                return
            half = len(known) // 2
            self._each(act, tag_id, known[:half])
            self._each(act, tag_id, known[half:])
