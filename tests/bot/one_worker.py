"""A process with one worker in it, which a test lets die at a named place (failpoints.py)."""

import sys
from datetime import datetime
from pathlib import Path

from bot.client import WeChatClient
from bot.delivery import Courier
from bot.fetching import Fetcher
from bot.render import neutral
from bot.tokens import Fetched, MemoryTokenStore
from domain.calendar import ServiceHours
from domain.deadlines import Targets
from jobs.timetable import Timetable
from models import Database
from services.desk import Rules
from storage import MediaStore
from tests.bot.pushes import APP_ID
from texts import Texts

RULES = Rules(Targets(), ServiceHours.round_the_clock())


Worker = Courier | Fetcher | Timetable


def worker_of(work: str, database: Database, api_url: str, folder: str, now: datetime) -> Worker:
    """A worker whose clock stands still."""
    tokens = MemoryTokenStore()
    tokens.refresh(None, lambda: Fetched("TOKEN", 7200))
    client = WeChatClient(APP_ID, "s" * 32, api_url, tokens, stable_token=True)
    match work:
        case "courier":
            texts = Texts({"notice.hello": "您好"}, neutral)
            return Courier(database, client, texts, lambda: now, {}, 1)
        case "fetcher":
            store = MediaStore(Path(folder))
            return Fetcher(database, client, store, lambda: now, lambda: None)
    return Timetable(database, RULES, lambda: now, lambda: None)


def main(work: str, database_url: str, api_url: str, folder: str, at: str) -> None:
    database = Database(database_url)
    worker = worker_of(work, database, api_url, folder, datetime.fromisoformat(at))
    worker.start()
    sys.stdin.read()  # until the test is content, or the worker has killed us
    worker.stop()
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
