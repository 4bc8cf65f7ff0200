"""A process with one worker in it, which a test lets die at a named place (failpoints.py)."""

import sys
from datetime import datetime, time
from pathlib import Path

from bot.client import WeChatClient
from bot.delivery import Courier
from bot.fetching import Fetcher
from bot.media import MediaStore
from bot.render import neutral
from bot.tokens import Fetched, MemoryTokenStore
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from jobs.timetable import Timetable
from models import Database
from services.desk import Rules
from tests.bot.pushes import APP_ID
from texts import Texts

RULES = Rules(Targets(), ServiceHours(time(8), time(18), lambda day: True))


def main(work: str, database_url: str, api_url: str, folder: str, at: str) -> None:
    now = datetime.fromisoformat(at)
    tokens = MemoryTokenStore()
    tokens.refresh(None, lambda: Fetched("TOKEN", 7200))
    client = WeChatClient(APP_ID, "s" * 32, api_url, tokens, stable_token=True)
    database, store = Database(database_url), MediaStore(Path(folder))
    texts = Texts({"notice.hello": "您好"}, neutral)
    worker: Courier | Fetcher | Timetable
    match work:
        case "courier":
            worker = Courier(database, client, texts, lambda: now, {}, 1)
        case "fetcher":
            worker = Fetcher(database, client, store, lambda: now, lambda: None)
        case _:
            worker = Timetable(database, RULES, lambda: now, lambda: None)
    worker.start()
    sys.stdin.read()  # until the test is content
    worker.stop()
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
