"""Time in which a ticket's clocks stand still: why, for whom it waits, until when (F11, R4)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar import Stretch
from domain.lifecycle import Status
from domain.targets import TargetKind, WaitsFor
from models import Ticket, TicketPause
from services.clocks import due_by
from services.target_clocks import due_of, move, next_of, owed, refresh, stop, stretches_of
from services.target_rows import agreement_of, case_of, pauses_of

if TYPE_CHECKING:
    from services.desk import Rules


def pause(
    session: Session,
    ticket: Ticket,
    now: datetime,
    reason: str,
    waits_for: WaitsFor,
    until: datetime,
    by: int | None,
) -> None:
    """The clocks stand from now on; whoever looks reads why and for whom."""
    end_pause(session, ticket, now)
    session.add(
        TicketPause(
            ticket_id=ticket.id,
            cycle=ticket.cycle,
            began_at=now,
            until=until,
            reason=reason[:200],
            waits_for=waits_for,
            begun_by_id=by,
        )
    )
    session.flush()
    stop(session, ticket)


def pause_and_move(
    session: Session,
    ticket: Ticket,
    rules: "Rules",
    now: datetime,
    reason: str,
    waits_for: WaitsFor,
    until: datetime,
    by: int | None,
) -> None:
    """The same; what is due next is said as it will be if the wait lasts until then."""
    pause(session, ticket, now, reason, waits_for, until, by)
    move(session, ticket, rules, now)
    refresh(session, ticket, rules)


def resume(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """The clocks go on; every promise moves by what its own clock would have run meanwhile."""
    if end_pause(session, ticket, now):
        move(session, ticket, rules, now)
    refresh(session, ticket, rules)


def end_pause(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Never longer than was said: a clock that was down costs the desk, not the requester."""
    found = open_pause(session, ticket)
    if found is None:
        return False
    found.ended_at = min(now, found.until or now)
    session.flush()
    return True


def open_pause(session: Session, ticket: Ticket) -> TicketPause | None:
    """Served by ix_ticket_pauses_open."""
    return session.scalar(
        select(TicketPause).where(
            TicketPause.ticket_id == ticket.id, TicketPause.ended_at.is_(None)
        )
    )


def waited_elsewhere(
    session: Session, ticket: Ticket, since: datetime, now: datetime, by: int | None = None
) -> None:
    """While a ticket was part of another one its own clocks stood."""
    session.add(
        TicketPause(
            ticket_id=ticket.id,
            cycle=ticket.cycle,
            began_at=since,
            until=now,
            ended_at=now,
            reason="",
            waits_for=WaitsFor.OTHER,
            begun_by_id=by,
        )
    )
    session.flush()


def put_back(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """What ended a hold is taken back: the clocks stand again as if nothing had been."""
    pauses = pauses_of(session, ticket.id, ticket.cycle)
    if ticket.status is Status.ON_HOLD and pauses and open_pause(session, ticket) is None:
        pauses[-1].ended_at = None
        session.flush()
    move(session, ticket, rules, now)
    refresh(session, ticket, rules)


def due_after(
    session: Session, ticket: Ticket, rules: "Rules", until: datetime, now: datetime
) -> datetime | None:
    """When the next word would be due if the ticket waited from now until then (F11).

    Why it waits is news: the next ones are counted from now on, where any are promised.
    """
    still = [Stretch(now, until)]
    rule = agreement_of(ticket, rules).rule_for(case_of(ticket))
    news = rule.targets.get(TargetKind.FEEDBACK)
    if news is not None:
        return due_by(rules.hours, now, news.within, news.runs, still)
    promise = next_of(owed(session, ticket))
    pauses = stretches_of(session, ticket, now)
    return due_of(promise, rules, [*pauses, *still]) if promise else None
