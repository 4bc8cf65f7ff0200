"""One alarm heard: counted, joined to its group, its ticket opened, joined or opened again (F4).

The caller holds the lock of the source's row: of two processes one groups at a time, and the unique
indexes of groups and alarms hold whatever else happens.
"""

import logging
from datetime import datetime, timedelta
from enum import StrEnum, auto

from sqlalchemy import select

from domain import alerts as rules_of
from domain.alerts import AlertState, Heard
from models import Alert, AlertEventKind, AlertGroup
from services import maintenance
from services.alerts import recovering, tickets
from services.alerts.hearing import Hearing

log = logging.getLogger(__name__)


class Became(StrEnum):
    """What became of one alarm, as the sender is answered."""

    OPENED = auto()
    JOINED = auto()
    REOPENED = auto()
    REPEATED = auto()
    SILENCED = auto()
    WAITING = auto()  # for the desk to confirm it
    RECOVERED = auto()
    OLD = auto()  # said of what is over
    UNKNOWN = auto()  # the recovery of what was never heard of


def take(hearing: Hearing, heard: Heard) -> Became:
    """What becomes of it."""
    key = rules_of.fingerprint(heard, hearing.source.fingerprint_fields)
    known = _current(hearing, key)
    if not heard.is_firing:
        return _recovered(hearing, known)
    if known is None:
        return _new(hearing, heard, key)
    if _is_old(known, heard):
        return Became.OLD
    if known.state is AlertState.RECOVERED:
        return _again(hearing, known, heard, key)
    return _repeated(hearing, known, heard)


def _current(hearing: Hearing, fingerprint: str) -> Alert | None:
    # uq_alerts_current
    return hearing.session.scalar(
        select(Alert).where(
            Alert.source_id == hearing.source.id,
            Alert.fingerprint == fingerprint,
            Alert.is_current,
        )
    )


def _is_old(known: Alert, heard: Heard) -> bool:
    """A late word of a time before its recovery: senders try again in any order."""
    if known.state is not AlertState.RECOVERED or heard.started_at is None:
        return False
    return heard.started_at <= known.started_at


# --- firing ---------------------------------------------------------------------------------------


def _new(hearing: Hearing, heard: Heard, key: str) -> Became:
    group, now = _group(hearing, heard), hearing.now
    alert = Alert(
        source_id=hearing.source.id,
        group_id=group.id,
        fingerprint=key,
        name=heard.name,
        summary=heard.summary,
        severity=heard.severity,
        labels=dict(heard.labels),
        state=AlertState.FIRING,
        started_at=heard.started_at or now,
        first_at=now,
        last_at=now,
        count=1,
        flaps=0,
        is_current=True,
    )
    hearing.session.add(alert)
    hearing.session.flush()
    hearing.note(alert, AlertEventKind.FIRED)
    _count(hearing, group)
    return _fires(hearing, alert, group)


def _again(hearing: Hearing, known: Alert, heard: Heard, key: str) -> Became:
    """Within its time it flaps: the same alarm, the same ticket; later it is another one."""
    source, now = hearing.source, hearing.now
    again = timedelta(minutes=source.reopen_minutes)
    if known.recovered_at is None or now - known.recovered_at > again:
        known.is_current = False
        hearing.session.flush()
        return _new(hearing, heard, key)
    group = _group(hearing, heard)
    known.group_id, known.state, known.recovered_at = group.id, AlertState.FIRING, None
    known.started_at = heard.started_at or now
    known.flaps += 1
    _seen(hearing, known, heard)
    hearing.note(known, AlertEventKind.FLAPPED)
    _count(hearing, group)
    return _fires(hearing, known, group)


def _repeated(hearing: Hearing, known: Alert, heard: Heard) -> Became:
    """Counted; it opens a ticket if its silence is over and nobody has opened one."""
    group = hearing.session.get_one(AlertGroup, known.group_id)
    _seen(hearing, known, heard)
    _count(hearing, group)
    was_silenced = known.silenced_until is not None and known.silenced_until <= hearing.now
    if known.state is AlertState.FIRING and was_silenced:
        known.silenced_until = known.reason = None
        hearing.note(known, AlertEventKind.UNSILENCED)
        return _fires(hearing, known, group)
    return Became.REPEATED


def _seen(hearing: Hearing, alert: Alert, heard: Heard) -> None:
    alert.count += 1
    alert.last_at = hearing.now
    alert.summary, alert.severity = heard.summary or alert.summary, heard.severity


def _count(hearing: Hearing, group: AlertGroup) -> None:
    group.count += 1
    group.last_at = hearing.now


def _fires(hearing: Hearing, alert: Alert, group: AlertGroup) -> Became:
    """It has begun, or again: silenced, for the desk to confirm, or a ticket."""
    group.settles_at = None
    if _is_silenced(hearing, alert):
        return Became.SILENCED
    if group.ticket_id is None and not rules_of.opens_ticket(
        alert.severity, hearing.source.opens_from
    ):
        return Became.WAITING
    return _with_ticket(hearing, alert, group)


def _with_ticket(hearing: Hearing, alert: Alert, group: AlertGroup) -> Became:
    done = tickets.stand_behind(hearing, alert, group)
    if done is None:
        return Became.WAITING
    hearing.note(alert, done)
    log.info("alert_%s alert=%s group=%s", done.value, alert.id, group.id)
    return Became(done.value)


def _is_silenced(hearing: Hearing, alert: Alert) -> bool:
    """By a person, by the mute of its source, or as it falls into maintenance (C §24)."""
    source, now = hearing.source, hearing.now
    if alert.silenced_until is not None and alert.silenced_until > now:
        return True
    if source.muted_until is not None and source.muted_until > now:
        return _silence(hearing, alert, source.muted_until, source.name)
    running = maintenance.running(
        hearing.session, now, category=source.category, area=source.place or None
    )
    if not running:
        return False
    window = running[0]
    return _silence(hearing, alert, window.ends_at, window.title)


def _silence(hearing: Hearing, alert: Alert, until: datetime, reason: str) -> bool:
    alert.silenced_until, alert.reason = until, reason[:200]
    hearing.note(alert, AlertEventKind.SILENCED, reason)
    return True


# --- groups ---------------------------------------------------------------------------------------


def _group(hearing: Hearing, heard: Heard) -> AlertGroup:
    """The group that it joins: the one under way, or a new one."""
    source, session, now = hearing.source, hearing.session, hearing.now
    key = rules_of.group_key(heard, source.group_fields)
    found = session.scalar(  # uq_alert_groups_current
        select(AlertGroup).where(
            AlertGroup.source_id == source.id, AlertGroup.key == key, AlertGroup.is_current
        )
    )
    if found is not None and _is_under_way(hearing, found):
        return found
    if found is not None:
        found.is_current = False
        session.flush()
    group = AlertGroup(
        source_id=source.id,
        key=key,
        title=rules_of.group_title(heard, source.group_fields)[:200],
        count=0,
        begun_at=now,
        last_at=now,
        is_current=True,
    )
    session.add(group)
    session.flush()
    return group


def _is_under_way(hearing: Hearing, group: AlertGroup) -> bool:
    source, now = hearing.source, hearing.now
    window = timedelta(minutes=source.window_minutes)
    again = timedelta(minutes=source.reopen_minutes)
    if group.ticket_id is None:
        return now - group.last_at <= max(window, again)
    ticket = tickets.standing(hearing.session, group)
    ended_at = ticket.closed_at or ticket.resolved_at or now
    return rules_of.is_joined(ticket.status, now - group.last_at, now - ended_at, window, again)


# --- recovered ------------------------------------------------------------------------------------


def _recovered(hearing: Hearing, known: Alert | None) -> Became:
    """It passes through any silence; a source ends nothing but its own (H-54)."""
    if known is None:
        return Became.UNKNOWN
    if known.state is AlertState.RECOVERED:
        return Became.OLD
    known.state, known.recovered_at, known.last_at = AlertState.RECOVERED, hearing.now, hearing.now
    hearing.note(known, AlertEventKind.RECOVERED)
    group = hearing.session.get_one(AlertGroup, known.group_id)
    group.last_at = hearing.now
    hearing.session.flush()
    recovering.all_over(hearing, group)
    return Became.RECOVERED
