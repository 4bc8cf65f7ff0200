"""Talks that people of the desk held in the WeChat backend, and who they are there (W1)."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EnumText


class EndedBy(StrEnum):
    """Why a takeover is over."""

    CLERK = auto()  # closed in the backend
    PERSON = auto()  # they tapped or typed that they are done
    IDLE = auto()  # nothing was said for the platform's half hour
    HOURS = auto()  # the desk closed
    NOBODY = auto()  # no clerk took it in time
    LOST = auto()  # the platform knows no session, and no event told of its end


class Clerk(Base):
    """A customer-service account, as the platform last showed it, and whose it is."""

    __tablename__ = "clerks"

    account: Mapped[str] = mapped_column(String(64), primary_key=True)  # desk1@itdesk
    nickname: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_bound: Mapped[bool] = mapped_column(default=False)  # to somebody's WeChat
    is_online: Mapped[bool] = mapped_column(default=False)
    sessions: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime]


_OPEN = text("ended_at IS NULL")


class Takeover(Base):
    """One talk of a person with the desk, from the wish for it to its end."""

    __tablename__ = "takeovers"
    __table_args__ = (
        Index(
            "ix_takeovers_open",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),  # one at a time for each person
        Index(None, "ticket_id"),  # the talks in a ticket's history
        Index(None, "person_id", "id"),
        Index(None, "records_due_at"),  # what is to be fetched
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    words: Mapped[str | None] = mapped_column(Text)  # with which the person asked
    asked_at: Mapped[datetime]
    kf_account: Mapped[str | None] = mapped_column(String(64))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[EndedBy | None] = mapped_column(EnumText(EndedBy))
    records_due_at: Mapped[datetime | None]  # when to ask for what was said; None: all is here
    records_tries: Mapped[int] = mapped_column(default=0)


class TalkLine(Base):
    """Something that was said in a takeover, each once however often it is fetched."""

    __tablename__ = "talk_lines"
    __table_args__ = (UniqueConstraint("takeover_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    takeover_id: Mapped[int] = mapped_column(ForeignKey("takeovers.id"))
    is_clerk: Mapped[bool]
    kf_account: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))  # of all that the platform tells of the line
