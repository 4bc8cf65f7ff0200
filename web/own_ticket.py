"""One ticket with all that a requester's page shows of it, on a phone or at a computer (F11)."""

from dataclasses import dataclass

from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission, may
from domain.sentence import Say
from handlers.called_out import called_now_says
from services import called_now, reported, timeline
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
    is_rating_changeable: bool = False
    why: tuple[Say, ...] = ()  # how the time of the next word was reckoned (R4)
    called: Say | None = None  # off hours: whom it has woken, and by when they answer (F15)

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
        is_own and ticket.status is Status.CLOSED and desk.rating_to_change(ticket.id) is not None,
        desk.why_due(ticket.id) if ticket.status in OPEN_STATUSES else (),
        _called(desk, ticket),
    )


def _called(desk: Desk, ticket: TicketView) -> Say | None:
    called = called_now.called_now(desk.session, ticket.id, desk.rules, desk.now)
    return called_now_says(called, desk.now) if called else None
