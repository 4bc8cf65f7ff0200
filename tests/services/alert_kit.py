"""A monitoring system of a test: a source, and what it sends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from domain.alerts import AlertKind, Heard, Severity
from domain.category import Category
from domain.priority import Priority
from domain.speaker import Speaker
from models import Database
from services.alerts import intake, recovering, sources
from services.alerts.deliveries import Arrival
from services.alerts.intake import Sender
from services.alerts.sources import Settings
from services.desk import Desk, Rules

KEY = b"the site's own key"
_numbers = count(1)


def settings(responsible: Speaker, **said: Any) -> Settings:
    usual = Settings(
        name="机房监控",
        category=Category.SERVER,
        place="中心机房",
        priority=Priority.URGENT,
        responsible_id=responsible.id,
        recovery_words="监控报告已恢复",
        group_fields=("name",),
    )
    return replace(usual, **said)


@dataclass
class Monitoring:
    """Sends for one source; `at` is handed down with each."""

    database: Database
    rules: Rules
    source_id: int
    secret: str
    slug: str
    kind: AlertKind

    def send(self, at: datetime, *heard: Heard, key: str | None = None) -> dict[str, Any]:
        arrival = Arrival("127.0.0.1", "{}", key)
        with self.database.transaction() as session:
            sender = Sender(self.source_id, self.kind)
            said, self.was_again = intake.receive(session, sender, heard, arrival, self.rules, at)
        return said

    def became(self, at: datetime, *heard: Heard, **options: Any) -> dict[str, int]:
        found: dict[str, int] = self.send(at, *heard, **options)["became"]
        return found

    def settle(self, at: datetime) -> int:
        with self.database.transaction() as session:
            return recovering.settle_due(session, self.rules, at)


def firing(name: str = "DiskFull", host: str = "db01", **facts: Any) -> Heard:
    labels = {"host": host, **facts.pop("labels", {})}
    return Heard(name, True, facts.pop("severity", Severity.CRITICAL), labels=labels, **facts)


def recovered(name: str = "DiskFull", host: str = "db01", **facts: Any) -> Heard:
    return replace(firing(name, host, **facts), is_firing=False)


def make_source(
    database: Database,
    rules: Rules,
    admin: Speaker,
    said: Settings,
    at: datetime,
    kind: AlertKind = AlertKind.GENERIC,
) -> Monitoring:
    slug = f"source-{next(_numbers)}"
    with database.transaction() as session:
        source_id, secret = sources.make(Desk(session, at, rules, admin), slug, kind, said, KEY)
    return Monitoring(database, rules, source_id, secret, slug, kind)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
