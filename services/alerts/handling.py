"""What the desk does with an alarm: silence it, give it a ticket, ignore it with a reason (F4)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.alerts import AlertState
from domain.lifecycle import OPEN_STATUSES
from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from models import Alert, AlertEventKind, AlertGroup
from services import queries
from services.alerts import recovering, tickets
from services.alerts.hearing import Hearing, locked_source

if TYPE_CHECKING:
    from services.desk import Desk

SILENCES = (1, 4, 8, 24, 72)  # hours
REASON_LIMIT = 200  # characters


class OverAlready(Refusal):
    """It has recovered, or somebody said that it is nothing."""

    text_key = "alert_page.refusal.over"


class HasTicket(Refusal):
    """Somebody was faster."""

    text_key = "alert_page.refusal.has_ticket"


class NoOpenTicket(Refusal):
    """Only a ticket that is open can carry alarms."""

    text_key = "alert_page.refusal.no_open_ticket"


class NotOpened(Refusal):
    """Whoever is responsible for the source has left, or their number is not known."""

    text_key = "alert_page.refusal.not_opened"


def silence(desk: "Desk", alert_id: int, hours: int, reason: str = "") -> None:
    """It tells nobody and opens nothing until then; its recovery is heard all the same."""
    hearing, alert = _locked(desk, alert_id)
    _demand_firing(alert)
    alert.silenced_until = desk.now + timedelta(hours=hours)
    alert.reason = reason[:REASON_LIMIT] or None
    hearing.note(alert, AlertEventKind.SILENCED, reason)


def unsilence(desk: "Desk", alert_id: int) -> None:
    hearing, alert = _locked(desk, alert_id)
    if _is_silent(alert, desk.now):
        alert.silenced_until = alert.reason = None
        hearing.note(alert, AlertEventKind.UNSILENCED)


def ignore(desk: "Desk", alert_id: int, reason: str) -> None:
    """It is nothing: counted from now on, until it recovers and fires anew."""
    hearing, alert = _locked(desk, alert_id)
    _demand_firing(alert)
    alert.state, alert.reason = AlertState.IGNORED, reason[:REASON_LIMIT]
    alert.silenced_until = None
    hearing.note(alert, AlertEventKind.IGNORED, reason)
    desk.session.flush()
    recovering.all_over(hearing, desk.session.get_one(AlertGroup, alert.group_id))


def open_ticket(desk: "Desk", alert_id: int) -> str:
    """The group's ticket, now; answers its number."""
    hearing, alert = _locked(desk, alert_id)
    _demand_firing(alert)
    group = desk.session.get_one(AlertGroup, alert.group_id)
    if group.ticket_id is not None:
        raise HasTicket()
    alert.silenced_until = alert.reason = None
    done = tickets.stand_behind(hearing, alert, group)
    if done is None:
        raise NotOpened()
    hearing.note(alert, done)
    return tickets.standing(desk.session, group).number


def link(desk: "Desk", alert_id: int, number: str) -> str:
    """Its group belongs to this open ticket from now on; answers its number."""
    hearing, alert = _locked(desk, alert_id)
    try:
        ticket = queries.find(desk.session, desk.actor, number, ())
    except NotFound:
        raise NoOpenTicket() from None
    if ticket.status not in OPEN_STATUSES:
        raise NoOpenTicket()
    group = desk.session.get_one(AlertGroup, alert.group_id)
    group.ticket_id, group.told_at = ticket.id, desk.now
    hearing.note(alert, AlertEventKind.LINKED, ticket.number)
    return ticket.number


def _locked(desk: "Desk", alert_id: int) -> tuple[Hearing, Alert]:
    """The alarm under the lock of its source, as for a delivery."""
    demand(desk.actor.roles, Permission.ALERT_HANDLE)
    known = desk.session.get(Alert, alert_id)
    if known is None:
        raise NotFound()
    source = locked_source(desk.session, known.source_id)
    alert = desk.session.get_one(Alert, alert_id, populate_existing=True)
    hearing = Hearing(desk.session, source, desk.rules, desk.now, actor_id=desk.actor.id)
    return hearing, alert


def _demand_firing(alert: Alert) -> None:
    if alert.state is not AlertState.FIRING:
        raise OverAlready()


def _is_silent(alert: Alert, now: datetime) -> bool:
    return alert.silenced_until is not None and alert.silenced_until > now
