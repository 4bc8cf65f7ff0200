"""Patterns go on by themselves: their duties are made some weeks ahead, each day of theirs once.

Days that were filled stay as people have made them since: what was taken off is not put back.
"""

import logging
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.cover import day_of
from domain.permissions import Role
from domain.speaker import Speaker
from models import AuditEntry, RosterPattern
from services import roster_filling

if TYPE_CHECKING:
    from services.desk import Rules

log = logging.getLogger(__name__)

AT_ONCE = timedelta(days=7)
"""Of one pattern in one transaction: nobody waits long for the lock on SQLite."""

_DAY = timedelta(days=1)


def is_due(session: Session, rules: "Rules", now: datetime) -> bool:
    """Asked without a lock; patterns are few."""
    if not rules.fill_ahead_weeks:
        return False
    wanted = select(RosterPattern.id).where(_is_behind(rules, now)).limit(1)
    return session.scalar(wanted) is not None


def fill(session: Session, rules: "Rules", now: datetime) -> int:
    """A week of the first pattern that is behind; answers how many days are done, 0: no more."""
    if not rules.fill_ahead_weeks:
        return 0
    statement = select(RosterPattern).where(_is_behind(rules, now)).order_by(RosterPattern.id)
    pattern = session.scalar(statement.limit(1).with_for_update(skip_locked=True))
    if pattern is None:
        return 0
    begin = day_of(now)
    if pattern.filled_until is not None:
        begin = max(begin, pattern.filled_until + _DAY)
    end = min(begin + AT_ONCE - _DAY, _until(rules, now))
    if pattern.people:
        _fill(session, rules, now, pattern, begin, end)
    pattern.filled_until = end
    session.flush()
    return (end - begin).days + 1


def _is_behind(rules: "Rules", now: datetime) -> ColumnElement[bool]:
    until = RosterPattern.filled_until
    is_behind = or_(until.is_(None), until < _until(rules, now))
    return and_(RosterPattern.is_active, is_behind)


def _until(rules: "Rules", now: datetime) -> date:
    return day_of(now) + timedelta(weeks=rules.fill_ahead_weeks)


def _fill(
    session: Session,
    rules: "Rules",
    now: datetime,
    pattern: RosterPattern,
    begin: date,
    end: date,
) -> None:
    from services.desk import Desk

    planner = Speaker(_planner(session, pattern), "", frozenset({Role.HEAD}))
    desk = Desk(session, now, rules, planner)
    found = roster_filling.go_on(desk, pattern.id, begin, end)
    log.info(
        "roster_filled pattern=%s until=%s made=%d left=%d",
        pattern.id,
        end,
        len(found.made),
        len(found.left),
    )


def _planner(session: Session, pattern: RosterPattern) -> int:
    """Who is said to have planned them: whoever last wrote the pattern, else its first person."""
    statement = (
        # By ix_audit_entries_subject_id.
        select(AuditEntry.actor_id)
        .where(AuditEntry.subject == f"pattern:{pattern.id}", AuditEntry.actor_id.is_not(None))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    found = session.scalar(statement)
    return found if found is not None else int(pattern.people[0])
