"""Devices that carry a code on their case (A1's first form)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from models.base import Base


class Device(Base):
    """One thing that may break; its QR code opens a report with device and place filled in."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)  # as printed on its case
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str | None] = mapped_column(String(200))  # model, serial number
    category: Mapped[Category]
    place: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    qr_url: Mapped[str | None] = mapped_column(String(200))  # of its code, once it was made
    created_at: Mapped[datetime]
