"""What can be done with a ticket, one path for each act (F8–F12, F16)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from domain.permissions import Permission
from services import desk_acts
from services.desk import Desk
from services.views import WorkResult
from web.api.asked import (
    Asked,
    AssignmentAsked,
    HoldAsked,
    Nothing,
    ProgressAsked,
    ReasonAsked,
    ResultAsked,
    TransferAsked,
    WordsAsked,
)
from web.api.caller import calls, needs
from web.api.problems import Wrong
from web.api.shapes import TicketDone
from web.api.writing import Answered, Written, demand_unchanged, done, write
from web.work_forms import HELD_AT_MOST

Do = Callable[[Desk, int, Any], object]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its path, the permission that it asks for, and what has to be said with it."""

    name: str
    promise: str
    needed: Permission
    asked: type[Asked]
    do: Do


def _hold(desk: Desk, ticket_id: int, asked: HoldAsked) -> object:
    if not desk.now < asked.until <= desk.now + HELD_AT_MOST:
        raise Wrong("until", "api.invalid.until", days=HELD_AT_MOST.days)
    return desk.hold(ticket_id, asked.reason, asked.until, asked.waits_for)


def _resolve(desk: Desk, ticket_id: int, asked: ResultAsked) -> object:
    result = WorkResult(
        asked.cause, asked.action_taken, asked.minutes, asked.is_on_site, tuple(asked.parts)
    )
    return desk.resolve(ticket_id, result)


ACTS = (
    # The requester, or the desk for them.
    Act(
        "urge",
        "Ask for haste.",
        Permission.TICKET_URGE,
        Nothing,
        lambda desk, id, _: desk.urge(id),
    ),
    Act(
        "amend",
        "Add words to the report.",
        Permission.TICKET_ATTACH,
        WordsAsked,
        lambda desk, id, asked: desk.amend(id, asked.words),
    ),
    Act(
        "cancel",
        "It is not needed any more.",
        Permission.TICKET_CANCEL,
        Nothing,
        lambda desk, id, _: desk.cancel(id),
    ),
    Act(
        "confirm",
        "Solved: the ticket is closed.",
        Permission.TICKET_CONFIRM,
        Nothing,
        lambda desk, id, _: desk.confirm(id),
    ),
    Act(
        "reopen",
        "Not solved: open again.",
        Permission.TICKET_REOPEN,
        ReasonAsked,
        lambda desk, id, asked: desk.reopen(id, asked.reason),
    ),
    # The desk.
    Act(
        "note",
        "A note for those who work here; the requester never reads it.",
        Permission.TICKET_NOTE,
        WordsAsked,
        lambda desk, id, asked: desk_acts.add_note(desk, id, asked.words),
    ),
    Act(
        "assign",
        "Give it to an engineer.",
        Permission.TICKET_DISPATCH,
        AssignmentAsked,
        lambda desk, id, asked: desk_acts.assign_to(desk, id, asked.engineer_id, asked.reason),
    ),
    Act(
        "dispatch",
        "Give it to whom dispatch would choose now.",
        Permission.TICKET_DISPATCH,
        Nothing,
        lambda desk, id, _: desk_acts.dispatch_best(desk, id),
    ),
    # Its engineer.
    Act(
        "accept",
        "Take the assignment.",
        Permission.TICKET_ACCEPT,
        Nothing,
        lambda desk, id, _: desk.accept(id),
    ),
    Act(
        "decline",
        "Give an assignment back.",
        Permission.TICKET_DECLINE,
        ReasonAsked,
        lambda desk, id, asked: desk.decline(id, asked.reason),
    ),
    Act(
        "transfer",
        "Give accepted work to a colleague, or back to the desk.",
        Permission.TICKET_TRANSFER,
        TransferAsked,
        lambda desk, id, asked: desk.transfer(id, asked.reason, asked.engineer_id),
    ),
    Act(
        "arrive",
        "The engineer is on site.",
        Permission.TICKET_PROGRESS,
        Nothing,
        lambda desk, id, _: desk.arrive(id),
    ),
    Act(
        "progress",
        "A word on the way; the requester is told.",
        Permission.TICKET_PROGRESS,
        ProgressAsked,
        lambda desk, id, asked: desk.progress(id, asked.words),
    ),
    Act("hold", "Wait for something.", Permission.TICKET_HOLD, HoldAsked, _hold),
    Act(
        "resume",
        "Work goes on.",
        Permission.TICKET_RESUME,
        Nothing,
        lambda desk, id, _: desk.resume(id),
    ),
    Act(
        "support",
        "Call a higher level.",
        Permission.TICKET_ASK_SUPPORT,
        WordsAsked,
        lambda desk, id, asked: desk.ask_support(id, asked.words),
    ),
    Act(
        "resolve",
        "Report the result; the requester is asked to confirm.",
        Permission.TICKET_RESOLVE,
        ResultAsked,
        _resolve,
    ),
)

routes = calls("acts")


def _add(act: Act) -> None:
    def view(number: str, json_data: Asked | None = None) -> Answered:
        asked = json_data or _nothing()
        return write(asked, lambda desk: _done(act, desk, number, asked))

    view.__name__, view.__doc__ = act.name, act.promise
    answered = routes.output(TicketDone)(needs(act.needed)(view))
    if act.asked is not Nothing:
        answered = routes.input(act.asked)(answered)
    routes.post(f"/tickets/<ticket:number>/{act.name}", endpoint=act.name)(answered)


def _nothing() -> Asked:
    """No body, or an empty object."""
    sent = request.get_json() if request.get_data() else {}
    return Nothing.model_validate(sent)


def _done(act: Act, desk: Desk, number: str, asked: Asked) -> Written:
    ticket_id = desk.find(number).id
    demand_unchanged(desk, ticket_id)
    act.do(desk, ticket_id, asked)
    return done(desk, ticket_id)


for _act in ACTS:
    _add(_act)
