"""Who is signed in with which browser, and what they proved it with."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class WebSession(Base):
    """One browser of one person; deleting the row signs it out."""

    __tablename__ = "web_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    via: Mapped[str] = mapped_column(String(16))  # how it was proved: wechat:…, password, scan
    browser: Mapped[str | None] = mapped_column(String(120))  # as it names itself
    address: Mapped[str | None] = mapped_column(String(45))  # from which it was opened
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)  # the sweep


class Credential(Base):
    """The password of one person, and the second factor if they set one up."""

    __tablename__ = "credentials"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))  # argon2id, with its parameters
    is_provisional: Mapped[bool] = mapped_column(default=False)  # given by an admin: changed first
    changed_at: Mapped[datetime]
    totp_sealed: Mapped[str | None] = mapped_column(String(200))  # encrypted with the server's key
    totp_since: Mapped[datetime | None]  # confirmed by a right code; before that it asks for none
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # the last used: a code counts once
    recovery_hashes: Mapped[list[str] | None]  # of codes that were not used yet


class SignInGuess(Base):
    """A wrong password or code, remembered so that guessing stays limited over a restart (H-29)."""

    __tablename__ = "sign_in_guesses"
    __table_args__ = (Index(None, "key", "guessed_at"),)  # those against one account or address

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))  # a digest of the account or of the address
    guessed_at: Mapped[datetime] = mapped_column(index=True)  # the sweep


class SignInScan(Base):
    """A QR code that a browser shows, and who said yes to it on their phone."""

    __tablename__ = "sign_in_scans"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # what the code says
    browser_hash: Mapped[str] = mapped_column(String(64))  # what only the waiting browser knows
    browser: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(45))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class KnownBrowser(Base):
    """A browser in which somebody has signed in before, known by a cookie; no address is kept."""

    __tablename__ = "known_browsers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)  # sha256 of its cookie
    first_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)  # the sweep
