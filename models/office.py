"""What an admin sets, who changed what, and bulletins to everybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class OfficeSetting(Base):
    """A setting that the admin changed at run time: it stands above config.yaml's."""

    __tablename__ = "office_settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)  # service.opens, …
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by itself


class TextOverride(Base):
    """A sentence as the admin wants it said."""

    __tablename__ = "text_overrides"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class AuditEntry(Base):
    """One change that somebody made to people, rules, texts or tokens (Y1); never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "subject", "id"),)  # the history of one thing

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: command line
    action: Mapped[str] = mapped_column(String(40))  # person.change, setting.change, …
    subject: Mapped[str] = mapped_column(String(120))  # person:17, setting:service.opens, …
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    address: Mapped[str | None] = mapped_column(String(45))


class Bulletin(Base):
    """A notice of IT operations to everybody: published, read when due (K3)."""

    __tablename__ = "bulletins"
    __table_args__ = (Index(None, "published_at"),)  # the newest

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    is_urgent: Mapped[bool] = mapped_column(default=False)  # a bar on every page
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime | None]  # None: a draft; later: not yet shown
    expires_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class BulletinReading(Base):
    """Who has read which bulletin."""

    __tablename__ = "bulletin_readings"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    read_at: Mapped[datetime]


class ApiToken(Base):
    """A token with which a machine acts as one person, within its scopes."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(8))  # its last characters, to know it by
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # as whom it acts
    scopes: Mapped[list[str]]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiAnswer(Base):
    """The answer that a write got under its idempotency key; the same again gets the same."""

    __tablename__ = "api_answers"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"))
    key: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))  # of what was asked
    status: Mapped[int]
    body: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(index=True)  # the sweep
