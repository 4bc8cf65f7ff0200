"""Maintenance windows as they are read: what runs, what a line on each page says (C §24, B7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.maintenance import Phase, phase_at, touches
from models import Bulletin, MaintenanceDismissal, MaintenanceWindow, table_of
from models.inserting import insert_into

_windows, _bulletins = table_of(MaintenanceWindow), table_of(Bulletin)
_dismissals = table_of(MaintenanceDismissal)

# Served by ix_maintenance_windows_ends_at: what is not over are a few rows.
_is_ahead = and_(_windows.c.ends_at > bindparam("at"), _windows.c.cancelled_at.is_(None))
_RUNNING = (
    select(_windows)
    .where(_is_ahead, _windows.c.starts_at <= bindparam("at"))
    .order_by(_windows.c.ends_at.desc(), _windows.c.id)
)
_TOLD = (
    select(
        _windows,
        exists()
        .where(
            _bulletins.c.id == _windows.c.bulletin_id,
            _bulletins.c.published_at <= bindparam("at"),
        )
        .label("is_out"),
    )
    .where(
        _is_ahead,
        _windows.c.announce_at <= bindparam("at"),
        (_windows.c.starts_at <= bindparam("at"))
        | ~exists().where(
            _dismissals.c.window_id == _windows.c.id,
            _dismissals.c.person_id == bindparam("person"),
        ),
    )
    .order_by(_windows.c.starts_at, _windows.c.id)
)


@dataclass(frozen=True, slots=True)
class Window:
    """One window as it stands at a moment."""

    id: int
    title: str
    words: str
    categories: tuple[Category, ...]  # none: every kind
    areas: tuple[str, ...]  # none: everywhere
    starts_at: datetime
    ends_at: datetime
    ahead_hours: int
    announce_at: datetime
    bulletin_id: int
    phase: Phase

    @property
    def is_running(self) -> bool:
        return self.phase is Phase.RUNNING


@dataclass(frozen=True, slots=True)
class Banner:
    """The one line on every page: what runs, else what is coming; `others` beside it."""

    window: Window
    others: int = 0
    is_readable: bool = True  # its bulletin is out

    @property
    def may_be_dismissed(self) -> bool:
        """What runs explains why something is out of order: it stays until it is over."""
        return not self.window.is_running


def running(
    session: Session,
    now: datetime,
    *,
    category: Category | None = None,
    area: str | None = None,
) -> tuple[Window, ...]:
    """What runs now and touches such a thing at such a place, the longest first.

    None is not known, and fits; `area` may be a whole place that names one: B座305.
    """
    rows = session.connection().execute(_RUNNING, {"at": now})
    found = (window_of(row, now) for row in rows)
    return tuple(each for each in found if touches(each.categories, each.areas, category, area))


def fitting(
    session: Session, now: datetime, category: Category | str | None, place: str | None
) -> Window | None:
    """What runs and explains such a fault; nothing while neither kind nor place is known."""
    if not (category or place):
        return None
    kind = Category(category) if category else None
    return next(iter(running(session, now, category=kind, area=place or None)), None)


def banner(session: Session, person_id: int, now: datetime) -> Banner | None:
    """What this person's pages say on top: what runs goes before what is coming."""
    rows = session.connection().execute(_TOLD, {"at": now, "person": person_id}).all()
    windows = [(window_of(row, now), row.is_out) for row in rows]
    running_now = [each for each in windows if each[0].is_running]
    shown = running_now or windows
    if not shown:
        return None
    window, is_out = shown[0]
    return Banner(window, len(windows) - 1, is_out)


def dismiss(session: Session, window_id: int, person_id: int, now: datetime) -> None:
    """This person has read that it is coming; it comes back when it runs."""
    row = {"window_id": window_id, "person_id": person_id, "dismissed_at": now}
    session.connection().execute(insert_into(session, _dismissals).on_conflict_do_nothing(), row)


def window_of(row: Any, now: datetime) -> Window:
    """Of a `MaintenanceWindow` or its row."""
    phase = phase_at(
        now,
        row.announce_at,
        row.starts_at,
        row.ends_at,
        is_cancelled=row.cancelled_at is not None,
    )
    return Window(
        id=row.id,
        title=row.title,
        words=row.words,
        categories=_in_order(row.categories),
        areas=tuple(row.areas),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ahead_hours=row.ahead_hours,
        announce_at=row.announce_at,
        bulletin_id=row.bulletin_id,
        phase=phase,
    )


def _in_order(categories: Iterable[Category]) -> tuple[Category, ...]:
    """As the desk lists them everywhere."""
    chosen = set(categories)
    return tuple(each for each in Category if each in chosen)
