"""One ticket with all that a requester's page shows of it, on a phone or at a computer (F11)."""

from dataclasses import dataclass

from domain.lifecycle import OPEN_STATUSES
from domain.permissions import Permission, may
from domain.sentence import Say
from services import reported, timeline
from services.desk import Desk
from services.views import TicketView


@dataclass(frozen=True, slots=True)
class Shown:
    """The ticket, its timeline, and what its reader may do with it now."""

    ticket: TicketView
    entries: tuple[timeline.Entry, ...]
    is_own: bool
    is_rateable: bool
    is_reopenable: bool
    has_contact: bool  # for who may dial everybody's number
    why: tuple[Say, ...] = ()  # how the time of the next word was reckoned (R4)

    @property
    def is_open(self) -> bool:
        return self.ticket.status in OPEN_STATUSES


def shown(desk: Desk, ticket: TicketView) -> Shown:
    session, is_own = desk.session, ticket.requester_id == desk.actor.id
    since = desk.now - desk.rules.targets.reopen_within
    ended_at = reported.closed_at(session, ticket.id)
    return Shown(
        ticket,
        timeline.timeline(session, desk.actor, ticket.id),
        is_own,
        is_own and reported.is_rateable(session, ticket),
        is_own and reported.may_be_reopened(ticket, ended_at, since),
        not is_own and may(desk.actor.roles, Permission.PERSON_READ_PHONE),
        desk.why_due(ticket.id) if ticket.status in OPEN_STATUSES else (),
    )
