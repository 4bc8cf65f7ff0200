"""A clerk's words to the requester, out of a ticket: kept with it, and told by the best way (F11).

They wait some seconds before they leave, for a message in WeChat cannot be called back (C §7).
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from domain.lifecycle import Action
from domain.permissions import Permission
from domain.refusals import Refusal
from models import Activity, Notice, Person, Ticket
from services import notices, queries, targets, undoing
from services.records import act, permitted
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

LONGEST = 600  # characters; 2,048 bytes are the platform's limit (45002)


class NothingToTakeBack(Refusal):
    """The reply has left already, or was taken back."""

    text_key = "desk_act.reply_has_left"


class NoWay(Refusal):
    """Somebody known by phone alone is called, not written to (F2)."""

    text_key = "ticket_compose.no_way"


def reply(desk: "Desk", ticket_id: int, words: str) -> TicketView:
    """The requester reads it in chat, or when they come back; the timeline shows its fate."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.CONVERSATION_TAKE)
    if session.get_one(Person, ticket.requester_id).openid is None:
        raise NoWay()
    act(
        session,
        ticket,
        Action.TALK,
        actor_id=desk.actor.id,
        now=desk.now,
        reply=words[:LONGEST],
    )
    targets.spoken_for(session, ticket, desk.rules, desk.now, is_diagnosis=False)
    notices.tell(
        session,
        ticket.requester_id,
        "desk_told.reply",
        desk.now,
        ticket=ticket,
        who=desk.actor.name,
        words=words[:LONGEST],
    )
    session.flush()
    notice = session.scalars(_newest(ticket)).one()
    notice.next_try_at = desk.now + undoing.WITHIN
    line = session.scalars(_last_line(ticket)).one()
    line.detail = {**(line.detail or {}), "notice_id": notice.id}
    session.flush()
    return queries.view(session, ticket)


def take_back(desk: "Desk", ticket_id: int) -> str:
    """The actor's last reply, before it left; answers its words, to be written better."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.CONVERSATION_TAKE)
    line = session.scalars(_last_line(ticket)).first()
    detail = (line.detail or {}) if line else {}
    if line is None or line.actor_id != desk.actor.id or "notice_id" not in detail:
        raise NothingToTakeBack()
    if not undoing.withdraw(session, [detail["notice_id"]], desk.now):
        raise NothingToTakeBack()
    session.delete(line)  # nobody has read it: nothing was said
    session.flush()
    targets.taken_back(session, ticket, desk.rules, line.happened_at)
    return str(detail.get("reply", ""))


def _newest(ticket: Ticket) -> Any:
    return (
        select(Notice)
        .where(Notice.ticket_id == ticket.id, Notice.text_key == "desk_told.reply")
        .order_by(Notice.id.desc())
        .limit(1)
    )


def _last_line(ticket: Ticket) -> Any:
    return (
        select(Activity)
        .where(Activity.ticket_id == ticket.id, Activity.action == Action.TALK)
        .order_by(Activity.id.desc())
        .limit(1)
    )
