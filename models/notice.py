"""What the desk wants to tell somebody, and every try to do so."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.delivery import Channel
from models.base import Base, EnumText


class NoticeState(StrEnum):
    """A notice's fate (P6): the first three are open, the others are final."""

    PENDING = auto()
    CLAIMED = auto()
    HELD = auto()  # no way to the person now; it is said at their next contact
    DELIVERED = auto()
    REPLACED = auto()  # what it said was no longer so; `replaced_by_id` may name what was said
    EXPIRED = auto()  # past its validity before it could be said
    FAILED = auto()
    UNKNOWN = auto()  # the process died while the request was out, and nobody will ask again


class NoticeUrgency(StrEnum):
    """Urgent ones are sent first, and once more when nobody knows whether they arrived."""

    NORMAL = auto()
    URGENT = auto()


class Fate(StrEnum):
    """What the platform reported of a template message (TEMPLATESENDJOBFINISH)."""

    ARRIVED = auto()
    BLOCKED = auto()  # by the person
    FAILED = auto()
    SILENT = auto()  # no report within its time


class Outcome(StrEnum):
    """What came of one try; STARTED is written before the request leaves."""

    STARTED = auto()
    ACCEPTED = auto()
    REFUSED = auto()
    UNCLEAR = auto()
    UNSENT = auto()


_OPEN = text("state IN ('pending', 'claimed')")
_STUCK = text("state IN ('pending', 'claimed', 'held', 'expired', 'failed', 'unknown')")
_HELD = text("state = 'held'")
_OF_COMPLAINT = text("complaint_id IS NOT NULL")
_AWAITED = text("message_id IS NOT NULL AND fate IS NULL")


class Notice(Base):
    """One message that the desk starts, in the order of its recipient's others."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_open", "recipient_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),  # the worker's query
        Index(
            "ix_notices_held", "recipient_id", "id", sqlite_where=_HELD, postgresql_where=_HELD
        ),  # what is said when they come back
        Index(
            "ix_notices_stuck", "created_at", sqlite_where=_STUCK, postgresql_where=_STUCK
        ),  # what did not get through (services/undelivered.py says the same words)
        Index(None, "recipient_id", "id"),  # what somebody was told
        Index(None, "ticket_id"),  # a ticket's notices with their fate
        Index(
            "ix_notices_complaint_id",
            "complaint_id",
            sqlite_where=_OF_COMPLAINT,
            postgresql_where=_OF_COMPLAINT,
        ),  # a complaint's
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))  # seen there only
    text_key: Mapped[str] = mapped_column(String(60))
    say: Mapped[dict[str, Any]]
    urgency: Mapped[NoticeUrgency] = mapped_column(
        EnumText(NoticeUrgency), default=NoticeUrgency.NORMAL
    )
    state: Mapped[NoticeState] = mapped_column(EnumText(NoticeState), default=NoticeState.PENDING)
    created_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32))  # who may write the outcome
    claimed_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    alarmed_at: Mapped[datetime | None]  # the desk was told that it did not get through
    opened_at: Mapped[datetime | None]  # its recipient opened the page that it links to
    late_since: Mapped[datetime | None]  # it should have been said then: the process was down


class Delivery(Base):
    """One try: by which channel, and what came of it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "notice_id"),  # the tries of a notice
        Index(None, "message_id"),  # the try that a report is about
        Index(
            "ix_deliveries_awaited",
            "started_at",
            sqlite_where=_AWAITED,
            postgresql_where=_AWAITED,
        ),  # reports that have not come
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    channel: Mapped[Channel] = mapped_column(EnumText(Channel))
    outcome: Mapped[Outcome] = mapped_column(EnumText(Outcome), default=Outcome.STARTED)
    errcode: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(200))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    parts: Mapped[int] = mapped_column(default=1)  # messages that it takes out of the wallet
    is_repeat: Mapped[bool] = mapped_column(default=False)  # the former one may have arrived, too
    request_id: Mapped[str | None] = mapped_column(String(40))  # the platform's rid
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # of a template message
    fate: Mapped[Fate | None] = mapped_column(EnumText(Fate))
    fate_at: Mapped[datetime | None]


class UnmatchedReport(Base):
    """A delivery report that came before its try was written down; kept for minutes."""

    __tablename__ = "unmatched_reports"
    __table_args__ = (Index(None, "message_id"),)  # the try that has just been written down

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[int] = mapped_column(BigInteger)
    fate: Mapped[Fate] = mapped_column(EnumText(Fate))
    received_at: Mapped[datetime]
