"""What people of the desk make beside tickets: links, drafts, canned replies, views, presence."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from models.base import Base, EnumText


class LinkKind(StrEnum):
    """How a ticket stands to another; merging is no link but the ticket's own field."""

    RELATED = auto()
    SPLIT = auto()  # the other one was taken out of this one


class TicketLink(Base):
    """Two tickets that belong together; `ticket_id` is the elder for RELATED."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        UniqueConstraint("ticket_id", "other_id"),
        Index(None, "other_id"),  # seen from the other side
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[LinkKind] = mapped_column(EnumText(LinkKind))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]


class Follower(Base):
    """Somebody who goes on seeing a ticket that is not theirs."""

    __tablename__ = "followers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class Presence(Base):
    """Who looks at a ticket, or types in it; a row that is not renewed means nobody."""

    __tablename__ = "presences"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    is_typing: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime] = mapped_column(index=True)  # the sweep


class Draft(Base):
    """Words that somebody has not sent yet; nobody else's change touches them."""

    __tablename__ = "drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(60), primary_key=True)  # note:IT20261124-0007, …
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]


class CannedReply(Base):
    """Words that are said often, with variables such as {requester}; without owner: everybody's."""

    __tablename__ = "canned_replies"
    __table_args__ = (Index(None, "owner_id", "shortcut"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
    shortcut: Mapped[str] = mapped_column(String(40))  # pinyin initials, what is typed behind /
    text: Mapped[str] = mapped_column(String(600))
    category: Mapped[Category | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]


class SavedView(Base):
    """A list with its filters, order and columns, under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(30))
    query: Mapped[dict[str, Any]]  # as the address of the list says it
    is_shared: Mapped[bool] = mapped_column(default=False, index=True)
    position: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
