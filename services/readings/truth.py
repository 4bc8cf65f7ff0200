"""What a message turned out to be; what was said with more right is never overwritten (Truth)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, or_, update
from sqlalchemy.orm import Session

from domain.category import Category
from domain.permissions import Permission, demand
from domain.priority import Urgency
from domain.refusals import NotFound
from domain.understanding import Truth
from models import StoredReading, table_of
from nlp.intents import WITH_CATEGORY, Intent

if TYPE_CHECKING:
    from services.desk import Desk

_rows = table_of(StoredReading)
_ORDER = tuple(Truth)
_OF_THINGS = tuple(sorted(str(intent) for intent in WITH_CATEGORY))


def learn(
    session: Session,
    ticket_id: int,
    truth: Truth,
    *,
    category: Category | None = None,
    urgency: Urgency | None = None,
    by_id: int | None,
    now: datetime,
) -> None:
    """Of the message that the ticket came from; by ix_readings_ticket_id, one statement."""
    facts: dict[str, Any] = {"truth": truth, "truth_by_id": by_id, "truth_at": now}
    facts["true_intent"] = case(
        (_rows.c.true_intent.is_not(None), _rows.c.true_intent),
        (_rows.c.intent.in_(_OF_THINGS), _rows.c.intent),
        else_=Intent.REPORT.value,
    )
    if category is not None:
        facts["true_category"] = category
    if urgency is not None:
        facts["true_urgency"] = urgency
    session.connection().execute(
        update(_rows).where(_rows.c.ticket_id == ticket_id, _may_say(truth)).values(facts)
    )


def _may_say(truth: Truth) -> Any:
    weaker = _ORDER[: _ORDER.index(truth) + 1]
    return or_(_rows.c.truth.is_(None), _rows.c.truth.in_(weaker))


# --- by hand -----------------------------------------------------------------------------------


def label(
    desk: "Desk",
    reading_id: int,
    *,
    intent: Intent,
    category: Category | None = None,
    urgency: Urgency | None = None,
) -> None:
    """What it is, as somebody says who read it; only a fault or a wish has a category."""
    demand(desk.actor.roles, Permission.READING_LABEL)
    row = _locked(desk.session, reading_id)
    row.true_intent = intent.value
    row.true_category = category if intent in WITH_CATEGORY else None
    row.true_urgency = urgency if intent is Intent.REPORT else None
    row.truth, row.truth_by_id, row.truth_at = Truth.LABELLED, desk.actor.id, desk.now
    row.is_left_out = False
    desk.session.flush()


def is_right(desk: "Desk", reading_id: int) -> None:
    """It was read right: the same, in one press."""
    row = _locked(desk.session, reading_id)
    category = row.category or row.true_category
    label(desk, reading_id, intent=Intent(row.intent), category=category, urgency=row.true_urgency)


def leave_out(desk: "Desk", reading_id: int, *, is_left_out: bool = True) -> None:
    """Nothing is to be learnt from it: nonsense, a joke, something private."""
    demand(desk.actor.roles, Permission.READING_LABEL)
    _locked(desk.session, reading_id).is_left_out = is_left_out
    desk.session.flush()


def _locked(session: Session, reading_id: int) -> StoredReading:
    row = session.get(StoredReading, reading_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    return row
