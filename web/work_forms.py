"""What acts on a ticket ask for, on a phone and at a desk: reasons, words, until when, a result."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import CHINA
from domain.lifecycle import Action
from domain.targets import WaitsFor
from handlers.give_ticket_away import REASONS as WHY_GIVEN
from handlers.hold_ticket import REASONS as WHY_HELD
from handlers.hold_ticket import TIMES, WAITS_FOR
from handlers.request_support import NEEDS
from nlp.result import CAUSES
from nlp.when import read_when
from services.desk import Desk
from services.views import Colleague, WorkResult
from web.forms import Field, Filled, read_form
from web.page import words
from web.site import site

HELD_AT_MOST = timedelta(days=60)
MOST_MINUTES = 24 * 60
MOST_PARTS = 20

_DISPATCH = "dispatch"
_OTHER = "other"  # its reason is in the words
_NOT_THERE = frozenset({"declined", "leave", "off_duty", "unreachable"})
"""Beyond their skills or load a colleague may be asked, but not one who is not there."""

_PLACES = ("on_site", "remote")
_BETWEEN_PARTS = re.compile(r"[,，、;；\n]+")

Act = Callable[[Desk, int, Filled], object]


@dataclass(frozen=True, slots=True)
class Form:
    """What an act asks: reasons to choose from, words, and for some more."""

    do: Act
    reasons: tuple[str, ...] = ()
    asks_until: bool = False
    asks_whom: bool = False  # the reason that is chosen says for whom the ticket waits
    asks_colleague: bool = False
    leaves: bool = False  # afterwards the ticket is somebody else's


def reason_of(filled: Filled) -> str:
    """What was chosen, and what was said to it."""
    is_named = filled["reason"] not in ("", _OTHER)
    chosen = words(f"button.{filled['reason']}") if is_named else ""
    return ", ".join(filter(None, (chosen, filled["words"])))


def until_of(filled: Filled) -> datetime | None:
    """The chosen time, or the one that was set by hand."""
    if filled["until"]:
        return read_when(words(f"button.{filled['until']}"), site().now())
    try:
        return datetime.fromisoformat(filled["until_at"]).replace(tzinfo=CHINA)
    except ValueError:
        return None


def _transfer(desk: Desk, ticket_id: int, filled: Filled) -> object:
    to = None if filled["to"] == _DISPATCH else int(filled["to"])
    return desk.transfer(ticket_id, reason_of(filled), to)


def _hold(desk: Desk, ticket_id: int, filled: Filled) -> object:
    until = until_of(filled)
    assert until is not None, "the form was checked"
    waits_for = WAITS_FOR.get(filled["reason"], WaitsFor.OTHER)
    return desk.hold(ticket_id, reason_of(filled), until, waits_for)


FORMS: Mapping[str, Form] = {
    Action.PROGRESS.value: Form(lambda desk, id, filled: desk.progress(id, filled["words"])),
    Action.HOLD.value: Form(_hold, (*WHY_HELD, _OTHER), asks_until=True, asks_whom=True),
    Action.ASK_SUPPORT.value: Form(
        lambda desk, id, filled: desk.ask_support(id, reason_of(filled)),
        NEEDS,
    ),
    Action.TRANSFER.value: Form(_transfer, WHY_GIVEN, asks_colleague=True, leaves=True),
    Action.DECLINE.value: Form(
        lambda desk, id, filled: desk.decline(id, reason_of(filled)), WHY_GIVEN, leaves=True
    ),
}

TAPPED: Mapping[str, Callable[[Desk, int], object]] = {
    "accept": lambda desk, id: desk.accept(id),
    "arrive": lambda desk, id: desk.arrive(id),
    "resume": lambda desk, id: desk.resume(id),
}


def read_act(name: str, *more: Field) -> Filled:
    """The form of this act as it was sent, checked; `more`: fields of the page around it."""
    form = FORMS[name]
    fields = [Field("words", 400, is_required=not form.reasons), *more]
    if form.reasons:
        fields.append(Field("reason", choices=form.reasons))
    if form.asks_until:
        fields += [Field("until", choices=TIMES), Field("until_at", 16)]
    if form.asks_colleague:
        fields.append(Field("to", 12, is_required=True, missing="work_page.missing_colleague"))
    filled = read_form(*fields)
    _check(form, filled)
    return filled


def _check(form: Form, filled: Filled) -> None:
    if form.reasons and not reason_of(filled):
        filled.refuse("reason", "work_page.missing_reason")
    if form.asks_whom and not filled["reason"]:
        filled.refuse("reason", "work_page.missing_whom")
    if form.asks_until and not _is_to_come(until_of(filled)):
        filled.refuse("until", "work_page.missing_until")
    if form.asks_colleague and filled["to"] != _DISPATCH and not filled["to"].isdecimal():
        filled.refuse("to", "work_page.missing_colleague")


def _is_to_come(until: datetime | None) -> bool:
    now = site().now()
    return until is not None and now < until <= now + HELD_AT_MOST


def times_to_come() -> list[str]:
    """The times that a form offers now."""
    now = site().now()
    return [each for each in TIMES if read_when(words(f"button.{each}"), now)]


def times_moved(desk: Desk, ticket_id: int) -> dict[str, datetime]:
    """When the next word would be due if the ticket waited until each of these times."""
    now = desk.now
    named = {each: read_when(words(f"button.{each}"), now) for each in times_to_come()}
    due = {each: desk.due_after(ticket_id, until) for each, until in named.items() if until}
    return {each: at for each, at in due.items() if at}


def earliest() -> str:
    """For a field in which a time is set by hand."""
    return site().now().astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")


def is_there(colleague: Colleague) -> bool:
    return colleague.why_not not in _NOT_THERE


# --- the result (F10) ---------------------------------------------------------------------------

RESULT_FIELDS = (
    Field("cause", choices=CAUSES, is_required=True, missing="work_page.result.missing_cause"),
    Field("action_taken", 500, is_required=True),
    Field("minutes", 5, is_required=True, missing="work_page.result.missing_minutes"),
    Field("where", choices=_PLACES, is_required=True, missing="work_page.result.missing_where"),
    Field("parts", 200),
)


def result_of(filled: Filled) -> WorkResult | None:
    """What the form reports; None if something is wrong with it."""
    minutes = _minutes(filled)
    if filled.problems or minutes is None:
        return None
    return WorkResult(
        filled["cause"],
        filled["action_taken"],
        minutes,
        filled["where"] == "on_site",
        _parts(filled["parts"]),
    )


def _minutes(filled: Filled) -> int | None:
    typed = filled["minutes"]
    if typed.isascii() and typed.isdigit() and int(typed) <= MOST_MINUTES:
        return int(typed)
    filled.refuse("minutes", "work_page.result.missing_minutes")
    return None


def _parts(typed: str) -> tuple[str, ...]:
    named = (part.strip() for part in _BETWEEN_PARTS.split(typed))
    return tuple(filter(None, named))[:MOST_PARTS]
