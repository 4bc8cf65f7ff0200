"""What the invariants are checked on: all rows, and what is known from outside."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models import (
    Activity,
    Attachment,
    Base,
    Conversation,
    Database,
    Deadline,
    Delivery,
    Engineer,
    InboxMessage,
    Notice,
    Person,
    Rating,
    Takeover,
    Ticket,
    TicketTarget,
)

Key = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """A text that reached, or may have reached, a phone."""

    openid: str
    text: str


@dataclass(frozen=True)
class Known:
    """What is known from outside: the harness, the platform's log, the folders."""

    sent: frozenset[Key]
    answered: frozenset[Key]  # with 200
    reports: int  # that people confirmed
    replies: tuple[Message, ...] = ()
    told: tuple[Message, ...] = ()  # customer messages that the platform took, in its order
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)  # openid → name, phone
    spool: Path | None = None
    media: Path | None = None


class Rows:
    """All rows, read once."""

    def __init__(self, database: Database) -> None:
        with database.reading() as session:
            self._rows: dict[type[Base], list[Any]] = {
                model: list(session.scalars(select(model).order_by(*model.__table__.primary_key)))
                for model in (
                    Activity,
                    Attachment,
                    Conversation,
                    Deadline,
                    Delivery,
                    Engineer,
                    InboxMessage,
                    Notice,
                    Person,
                    Rating,
                    Takeover,
                    Ticket,
                    TicketTarget,
                )
            }
            session.expunge_all()

    def of(self, model: type[Base]) -> list[Any]:
        return self._rows[model]

    def grouped(self, model: type[Base], name: str) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in self._rows[model]:
            found[getattr(row, name)].append(row)
        return found


Rule = Callable[[Rows, Known], Iterator[str]]
