"""Maintenance windows as the desk plans them: when, what they touch, and what is told (C §24).

A window has its bulletin from the beginning, to be published when people are to be told: nothing
has to ring for that, and it cannot be told twice. What becomes of the window becomes of both.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.maintenance import NotNow, Phase, announced_at, demand_times, meet
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from models import Engineer, MaintenanceWindow, table_of
from services import audit, bulletin_writing
from services.bulletin_writing import Wording
from services.maintenance import Window, window_of

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

TITLE_LIMIT = 40  # characters; the column's
WORDS_LIMIT = 2000
MOST_AREAS = 20
AREA_LIMIT = 20  # characters of one
PAST_LISTED = 50

_windows = table_of(MaintenanceWindow)

Told = Callable[[Window], tuple[str, str]]
"""Title and body of the bulletin of a window, in the words of whoever shows pages."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants: `categories` and `areas` empty mean all."""

    title: str
    words: str
    starts_at: datetime
    ends_at: datetime
    categories: frozenset[Category] = frozenset()
    areas: tuple[str, ...] = ()
    ahead_hours: int = 24


# --- read ----------------------------------------------------------------------------------------


def listed(desk: "Desk") -> tuple[Window, ...]:
    """What is not over, as it comes; then what was, the newest first."""
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    is_ahead = (_windows.c.ends_at > desk.now) & _windows.c.cancelled_at.is_(None)
    # Served by ix_maintenance_windows_ends_at.
    ahead = select(_windows).where(is_ahead).order_by(_windows.c.starts_at, _windows.c.id)
    past = select(_windows).where(~is_ahead).order_by(_windows.c.ends_at.desc(), _windows.c.id)
    rows = [
        *desk.session.execute(ahead),
        *desk.session.execute(past.limit(PAST_LISTED)),
    ]
    return tuple(window_of(row, desk.now) for row in rows)


def one(desk: "Desk", window_id: int) -> Window:
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    found = desk.session.get(MaintenanceWindow, window_id)
    if found is None:
        raise NotFound()
    return window_of(found, desk.now)


def overlaps(desk: "Desk", plan: "Plan | Window", but: int | None = None) -> tuple[Window, ...]:
    """Others that one fault could fall into as well."""
    statement = select(_windows).where(
        _windows.c.ends_at > plan.starts_at,
        _windows.c.starts_at < plan.ends_at,
        _windows.c.cancelled_at.is_(None),
    )
    rows = desk.session.execute(statement.order_by(_windows.c.starts_at, _windows.c.id))
    return tuple(
        window_of(row, desk.now)
        for row in rows
        if row.id != but and meet(row.categories, row.areas, plan.categories, plan.areas)
    )


def changes(desk: "Desk", window_id: int) -> tuple[audit.Entry, ...]:
    """Who did what with it, the newest first."""
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    return audit.history(desk.session, f"maintenance:{window_id}")


def as_planned(plan: Plan, now: datetime) -> Window:
    """The window that a plan would be, for whoever looks before keeping it."""
    return Window(
        id=0,
        title=plan.title,
        words=plan.words,
        categories=tuple(each for each in Category if each in plan.categories),
        areas=plan.areas,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        ahead_hours=plan.ahead_hours,
        announce_at=announced_at(plan.starts_at, plan.ahead_hours, now),
        bulletin_id=0,
        phase=Phase.PLANNED,
    )


def known_areas(session: Session) -> tuple[str, ...]:
    """The areas that somebody looks after, by name."""
    cards = session.scalars(select(Engineer.areas))
    return tuple(sorted({area for areas in cards for area in areas if area}))


# --- plan and change -----------------------------------------------------------------------------


def plan(desk: "Desk", plan: Plan, told: Told) -> Window:
    """Kept, with its bulletin, which comes out when people are to be told."""
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    demand_times(plan.starts_at, plan.ends_at, desk.now)
    announce_at = announced_at(plan.starts_at, plan.ahead_hours, desk.now)
    draft = bulletin_writing.draft(desk, Wording(plan.title, plan.words, expires_at=plan.ends_at))
    window = MaintenanceWindow(
        bulletin_id=draft.id,
        announce_at=announce_at,
        planned_by_id=desk.actor.id,
        planned_at=desk.now,
        changed_at=desk.now,
        **_facts(plan),
    )
    desk.session.add(window)
    desk.session.flush()
    _tell(desk, window, told)
    bulletin_writing.publish(desk, window.bulletin_id, announce_at)
    return _recorded(desk, window, "plan", None)


def change(desk: "Desk", window_id: int, plan: Plan, told: Told) -> Window:
    """Other words, times or scope; when it began stays, once it has."""
    window = _locked(desk, window_id, Phase.PLANNED, Phase.COMING, Phase.RUNNING)
    before, is_running = _kept(window), window.starts_at <= desk.now
    facts = _facts(plan)
    if is_running:
        facts["starts_at"] = window.starts_at
    demand_times(facts["starts_at"], plan.ends_at, desk.now)
    is_told = window.announce_at <= desk.now
    for name, value in facts.items():
        setattr(window, name, value)
    if not is_told:
        window.announce_at = announced_at(window.starts_at, plan.ahead_hours, desk.now)
    return _told_anew(desk, window, "change", before, told)


def extend(desk: "Desk", window_id: int, by: timedelta, told: Told) -> Window:
    """It takes longer."""
    window = _locked(desk, window_id, Phase.RUNNING)
    before = _kept(window)
    window.ends_at += by
    demand_times(window.starts_at, window.ends_at, desk.now)
    return _told_anew(desk, window, "extend", before, told)


def end(desk: "Desk", window_id: int, told: Told) -> Window:
    """It is over sooner; what came in meanwhile can be answered now."""
    window = _locked(desk, window_id, Phase.RUNNING)
    before = _kept(window)
    window.ends_at = max(desk.now, window.starts_at + timedelta(seconds=1))
    return _told_anew(desk, window, "end", before, told)


def cancel(desk: "Desk", window_id: int, told: Told) -> Window:
    """It does not take place; whoever was told of it reads that."""
    window = _locked(desk, window_id, Phase.PLANNED, Phase.COMING)
    before = _kept(window)
    window.cancelled_at = desk.now
    return _told_anew(desk, window, "cancel", before, told)


def _told_anew(
    desk: "Desk", window: MaintenanceWindow, act: str, before: dict[str, Any], told: Told
) -> Window:
    if _kept(window) == before:
        return window_of(window, desk.now)
    window.changed_at = desk.now
    is_out = window.announce_at <= desk.now
    if window.cancelled_at is not None and not is_out:
        bulletin_writing.withdraw(desk, window.bulletin_id)
    else:
        _tell(desk, window, told)
        if not is_out:
            bulletin_writing.publish(desk, window.bulletin_id, window.announce_at)
    return _recorded(desk, window, act, before)


def _tell(desk: "Desk", window: MaintenanceWindow, told: Told) -> None:
    """The bulletin says what the window is by now; it is in force as long as the window is."""
    title, body = told(window_of(window, desk.now))
    standing = bulletin_writing.one(desk, window.bulletin_id)
    ends_at = window.ends_at
    if standing.published_at is not None:  # ended in the minute in which it was told
        ends_at = max(ends_at, standing.published_at + timedelta(minutes=1))
    bulletin_writing.change(desk, window.bulletin_id, Wording(title, body, expires_at=ends_at))


def _locked(desk: "Desk", window_id: int, *phases: Phase) -> MaintenanceWindow:
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    found = desk.session.get(
        MaintenanceWindow, window_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFound()
    if window_of(found, desk.now).phase not in phases:
        raise NotNow()
    return found


def _facts(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title[:TITLE_LIMIT],
        "words": plan.words[:WORDS_LIMIT],
        "categories": plan.categories,
        "areas": list(plan.areas),
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "ahead_hours": plan.ahead_hours,
    }


def _kept(window: MaintenanceWindow) -> dict[str, Any]:
    """What the record of a change keeps."""
    return {
        "title": window.title,
        "body": window.words,
        "categories": sorted(each.value for each in window.categories),
        "areas": list(window.areas),
        "starts_at": audit.told(window.starts_at),
        "until": audit.told(window.ends_at),
        "announce_at": audit.told(window.announce_at),
        "cancelled_at": audit.told(window.cancelled_at),
    }


def _recorded(
    desk: "Desk", window: MaintenanceWindow, act: str, before: dict[str, Any] | None
) -> Window:
    desk.session.flush()
    audit.done_by(desk, f"maintenance.{act}", f"maintenance:{window.id}", before, _kept(window))
    log.info("maintenance_%s window=%s actor=%s", act, window.id, desk.actor.id)
    return window_of(window, desk.now)
