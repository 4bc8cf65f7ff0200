"""How much of the platform's daily quotas is used, and which alarms were raised."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ApiUsage(Base):
    """Calls of one API on one day of the platform (its days end at midnight UTC+8)."""

    __tablename__ = "api_usage"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    path: Mapped[str] = mapped_column(String(80), primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class Alarm(Base):
    """An alarm that operators were told of; it is not told again before its time."""

    __tablename__ = "alarms"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)  # what is wrong, and with what
    raised_at: Mapped[datetime]
    quiet_until: Mapped[datetime]
