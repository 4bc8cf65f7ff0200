"""What callers send: each field with its limits, and nothing beside them (H-46)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from domain.category import Category
from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from domain.targets import WaitsFor
from nlp.result import CAUSES
from web.api.paging import MOST, USUAL

_LARGEST_ID = 2**31 - 1
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _of_our_time(at: datetime) -> datetime:
    if not _FIRST_YEAR <= at.year < _LAST_YEAR:
        raise ValueError("not of our time")
    return at.astimezone(UTC)


def _written(at: object) -> object:
    """A number of seconds is no time that people wrote down."""
    if not isinstance(at, str):
        raise ValueError("not a text")
    return at


def _some_of(values: Iterable[Enum]) -> Any:
    """Several words of a list in one parameter, with commas between them."""
    one = "|".join(str(each.value) for each in values)
    return Annotated[str, StringConstraints(pattern=rf"^(?:{one})(?:,(?:{one}))*$", max_length=200)]


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)]
Id = Annotated[StrictInt, Field(ge=1, le=_LARGEST_ID)]
PersonWord = Annotated[str, StringConstraints(pattern=r"^(?:me|[1-9][0-9]{0,8})$")]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,200}$")]
DeviceCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def _words(most: int) -> Any:
    return Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=most)]


class Asked(BaseModel):
    """What a caller says; a field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


# --- lists ---------------------------------------------------------------------------------------


class ListAsked(Asked):
    """A page of a list; `cursor` is `next` of the page before."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    cursor: Cursor = ""


class TicketsAsked(ListAsked):
    """Which tickets; several statuses, categories or priorities stand with commas between them."""

    status: _some_of(Status) = ""  # type: ignore[valid-type]
    category: _some_of(Category) = ""  # type: ignore[valid-type]
    priority: _some_of(Priority) = ""  # type: ignore[valid-type]
    updated_since: Moment | None = None
    requester: PersonWord = ""
    assignee: PersonWord = ""
    sort: Literal["newest", "wished"] = "newest"  # wished: who is to be met soonest, first


class PeopleAsked(ListAsked):
    """Whom: a part of the name, its initials, a staff number, or a whole phone number."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    role: Role | None = None


class DevicesAsked(ListAsked):
    """Which devices."""

    category: Category | None = None


class BulletinsAsked(Asked):
    """The newest that are out; `cursor` leads to older ones."""

    cursor: Cursor = ""


# --- writes --------------------------------------------------------------------------------------


class TicketAsked(Asked):
    """A fault or request; what is not said is read out of the description, as in chat."""

    description: _words(2000)  # type: ignore[valid-type]
    symptom: _words(200) | None = None  # type: ignore[valid-type]
    place: _words(80) | None = None  # type: ignore[valid-type]
    category: Category | None = None
    urgency: Urgency | None = None
    impact: Impact | None = None
    is_request: StrictBool | None = None
    device_code: DeviceCode | None = None
    error_code: _words(80) | None = None  # type: ignore[valid-type]
    requester_id: Id | None = None


class CorrectionAsked(Asked):
    """What is known better by now; what is left out stays."""

    symptom: _words(200) | None = None  # type: ignore[valid-type]
    category: Category | None = None
    priority: Literal[1, 2, 3] | None = None
    place: _words(80) | None = None  # type: ignore[valid-type]
    contact_name: _words(40) | None = None  # type: ignore[valid-type]
    contact_department: _words(60) | None = None  # type: ignore[valid-type]
    contact_phone: _words(24) | None = None  # type: ignore[valid-type]
    contact_office: _words(80) | None = None  # type: ignore[valid-type]
    device_code: DeviceCode | None = None


class Nothing(Asked):
    """An act that needs no words: no body, or an empty object."""


class WordsAsked(Asked):
    words: _words(2000)  # type: ignore[valid-type]


class ProgressAsked(Asked):
    words: _words(400)  # type: ignore[valid-type]


class ReasonAsked(Asked):
    reason: _words(400)  # type: ignore[valid-type]


class AssignmentAsked(Asked):
    """To whom; a reason where it is not dispatch's first choice."""

    engineer_id: Id
    reason: _words(200) | None = None  # type: ignore[valid-type]


class TransferAsked(Asked):
    """To a colleague; to nobody means back to the desk."""

    reason: _words(400)  # type: ignore[valid-type]
    engineer_id: Id | None = None


class HoldAsked(Asked):
    """Why it waits, for whom, and until when: within sixty days."""

    reason: _words(400)  # type: ignore[valid-type]
    until: Moment
    waits_for: WaitsFor = WaitsFor.OTHER


class ResultAsked(Asked):
    """What was found and done (F10)."""

    cause: Literal[CAUSES]  # type: ignore[valid-type]
    action_taken: _words(500)  # type: ignore[valid-type]
    minutes: Annotated[StrictInt, Field(ge=0, le=24 * 60)]
    is_on_site: StrictBool
    parts: Annotated[list[_words(60)], Field(max_length=20)] = []  # type: ignore[valid-type]
