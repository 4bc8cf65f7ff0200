"""The account's access token, shared by all processes."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AccessToken(Base):
    """One row for each account; one renews it at a time, under a claim that ends by itself."""

    __tablename__ = "access_tokens"

    app_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[str | None] = mapped_column(Text)  # AES-GCM under a key made of the app secret
    expires_at: Mapped[datetime | None]
    rejected_at: Mapped[datetime | None]  # the last renewal that a rejection asked for
    claim: Mapped[str | None] = mapped_column(String(32))  # who fetches a new one now
    claimed_until: Mapped[datetime | None]
