"""What was read out of messages, what they turned out to be, own words, and weights learnt."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from domain.priority import Urgency
from domain.understanding import Handling, ModelState, Truth, WordKind
from models.base import Base, EnumText
from models.ticket import IntakeChannel

_LIVE = text("state = 'live'")
_OF_TICKET = text("ticket_id IS NOT NULL")


class StoredReading(Base):
    """One message as it was classified, and what people later said it was (F6)."""

    __tablename__ = "readings"
    __table_args__ = (
        Index(None, "read_at", "id"),  # the newest; a month's
        Index(
            "ix_readings_ticket_id",
            "ticket_id",
            sqlite_where=_OF_TICKET,
            postgresql_where=_OF_TICKET,
        ),  # what this ticket came from
        Index(None, "truth", "truth_at"),  # what there is to learn
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_id: Mapped[int | None] = mapped_column(unique=True)  # a message is read once
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    channel: Mapped[IntakeChannel] = mapped_column(EnumText(IntakeChannel))
    read_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(500))  # phone numbers blotted out
    model: Mapped[str] = mapped_column(String(12))  # the beginning of the weights' digest
    intent: Mapped[str] = mapped_column(String(24))  # of nlp/intents.py
    intent_confidence: Mapped[float] = mapped_column(Float)
    category: Mapped[Category | None]
    category_confidence: Mapped[float] = mapped_column(Float)
    urgency: Mapped[Urgency]
    urgency_confidence: Mapped[float] = mapped_column(Float)
    evidence: Mapped[dict[str, Any]]  # the words that decided: label → [[word, weight], …]
    handling: Mapped[Handling] = mapped_column(EnumText(Handling))
    true_intent: Mapped[str | None] = mapped_column(String(24))
    true_category: Mapped[Category | None]
    true_urgency: Mapped[Urgency | None]
    truth: Mapped[Truth | None] = mapped_column(EnumText(Truth))
    truth_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    truth_at: Mapped[datetime | None]
    is_left_out: Mapped[bool] = mapped_column(default=False)  # the admin: nothing to learn from


class OwnWord(Base):
    """A word of the admin's dictionary; from its change on every worker reads by it (F6)."""

    __tablename__ = "own_words"
    __table_args__ = (UniqueConstraint("word", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(40))  # folded
    kind: Mapped[WordKind] = mapped_column(EnumText(WordKind))
    means: Mapped[str | None] = mapped_column(String(40))
    is_active: Mapped[bool] = mapped_column(default=True)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime]


class ReadingModel(Base):
    """Weights learnt from the corpus and from what the desk corrected; one may be live."""

    __tablename__ = "reading_models"
    __table_args__ = (
        Index(
            "ix_reading_models_live",
            "state",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(None, "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the weights
    state: Mapped[ModelState] = mapped_column(EnumText(ModelState))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: command line
    learnt: Mapped[dict[str, Any]]  # how many sentences of the corpus, of the desk, until when
    figures: Mapped[dict[str, Any]]  # on the held labelled set, beside those of the live one
    note: Mapped[str | None] = mapped_column(String(200))
    card: Mapped[dict[str, Any]]
    weights: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    live_since: Mapped[datetime | None]
    live_until: Mapped[datetime | None]
    put_live_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
