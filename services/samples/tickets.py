"""The samples' tickets: opened and worked on by the acts of everybody, as if of late."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from domain.category import Category
from domain.priority import Urgency
from domain.speaker import Speaker
from models import IntakeChannel, SampleKind
from services import desk_acts, opening, settling, working
from services.samples.contents import Contents
from services.samples.loaded import Loaded
from services.views import Report, Scores, WorkResult

if TYPE_CHECKING:
    from services.desk import Desk

_STEP = timedelta(minutes=12)
_BEST = 5


def load(desk: "Desk", contents: Contents, loaded: Loaded) -> None:
    for told in contents.tickets:
        _load(desk, told, loaded, loaded.clerk(contents.clerk))


def _load(desk: "Desk", told: Mapping[str, Any], loaded: Loaded, clerk: Speaker) -> None:
    began_at = desk.now - timedelta(hours=told["hours_ago"])
    requester = loaded.people[told["requester"]]
    opened = opening.report_for(
        replace(desk, now=began_at, actor=clerk),
        _report(told),
        requester,
        channel=IntakeChannel.WEB,
        is_dispatched=False,
    )
    ticket_id = opened.ticket.id
    loaded.note(desk.session, SampleKind.TICKET, ticket_id, opened.ticket.number)
    if told["until"] == "new":
        return
    actors = {"clerk": clerk, "requester": requester, "engineer": loaded.people[told["engineer"]]}
    reached = _UNTIL.index(told["until"])
    for count, (_, who, act) in enumerate(_STEPS[: reached + 1], start=1):
        at = began_at + count * _STEP
        act(replace(desk, now=min(at, desk.now), actor=actors[who]), ticket_id, told, actors)


def _report(told: Mapping[str, Any]) -> Report:
    return Report(
        symptom=told["symptom"],
        description=told["description"],
        place=told["place"],
        category=Category(told["category"]),
        urgency=Urgency(told["urgency"]),
        device_code=told.get("device"),
    )


# --- one step after the other --------------------------------------------------------------------


def _assign(desk: "Desk", ticket_id: int, told: Mapping[str, Any], actors: Any) -> None:
    reason = told["symptom"]  # somebody real may be ranked before a sample
    desk_acts.assign_to(desk, ticket_id, actors["engineer"].id, reason)


def _accept(desk: "Desk", ticket_id: int, told: Mapping[str, Any], actors: Any) -> None:
    working.accept(desk, ticket_id)


def _progress(desk: "Desk", ticket_id: int, told: Mapping[str, Any], actors: Any) -> None:
    if words := told.get("progress"):
        working.progress(desk, ticket_id, words)


def _resolve(desk: "Desk", ticket_id: int, told: Mapping[str, Any], actors: Any) -> None:
    result = WorkResult(told["cause"], told["action"], told["minutes"], is_on_site=True)
    working.resolve(desk, ticket_id, result)


def _confirm(desk: "Desk", ticket_id: int, told: Mapping[str, Any], actors: Any) -> None:
    settling.confirm(desk, ticket_id)


def _rate(desk: "Desk", ticket_id: int, told: Mapping[str, Any], actors: Any) -> None:
    settling.rate(desk, ticket_id, Scores(_BEST, _BEST, _BEST, told.get("comment")))


_Act = Callable[["Desk", int, Mapping[str, Any], Any], None]
_STEPS: tuple[tuple[str, str, _Act], ...] = (
    ("assigned", "clerk", _assign),
    ("accepted", "engineer", _accept),
    ("progress", "engineer", _progress),
    ("resolved", "engineer", _resolve),
    ("confirmed", "requester", _confirm),
    ("rated", "requester", _rate),
)
_UNTIL = tuple(name for name, _, _ in _STEPS)
