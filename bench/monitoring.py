"""A desk with monitoring systems that send to it, and other systems that hear of what follows."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench import api, product
from bench.account import LOOPBACK
from bench.databases import databases
from bench.figures import WrongAnswers
from bench.servers import Server, serving
from domain.alerts import AlertKind
from domain.calendar import ServiceHours
from domain.category import Category
from domain.deadlines import Targets
from domain.permissions import Role
from domain.priority import Priority
from domain.webhooks import CHOICES, SendState, WebhookRules
from models import Database, Person, Session, WebhookDelivery
from services.alerts import sources
from services.alerts.sources import Settings
from services.desk import Desk, Rules
from services.speakers import speaker_of
from services.webhooks import managing
from services.webhooks.managing import Wish
from settings import read_settings
from wiring import secret_key_of

PEOPLE = 500  # who write in chat
_PATH = "/hook"
_QUIET_FOR = 4.0  # seconds without a delivery: histories are looked at each second


@dataclass(frozen=True, slots=True)
class Source:
    """A system with its secret, at an address of its own: those have a limit, too."""

    slug: str
    secret: str
    address: str

    def elsewhere(self, many: int) -> list["Source"]:
        """The same at so many addresses."""
        return [replace(self, address=f"127.1.1.{1 + place}") for place in range(many)]


@dataclass(frozen=True, slots=True)
class Monitored:
    """A running desk, and its sources that have not sent anything."""

    url: str
    server: Server
    receiver: Server
    fresh: Iterator[Source]

    def take(self, many: int) -> list[Source]:
        return [next(self.fresh) for _ in range(many)]

    def told(self) -> int:
        """How much other systems have been told, once nothing follows any more."""
        seen, since = -1, time.monotonic()
        while time.monotonic() < since + _QUIET_FOR:
            if (calls := api.calls(self.receiver.port)[_PATH]) != seen:
                seen, since = calls, time.monotonic()
            time.sleep(0.2)
        if left := _still_to_tell(self.url):
            raise WrongAnswers(f"{left} deliveries do not go out")
        return seen


@contextmanager
def monitored(kind: str, folder: Path, *, systems: int, hooks: int) -> Iterator[Monitored]:
    """The product with so many sources, and so many webhooks that are told of everything."""
    with ExitStack() as stack:
        url = stack.enter_context(databases(kind, folder))("desk")
        platform, receiver = (
            stack.enter_context(serving(name, ["-m", "bench.api"], folder))
            for name in ("platform", "receiver")
        )
        server = stack.enter_context(product.product(url, folder, PEOPLE, platform.port))
        key = secret_key_of(read_settings(folder / "config.yaml", {}))
        with _database(url) as database, database.transaction() as session:
            desk = _desk(session)
            for number in range(hooks):
                address = f"http://{LOOPBACK}:{receiver.port}{_PATH}"
                wish = Wish(f"系统{number}", address, [each.value for each in CHOICES])
                managing.add(desk, wish, key)
            made = [_source(desk, number, key) for number in range(systems)]
        yield Monitored(url, server, receiver, iter(made))


def _still_to_tell(url: str) -> int:
    is_open = WebhookDelivery.state.in_([SendState.PENDING, SendState.CLAIMED])
    with _database(url) as database, database.reading() as session:
        return session.scalar(select(func.count()).where(is_open)) or 0


@contextmanager
def _database(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def _desk(session: Session) -> Desk:
    now = datetime.now(UTC)
    admin = Person(name="罗敏", roles=frozenset({Role.ADMIN}), created_at=now)
    session.add(admin)
    session.flush()
    webhooks = WebhookRules(inside_hosts=(LOOPBACK,))
    rules = Rules(Targets(), ServiceHours.round_the_clock(), webhooks=webhooks)
    return Desk(session, now, rules, speaker_of(admin))


def _source(desk: Desk, number: int, key: bytes) -> Source:
    """The first requester is responsible."""
    keeper = desk.session.scalars(select(Person.id).order_by(Person.id).limit(1)).one()
    said = Settings(
        name=f"监控{number}",
        category=Category.SERVER,
        place="中心机房",
        priority=Priority.HIGH,
        responsible_id=keeper,
        recovery_words="监控报告已恢复",
    )
    slug = f"monitor-{number}"
    _, secret = sources.make(desk, slug, AlertKind.ALERTMANAGER, said, key)
    return Source(slug, secret, f"127.0.{1 + number // 200}.{1 + number % 200}")
