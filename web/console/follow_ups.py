"""Calls back after low scores: who is to be called, who calls, what came of it (F13, E)."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from domain.lifecycle import ActionNotAllowed
from domain.permissions import Permission
from domain.refusals import NotFound, TooLate
from domain.speaker import Speaker
from models import DatabaseUnavailable
from services import follow_ups
from services.desk import Desk
from services.follow_ups import FollowUpView, Pattern
from services.shared_answers import shared
from web import live
from web.acts import Led, looking, once
from web.console import rail
from web.console import satisfaction_words as say
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import is_known, needs, reader, show, words

routes = pages("follow_ups", "/follow-ups")

HOME = f"{PATH}/follow-ups"
_PATTERNS_SHOWN = 6
_CONTENT, _REOPEN = "content", "reopen"
_PAGES = (HOME, f"{PATH}/satisfaction", f"{PATH}/appraisal")
_WAITING = "satisfaction.waiting"


@routes.get("")
@needs(Permission.SATISFACTION_READ)
def listed() -> Response:
    return _page()


@routes.post("/<int:call_id>/take")
@needs(Permission.FOLLOW_UP_DO)
def taken(call_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        follow_ups.take(desk, call_id)
        return Led(f"{HOME}?mine={call_id}#call-{call_id}")

    return once("follow_up_take", do)


@routes.post("/<int:call_id>/done")
@needs(Permission.FOLLOW_UP_DO)
def done(call_id: int) -> Response:
    """What the requester said; if it is not good yet, the ticket is open again with it (F16)."""
    filled = read_form(
        Field("words", follow_ups.WORDS_LIMIT, is_required=True),
        Field("then", 10, choices=(_CONTENT, _REOPEN)),
    )
    if filled.problems:
        return _page(filled, call_id, 400)

    def do(desk: Desk) -> Led:
        call = follow_ups.one(desk, call_id)
        follow_ups.done(desk, call_id, filled["words"])
        if filled["then"] != _REOPEN:
            return Led(f"{HOME}?said=done")
        desk.reopen(call.ticket_id, filled["words"])
        return Led(f"{HOME}?said=reopened", call.ticket_id)

    try:
        return once("follow_up_done", do, filled["words"])
    except (TooLate, ActionNotAllowed):
        filled.refuse("words", "follow_ups.cannot_reopen")
        return _page(filled, call_id, 409)


def _page(filled: Filled | None = None, at: int | None = None, status: int = 200) -> Response:
    """`at`: the call whose form was sent, and is shown again with what was typed."""
    before = _before()
    with looking() as desk:
        facts = _facts(desk, before)
    if at is not None and at not in [call.id for call in facts["calls"]]:
        raise NotFound()
    said = request.args.get("said", "")
    return show(
        "console/follow_ups.html",
        status,
        filled=filled,
        at=at,
        told=words(f"follow_ups.said.{said}") if said in ("done", "reopened") else "",
        **facts,
    )


def _facts(desk: Desk, before: int | None) -> dict[str, Any]:
    former = follow_ups.listed(desk, is_open=False, before=before)
    return {
        "calls": follow_ups.listed(desk),
        "count": follow_ups.count_open(desk),
        "former": former,
        "before": before,
        "older": former[-1].id if len(former) == follow_ups.PAGE else None,
        "patterns": [(each, _called(each)) for each in follow_ups.patterns(desk)[:_PATTERNS_SHOWN]],
        "days": follow_ups.PATTERNS_OF.days,
        "may_do": reader().could(Permission.FOLLOW_UP_DO),
        "is_mine": lambda call: _is_mine(desk, call),
        "limit": follow_ups.WORDS_LIMIT,
        "home": HOME,
        "say": say.facts(),
    }


def _is_mine(desk: Desk, call: FollowUpView) -> bool:
    return call.taken_by_id == desk.actor.id


def _called(pattern: Pattern) -> str:
    return words(f"category.{pattern.value}") if pattern.kind == "category" else pattern.value


def _before() -> int | None:
    value = request.args.get("before", "")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise BadRequest()
    return int(value)


# --- the way to it, on every page, and above the list of tickets ----------------------------------


@routes.get("/rail")
@needs(Permission.SATISFACTION_READ)
def way_moved() -> Response:
    return rail.moved(rated_way())


@routes.get("/waiting")
@needs(Permission.SATISFACTION_READ)
def waiting() -> Response:
    calls = calls_to_make()
    return live.part("console/follow_ups_strip.html", calls, lambda: {"calls": calls})


@routes.app_template_global("rated_way")
def rated_way() -> rail.Way | None:
    """By what the reader has there: calls, figures, or what counts for their own work."""
    if not is_known():
        return None
    if reader().could(Permission.SATISFACTION_READ):
        calls = calls_to_make()
        return None if calls is None else _way(reader(), calls)
    if not reader().could(Permission.APPRAISAL_ANSWER):
        return None
    path = f"{PATH}/appraisal"
    return rail.Way(path, "appraisal", "star", "y", _WAITING, pages=_PAGES)


@routes.app_template_global("calls_to_make")
def calls_to_make() -> int | None:
    """None: they are nothing for this reader; without a database nobody knows what waits."""
    if not is_known() or not reader().could(Permission.SATISFACTION_READ):
        return None
    try:
        with looking() as desk:
            return _calls(desk)
    except DatabaseUnavailable:
        return None


def standing(desk: Desk) -> dict[str, object]:
    """How rail and strip stand, by their addresses, for a part that is asked for anyway (T12)."""
    if not desk.actor.could(Permission.SATISFACTION_READ):
        return {}
    calls = _calls(desk)
    return {f"{HOME}/rail": rail.state(_way(desk.actor, calls)), f"{HOME}/waiting": calls}


def _way(me: Speaker, calls: int) -> rail.Way:
    return rail.Way(
        HOME if me.could(Permission.FOLLOW_UP_DO) else f"{PATH}/satisfaction",
        "rated",
        "star",
        "y",
        _WAITING,
        calls,
        pages=_PAGES,
        asked_at=f"{HOME}/rail",
        every=30,
    )


def _calls(desk: Desk) -> int:
    """Who worked on a ticket does not count its call."""
    key = "calls", desk.actor.id
    return shared(desk.session, key, lambda: follow_ups.count_open(desk))
