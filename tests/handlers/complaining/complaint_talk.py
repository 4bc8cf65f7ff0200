"""A talk with the real desk on a real database: complaints are nothing without what is kept."""

import json
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from domain.heard import Heard, Medium
from domain.speaker import Speaker
from handlers import router
from models import Database
from services import conversations, inbox
from services.conversations import Standing
from services.desk import Desk, Rules
from services.inbox import Arrival
from tests.handlers.requesters.conftest import TEXTS
from tests.handlers.talking import NOW, Talk

_keys = count(1)
LONGEST_LABEL = 24  # characters; a line that names a ticket


class DeskTalk(Talk):
    """`hears` is one message in one transaction, as bot/turns.py handles it."""

    def __init__(self, database: Database, rules: Rules, who: Speaker) -> None:
        super().__init__(None, who, NOW)
        self.database, self.rules = database, rules
        self.messages: list[int] = []

    def hears(self, text: str = "", *, tap: str | None = None, **more: Any) -> "DeskTalk":
        medium = more.pop("medium", Medium.TEXT)
        heard = Heard(medium, text=text, tap=tap, **more)
        with self.database.transaction() as session:
            inbox_id = self._taken(session, heard)
            who = conversations.load(session, self.who.openid, self.now).speaker
            desk = Desk(session, self.now, self.rules, who, inbox_id)
            said = router.answer(heard, who, self.standing, desk, self.now)
            if said.is_confidential:
                inbox.hide(session, inbox_id)
        self.says, self.standing, self.hands_over = said.says, said.standing, said.hands_over
        self._is_readable()
        return self

    def _taken(self, session: Any, heard: Heard) -> int:
        at: datetime = self.now
        text, tapped = heard.text, heard.tap
        arrival = Arrival(
            self.who.openid, f"m:{next(_keys)}", heard.medium.value, text, None, tapped, at, at
        )
        inbox_id = inbox.take(session, arrival)
        assert inbox_id is not None
        self.messages.append(inbox_id)
        return inbox_id

    def _is_readable(self) -> None:
        kept = json.loads(json.dumps(self.standing.draft))  # as the row keeps it
        assert kept == self.standing.draft
        for say in self.says:
            read = TEXTS.render(say, self.now)
            assert read.text and not set("{}[]") & set(read.text), read.text
            assert "None" not in read.text, read.text
            assert all(0 < len(line.label) <= LONGEST_LABEL for line in read.lines), read.lines

    @property
    def words(self) -> str:
        """The last answer as it is read."""
        return "\n".join(TEXTS.render(say, self.now).text for say in self.says)

    @property
    def labels(self) -> list[str]:
        """What the lines that may be tapped are called."""
        return [line.label for say in self.says for line in TEXTS.render(say, self.now).lines]

    def anew(self) -> "DeskTalk":
        """With nothing under way."""
        self.standing = replace(Standing(), serial=self.standing.serial)
        return self
