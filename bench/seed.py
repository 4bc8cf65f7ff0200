"""Fills a database with a desk's past: `python -m bench.seed --tickets 100000 --url sqlite:///x`."""

import argparse
import logging
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, insert, text, update

from bench import archive
from bench.archive import Archive
from bench.pouring import Row, go_on_counting, pour
from domain.category import Category
from domain.numbers import desk_day
from models import (
    Activity,
    Attachment,
    Base,
    Conversation,
    Database,
    Device,
    Engineer,
    Notice,
    Person,
    Rating,
    Resolution,
    SearchDocument,
    SearchMark,
    Ticket,
    TicketCount,
    TicketTarget,
    table_of,
)
from tests.databases import migrate

log = logging.getLogger(__name__)

_COLUMNS: Mapping[str, tuple[type[Base], tuple[str, ...]]] = {
    "tickets": (Ticket, archive.TICKET),
    "ticket_targets": (TicketTarget, archive.TARGET),
    "activities": (Activity, archive.ACTIVITY),
    "resolutions": (Resolution, archive.RESOLUTION),
    "ratings": (Rating, archive.RATING),
    "notices": (Notice, archive.NOTICE),
    "attachments": (Attachment, archive.ATTACHMENT),
    "search_documents": (SearchDocument, archive.DOCUMENT),
}
_WORDS = next(index for index in table_of(SearchDocument).indexes)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.seed", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000)
    parser.add_argument("--url", required=True, help="of an empty database; tables are laid first")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    migrate(asked.url)
    seed(asked.url, asked.tickets, datetime.now(UTC))


def seed(url: str, tickets: int, now: datetime) -> None:
    """Three years of a desk, the same each time but for the date; the tables must be empty."""
    began = time.monotonic()
    dealt = Archive(tickets, now)
    database = Database(url, statement_within=3600)
    try:
        with database.engine.begin() as connection:
            _people(connection, dealt)
            if not database.is_sqlite:
                _WORDS.drop(connection)  # built at once at the end, in a tenth of the time
        for rows in dealt.batches():
            with database.engine.begin() as connection:
                for name, (model, columns) in _COLUMNS.items():
                    pour(connection, table_of(model), columns, rows.get(name, ()))
        with database.engine.begin() as connection:
            _finish(connection, dealt)
    finally:
        database.dispose()
    log.info("%d tickets in %.0f s", tickets, time.monotonic() - began)


def _people(connection: Connection, dealt: Archive) -> None:
    people: Iterable[Row] = (*dealt.people, *dealt.staff)
    pour(connection, table_of(Person), archive.PERSON, people)
    pour(connection, table_of(Device), archive.DEVICE, dealt.devices)
    talks = [{"person_id": row[0], "draft": {}, "heard_at": dealt.now} for row in people]
    connection.execute(insert(Conversation), talks)
    kinds = list(Category)
    cards = [
        {
            "person_id": engineer,
            "level": 1 + place % 3,
            "skills": frozenset({kinds[place % len(kinds)], Category.PRINTER}),
            "areas": [],
            "is_on_duty": True,
            "signed_at": dealt.now,
        }
        for place, engineer in enumerate(dealt.engineers)
    ]
    connection.execute(insert(Engineer), cards)


def _finish(connection: Connection, dealt: Archive) -> None:
    """Counts that are kept, numbers that go on, what the planner must know."""
    for engineer, held in dealt.held.items():
        known = update(Engineer).where(Engineer.person_id == engineer)
        connection.execute(known.values(open_tickets=held, workload=held))
    connection.execute(update(SearchMark).values(activity_id=dealt.last_activity))
    day = f"{desk_day(dealt.now):%Y%m%d}"
    is_postgres = connection.dialect.name == "postgresql"
    if dealt.today:
        begun = {"day": day, "last": 0 if is_postgres else dealt.today}
        connection.execute(insert(TicketCount), [begun])
    if is_postgres:
        _finish_postgres(connection, dealt)
    connection.execute(text("ANALYZE"))


def _finish_postgres(connection: Connection, dealt: Archive) -> None:
    _WORDS.create(connection)
    tables: list[Table] = [table_of(Person), table_of(Device)]
    go_on_counting(connection, [*tables, *(table_of(model) for model, _ in _COLUMNS.values())])
    if dealt.today:
        count = text("SELECT setval('ticket_numbers', :last)")
        connection.execute(count, {"last": dealt.today})


if __name__ == "__main__":
    main()
