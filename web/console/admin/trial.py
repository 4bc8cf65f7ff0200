"""The trial of the way to WeChat and back: a message out, live to its fate; a word in (C §25)."""

from datetime import datetime
from typing import Any

from flask import Response

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from services import trial
from services.desk import Desk
from services.trial import Awaited, Sent
from web import live
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs, reader, words
from web.site import site

routes = pages("admin_trial", "/admin/trial")

HOME = f"{PATH}/trial"
_STUCK_AFTER = 60  # seconds; a server that sends has tried by then


@routes.get("")
@needs(Permission.SETTING_MANAGE)
def shown() -> Response:
    return _page()


@routes.get("/live")
@needs(Permission.SETTING_MANAGE)
def moved() -> Response:
    with looking() as desk:
        facts = _facts(desk)
    return live.part("admin/trial_live.html", _state(facts), lambda: facts)


@routes.post("/send")
@needs(Permission.SETTING_MANAGE)
def sent() -> Response:
    filled = read_form(Field("person_id", 10, is_required=True))
    chosen = filled["person_id"]

    def do(desk: Desk) -> str:
        trial.send(desk, int(chosen) if chosen.isdecimal() else 0)
        return HOME

    return _done("trial_send", do)


@routes.post("/wait")
@needs(Permission.SETTING_MANAGE)
def waited() -> Response:
    read_form()

    def do(desk: Desk) -> str:
        trial.wait(desk)
        return HOME

    return _done("trial_wait", do)


def _done(tapped: str, do: Any) -> Response:
    try:
        return recorded(tapped, do)
    except Refusal as no:
        return _page(409, Say(no.text_key, no.facts))


def _page(status: int = 200, problem: Say | None = None) -> Response:
    with looking() as desk:
        facts = _facts(desk)
        people = trial.recipients(desk.session)
    state = live.mark(_state(facts))
    return admin_page(
        "trial.html", status, people=people, problem=problem, state=state, me=reader(), **facts
    )


def _facts(desk: Desk) -> dict[str, Any]:
    """What moves: a message on its way, a word that is waited for."""
    out, awaited = trial.sent(desk.session), trial.awaited(desk.session)
    return {
        "out": out,
        "stage": _stage(out, desk.now) if out else "",
        "todo": _todo(out, desk.now) if out else "",
        "awaited": awaited,
        "is_waiting": awaited is not None and awaited.is_on(desk.now),
        "is_mine": awaited is not None and awaited.by_id == desk.actor.id,
    }


def _state(facts: dict[str, Any]) -> tuple[object, ...]:
    out: Sent | None = facts["out"]
    awaited: Awaited | None = facts["awaited"]
    return (
        (out.notice.id, facts["stage"], len(out.notice.tries)) if out else None,
        (awaited.until, awaited.heard_at, facts["is_waiting"]) if awaited else None,
    )


def _stage(out: Sent, now: datetime) -> str:
    """queued, sent, held or failed: what a person wants to know of it."""
    match out.notice.state:
        case "delivered":
            return "sent"
        case "held":
            return "held"
        case "pending" | "claimed":
            return "stuck" if _is_stuck(out, now) else "queued"
    return "failed"


def _is_stuck(out: Sent, now: datetime) -> bool:
    waits = (now - out.created_at).total_seconds()
    return not out.notice.tries and waits > _STUCK_AFTER


def _todo(out: Sent, now: datetime) -> str:
    """What to do about the last reason, in the reader's language."""
    if out.has_arrived:
        return ""
    if not out.notice.tries:
        return words("way_trial.todo.nobody_sends") if _is_stuck(out, now) else ""
    why = out.notice.tries[-1].why.key.rpartition(".")[2]
    key = f"way_trial.todo.{why}"
    return words(key) if site().texts.has(key) else words("way_trial.todo.other")
