"""Tickets: listed, read, opened, corrected (F3, F4, F5)."""

from enum import Enum
from typing import TypeVar

from flask import Response, request

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Permission
from domain.priority import Priority
from domain.refusals import NotFound
from domain.scopes import Scope
from handlers import fault
from handlers.fault import Fault
from models import IntakeChannel
from services import api_directory, api_tickets, desk_acts, opening
from services.api_tickets import Wanted
from services.desk import Desk
from services.timeline import EntryKind, timeline
from services.views import Opened, Report
from web.api.asked import CorrectionAsked, TicketAsked, TicketsAsked
from web.api.caller import ScopeMissing, bearer, calls, holds, needs
from web.api.paging import cursor_after_ticket, cut, ticket_place
from web.api.problems import Wrong
from web.api.shapes import (
    TicketDone,
    TicketOpened,
    TicketOut,
    TicketPage,
    TimelineOut,
    entry_out,
    ticket_out,
)
from web.api.writing import Answered, Written, demand_unchanged, done, looking, write

Word = TypeVar("Word", bound=Enum)

_NEEDED = {
    EntryKind.MEDIA: Permission.TICKET_READ_MEDIA,
    EntryKind.TALK: Permission.CONVERSATION_TAKE,
    EntryKind.RATING: Permission.RATING_READ,
    EntryKind.UNDELIVERED: Permission.NOTICE_READ,
}

routes = calls("tickets")


@routes.get("/tickets")
@routes.input(TicketsAsked, location="query")
@routes.output(TicketPage)
@needs(Permission.TICKET_READ)
def list_tickets(query_data: TicketsAsked) -> TicketPage:
    """Tickets that the token's person may read: the newest, or the soonest to be met, first."""
    is_by_wish = query_data.sort == "wished"
    below = ticket_place(query_data.cursor, is_by_wish=is_by_wish)
    listed = api_tickets.tickets_by_wish if is_by_wish else api_tickets.tickets
    with looking() as desk:
        found = listed(desk, _wanted(query_data), below, query_data.limit + 1)
    page, last = cut(found, query_data.limit)
    ended = api_tickets.place_of(last, is_by_wish=is_by_wish) if last else None
    ends = cursor_after_ticket(ended) if ended else None
    return TicketPage(items=[ticket_out(each) for each in page], next=ends)


def _wanted(asked: TicketsAsked) -> Wanted:
    return Wanted(
        status=_words(Status, asked.status),
        category=_words(Category, asked.category),
        priority=frozenset(Priority(int(each)) for each in asked.priority.split(",") if each),
        updated_since=asked.updated_since,
        requester_id=_person(asked.requester),
        assignee_id=_person(asked.assignee),
    )


def _words(kind: type[Word], named: str) -> frozenset[Word]:
    return frozenset(kind(each) for each in named.split(",") if each)


def _person(named: str) -> int | None:
    if named == "me":
        return bearer().speaker.id
    return int(named) if named else None


@routes.get("/tickets/<ticket:number>")
@routes.output(TicketOut)
@needs(Permission.TICKET_READ)
def read_ticket(number: str) -> tuple[TicketOut, int, dict[str, str]] | Response:
    """One ticket; its ETag names the version."""
    with looking() as desk:
        shown = ticket_out(api_tickets.ticket(desk, desk.find(number).id))
    if request.if_none_match.contains_weak(shown.etag.strip('"')):
        return Response(status=304, headers={"ETag": shown.etag})
    return shown, 200, {"ETag": shown.etag}


@routes.get("/tickets/<ticket:number>/timeline")
@routes.output(TimelineOut)
@needs(Permission.TICKET_READ)
def read_timeline(number: str) -> TimelineOut:
    """What was done, sent and said, oldest first, as far as token and person may read it."""
    with looking() as desk:
        entries = timeline(desk.session, desk.actor, desk.find(number).id)
    shown = [each for each in entries if holds(_NEEDED.get(each.kind, Permission.TICKET_READ))]
    return TimelineOut(items=[entry_out(each) for each in shown])


@routes.post("/tickets")
@routes.input(TicketAsked)
@routes.output(TicketOpened, status_code=201)
@needs(Permission.TICKET_OPEN)
def open_ticket(json_data: TicketAsked) -> Answered:
    """Open a ticket, for the token's person or for somebody else, and dispatch it."""
    told = fault.told_in(json_data.description)
    return write(json_data, lambda desk: _opened(desk, json_data, told), 201)


def _opened(desk: Desk, asked: TicketAsked, told: Fault) -> Written:
    report = _report(desk, asked, told)
    if asked.requester_id is None:
        return _told(desk, desk.report(report, channel=_channel()))
    if not holds(Permission.TICKET_OPEN_FOR_OTHER):
        raise ScopeMissing(permission=Permission.TICKET_OPEN_FOR_OTHER.value)
    try:
        requester = api_directory.reported_for(desk.session, asked.requester_id)
    except NotFound:
        raise Wrong("requester_id", "api.invalid.person") from None
    opened = opening.report_for(desk, report, requester)
    api_tickets.came_by(desk, opened.ticket.id, _channel())
    return _told(desk, opened)


def _channel() -> IntakeChannel:
    """A token that may do nothing but raise alarms belongs to a monitoring system (F4)."""
    is_alarm = Scope.TICKETS_WRITE not in bearer().scopes
    return IntakeChannel.MONITORING if is_alarm else IntakeChannel.WEB


def _told(desk: Desk, opened: Opened) -> Written:
    stands = done(desk, opened.ticket.id).said
    said = TicketOpened(
        **stands.model_dump(), is_desk_open=opened.is_desk_open, opens_at=opened.opens_at
    )
    return Written(opened.ticket.id, said)


def _report(desk: Desk, asked: TicketAsked, told: Fault) -> Report:
    """What was said in so many words goes before what was read out of the description."""
    device = desk.device(asked.device_code) if asked.device_code else None
    if asked.device_code and device is None:
        raise Wrong("device_code", "api.invalid.device")
    read = told.report()
    known = Category(told.category) if told.category else None
    category = asked.category or (device.category if device else known)
    place = asked.place or (device.place if device else read.place)
    if category is None:
        raise Wrong("category", "api.invalid.category_unclear")
    if not place:
        raise Wrong("place", "api.invalid.missing")
    return Report(
        symptom=asked.symptom or read.symptom or asked.description,
        description=asked.description,
        place=place,
        category=category,
        urgency=asked.urgency or read.urgency,
        impact=asked.impact or read.impact,
        device=read.device,
        error_code=asked.error_code or read.error_code,
        is_request=read.is_request if asked.is_request is None else asked.is_request,
        reading=read.reading,
        device_code=asked.device_code,
    )


@routes.patch("/tickets/<ticket:number>")
@routes.input(CorrectionAsked)
@routes.output(TicketDone)
@needs(Permission.TICKET_CORRECT)
def correct_ticket(number: str, json_data: CorrectionAsked) -> Answered:
    """Correct what is known better by now; If-Match says which version that is about."""

    def do(desk: Desk) -> Written:
        ticket_id = desk.find(number).id
        demand_unchanged(desk, ticket_id, is_demanded=True)
        desk_acts.correct(desk, ticket_id, **json_data.model_dump(exclude_none=True))
        return done(desk, ticket_id)

    return write(json_data, do)
