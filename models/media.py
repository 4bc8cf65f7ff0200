"""Photos, voices, films, places and files that people sent."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EnumText


class Purpose(StrEnum):
    """What an attachment shows."""

    REPORT = auto()  # what the requester sent
    RESULT = auto()  # what the engineer did
    SIGNATURE = auto()  # drawn on the engineer's screen
    NOTE = auto()  # what the desk put beside it, for those who work here
    COMPLAINT = auto()  # sent while complaining, before the complaint is there (P8)


class AttachmentState(StrEnum):
    """Media are fetched after the message was answered; a place has nothing to fetch."""

    WAITING = auto()
    SAVED = auto()
    FAILED = auto()


_WAITING = text("state = 'waiting'")
_OF_COMPLAINT = text("complaint_id IS NOT NULL")


class Attachment(Base):
    """One thing that a person sent; without a ticket it waits for the next report."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index(None, "ticket_id"),  # a ticket's attachments
        Index(
            "ix_attachments_complaint_id",
            "complaint_id",
            sqlite_where=_OF_COMPLAINT,
            postgresql_where=_OF_COMPLAINT,
        ),  # a complaint's
        Index(None, "person_id", "created_at"),  # those that wait for a report
        Index(
            "ix_attachments_waiting",
            "next_try_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),  # the fetcher's query
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    kind: Mapped[str] = mapped_column(String(16))  # image, voice, video, shortvideo, location, file
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose), default=Purpose.REPORT)
    media_id: Mapped[str | None] = mapped_column(String(256))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(String(200))  # of a place; the name of a file
    state: Mapped[AttachmentState] = mapped_column(EnumText(AttachmentState))
    file: Mapped[str | None] = mapped_column(String(80))
    content_type: Mapped[str | None] = mapped_column(String(80))  # the longest are Office's
    size: Mapped[int | None]  # bytes
    thumbnail: Mapped[str | None] = mapped_column(String(80))  # a small picture of it
    playable: Mapped[str | None] = mapped_column(String(80))  # a voice as browsers play it
    words: Mapped[str | None] = mapped_column(Text)  # what a recogniser heard, if there is one
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
