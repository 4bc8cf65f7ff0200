"""The roster as its page reads it: people down, days across (D1)."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.category import Category
from domain.cover import Piece
from domain.roster import Work
from services.roster_gaps import Gap, Tired, Unreachable
from services.roster_shifts import ShiftView


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty in a cell."""

    id: int
    shift: ShiftView | None
    work: Work
    position: int
    category: Category | None
    begins: datetime
    ends: datetime
    has_own_hours: bool  # others than its shift's
    is_signed_in: bool
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day."""

    day: date
    duties: tuple[DutyView, ...]
    is_away: bool
    asks_leave: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One person; hours and nights of the days that are shown."""

    person_id: int
    name: str
    team: str | None
    is_me: bool
    cells: tuple[Cell, ...]
    hours: int
    on_call_hours: int
    nights: int


@dataclass(frozen=True, slots=True)
class DayView:
    """One day's head: whether people work, and when how many are there."""

    day: date
    is_working: bool
    is_today: bool
    is_past: bool
    cover: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A shift, and for each day how many there are of it at the thinnest; None: not worked."""

    shift: ShiftView
    have: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Some days of the roster."""

    days: tuple[DayView, ...]
    needs: tuple[Need, ...]
    rows: tuple[Row, ...]
    shifts: tuple[ShiftView, ...]
    teams: tuple[tuple[int, str], ...]
    gaps: tuple[Gap, ...]
    uncovered: tuple[Piece, ...]
    unreachable: tuple[Unreachable, ...]
    tired: tuple[Tired, ...]
    may_plan: bool

    @property
    def is_empty(self) -> bool:
        return not any(cell.duties for row in self.rows for cell in row.cells)
