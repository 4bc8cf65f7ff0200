"""Months as reports cut them: by the desk's clock, whatever the database's (C §16)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from domain.calendar import CHINA

_WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the desk's calendar; written 2026-11."""

    year: int
    month: int

    @classmethod
    def of(cls, at: datetime) -> Self:
        local = at.astimezone(CHINA)
        return cls(local.year, local.month)

    @classmethod
    def read(cls, written: str) -> Self:
        """ValueError for what is no month of this century."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError(written)
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"

    def moved(self, by: int) -> Self:
        """So many months later, or before."""
        year, month = divmod(self.year * _A_YEAR + self.month - 1 + by, _A_YEAR)
        return type(self)(year, month + 1)

    @property
    def begins_at(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=CHINA)

    @property
    def ends_at(self) -> datetime:
        """Not part of it."""
        return self.moved(1).begins_at
