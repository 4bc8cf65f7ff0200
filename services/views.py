"""Tickets and people as conversations and pages read them: plain values, already permitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.category import Category
from domain.lifecycle import Status
from domain.numbers import short_number
from domain.priority import Impact, Priority, Urgency
from domain.sentence import Say, Word
from models import AttachmentState, Purpose


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody whose name and number the reader may see."""

    id: int
    name: str
    phone: str | None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class TicketView:
    """One ticket."""

    id: int
    number: str
    status: Status
    cycle: int
    symptom: str
    description: str
    device: str | None
    place: str
    category: Category
    priority: Priority
    urgency: Urgency
    requester_id: int
    contact_name: str
    contact_phone: str
    contact_department: str
    opened_at: datetime
    response_due_at: datetime | None
    responded_at: datetime | None
    resolution_due_at: datetime
    hold_until: datetime | None
    assignee: PersonView | None = None
    wished: str | None = None  # when the requester can be met, in their words
    wished_from: datetime | None = None
    wished_until: datetime | None = None

    @property
    def short(self) -> str:
        """The end of the number, as people say it."""
        return short_number(self.number)


@dataclass(frozen=True, slots=True)
class Report:
    """A fault or request, complete enough to become a ticket."""

    symptom: str
    description: str
    place: str
    category: Category
    urgency: Urgency
    impact: Impact = Impact.PERSON
    device: str | None = None
    error_code: str | None = None
    is_request: bool = False
    reading: dict[str, object] | None = None
    device_code: str | None = None  # of the device on whose case it stands
    behalf_of: "BehalfOf | None" = None
    wished: "Wished | None" = None
    read_in: int | None = None  # the message of the inbox by which it was understood
    is_part: bool = False  # one of several faults of a message: that as a whole was neither


@dataclass(frozen=True, slots=True)
class BehalfOf:
    """Whose fault it is, if the one who reports it does so for somebody else."""

    name: str
    department: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Wished:
    """When somebody may come; an end that is None is open."""

    words: str
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What the requester of an open ticket says is otherwise; what is None stays as it was."""

    place: str | None = None
    phone: str | None = None
    device: str | None = None
    device_code: str | None = None  # of one that the desk knows
    wished: Wished | None = None


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device as whoever scans its code reads it."""

    id: int
    code: str
    name: str
    place: str
    category: Category
    description: str | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Called:
    """Whom an urgent matter woke off hours (F15); nobody: why not, and when the desk opens."""

    person: PersonView | None
    is_on_call: bool = False  # somebody who can come; else a lead or head who finds somebody
    is_silenced: bool = False  # too many calls of one person, or muted by the desk (H-56)
    opens_at: datetime | None = None
    desk_phone: str = ""
    answer_minutes: int = 5  # then the next one is called
    answers_by: datetime | None = None  # when that is, on a page that is read later


@dataclass(frozen=True, slots=True)
class Opened:
    """What the requester is told at once (F5)."""

    ticket: TicketView
    is_desk_open: bool
    opens_at: datetime  # when the desk opens next
    attachments: int  # that waited for this report and now belong to it
    called: Called | None = None  # off hours, if it is urgent
    answered_by: datetime | None = None  # off hours, if it is not


@dataclass(frozen=True, slots=True)
class Urged:
    """What a requester reads who asked for haste."""

    ticket: TicketView
    is_again: bool  # it was urged a moment ago; the engineer is not told twice


@dataclass(frozen=True, slots=True)
class Attached:
    """Where a photo, voice, film or place went."""

    ticket: TicketView | None  # None: it waits for the next report
    count: int  # that wait, or that the ticket has


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a person is told who asked for a person (W1)."""

    ahead: int  # people who wait longer
    is_desk_open: bool
    opens_at: datetime
    is_backend_there: bool = True  # clerks can be reached in the WeChat backend
    is_matter_known: bool = True  # something was said that a clerk can read
    desk_phone: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """Somebody who joined by a code."""

    name: str
    is_engineer: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another engineer, and whether the ticket could go to them."""

    id: int
    name: str
    open_tickets: int
    why_not: str | None  # a word of domain/dispatch.py; None: free


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a ticket went that its engineer gave away."""

    ticket: TicketView
    to: PersonView | None  # None: back to the desk


@dataclass(frozen=True, slots=True)
class Scores:
    """A complete rating."""

    speed: int
    attitude: int
    result: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class WorkResult:
    """What an engineer reports on finishing (F10); `cause` is a key of nlp.result.CAUSES."""

    cause: str
    action_taken: str
    minutes: int
    is_on_site: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """Something that was sent with a ticket, as a page lists it; its bytes come by a link."""

    id: int
    kind: str  # image, voice, video, shortvideo, location, file
    state: AttachmentState
    has_thumb: bool
    is_playable: bool
    has_file: bool
    words: str | None  # heard in a voice
    purpose: Purpose
    at: datetime
    label: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    content_type: str | None = None
    size: int | None = None  # bytes

    @property
    def medium(self) -> str:
        """The word for it is `medium.` and this."""
        return "video" if self.kind == "shortvideo" else self.kind


@dataclass(frozen=True, slots=True)
class OnDuty:
    """An engineer who signed in."""

    name: str
    open_tickets: int
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """How the desk stands now."""

    by_status: Mapping[Status, int]  # what is not ended
    late: tuple[str, ...]  # the ends of the first numbers past what was promised
    late_count: int
    oldest: TicketView | None  # of those that nobody works on yet
    on_duty: tuple[OnDuty, ...]
    people_waiting: int  # for a person of the desk
    undelivered: int
    opened_today: int
    ended_today: int


@dataclass(frozen=True, slots=True)
class TryView:
    """One try to say a notice, and why it did not get through."""

    channel: str
    at: datetime
    why: Word
    errcode: int | None = None
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A notice that did not get through."""

    id: int
    name: str
    phone: str | None
    say: Say
    state: str
    since: datetime
    number: str | None  # of its ticket
    symptom: str | None
    tries: tuple[TryView, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreached:
    """All notices that did not get through are counted, the newest are shown."""

    count: int
    newest: tuple[Undelivered, ...]
