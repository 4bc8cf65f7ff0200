"""What is answered: each field is named here, and what is not named here is not sent."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.category import Category
from domain.lifecycle import Action, Status
from domain.permissions import Permission, Role
from domain.priority import Impact, Urgency
from domain.scopes import Scope
from models import IntakeChannel, TicketKind
from services.api_directory import DeviceRow, PersonRow
from services.api_tickets import Row
from services.timeline import Entry, EntryKind
from services.views import Overview
from web.api.caller import holds
from web.api.problems import words


class Shape(BaseModel):
    """Read from rows and views; whatever else those have is left out."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class FieldProblem(Shape):
    field: str | None
    code: str
    detail: str


class ChangeOut(Shape):
    at: datetime
    text: str


class Problem(Shape):
    """RFC 9457; `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None
    errors: list[FieldProblem]
    changes: list[ChangeOut]


class PersonBrief(Shape):
    id: int
    name: str
    phone: str | None  # for tokens with phones:read, of people who may call


class TicketOut(Shape):
    """One ticket."""

    number: str
    kind: TicketKind
    status: Status
    cycle: int
    channel: IntakeChannel
    symptom: str
    description: str
    category: Category
    priority: int  # 1 is served first
    urgency: Urgency
    impact: Impact
    place: str
    device: str | None
    device_code: str | None
    error_code: str | None
    requester: PersonBrief
    contact_name: str
    contact_department: str
    assignee: PersonBrief | None
    opened_at: datetime
    updated_at: datetime
    response_due_at: datetime | None
    responded_at: datetime | None
    resolution_due_at: datetime
    hold_until: datetime | None
    wished_words: str | None  # when the requester can be met, as they said it
    wished_from: datetime | None
    wished_until: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    merged_into: str | None
    etag: str  # for If-Match


class TicketPage(Shape):
    items: list[TicketOut]
    next: str | None


class TicketDone(Shape):
    """How a ticket stands after a write; the whole ticket is for tokens that may read."""

    number: str
    status: Status
    response_due_at: datetime | None
    resolution_due_at: datetime


class TicketOpened(TicketDone):
    """What the requester is told at once (F5)."""

    is_desk_open: bool
    opens_at: datetime


class AttachmentOut(Shape):
    id: int
    kind: str


class EntryOut(Shape):
    """One line of the timeline, in words."""

    at: datetime
    kind: EntryKind
    action: Action | None
    text: str
    details: list[str]
    attachment: AttachmentOut | None


class TimelineOut(Shape):
    items: list[EntryOut]


class PersonOut(Shape):
    id: int
    name: str | None
    department: str | None
    office: str | None
    staff_number: str | None
    roles: list[Role]
    phone: str | None
    extension: str | None


class PersonPage(Shape):
    items: list[PersonOut]
    next: str | None


class DeviceOut(Shape):
    code: str
    name: str
    category: Category
    place: str
    description: str | None
    is_active: bool
    owner_id: int | None
    owner: str | None


class DevicePage(Shape):
    items: list[DeviceOut]
    next: str | None


class OnDutyOut(Shape):
    name: str
    open_tickets: int
    is_reachable: bool


class OverviewOut(Shape):
    """How the desk stands now."""

    by_status: dict[str, int]
    late: int
    oldest: str | None  # the number of whom nobody works on yet
    on_duty: list[OnDutyOut]
    people_waiting: int
    undelivered: int
    opened_today: int
    ended_today: int


class BulletinOut(Shape):
    id: int
    title: str
    body: str
    is_urgent: bool
    author: str
    published_at: datetime
    expires_at: datetime | None


class BulletinPage(Shape):
    items: list[BulletinOut]
    next: str | None


class MeOut(Shape):
    """As whom the token acts, how far it reaches, and until when."""

    id: int
    name: str | None
    roles: list[Role]
    token: str
    scopes: list[Scope]
    expires_at: datetime


# --- from what the services answer ---------------------------------------------------------------


def ticket_out(row: Row) -> TicketOut:
    found = row.ticket
    with_phones = holds(Permission.PERSON_READ_PHONE)
    facts = {**found._mapping, "etag": etag_of(found.id, found.version)}
    facts["requester"] = PersonBrief(
        id=found.requester_id,
        name=found.requester_name or found.contact_name,
        phone=row.requester_phone if with_phones else None,
    )
    facts["assignee"] = None
    if found.assignee_id is not None:
        facts["assignee"] = PersonBrief(
            id=found.assignee_id,
            name=found.assignee_name or "",
            phone=row.assignee_phone if with_phones else None,
        )
    return TicketOut.model_validate(facts)


def etag_of(ticket_id: int, version: int) -> str:
    """A ticket is another one after each line of its timeline."""
    return f'"{ticket_id}.{version}"'


def entry_out(entry: Entry) -> EntryOut:
    attached = entry.attachment
    return EntryOut(
        at=entry.at,
        kind=entry.kind,
        action=entry.action,
        text=words(entry.say.key, **entry.say.facts),
        details=[words(each.key, **each.facts) for each in entry.details],
        attachment=AttachmentOut.model_validate(attached) if attached else None,
    )


def person_out(row: PersonRow) -> PersonOut:
    facts = {name: getattr(row, name) for name in row.__slots__}
    return PersonOut.model_validate({**facts, "roles": sorted(row.roles)})


def device_out(row: DeviceRow) -> DeviceOut:
    return DeviceOut.model_validate(row)


def overview_out(found: Overview) -> OverviewOut:
    return OverviewOut(
        by_status={status.value: count for status, count in found.by_status.items()},
        late=found.late_count,
        oldest=found.oldest.number if found.oldest else None,
        on_duty=[OnDutyOut.model_validate(each) for each in found.on_duty],
        people_waiting=found.people_waiting,
        undelivered=found.undelivered,
        opened_today=found.opened_today,
        ended_today=found.ended_today,
    )
