"""The readings as they are listed for whoever looks at them or labels them (F6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.permissions import Permission, demand
from domain.priority import Urgency
from domain.refusals import NotFound
from domain.understanding import Handling, Truth
from models import Person, StoredReading, Ticket, table_of

if TYPE_CHECKING:
    from services.desk import Desk

PAGE = 30
_LOW = 0.6  # of a confidence: a little better than a guess

_rows, _tickets = table_of(StoredReading), table_of(Ticket)


class Which(StrEnum):
    """What is shown."""

    UNLABELLED = auto()
    WRONG = auto()
    ASKED = auto()  # back, handed over, or not understood
    LOW = auto()
    LEFT_OUT = auto()
    ALL = auto()


_WRONG = or_(
    and_(_rows.c.true_intent.is_not(None), _rows.c.true_intent != _rows.c.intent),
    and_(
        _rows.c.true_category.is_not(None),
        or_(_rows.c.category.is_(None), _rows.c.category != _rows.c.true_category),
    ),
)
_LEFT_IN = ~_rows.c.is_left_out
_CONDITIONS: Mapping[Which, ColumnElement[bool]] = {
    Which.UNLABELLED: and_(_rows.c.truth.is_(None), _LEFT_IN),
    Which.WRONG: and_(_WRONG, _LEFT_IN),
    Which.ASKED: and_(
        _rows.c.handling.in_((Handling.ASKED, Handling.HANDED_OVER, Handling.NOT_UNDERSTOOD)),
        _LEFT_IN,
    ),
    Which.LOW: and_(
        or_(
            _rows.c.intent_confidence < _LOW,
            and_(_rows.c.category.is_not(None), _rows.c.category_confidence < _LOW),
        ),
        _LEFT_IN,
    ),
    Which.LEFT_OUT: _rows.c.is_left_out,
    Which.ALL: _rows.c.id.is_not(None),
}


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading; the ticket's number where one came of it."""

    id: int
    read_at: datetime
    channel: str
    text: str
    intent: str
    intent_confidence: float
    category: Category | None
    category_confidence: float
    urgency: Urgency
    urgency_confidence: float
    evidence: Mapping[str, Any]
    handling: Handling
    true_intent: str | None
    true_category: Category | None
    true_urgency: Urgency | None
    truth: Truth | None
    truth_by: str | None
    is_left_out: bool
    model: str
    number: str | None

    @property
    def is_wrong(self) -> bool:
        is_other = self.true_intent is not None and self.true_intent != self.intent
        return is_other or (
            self.true_category is not None and self.true_category is not self.category
        )


_SHOWN: Select[Any] = (
    select(
        _rows.c.id,
        _rows.c.read_at,
        _rows.c.channel,
        _rows.c.text,
        _rows.c.intent,
        _rows.c.intent_confidence,
        _rows.c.category,
        _rows.c.category_confidence,
        _rows.c.urgency,
        _rows.c.urgency_confidence,
        _rows.c.evidence,
        _rows.c.handling,
        _rows.c.true_intent,
        _rows.c.true_category,
        _rows.c.true_urgency,
        _rows.c.truth,
        Person.name.label("truth_by"),
        _rows.c.is_left_out,
        _rows.c.model,
        _tickets.c.number,
    )
    .join_from(_rows, _tickets, _tickets.c.id == _rows.c.ticket_id, isouter=True)
    .join(Person, Person.id == _rows.c.truth_by_id, isouter=True)
)


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[ReadingRow, ...]
    below: int | None  # leads on, if there is more


def page(desk: "Desk", which: Which, below: int | None = None, words: str = "") -> Page:
    """The newest first, back along the primary key from where the last page ended."""
    demand(desk.actor.roles, Permission.READING_READ)
    statement = _SHOWN.where(_CONDITIONS[which])
    if below is not None:
        statement = statement.where(_rows.c.id < below)
    if words:
        statement = statement.where(_rows.c.text.contains(words, autoescape=True))
    found = desk.session.execute(statement.order_by(_rows.c.id.desc()).limit(PAGE + 1)).all()
    rows = tuple(ReadingRow(*row) for row in found[:PAGE])
    return Page(rows, rows[-1].id if len(found) > PAGE else None)


def one(session: Session, reading_id: int) -> ReadingRow:
    row = session.execute(_SHOWN.where(_rows.c.id == reading_id)).first()
    if row is None:
        raise NotFound()
    return ReadingRow(*row)
