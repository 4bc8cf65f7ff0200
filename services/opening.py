"""Opens a ticket and dispatches it in one go: the last turn of a report, the hot path (F5, F8)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, insert

from domain.dispatch import Job, Receipt
from domain.escalation import Trigger
from domain.lifecycle import Action, Status
from domain.permissions import Permission, demand
from domain.priority import Priority, priority_of
from domain.refusals import ProfileMissing
from domain.sentence import Say
from domain.speaker import Speaker
from domain.targets import Case, TargetKind, TargetState
from models import Activity, IntakeChannel, Ticket, TicketKind, table_of
from services import (
    attachments,
    calling,
    clocks,
    colleagues,
    devices,
    dispatching,
    escalating,
    maintenance_tickets,
    notices,
    numbering,
    queries,
    targets,
)
from services.readings import storing
from services.views import Opened, PersonView, Report, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

_tickets = table_of(Ticket)
_INSERT_TICKET = insert(_tickets).returning(_tickets.c.id)
_INSERT_ACTIVITY = insert(table_of(Activity))
_LENGTHS = {
    each.name: each.type.length for each in _tickets.columns if isinstance(each.type, String)
}


@dataclass(frozen=True, slots=True)
class _Choice:
    """Whom dispatch chose, and when they have to answer."""

    receipt: Receipt | None  # None: nobody was to be chosen
    engineer: PersonView | None
    remind_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Intake:
    """Whose fault it is, how the report came, and who took it down for them."""

    requester: Speaker
    channel: IntakeChannel
    taken_down_by: int | None = None
    is_dispatched: bool = True


def report(
    desk: "Desk", report: Report, *, channel: IntakeChannel = IntakeChannel.WECHAT
) -> Opened:
    """Open the actor's ticket: number, engineer, clocks and notices in one transaction."""
    demand(desk.actor.roles, Permission.TICKET_OPEN)
    return _open(desk, report, _Intake(desk.actor, channel))


def report_for(
    desk: "Desk",
    report: Report,
    requester: Speaker,
    *,
    channel: IntakeChannel = IntakeChannel.PHONE,
    is_dispatched: bool = True,
) -> Opened:
    """Open the ticket of somebody who is on the phone (F2); undispatched it waits in the queue."""
    demand(desk.actor.roles, Permission.TICKET_OPEN_FOR_OTHER)
    intake = _Intake(requester, channel, desk.actor.id, is_dispatched)
    return _open(desk, report, intake)


def _open(desk: "Desk", report: Report, intake: _Intake) -> Opened:
    requester, now = intake.requester, desk.now
    if requester.missing:
        raise ProfileMissing(missing=requester.missing[0])
    priority = priority_of(report.impact, report.urgency)
    chosen = _choose(desk, report, priority, intake)
    promised = _promised(desk, report, priority, intake)
    values = _values(desk, report, priority, chosen, intake)
    due = ((each["kind"], each["due_at"]) for each in promised)
    values["resolution_due_at"] = targets.next_due(due, now)
    values["number"] = numbering.next_number(desk.session, now)
    ticket_id: int = desk.session.connection().execute(_INSERT_TICKET, values).scalar_one()
    _record(desk, ticket_id, values, chosen, promised)
    _tell(desk, ticket_id, values, chosen, requester)
    by_clerk = intake.taken_down_by is not None
    storing.opened(desk, ticket_id, report, channel=intake.channel, by_clerk=by_clerk)
    is_alarm = intake.channel is IntakeChannel.MONITORING  # nobody sent a photo of it before
    waiting = 0 if is_alarm else attachments.adopt(desk.session, requester.id, ticket_id, now)
    opened = Opened(
        _view(ticket_id, values, chosen),
        is_desk_open=desk.rules.hours.is_open(now),
        opens_at=desk.rules.hours.next_opening(now),
        attachments=waiting,
    )
    is_at_night = intake.is_dispatched and not opened.is_desk_open
    return _at_night(desk, opened) if is_at_night else opened


def _at_night(desk: "Desk", opened: Opened) -> Opened:
    """What is urgent wakes whoever is on call; the rest is promised for the morning (F15)."""
    session, rules, now = desk.session, desk.rules, desk.now
    ticket = session.get_one(Ticket, opened.ticket.id)
    if ticket.priority is Priority.URGENT:
        called = calling.call(session, ticket, rules, now)
        session.flush()
        return replace(opened, ticket=queries.view(session, ticket), called=called)
    calling.wait_for_morning(session, ticket, rules, now)
    _, answered_by = clocks.answer_times(rules, ticket.priority, now)
    return replace(opened, answered_by=answered_by)


def _choose(desk: "Desk", report: Report, priority: Priority, intake: _Intake) -> _Choice:
    if not intake.is_dispatched or not desk.rules.hours.is_open(desk.now):
        return _Choice(None, None)
    job = Job(report.category, report.place, priority)
    receipt, rows = dispatching.choose_and_take(
        desk.session, job, intake.requester.id, desk.rules, desk.now
    )
    if receipt.chosen is None:
        return _Choice(receipt, None)
    row = rows[receipt.chosen]
    engineer = PersonView(row.id, row.name, row.phone or row.extension)
    remind_at, due_at = clocks.answer_times(desk.rules, priority, desk.now)
    return _Choice(receipt, engineer, remind_at, due_at)


def _values(
    desk: "Desk", report: Report, priority: Priority, chosen: _Choice, intake: _Intake
) -> dict[str, Any]:
    requester, now = intake.requester, desk.now
    engineer_id = chosen.engineer.id if chosen.engineer else None
    kind = TicketKind.SERVICE_REQUEST if report.is_request else TicketKind.INCIDENT
    values = {
        "kind": kind,
        "status": Status.ASSIGNED if engineer_id else Status.NEW,
        "cycle": 1,
        "channel": intake.channel,
        "requester_id": requester.id,
        "opened_by_id": intake.taken_down_by,
        **_contact(desk, report, requester),
        **_wished(report),
        "symptom": report.symptom,
        "description": report.description,
        "device": report.device,
        "place": report.place,
        "error_code": report.error_code,
        "category": report.category,
        "reading": report.reading,
        "impact": report.impact,
        "urgency": report.urgency,
        "priority": priority,
        "assignee_id": engineer_id,
        "opened_at": now,
        "assigned_at": now if engineer_id else None,
        "response_due_at": chosen.due_at,
        "agreement_id": desk.rules.agreement.id,
        "opened_by_inbox_id": desk.inbox_id,
        **_device_values(desk, report),
    }
    return {name: _cut(name, value) for name, value in values.items()}


def _contact(desk: "Desk", report: Report, requester: Speaker) -> dict[str, Any]:
    """Whom the engineer goes to: the person whose fault it is, who need not be who reports it."""
    other = report.behalf_of
    if other is None:
        return {
            "contact_name": requester.name,
            "contact_department": requester.department,
            "contact_phone": requester.reached_by,
            "contact_office": requester.office or report.place,
        }
    known = colleagues.named(desk.session, other.name, other.department)
    department = other.department or (known.department if known else None)
    number = other.phone or (known.reached_by if known else None)
    return {
        "contact_name": other.name,
        "contact_department": department or requester.department,
        "contact_phone": number or requester.reached_by,
        "contact_office": report.place,
    }


def _wished(report: Report) -> dict[str, Any]:
    wished = report.wished
    return {
        "wished_words": wished.words if wished else None,
        "wished_from": wished.begins if wished else None,
        "wished_until": wished.ends if wished else None,
    }


def _promised(
    desk: "Desk", report: Report, priority: Priority, intake: _Intake
) -> list[dict[str, Any]]:
    """What begins now, as rows; whoever is on the phone with a clerk has been answered (F2)."""
    kind = TicketKind.SERVICE_REQUEST if report.is_request else TicketKind.INCIDENT
    department = _cut("contact_department", intake.requester.department)
    case = Case(priority, kind.value, department)
    rules, now = desk.rules, desk.now
    rows = targets.rows_for(
        case, rules.agreement, now, rules.hours, cycle=1, category=report.category
    )
    if intake.taken_down_by is not None:
        for row in rows:
            if row["kind"] is TargetKind.RESPONSE:
                row |= {"state": TargetState.MET, "done_at": now, "settled_at": now}
                row["ran_minutes"] = 0
    return rows


def _device_values(desk: "Desk", report: Report) -> dict[str, Any]:
    """Of a device whose code was scanned the desk knows more than the words say."""
    device = devices.find(desk.session, report.device_code) if report.device_code else None
    if device is None:
        return {}
    described = " ".join(filter(None, (device.code, device.description)))
    return {"device": device.name, "device_id": device.id, "device_description": described}


def _cut(name: str, value: Any) -> Any:
    """Longer than the column: the whole words stand in the description."""
    length = _LENGTHS.get(name)
    return value[:length] if length and value else value


def _record(
    desk: "Desk",
    ticket_id: int,
    values: dict[str, Any],
    chosen: _Choice,
    promised: list[dict[str, Any]],
) -> None:
    first = {
        "ticket_id": ticket_id,
        "action": Action.OPEN,
        "status_before": None,
        "status_after": Status.NEW,
        "actor_id": desk.actor.id,
        "happened_at": desk.now,
        "detail": {"inbox_id": desk.inbox_id} if desk.inbox_id else None,
    }
    lines = [first]
    marked = maintenance_tickets.mark(
        desk.session, ticket_id, values["category"], values["place"], desk.now
    )
    if marked:
        of_desk = {"status_after": Status.NEW, "status_before": Status.NEW, "actor_id": None}
        lines.append({**first, **of_desk, "action": Action.LINK, "detail": marked})
    rules = desk.rules
    waits = targets.deadline_rows(ticket_id, promised, rules.agreement.warned_at, rules.hours)
    if chosen.engineer and chosen.receipt and chosen.remind_at and chosen.due_at:
        detail = {"engineer_id": chosen.engineer.id, "receipt": chosen.receipt.as_dict()}
        lines.append(
            {
                **first,
                "action": Action.ASSIGN,
                "status_before": Status.NEW,
                "status_after": Status.ASSIGNED,
                "actor_id": None,
                "detail": detail,
            }
        )
        waits += clocks.answer_rows(ticket_id, chosen.remind_at, chosen.due_at)
    if waits:
        clocks.insert_rows(desk.session, waits)
    facts = {"ticket_id": ticket_id, "engineer_id": chosen.engineer.id if chosen.engineer else None}
    targets.insert_rows(desk.session, [{**each, **facts} for each in promised])
    desk.session.connection().execute(_INSERT_ACTIVITY, lines)


def _tell(
    desk: "Desk", ticket_id: int, values: dict[str, Any], chosen: _Choice, requester: Speaker
) -> None:
    if chosen.receipt is None:
        return
    if chosen.engineer is None:
        ticket = desk.session.get_one(Ticket, ticket_id)
        dispatching.nobody_free(desk.session, ticket, chosen.receipt, desk.now)
        escalating.begin(desk.session, ticket, Trigger.UNANSWERED, desk.rules, desk.now)
        return
    facts = dispatching.assignment_facts(
        number=values["number"],
        symptom=values["symptom"],
        place=values["place"],
        contact=values["contact_name"],
        phone=values["contact_phone"],
        category=values["category"],
        urgency=values["urgency"],
        due=chosen.due_at,
        is_again=False,
        wished=values["wished_words"],
        reporter=requester.name if requester.name != values["contact_name"] else None,
    )
    number = values["number"]
    buttons = dispatching.assignment_buttons(number)
    say = Say("notice.assigned", facts, buttons, notices.page_of(number))
    row = notices.row(chosen.engineer.id, say, desk.now, ticket_id=ticket_id, is_urgent=True)
    notices.queue(desk.session, [row])


def _view(ticket_id: int, values: dict[str, Any], chosen: _Choice) -> TicketView:
    return TicketView(
        id=ticket_id,
        number=values["number"],
        status=values["status"],
        cycle=1,
        symptom=values["symptom"],
        description=values["description"],
        device=values["device"],
        place=values["place"],
        category=values["category"],
        priority=values["priority"],
        urgency=values["urgency"],
        requester_id=values["requester_id"],
        contact_name=values["contact_name"],
        contact_phone=values["contact_phone"],
        contact_department=values["contact_department"],
        opened_at=values["opened_at"],
        response_due_at=values["response_due_at"],
        responded_at=None,
        resolution_due_at=values["resolution_due_at"],
        hold_until=None,
        assignee=chosen.engineer,
        wished=values["wished_words"],
        wished_from=values["wished_from"],
        wished_until=values["wished_until"],
    )
