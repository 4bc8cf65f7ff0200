"""When all alarms of a group have recovered: its ticket is resolved, or told so (F4)."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.alerts import TOLD_EVERY, AlertState, OnRecovery
from domain.lifecycle import LIFECYCLE, OPEN_STATUSES, Action
from models import Alert, AlertEventKind, AlertGroup, Ticket
from services import api_tickets, notices, working
from services.alerts import tickets
from services.alerts.hearing import Hearing, locked_source
from services.records import act, locked
from services.views import WorkResult

if TYPE_CHECKING:
    from services.desk import Rules

log = logging.getLogger(__name__)

_CAUSE = "other"
_AT_ONCE = 50  # groups, or alarms of one


def all_over(hearing: Hearing, group: AlertGroup) -> None:
    """Now, or once its last notice is five minutes old: what flaps moves its ticket seldom."""
    if group.ticket_id is None or _still_fires(hearing.session, group.id):
        return
    at = max(hearing.now, (group.told_at or hearing.now - TOLD_EVERY) + TOLD_EVERY)
    if at > hearing.now:
        group.settles_at = at
        return
    _settle(hearing, group)


def is_due(session: Session, now: datetime) -> bool:
    due = exists().where(AlertGroup.settles_at <= now)  # ix_alert_groups_settles
    return bool(session.scalar(select(due)))


def settle_due(session: Session, rules: "Rules", now: datetime) -> int:
    """Those whose time has come; answers how many."""
    rows = session.execute(
        select(AlertGroup.id, AlertGroup.source_id)
        .where(AlertGroup.settles_at <= now)
        .order_by(AlertGroup.source_id, AlertGroup.settles_at)
        .limit(_AT_ONCE)
    ).all()
    for group_id, source_id in rows:
        hearing = Hearing(session, locked_source(session, source_id), rules, now)
        group = session.get_one(AlertGroup, group_id, populate_existing=True)
        if group.settles_at is None:
            continue
        group.settles_at = None
        if not _still_fires(session, group.id):
            _settle(hearing, group)
    return len(rows)


def _still_fires(session: Session, group_id: int) -> bool:
    fires = exists().where(  # ix_alerts_group_id_state
        Alert.group_id == group_id, Alert.state == AlertState.FIRING
    )
    return bool(session.scalar(select(fires)))


def _settle(hearing: Hearing, group: AlertGroup) -> None:
    """Resolved where the lifecycle has a way and the source wants it; a word on it otherwise."""
    session, source = hearing.session, hearing.source
    group.settles_at = None
    ticket = locked(session, tickets.standing(session, group).id)
    if ticket.status not in OPEN_STATUSES:
        return
    desk = tickets.acting_for(hearing)
    may_resolve = desk is not None and (ticket.status, Action.RESOLVE) in LIFECYCLE
    if source.on_recovery is OnRecovery.RESOLVE and may_resolve and desk is not None:
        result = WorkResult(_CAUSE, source.recovery_words, 0, False)
        since = api_tickets.newest_line(session)
        working.resolve(desk, ticket.id, result)
        tickets.by_itself(desk, ticket.id, since)
    else:
        words = source.recovery_words
        act(session, ticket, Action.NOTE, actor_id=None, now=hearing.now, words=words)
    _tell(hearing, group, ticket)
    for alert in _recovered(session, group.id):
        hearing.note(alert, AlertEventKind.SETTLED, ticket.number)
    log.info("alert_group_settled group=%s ticket=%s", group.id, ticket.number)


def _tell(hearing: Hearing, group: AlertGroup, ticket: Ticket) -> None:
    for person_id in dict.fromkeys((ticket.assignee_id, hearing.source.told_id)):
        notices.tell(
            hearing.session,
            person_id,
            "notice.alarm_recovered",
            hearing.now,
            ticket=ticket,
            group=group.title,
        )


def _recovered(session: Session, group_id: int) -> list[Alert]:
    statement = (
        select(Alert)
        .where(Alert.group_id == group_id, Alert.state == AlertState.RECOVERED)
        .order_by(Alert.id.desc())
        .limit(_AT_ONCE)
    )
    return list(session.scalars(statement))
