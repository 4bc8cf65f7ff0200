"""One database with its server, its platform and its clock; the server may die at any time."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from models import (
    Attachment,
    AttachmentState,
    Database,
    DatabaseUnavailable,
    Notice,
    NoticeState,
    Session,
)
from tests.bot.api_server import OK, ApiServer, answers, api_server, raw
from tests.faults import people
from tests.faults.invariants import Known, Message, check
from tests.faults.phones import Phones
from tests.faults.quick_server import Order
from tests.faults.servers import KillableServer

OPENS_AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # Tuesday, 10:30 at the desk
WITHIN = 30.0  # seconds for anything that is waited for
GETS_STUCK_AFTER = 0.15  # seconds without any change
A_MOMENT = timedelta(milliseconds=100)
SEND = "/cgi-bin/message/custom/send"

_OPEN_NOTICES = select(Notice.id, Notice.text_key, Notice.state).where(
    Notice.state.in_([NoticeState.PENDING, NoticeState.CLAIMED])
)
_OPEN_MEDIA = select(Attachment.id).where(Attachment.state == AttachmentState.WAITING)
_PAUSES = select(Notice.next_try_at).where(Notice.state == NoticeState.PENDING)
_CLAIMS = select(Notice.claimed_until).where(Notice.state == NoticeState.CLAIMED)
_DOWNLOADS = select(Attachment.next_try_at).where(Attachment.state == AttachmentState.WAITING)


class Stage:
    """What a scenario plays on."""

    def __init__(self, database: Database, server: KillableServer, api: ApiServer, folder: Path):
        self.database = database
        self.server = server
        self.control = server.control
        self.folder = folder
        self.phones = Phones(server.be_up, self.control.now)
        self.failures: list[BaseException] = []
        self._api = api
        self.outages = 0  # they, too, leave claims behind
        self._forgiven = 0  # deaths and outages whose claims have been waited for

    def until(self, holds: Callable[[Session], Any]) -> Any:
        """What `holds` answers as soon as that is something."""
        ends = time.monotonic() + WITHIN
        while True:
            self.settle_failures()
            self.server.be_up()
            try:
                with self.database.reading() as session:
                    if found := holds(session):
                        session.expunge_all()
                        return found
            except DatabaseUnavailable:
                pass
            assert time.monotonic() < ends, "it did not come about in time"
            threading.Event().wait(0.004)

    def settle_failures(self) -> None:
        """What broke in another thread breaks here."""
        if self.failures:
            raise self.failures[0]

    def drain(self, before: datetime | None = None) -> None:
        """Until nothing waits: neither on the disk nor in the outbox, nor media to be fetched.

        What a dead process held is free when its lease has passed: the clock goes there, though
        never as far as `before`.
        """
        ends = time.monotonic() + WITHIN
        waiting, since = self._waiting(), time.monotonic()
        while waiting:
            if time.monotonic() > since + GETS_STUCK_AFTER:
                if not self._pass_waits(before):
                    return
                since = time.monotonic()
            assert time.monotonic() < ends, f"for ever waits {waiting}"
            self.server.be_up()
            threading.Event().wait(0.004)
            if (now_waiting := self._waiting()) != waiting:
                waiting, since = now_waiting, time.monotonic()

    def _waiting(self) -> list[str]:
        spooled = [str(file) for file in self.folder.glob("spool/*/inbound.jsonl")]
        with self.database.reading() as session:
            notices = session.execute(_OPEN_NOTICES).all()
            media = session.execute(_OPEN_MEDIA).all()
        return [*spooled, *map(repr, notices), *map(repr, media)]

    def _pass_waits(self, before: datetime | None) -> bool:
        """To the next end of a pause or of a dead one's claim; False if that is too far."""
        waits = list(self._ends_of(_PAUSES))
        losses = self.server.deaths + self.outages
        if losses > self._forgiven:
            self._forgiven = losses
            waits += [*self._ends_of(_CLAIMS), *self._ends_of(_DOWNLOADS)]
        to_come = [each for each in waits if each >= self.control.now()]
        if before and to_come and min(to_come) >= before:
            return False
        if to_come:
            self._forgiven -= len(set(to_come)) > 1  # the others' turn comes
            self.control.turn_to(min(to_come) + A_MOMENT)
        return True

    def _ends_of(self, statement: Any) -> Iterator[datetime]:
        with self.database.reading() as session:
            yield from session.scalars(statement)

    def known(self, reports: int) -> Known:
        log = self.phones.log
        return Known(
            frozenset(log.sent),
            frozenset(log.answered),
            reports,
            tuple(
                Message(openid, text)
                for (openid, _), texts in log.replies.items()
                for text in texts
            ),
            tuple(told_by(self._api)),
            {each.openid: each.marks for each in people.EVERYBODY},
            self.folder / "spool",
            self.folder / "media",
        )

    def check(self, reports: int, seed: object) -> None:
        check(self.database, self.known(reports), seed)


def told_by(api: ApiServer) -> Iterator[Message]:
    """The customer messages that the platform took: not what a dying process half sent."""
    for call in list(api.to(SEND)):
        if len(call.body) < int(call.headers["Content-Length"]):
            continue
        body = call.json
        menu = body.get("msgmenu", {})
        yield Message(body["touser"], menu.get("head_content") or body["text"]["content"])


@contextmanager
def stage(url: str, folder: Path) -> Iterator[Stage]:
    """Nothing is started yet; ended whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(url)
    with api_server() as api:
        _play_platform(api)
        server = KillableServer(Order(url, api.url, str(folder)))
        server.control.turn_to(OPENS_AT)
        people.seed(database, OPENS_AT)
        try:
            yield Stage(database, server, api, folder)
        finally:
            server.end()
            database.dispose()


def _play_platform(api: ApiServer) -> None:
    token = answers(access_token="T" * 40, expires_in=7200)
    api.on("/cgi-bin/stable_token", token)
    api.on("/cgi-bin/token", token)
    api.on(SEND, OK)
    api.on("/cgi-bin/tags/get", answers(tags=[]))
    api.on("/cgi-bin/tags/create", answers(tag={"id": 100, "name": "x"}))
    api.on("/cgi-bin/tags/members/batchtagging", OK)
    api.on("/cgi-bin/tags/members/batchuntagging", OK)
    api.on("/cgi-bin/tags/getidlist", answers(tagid_list=[]))
    api.on("/cgi-bin/media/get", raw(photo(), Content_Type="image/jpeg"))


@cache
def photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (16, 16), "white").save(content, "JPEG")
    return content.getvalue()
