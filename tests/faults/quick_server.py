"""The product's server with the test's clock and quicker sweeps; run by tests/programs.py."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from waitress.server import create_server

import bot.crew
import bot.replay
import jobs.clock_watch
import jobs.timetable
import logs
import wiring
from models import Database, DatabaseUnavailable, Session
from models.database import LOCK_WITHIN
from settings import Settings
from tests.bot.pushes import ACCOUNT, AES_KEY, APP_ID, TOKEN
from tests.faults.control import Control

APP_SECRET = "crash-tests-app-secret-0123456789"
SWEEP_EVERY = 0.05  # seconds, in place of the product's two


@dataclass(frozen=True)
class Order:
    """One server process."""

    database: str
    api: str
    folder: str

    @property
    def control(self) -> Path:
        return Path(self.folder) / "control"


class Withdrawable(Database):
    """A database that is away while the test says so, without the real one's waits."""

    control: Control

    @contextmanager
    def transaction(self, within: float = LOCK_WITHIN) -> Iterator[Session]:
        self._refuse_while_away()
        with super().transaction(within) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        self._refuse_while_away()
        with super().reading() as session:
            yield session

    def _refuse_while_away(self) -> None:
        if self.control.is_database_away:
            raise DatabaseUnavailable("the test took it away")


def serve(order: Order) -> None:
    """Until it is killed; its port stands on the page of memory that the test reads."""
    control = Control(order.control)
    _be_quick()
    Withdrawable.control = control
    vars(wiring)["Database"] = Withdrawable
    server = wiring.Server(settings_of(order), control.now)
    web = create_server(server.app, host="127.0.0.1", port=0, threads=8, ident=None)
    server.start()
    control.port = int(web.effective_port)
    web.run()


def settings_of(order: Order) -> Settings:
    folder = Path(order.folder)
    tree: dict[str, Any] = {
        "wechat": {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "token": TOKEN,
            "encoding_aes_key": AES_KEY,
            "original_id": ACCOUNT,
            "api_base_url": order.api,
        },
        "database": {"url": order.database},
        "storage": {"media": str(folder / "media"), "spool": str(folder / "spool")},
    }
    return Settings.model_validate(tree)


def _be_quick() -> None:
    """What a crash left is looked for at once; how long it may take is another test's question."""
    defaults = bot.crew.Crew.__init__.__kwdefaults__ or {}
    bot.crew.Crew.__init__.__kwdefaults__ = {**defaults, "sweep_every": SWEEP_EVERY}
    bot.crew.DATABASE_BACK_WITHIN = SWEEP_EVERY
    bot.replay.PROBES_EVERY = SWEEP_EVERY
    jobs.timetable.TICK_EVERY = SWEEP_EVERY
    wiring.PAGES_AFTER = 3600  # seconds; a page that is opened is there all the same
    jobs.clock_watch.JUMP = timedelta(days=10_000)  # the test's clock jumps, and that is meant


def main(order: str) -> None:
    logs.set_up("WARNING")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # ticks this quick may be skipped
    serve(Order(**json.loads(order)))


def as_words(order: Order) -> str:
    return json.dumps(asdict(order))


if __name__ == "__main__":
    main(sys.argv[1])
