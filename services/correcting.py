"""What the desk knows better than the report: category, priority, place, contact, device (F6)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from domain import dispatch
from domain.category import Category
from domain.dispatch import PRIORITY_WEIGHT
from domain.lifecycle import Action, Status
from domain.permissions import Permission
from domain.priority import PRIORITIES, Impact, Priority, Urgency, priority_of
from domain.refusals import Refusal
from domain.understanding import Truth
from models import Engineer, Ticket, table_of
from services import calling, devices, dispatching, queries, targets
from services.readings import truth
from services.records import act, permitted
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

_HELD = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
_READ: Mapping[str, Callable[[Any], Any]] = {
    "category": Category,
    "impact": Impact,
    "urgency": Urgency,
    "symptom": str,
    "place": str,
    "contact_name": str,
    "contact_department": str,
    "contact_phone": str,
    "contact_office": str,
    "device": str,
    "wished_words": str,
}
_engineers = table_of(Engineer)
_WEIGH = (
    update(_engineers)
    .where(_engineers.c.person_id == bindparam("of_engineer"))
    .values(workload=_engineers.c.workload + bindparam("more"))
)
_DECIDING = ("category", "place", "priority")
"""What dispatch looks at: once it is corrected, work that waits is offered anew (B2)."""

_SAID_IN_WORDS = ("wished_from", "wished_until")  # beside them the wish stands as it was said
_PROMISED_BY = ("priority", "contact_department")
"""What the agreement looks at: once it is corrected, other promises hold (F14)."""


class UnknownDevice(Refusal):
    """No device has this code on its case."""

    text_key = "desk_act.unknown_device"


def correct(desk: "Desk", ticket_id: int, facts: Mapping[str, Any]) -> TicketView:
    """Change what is different; counts, priority and dispatch follow. Nothing new: nothing said."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_CORRECT)
    changed = changes(desk.session, ticket, facts)
    if changed:
        put(desk, ticket, changed, Action.CORRECT)
    return queries.view(desk.session, ticket)


def changes(session: Session, ticket: Ticket, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of these facts, the columns that would be different; a fact that is None is none."""
    wanted = _wanted(session, ticket, facts)
    return {name: value for name, value in wanted.items() if getattr(ticket, name) != value}


def put(
    desk: "Desk", ticket: Ticket, changed: Mapping[str, Any], action: Action, **detail: Any
) -> None:
    """The columns as they are from now on; the line of the history says what they were."""
    session = desk.session
    said = [name for name in changed if name not in _SAID_IN_WORDS]
    act(
        session,
        ticket,
        action,
        actor_id=desk.actor.id,
        now=desk.now,
        before={name: _plain(getattr(ticket, name)) for name in said} or None,
        after={name: _plain(changed[name]) for name in said} or None,
        **detail,
    )
    if "priority" in changed:
        _weigh_anew(session, ticket, changed["priority"])
    for name, value in changed.items():
        setattr(ticket, name, value)
    session.flush()
    if "category" in changed or "urgency" in changed:
        truth.learn(
            session,
            ticket.id,
            Truth.CORRECTED,
            category=changed.get("category"),
            urgency=changed.get("urgency"),
            by_id=desk.actor.id,
            now=desk.now,
        )
    if any(name in changed for name in _PROMISED_BY):
        targets.retarget(session, ticket, desk.rules, desk.now)
    if ticket.status is Status.NEW and any(name in changed for name in _DECIDING):
        _offer(desk, ticket)


def _wanted(session: Session, ticket: Ticket, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Columns with their new values; KeyError for a fact that a ticket does not have."""
    given = {name: value for name, value in facts.items() if value is not None}
    code, priority = given.pop("device_code", None), given.pop("priority", None)
    wanted = {name: _READ[name](value) for name, value in given.items()}
    if priority is not None:
        impact, urgency = _grounds_for(ticket, Priority(int(priority)))
        wanted |= {"impact": impact, "urgency": urgency}
    if "impact" in wanted or "urgency" in wanted:
        impact = wanted.get("impact", ticket.impact)
        wanted["priority"] = priority_of(impact, wanted.get("urgency", ticket.urgency))
    if code is not None:
        wanted |= _device(session, code)
    return {name: _cut(name, value) for name, value in wanted.items()}


def raise_to(session: Session, ticket: Ticket, priority: Priority) -> None:
    """As pressing as that from now on, and its engineer's workload with it."""
    _weigh_anew(session, ticket, priority)
    ticket.impact, ticket.urgency = _grounds_for(ticket, priority)
    ticket.priority = priority
    session.flush()


def _grounds_for(ticket: Ticket, priority: Priority) -> tuple[Impact, Urgency]:
    """The impact and urgency that give this priority and change least of what was said."""
    fitting = [pair for pair, given in PRIORITIES.items() if given is priority]
    return max(
        fitting, key=lambda pair: (pair[0] is ticket.impact) * 2 + (pair[1] is ticket.urgency)
    )


def _device(session: Session, code: str) -> dict[str, Any]:
    """Of a device by its code; an empty code takes the device off."""
    if not code.strip():
        return {"device_id": None, "device_description": None}
    device = devices.find(session, code)
    if device is None:
        raise UnknownDevice(code=code[:40])
    described = " ".join(filter(None, (device.code, device.description)))
    return {"device": device.name, "device_id": device.id, "device_description": described}


def _cut(name: str, value: Any) -> Any:
    length = getattr(table_of(Ticket).c[name].type, "length", None)
    return value[:length] if length and type(value) is str else value


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _weigh_anew(session: Session, ticket: Ticket, priority: Priority) -> None:
    """The engineer's workload counts the ticket as what it is now."""
    if ticket.status not in _HELD or ticket.assignee_id is None:
        return
    more = PRIORITY_WEIGHT[priority] - PRIORITY_WEIGHT[ticket.priority]
    session.connection().execute(_WEIGH, {"of_engineer": ticket.assignee_id, "more": more})


def _offer(desk: "Desk", ticket: Ticket) -> None:
    """To whoever can take it as it is known now; silent where there is nobody."""
    session = desk.session
    if not desk.rules.hours.is_open(desk.now):
        calling.give_out(session, ticket, desk.rules, desk.now)
        return
    excluded = dispatching.gave_back(session, ticket)
    dispatching.decide_alone(session)
    found, _ = dispatching.candidates(session, ticket.requester_id, desk.now)
    job = dispatching.job_of(ticket, excluded)
    receipt = dispatch.choose(job, found, desk.rules.max_open_tickets)
    if receipt.chosen is not None:
        dispatching.assign(session, ticket, receipt.chosen, desk.rules, desk.now, receipt=receipt)
