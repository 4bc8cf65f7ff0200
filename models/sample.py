"""Which rows are samples, loaded to try the desk out and removed again wholly (C §25)."""

from enum import StrEnum, auto

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, EnumText


class SampleKind(StrEnum):
    """What is marked by itself; what a sample did, and what hangs on it, is known by it."""

    PERSON = auto()
    DEVICE = auto()
    ARTICLE = auto()
    TICKET = auto()
    SHIFT = auto()


class SampleMark(Base):
    """One row that nobody here made: it came with the samples.

    No foreign key: `row_id` is of the table that `kind` names, and no table carries a column
    for what only new desks have.
    """

    __tablename__ = "sample_marks"

    kind: Mapped[SampleKind] = mapped_column(EnumText(SampleKind), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    called: Mapped[str] = mapped_column(String(80))  # renamed since, it is the desk's own
