"""One ticket, whole, as the console shows it: clocks, verbs, timeline with fates, side (E, F11)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.lifecycle import Action, actions_from
from domain.permissions import Permission, Stand, may
from domain.refusals import NotFound, Refusal
from domain.sentence import Say, from_json
from models import (
    Activity,
    Attachment,
    Delivery,
    Notice,
    NoticeState,
    Outcome,
    Person,
    Takeover,
    TalkLine,
    Ticket,
)
from services import (
    clock_words,
    dispatch_panel,
    ladder_card,
    merging,
    misses,
    notes,
    presence,
    queries,
    requester_card,
    undoing,
)
from services.clock_words import Clock
from services.dispatch_panel import Panel
from services.ladder_card import LadderCard
from services.misses import Miss
from services.orders import NEEDED
from services.presence import Present
from services.reasons import reason_of
from services.records import locked, stand_of
from services.requester_card import DeviceCard, Related, RequesterCard
from services.timeline import Entry, EntryKind, timeline
from services.undoing import Undoable
from services.views import TicketView, TryView

if TYPE_CHECKING:
    from services.desk import Desk

_OPEN = (NoticeState.PENDING, NoticeState.CLAIMED)
_NOT_THROUGH = (NoticeState.HELD, NoticeState.EXPIRED, NoticeState.FAILED, NoticeState.UNKNOWN)
_FROM_PARTS = (EntryKind.MEDIA, EntryKind.TALK)
_NEIGHBOURS = 30


class ChangedMeanwhile(Refusal):
    """Somebody else moved the ticket after the page was drawn (C §5)."""

    text_key = "desk_act.changed"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice with its fate (P6)."""

    id: int
    at: datetime
    to: str
    say: Say
    state: str
    next_try_at: datetime
    settled_at: datetime | None
    opened_at: datetime | None
    tries: tuple[TryView, ...]
    may_retry: bool
    is_waiting: bool  # for its seconds to be taken back in


@dataclass(frozen=True, slots=True)
class Line:
    """What the timeline shows: an entry, or a notice; of a merged ticket with its number."""

    at: datetime
    entry: Entry | None = None
    notice: NoticeLine | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """An act that this reader could do; `why_not` if the ticket's status has no way for it."""

    name: str
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page shows of a ticket beside its view."""

    contact_office: str
    contact_phone: str | None  # for who may call
    channel: str
    opened_by: str | None
    impact: str
    error_code: str | None
    device_code: str | None
    supporter: str | None
    is_complex: bool
    merged_into: str | None
    may_unmerge: bool


@dataclass(frozen=True, slots=True)
class TicketPage:
    """All that moves by itself: what the reader's browser asks for again and again."""

    ticket: TicketView
    facts: Facts
    answering: Clock
    solving: Clock
    verbs: tuple[Verb, ...]
    lines: tuple[Line, ...]
    present: tuple[Present, ...]
    undoable: Undoable | None
    seen: int  # the newest line of its history
    is_followed: bool


@dataclass(frozen=True, slots=True)
class TicketSide:
    """The column at the side."""

    requester: RequesterCard | None
    device: DeviceCard | None
    panel: Panel | None
    related: Related
    ladder: LadderCard | None
    misses: tuple[Miss, ...] = ()


_VERBS: tuple[tuple[str, tuple[Action, ...], Permission], ...] = (
    ("dispatch", (Action.ASSIGN,), Permission.TICKET_DISPATCH),
    ("assign", (Action.ASSIGN,), Permission.TICKET_DISPATCH),
    ("reassign", (Action.REASSIGN,), Permission.TICKET_DISPATCH),
    ("arrive", (Action.PROGRESS,), Permission.TICKET_PROGRESS),
    *(
        (action.value, (action,), NEEDED[action])
        for action in (
            Action.ACCEPT,
            Action.PROGRESS,
            Action.RESUME,
            Action.RESOLVE,
            Action.HOLD,
            Action.ASK_SUPPORT,
            Action.GIVE_SUPPORT,
            Action.TRANSFER,
            Action.DECLINE,
            Action.CONFIRM,
            Action.REOPEN,
            Action.URGE,
            Action.CORRECT,
            Action.RECLASSIFY,
            Action.MERGE,
            Action.UNMERGE,
            Action.LINK,
            Action.SPLIT,
            Action.CANCEL,
        )
    ),
    ("escalate", (Action.ESCALATE,), Permission.TICKET_DISPATCH),
    ("quiet", (Action.ESCALATE,), Permission.TICKET_DISPATCH),
)


# --- reading ------------------------------------------------------------------------------------


def find(desk: "Desk", number: str) -> Ticket:
    """The ticket of this number, if the actor reads it as one who works here; else NotFound."""
    ticket = desk.session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None or not is_inside(desk, ticket):
        raise NotFound()
    return ticket


def is_inside(desk: "Desk", ticket: Ticket) -> bool:
    stand = replace(stand_of(desk.session, desk.actor, ticket), is_own=False)
    return may(desk.actor.roles, Permission.TICKET_READ, stand)


def page(desk: "Desk", number: str) -> TicketPage:
    session, now = desk.session, desk.now
    ticket = find(desk, number)
    stand = stand_of(session, desk.actor, ticket)
    answering, solving = clock_words.clocks_of(session, ticket, desk.rules, now)
    return TicketPage(
        ticket=queries.view(session, ticket),
        facts=_facts(desk, ticket, stand),
        answering=answering,
        solving=solving,
        verbs=verbs(desk, ticket, stand),
        lines=_lines(desk, ticket, stand),
        present=presence.others(session, ticket.id, desk.actor.id, now),
        undoable=undoing.undoable(desk, ticket.id),
        seen=newest_line(session, ticket.id),
        is_followed=notes.is_following(desk, ticket.id),
    )


def side(desk: "Desk", number: str) -> TicketSide:
    ticket = find(desk, number)
    may_dispatch = may(desk.actor.roles, Permission.TICKET_DISPATCH)
    return TicketSide(
        requester_card.requester(desk, ticket),
        requester_card.device(desk, ticket),
        dispatch_panel.panel(desk, ticket) if may_dispatch else None,
        requester_card.related(desk, ticket),
        ladder_card.card(desk, ticket),
        misses.of_ticket(desk, ticket.id),
    )


def state(desk: "Desk", number: str) -> list[Any]:
    """What the page of the ticket depends on; the page is drawn anew once it is another."""
    session, now = desk.session, desk.now
    ticket = find(desk, number)
    notices = session.execute(
        select(Notice.id, Notice.state, Notice.tries, Notice.opened_at).where(
            Notice.ticket_id == ticket.id
        )
    ).all()
    media = session.execute(
        select(Attachment.id, Attachment.state).where(Attachment.ticket_id == ticket.id)
    ).all()
    said = session.scalar(
        select(func.max(TalkLine.id))
        .join(Takeover, Takeover.id == TalkLine.takeover_id)
        .where(Takeover.ticket_id == ticket.id)
    )
    others = presence.others(session, ticket.id, desk.actor.id, now)
    undoable = undoing.undoable(desk, ticket.id)
    return [
        newest_line(session, ticket.id),
        ticket.status.value,
        [list(map(str, row)) for row in (*notices, *media)],
        said,
        [[each.person_id, each.is_typing] for each in others],
        undoable is not None,
        notes.is_following(desk, ticket.id),
        int(now.timestamp() // 60),  # clocks are read in minutes
    ]


def neighbours(desk: "Desk") -> tuple[TicketView, ...]:
    """The way on: what is due next of all that is open, or of the reader's own work."""
    if not may(desk.actor.roles, Permission.TICKET_LIST):
        mine = (
            queries.waiting_for(desk.session, desk.actor),
            queries.work_of(desk.session, desk.actor),
        )
        return (*mine[0], *mine[1])
    return queries.due_next(desk.session, _NEIGHBOURS)


def newest_line(session: Session, ticket_id: int) -> int:
    newest = select(func.max(Activity.id)).where(Activity.ticket_id == ticket_id)
    return session.scalar(newest) or 0


def _facts(desk: "Desk", ticket: Ticket, stand: Stand) -> Facts:
    session = desk.session
    into = session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None
    may_call = may(desk.actor.roles, Permission.PERSON_READ_PHONE, stand)
    code = (ticket.device_description or "").split(" ", 1)[0] if ticket.device_id else None
    return Facts(
        contact_office=ticket.contact_office,
        contact_phone=ticket.contact_phone if may_call else None,
        channel=ticket.channel.value,
        opened_by=_name(session, ticket.opened_by_id),
        impact=ticket.impact.value,
        error_code=ticket.error_code,
        device_code=code,
        supporter=_name(session, ticket.supporter_id),
        is_complex=ticket.is_complex,
        merged_into=into.number if into else None,
        may_unmerge=merging.may_still_unmerge(desk, ticket),
    )


def _name(session: Session, person_id: int | None) -> str | None:
    return session.get_one(Person, person_id).name if person_id is not None else None


def verbs(desk: "Desk", ticket: Ticket, stand: Stand) -> tuple[Verb, ...]:
    """Only what this role may do at all; what the status forbids now is marked (LIFECYCLE × Y1)."""
    at_work, ways = replace(stand, is_own=False), actions_from(ticket.status)
    return tuple(
        Verb(name, any(action in ways for action in actions))
        for name, actions, permission in _VERBS
        if may(desk.actor.roles, permission, at_work)
    )


# --- the timeline -------------------------------------------------------------------------------


def _lines(desk: "Desk", ticket: Ticket, stand: Stand) -> tuple[Line, ...]:
    """Oldest first, with the fates of notices, and what was sent with what is merged into it."""
    session, actor = desk.session, desk.actor
    has_fates = may(actor.roles, Permission.NOTICE_READ, stand)
    entries = [
        Line(each.at, entry=each)
        for each in timeline(session, actor, ticket.id)
        if each.kind is not EntryKind.UNDELIVERED
    ]
    fates = fates_of(desk, Notice.ticket_id == ticket.id) if has_fates else ()
    parts = [
        Line(each.at, entry=each, number=part.number)
        for part in merging.merged_into(session, ticket.id)
        if is_inside(desk, part)
        for each in timeline(session, actor, part.id)
        if each.kind in _FROM_PARTS or each.action in (Action.OPEN, Action.AMEND)
    ]
    return tuple(sorted([*entries, *fates, *parts], key=lambda line: line.at))


def fates_of(desk: "Desk", are_about: ColumnElement[bool]) -> tuple[Line, ...]:
    """Notices with what became of them, in their order (P6); the caller has asked who may see."""
    session = desk.session
    # Served by ix_notices_ticket_id, ix_notices_complaint_id.
    rows = session.scalars(select(Notice).where(are_about).order_by(Notice.id)).all()
    tries = _tries(session, [row.id for row in rows])
    names = _names(session, {row.recipient_id for row in rows})
    may_retry = may(desk.actor.roles, Permission.NOTICE_RETRY)
    return tuple(
        Line(
            row.created_at,
            notice=NoticeLine(
                id=row.id,
                at=row.created_at,
                to=names.get(row.recipient_id, ""),
                say=from_json(row.say),
                state=row.state.value,
                next_try_at=row.next_try_at,
                settled_at=row.settled_at,
                opened_at=row.opened_at,
                tries=tuple(map(_try, tries.get(row.id, ()))),
                may_retry=may_retry and row.state in _NOT_THROUGH,
                is_waiting=row.state in _OPEN and row.next_try_at > desk.now and row.tries == 0,
            ),
        )
        for row in rows
    )


def _tries(session: Session, ids: Collection[int]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    statement = select(Delivery).where(Delivery.notice_id.in_(ids)).order_by(Delivery.id)
    for each in session.scalars(statement):
        found.setdefault(each.notice_id, []).append(each)
    return found


def _try(tried: Delivery) -> TryView:
    is_accepted = tried.outcome is Outcome.ACCEPTED
    return TryView(
        tried.channel.value, tried.started_at, reason_of(tried), tried.errcode, is_accepted
    )


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name or "" for row in rows}


# --- two clerks never overwrite each other --------------------------------------------------------


def demand_unchanged(desk: "Desk", number: str, seen: int) -> int:
    """The locked ticket's id; ChangedMeanwhile if somebody else moved it since that line."""
    ticket = find(desk, number)
    locked(desk.session, ticket.id)
    if any(_moves(line) for line in _foreign_lines(desk, ticket.id, seen)):
        raise ChangedMeanwhile()
    return ticket.id


def changes(desk: "Desk", number: str, seen: int) -> tuple[Entry, ...]:
    """What somebody else did since that line, in words."""
    ticket = find(desk, number)
    ids = {line.id for line in _foreign_lines(desk, ticket.id, seen)}
    entries = timeline(desk.session, desk.actor, ticket.id)
    return tuple(each for each in entries if each.line_id in ids)


def _foreign_lines(desk: "Desk", ticket_id: int, seen: int) -> Sequence[Activity]:
    statement = select(Activity).where(
        Activity.ticket_id == ticket_id,
        Activity.id > seen,
        Activity.actor_id.is_distinct_from(desk.actor.id),
    )
    return desk.session.scalars(statement.order_by(Activity.id)).all()


_MOVING = (Action.REASSIGN, Action.CORRECT, Action.RECLASSIFY, Action.ASK_SUPPORT)


def _moves(line: Activity) -> bool:
    """Whether somebody who had not seen it would be acting on another ticket than they think."""
    detail = line.detail or {}
    is_undo = "undo" in detail and line.action is Action.NOTE
    says_otherwise = "after" in detail  # what the requester told of place, number or device
    has_moved = line.status_before is not line.status_after or line.action in _MOVING
    return has_moved or is_undo or says_otherwise
