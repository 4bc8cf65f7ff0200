"""The desk lets somebody's reports wake nobody for a while; who did so, and why, is kept (H-56)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.permissions import Permission
from models import OfficeSetting
from services import audit, on_call
from services.records import permitted

if TYPE_CHECKING:
    from services.desk import Desk

MUTED_FOR = timedelta(hours=12)
"""One night: in the morning the desk looks at it itself."""


def mute(desk: "Desk", ticket_id: int) -> datetime:
    """Whoever reported this ticket wakes nobody until then; their reports are taken as ever."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    until = desk.now + MUTED_FOR
    _keep(desk, ticket.requester_id, until.isoformat())
    return until


def unmute(desk: "Desk", ticket_id: int) -> None:
    """Their urgent reports wake somebody again."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    _keep(desk, ticket.requester_id, None)


def _keep(desk: "Desk", person_id: int, until: str | None) -> None:
    """Nights that are over go with every change."""
    known = on_call.muted(desk.session)
    before = known.pop(str(person_id), None)
    kept = {each: at for each, at in known.items() if datetime.fromisoformat(str(at)) > desk.now}
    if until is not None:
        kept[str(person_id)] = until
    row = desk.session.get(OfficeSetting, on_call.MUTED)
    if row is None:
        row = OfficeSetting(key=on_call.MUTED)
        desk.session.add(row)
    row.value, row.changed_at, row.changed_by_id = kept, desk.now, desk.actor.id
    desk.session.flush()
    audit.done_by(
        desk,
        "on_call.mute" if until else "on_call.unmute",
        f"person:{person_id}",
        {"until": before},
        {"until": until},
    )
