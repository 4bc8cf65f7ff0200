"""How somebody at the desk has things: columns of their lists, files being made, quiet hours."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EnumText


class ListLayout(Base):
    """Which columns a person's table has, in which order and how wide."""

    __tablename__ = "list_layouts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    place: Mapped[str] = mapped_column("list", String(20), primary_key=True)  # queue; queue:7: view
    columns: Mapped[list[str]]  # none: as the table is at first
    widths: Mapped[dict[str, Any]]  # of a column, in pixels
    changed_at: Mapped[datetime]


class ExportState(StrEnum):
    """A file's fate."""

    WAITING = auto()
    READY = auto()
    FAILED = auto()


_WAITING = text("state = 'waiting'")


class ExportFile(Base):
    """A list too long to wait for: made in the background, fetched by its maker alone."""

    __tablename__ = "export_files"
    __table_args__ = (
        Index(None, "person_id", "created_at"),  # somebody's files
        Index(None, "expires_at"),  # the sweep
        Index(
            "ix_export_files_waiting",
            "next_try_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),  # the maker's query
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    query: Mapped[dict[str, Any]]  # as the address of the list says it
    format: Mapped[str] = mapped_column(String(8))  # csv, xlsx
    state: Mapped[ExportState] = mapped_column(EnumText(ExportState), default=ExportState.WAITING)
    file: Mapped[str | None] = mapped_column(String(80))
    row_count: Mapped[int | None]
    size: Mapped[int | None]  # bytes
    is_whole: Mapped[bool] = mapped_column(default=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class QuietHours(Base):
    """When a person wants no ordinary notice; what is urgent comes all the same."""

    __tablename__ = "quiet_hours"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 1439", name="from_is_in_a_day"),
        CheckConstraint("quiet_until BETWEEN 0 AND 1439", name="until_is_in_a_day"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    quiet_from: Mapped[int]  # minutes after midnight at the desk
    quiet_until: Mapped[int]  # earlier than `quiet_from`: of the next morning
    changed_at: Mapped[datetime]
