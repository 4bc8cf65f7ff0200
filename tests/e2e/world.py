"""Server, sandbox and database together, as people with phones and an operator meet them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select, update

from models import Attachment, Database, InboxMessage, Notice, NoticeState, Session
from tests.e2e.processes import Server
from tests.faults.invariants import Known, Message, check
from tests.faults.people import EVERYBODY, Somebody
from tests.sandbox.live import Live

WITHIN = 60.0  # seconds for anything that is waited for, on a busy machine
LOOKS = 5.0  # seconds of one look at the sandbox's news


@dataclass
class World:
    """All of it."""

    sandbox: Live
    server: Server
    database: Database
    folder: Path

    # --- what people do --------------------------------------------------------------------------

    def says(self, who: Somebody, text: str) -> str:
        return self._done(who, "say", text=text)

    def taps(self, who: Somebody, label: str) -> str:
        """The newest line with this label on the phone."""
        content, line_id = self._line(who, label)
        return self._done(who, "tap", content=content, id=line_id)

    def presses(self, who: Somebody, key: str) -> str:
        return self._done(who, "press", key=key)

    def begins_to_say(self, who: Somebody, text: str) -> int:
        """Sent, and its fate not waited for."""
        return int(self.sandbox.post(f"/phone/{who.openid}/say", text=text)["push_id"])

    def _done(self, who: Somebody, act: str, **body: Any) -> str:
        return self.fate(self.sandbox.post(f"/phone/{who.openid}/{act}", **body)["push_id"])

    def fate(self, push_id: int) -> str:
        """What the phone shows as the answer; empty for silence."""
        ends = time.monotonic() + WITHIN
        told: dict[str, Any] = {"outcome": ""}
        while not told["outcome"] and time.monotonic() < ends:
            told = self.sandbox.get(f"/push/{push_id}?wait={LOOKS}")
        assert told["outcome"] in ("replied", "silent"), (told, self._last_log())
        return str((told["reply"] or {}).get("text", ""))

    def _line(self, who: Somebody, label: str) -> tuple[str, str]:
        for bubble in reversed(self.chat(who)):
            for line in bubble.get("lines", ()):
                if line["content"] == label:
                    return line["content"], line["id"]
        raise AssertionError(f"{who.name} sees no line {label}: {self.chat(who)[-2:]}")

    # --- what people see -------------------------------------------------------------------------

    def chat(self, who: Somebody) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sandbox.get(f"/phone/{who.openid}/chat")["bubbles"]
        return found

    def texts(self, who: Somebody) -> list[str]:
        """Everything that the account wrote to somebody, oldest first."""
        return [each.get("text", "") for each in self.chat(who) if each["from"] == "account"]

    def is_told(self, who: Somebody, *words: str) -> str:
        """The first notice with all of these words, as soon as it is there."""
        return str(self._until(lambda: _with(self.notices(who), words), (who.name, words)))

    def notices(self, who: Somebody) -> list[str]:
        """What the desk wrote of its own accord."""
        return [each.get("text", "") for each in self.chat(who) if each["via"] == "custom"]

    def _until(self, holds: Callable[[], Any], what: object) -> Any:
        """Looked at again whenever the sandbox has news."""
        ends = time.monotonic() + WITHIN
        news = self.sandbox.get("/phone/feed")
        while not (found := holds()):
            assert time.monotonic() < ends, (what, self._last_log())
            query = {"epoch": news["epoch"], "version": news["version"], "wait": LOOKS}
            news = self.sandbox.get(f"/phone/feed?{urlencode(query)}")
        return found

    def settle(self) -> None:
        """Until every push has its fate and every notice its own."""
        assert self.sandbox.get(f"/settled?wait={LOOKS * 4}")["settled"]
        ends = time.monotonic() + WITHIN
        while waiting := self.waiting():
            assert time.monotonic() < ends, (waiting, self._last_log())
            threading.Event().wait(0.05)

    def waiting(self) -> list[str]:
        """What is still to be sent, to be fetched or to be handed on."""
        statement = select(Notice.id, Notice.text_key, Notice.state).where(
            Notice.state.in_([NoticeState.PENDING, NoticeState.CLAIMED])
        )
        with self.database.reading() as session:
            found = [*session.execute(statement), *session.execute(_OPEN_MEDIA)]
        return [*map(repr, found), *map(str, self.folder.glob("spool/*/inbound.jsonl"))]

    # --- what the operator does ------------------------------------------------------------------

    def restart(self) -> None:
        """Killed, and started again; the minute that its claims last is over by then."""
        self.server.kill()
        now = datetime.now(UTC)
        with self.database.transaction() as session:
            session.execute(
                update(Notice)
                .where(Notice.state == NoticeState.CLAIMED)
                .values(claimed_until=now - timedelta(seconds=1))
            )
        self.server.start()

    def rows(self, read: Callable[[Session], Any]) -> Any:
        with self.database.reading() as session:
            found = read(session)
            session.expunge_all()
            return found

    def journal(self, direction: str) -> list[dict[str, Any]]:
        lines = self.sandbox.get("/control/journal?limit=20000")["entries"]
        return [line for line in lines if line["direction"] == direction]

    def check(self, reports: int, what: str) -> None:
        """The invariants, over what the sandbox saw."""
        self.settle()
        check(self.database, self._known(reports), what)

    def _known(self, reports: int) -> Known:
        inbox = self.rows(
            lambda session: session.execute(select(InboxMessage.openid, InboxMessage.key)).all()
        )
        sent = frozenset((openid, key) for openid, key in inbox)
        answered = frozenset(
            (line["openid"], key)
            for line in self.journal("callback")
            if line["status"] == 200 and (key := _message_key(line["request"]))
        )
        # What the platform took, whether or not its answer came back.
        took = {each.openid: self.notices(each) for each in EVERYBODY}
        return Known(
            sent,
            answered,
            reports,
            tuple(
                Message(each.openid, bubble["text"])
                for each in EVERYBODY
                for bubble in self.chat(each)
                if bubble["via"] == "passive" and bubble.get("text")
            ),
            tuple(Message(openid, text) for openid, texts in took.items() for text in texts),
            {each.openid: each.marks for each in EVERYBODY},
            self.folder / "spool",
            self.folder / "media",
        )

    def _last_log(self) -> str:
        return self.server.log.read_text(errors="replace")[-1500:]


_OPEN_MEDIA = select(Attachment.id).where(Attachment.state == "waiting")


def _with(texts: list[str], words: tuple[str, ...]) -> str | None:
    return next((text for text in texts if all(word in text for word in words)), None)


def _message_key(xml: str) -> str | None:
    _, found, rest = xml.partition("<MsgId>")
    return f"m:{rest.partition('<')[0]}" if found else None
