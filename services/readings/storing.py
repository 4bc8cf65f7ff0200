"""Keeps what was read of a message: one INSERT, and one UPDATE when a ticket comes of it (F6)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, case, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.category import Category
from domain.priority import Urgency
from domain.understanding import Handling, Truth
from logs import masked
from models import IntakeChannel, StoredReading, table_of
from nlp.intents import WITH_CATEGORY, Intent
from nlp.reading import Reading
from services.views import Report

if TYPE_CHECKING:
    from services.desk import Desk

LONGEST = 500  # characters of a message that are kept, as many as are read (H-24)
KEPT_FOR = timedelta(days=365)
"""What nobody ever said anything of is not learnt from, and goes after a year."""

_SWEPT_AT_ONCE = 1000  # rows; messages come in between
_OF_THINGS = tuple(sorted(str(intent) for intent in WITH_CATEGORY))

_rows = table_of(StoredReading)
_INSERT = insert(_rows)
_LINK = (
    update(_rows)
    .where(_rows.c.inbox_id == bindparam("read_in"), _rows.c.ticket_id.is_(None))
    .values(
        ticket_id=bindparam("of_ticket"),
        true_intent=case(
            (_rows.c.intent.in_(_OF_THINGS), _rows.c.intent), else_=bindparam("otherwise")
        ),
        true_category=bindparam("kind"),
        truth=case(
            (_rows.c.handling == Handling.ASKED, Truth.CHOSEN.value), else_=Truth.CONFIRMED.value
        ),
        truth_by_id=bindparam("by"),
        truth_at=bindparam("at"),
    )
)


def note(
    desk: "Desk",
    reading: Reading,
    *,
    text: str,
    handling: Handling,
    inbox_id: int | None = None,
    ticket_id: int | None = None,
    channel: IntakeChannel = IntakeChannel.WECHAT,
) -> None:
    """What was understood, and what was done with it; numbers are blotted out of the words."""
    best, confidence = reading.categories[0]
    evidence: dict[str, list[list[Any]]] = {}
    for found in reading.evidence:
        evidence.setdefault(found.label, []).append([found.word, round(found.weight, 3)])
    row = {
        "model": reading.model,
        "intent": reading.intent.value,
        "intent_confidence": reading.intent_confidence,
        "category": best if reading.intent in WITH_CATEGORY else None,
        "category_confidence": confidence,
        "urgency": reading.urgency,
        "urgency_confidence": reading.urgency_confidence,
        "evidence": evidence,
        "handling": handling,
    }
    _insert(desk, row, text, inbox_id or desk.inbox_id, ticket_id, channel)


def opened(
    desk: "Desk",
    ticket_id: int,
    report: Report,
    *,
    channel: IntakeChannel,
    by_clerk: bool = False,
) -> None:
    """A ticket came of words: in chat they are a row already, from a form they become one.

    Of two faults in one message each has its own words, and the whole teaches nothing.
    """
    if report.is_part and report.reading is not None:
        _of_form(desk, ticket_id, report, channel, by_clerk=by_clerk)
    elif report.read_in is not None:
        _link(desk, ticket_id, report)
    elif report.reading is not None and channel in _FORMS:
        _of_form(desk, ticket_id, report, channel, by_clerk=by_clerk)


def _link(desk: "Desk", ticket_id: int, report: Report) -> None:
    """The person let the summary stand, or said which kind it is when asked (Truth)."""
    facts = {
        "read_in": report.read_in,
        "of_ticket": ticket_id,
        "otherwise": _intent_of(report),
        "kind": report.category,
        "by": desk.actor.id,
        "at": desk.now,
    }
    desk.session.connection().execute(_LINK, facts)


def _intent_of(report: Report) -> str:
    return (Intent.REQUEST if report.is_request else Intent.REPORT).value


def _of_form(
    desk: "Desk", ticket_id: int, report: Report, channel: IntakeChannel, *, by_clerk: bool
) -> None:
    """The kind of thing may have been chosen on the form, whatever was read."""
    kept: Mapping[str, Any] = report.reading or {}
    is_as_read = kept["category"] == report.category.value
    otherwise = Truth.CORRECTED if by_clerk else Truth.CHOSEN
    row = {
        **{name: kept[name] for name in _FROM_FORM},
        "model": kept.get("model", ""),
        "category": Category(kept["category"]) if kept["intent"] in _OF_THINGS else None,
        "urgency": Urgency(kept["urgency"]),
        "evidence": _evidence(kept),
        "handling": Handling.ACTED,
        "true_intent": kept["intent"] if kept["intent"] in _OF_THINGS else _intent_of(report),
        "true_category": report.category,
        "truth": Truth.CONFIRMED if is_as_read else otherwise,
        "truth_by_id": desk.actor.id,
        "truth_at": desk.now,
    }
    _insert(desk, row, report.description, None, ticket_id, channel)


_FORMS = (IntakeChannel.PHONE, IntakeChannel.WEB)
"""Where a person wrote; a machine that raises an alarm says what it is about."""

_FROM_FORM = ("intent", "intent_confidence", "category_confidence", "urgency_confidence")


def _evidence(kept: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    found: dict[str, list[list[Any]]] = {}
    pairs = kept.get("evidence", ())
    weights = kept.get("weights") or [0.0] * len(pairs)
    for (word, label), weight in zip(pairs, weights, strict=True):
        found.setdefault(label, []).append([word, weight])
    return found


def _insert(
    desk: "Desk",
    row: Mapping[str, Any],
    text: str,
    inbox_id: int | None,
    ticket_id: int | None,
    channel: IntakeChannel,
) -> None:
    where = {
        "inbox_id": inbox_id,
        "person_id": desk.actor.id,
        "ticket_id": ticket_id,
        "channel": channel,
        "read_at": desk.now,
        "text": blotted(text),
        "is_left_out": False,
    }
    desk.session.connection().execute(_INSERT, {**row, **where})


def blotted(text: str) -> str:
    """The words without whole numbers of phones, and without what looks like a secret."""
    return masked(text.strip()[:LONGEST])[:LONGEST]


def has_old(session: Session, now: datetime) -> bool:
    """Whether there is anything to sweep; by ix_readings_read_at_id."""
    return session.execute(_old(now).limit(1)).first() is not None


def sweep(session: Session, now: datetime) -> int:
    """Old rows that nobody said anything of, some at a time; answers how many."""
    old = _old(now).limit(_SWEPT_AT_ONCE)
    gone = session.connection().execute(delete(_rows).where(_rows.c.id.in_(old)))
    return gone.rowcount


def _old(now: datetime) -> Select[tuple[int]]:
    return (
        select(_rows.c.id)
        .where(_rows.c.read_at < now - KEPT_FOR, _rows.c.truth.is_(None))
        .order_by(_rows.c.read_at)
    )
