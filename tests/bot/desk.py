"""The webhook over a real database, without network: what a callback gets back."""

import threading
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.render import neutral
from bot.replay import Outage, Replayer
from bot.spool import Spool
from bot.turns import Turns
from bot.webhook import Webhook
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from models import Database
from services.desk import Rules
from settings import ROOT
from tests.bot.pushes import KEYS, OPENID, SENT_AT, callback_xml, opened_reply, push, text_xml
from texts import read_texts
from web.app import make_app
from wiring import day_kind


class Desk:
    """A webhook whose clock the test holds."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.now = datetime.fromtimestamp(SENT_AT + 2, UTC)
        self.database = database
        self.folder = folder
        self.nudges = 0
        self._ids = count(24567890123456789)
        texts = read_texts(ROOT / "texts.yaml", neutral)
        hours = ServiceHours.daily(time(8), time(18), day_kind)
        rules = Rules(Targets(), hours)
        self.spool, self.outage = Spool(folder), Outage()
        self.turns = Turns(database, texts, rules, lambda: self.now, self._nudge)
        self.replayer = Replayer(self.spool, self.turns, database, self.outage, self._nudge)
        webhook = Webhook(KEYS, self.turns, self.spool, self.outage, texts, lambda: self.now)
        self.app = make_app([webhook.blueprint()])

    def _nudge(self) -> None:
        self.nudges += 1

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def post(self, xml: bytes) -> TestResponse:
        """One delivery of a callback."""
        query, body = push(xml)
        return self.client().post("/wechat", query_string=query, data=body)

    def says(self, text: str, *, openid: str = OPENID, msg_id: int | None = None) -> str:
        """What a person who types this reads; empty for silence."""
        msg_id = msg_id or next(self._ids)
        return shown(self.post(text_xml(text, msg_id=msg_id, openid=openid)))

    def presses(self, key: str, *, openid: str = OPENID) -> str:
        self.now += timedelta(seconds=1)
        at = int(self.now.timestamp())
        inner = (
            f"<MsgType>event</MsgType><Event>CLICK</Event><EventKey><![CDATA[{key}]]></EventKey>"
        )
        return shown(self.post(callback_xml(inner, openid=openid, at=at)))


def shown(response: TestResponse) -> str:
    assert response.status_code == 200, response.status
    if response.data == b"success":
        return ""
    reply = opened_reply(response.data)
    kind = reply.findtext("MsgType")
    return reply.findtext("Content") or "" if kind == "text" else f"({kind})"


def at_once(*acts: "object") -> list[object]:
    """All acts in threads that start together; what they answered."""
    barrier = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        barrier.wait()
        answers[place] = acts[place]()  # type: ignore[operator]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
