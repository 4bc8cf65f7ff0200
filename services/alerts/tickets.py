"""The ticket of a group of alarms: opened, joined with few words, opened again (F4, R-080)."""

import logging
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain import alerts as rules_of
from domain.alerts import TOLD_EVERY
from domain.lifecycle import OPEN_STATUSES, Action, ActionNotAllowed, Status
from domain.permissions import Role
from domain.refusals import TooLate
from domain.sentence import Facts
from models import Activity, Alert, AlertEventKind, AlertGroup, IntakeChannel, Person, Ticket
from services import alarms, api_tickets, notices, opening, settling
from services.alerts.hearing import Hearing
from services.desk import Desk
from services.records import act
from services.speakers import speaker_of
from services.views import Report

log = logging.getLogger(__name__)

_STUCK_TOLD_EVERY = timedelta(hours=1)
_LABELS_SHOWN = 20


def stand_behind(hearing: Hearing, alert: Alert, group: AlertGroup) -> AlertEventKind | None:
    """A ticket is open for the alarm afterwards; None if nobody is there to open it for."""
    if group.ticket_id is None:
        return _open(hearing, alert, group)
    ticket = standing(hearing.session, group)
    if ticket.status in OPEN_STATUSES:
        _tell_joined(hearing, alert, group, ticket)
        return AlertEventKind.JOINED
    return _reopen(hearing, alert, group, ticket)


def standing(session: Session, group: AlertGroup) -> Ticket:
    """The group's ticket, or the one that it was merged into."""
    ticket = session.get_one(Ticket, group.ticket_id)
    while ticket.merged_into_id is not None and ticket.status is Status.MERGED:
        ticket = session.get_one(Ticket, ticket.merged_into_id)
        group.ticket_id = ticket.id
    return ticket


def acting_for(hearing: Hearing) -> Desk | None:
    """In the name of whoever is responsible for the source, with the desk's rights; None: left."""
    person = hearing.session.get_one(Person, hearing.source.responsible_id)
    speaker = speaker_of(person)
    if not person.is_active or speaker.missing:
        return None
    speaker = replace(speaker, roles=speaker.roles | {Role.REQUESTER, Role.DESK})
    return Desk(hearing.session, hearing.now, hearing.rules, speaker)


def by_itself(desk: Desk, ticket_id: int, since: int) -> None:
    """What was done with it since that line stands in its timeline as nobody's: monitoring did."""
    desk.session.flush()
    desk.session.execute(
        update(Activity)
        .where(
            Activity.ticket_id == ticket_id,
            Activity.id > since,
            Activity.actor_id == desk.actor.id,
        )
        .values(actor_id=None)
    )


def _open(hearing: Hearing, alert: Alert, group: AlertGroup) -> AlertEventKind | None:
    desk, source = acting_for(hearing), hearing.source
    if desk is None:
        _tell_stuck(hearing, alert)
        return None
    since, report = api_tickets.newest_line(desk.session), _report(hearing, alert, group)
    opened = opening.report(desk, report, channel=IntakeChannel.MONITORING)
    by_itself(desk, opened.ticket.id, since)
    group.ticket_id, group.told_at = opened.ticket.id, hearing.now
    hearing.session.flush()
    if source.told_id is not None:
        ticket = hearing.session.get_one(Ticket, opened.ticket.id)
        notices.tell(
            hearing.session,
            source.told_id,
            "notice.alarm_opened",
            hearing.now,
            ticket=ticket,
            known=_facts(hearing, alert, group),
        )
    return AlertEventKind.OPENED


def _report(hearing: Hearing, alert: Alert, group: AlertGroup) -> Report:
    source = hearing.source
    priority = rules_of.priority_of_alarm(alert.severity, source.priority)
    impact, urgency = rules_of.made_of(priority)
    symptom = ": ".join(filter(None, (group.title, alert.summary)))
    labels = [f"{name}={value}" for name, value in list(alert.labels.items())[:_LABELS_SHOWN]]
    return Report(
        symptom=symptom,
        description="\n".join(filter(None, (alert.name, alert.summary, *labels))),
        place=source.place,
        category=source.category,
        urgency=urgency,
        impact=impact,
    )


def _reopen(
    hearing: Hearing, alert: Alert, group: AlertGroup, ticket: Ticket
) -> AlertEventKind | None:
    """The same ticket, for it was not solved; a new one where it may not be opened any more."""
    desk = acting_for(hearing)
    if desk is None:
        _tell_stuck(hearing, alert)
        return None
    since = api_tickets.newest_line(desk.session)
    try:
        settling.reopen(desk, ticket.id, alert.summary or alert.name)
    except (TooLate, ActionNotAllowed):
        group.ticket_id = None
        return _open(hearing, alert, group)
    by_itself(desk, ticket.id, since)
    group.told_at = hearing.now
    return AlertEventKind.REOPENED


def _tell_joined(hearing: Hearing, alert: Alert, group: AlertGroup, ticket: Ticket) -> None:
    """One word in five minutes, and a line on the ticket; the counter says the rest (R-080)."""
    session, now = hearing.session, hearing.now
    if group.told_at is not None and now - group.told_at < TOLD_EVERY:
        return
    group.told_at = now
    words = f"{alert.name} \u00d7{group.count}"
    act(session, ticket, Action.NOTE, actor_id=None, now=now, words=words)
    to_engineer = ticket.assignee_id or hearing.source.told_id
    facts = _facts(hearing, alert, group)
    if to_engineer is None:
        notices.tell_desk(session, "notice.alarm_joined", now, ticket=ticket, known=facts)
    else:
        notices.tell(session, to_engineer, "notice.alarm_joined", now, ticket=ticket, known=facts)


def _tell_stuck(hearing: Hearing, alert: Alert) -> None:
    """The alarm waits for the desk; the operators hear why."""
    source = hearing.source
    hearing.note(alert, AlertEventKind.STUCK)
    alarms.raise_alarm(
        hearing.session,
        f"alert_source:{source.id}",
        hearing.now,
        quiet_for=_STUCK_TOLD_EVERY,
        text_key="notice.alarm_stuck",
        source=source.name,
    )


def _facts(hearing: Hearing, alert: Alert, group: AlertGroup) -> Facts:
    return {
        "source": hearing.source.name,
        "group": group.title,
        "alarm": alert.name,
        "summary": alert.summary or None,
        "count": group.count,
    }
