"""One webhook: how it stands, its log, and what can be done; one delivery, whole (C §25)."""

from typing import Any

from flask import Response, request

from domain.permissions import Permission
from domain.webhooks import SendState
from services import audit
from services.desk import Desk
from services.webhooks import listing, managing
from web import live
from web.acts import looking
from web.console.admin import webhooks_words as shown_as
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs
from web.site import site

routes = pages("admin_webhook", "/admin/webhooks/<int:webhook_id>")

HOME = f"{PATH}/webhooks"
STATES = (SendState.PENDING, SendState.DELIVERED, SendState.FAILED, SendState.SKIPPED)


@routes.get("")
@needs(Permission.WEBHOOK_MANAGE)
def one(webhook_id: int) -> Response:
    with looking() as desk:
        facts = _facts(desk, webhook_id)
        history = audit.history(desk.session, f"webhook:{webhook_id}", most=5)
    return admin_page("webhook.html", history=history, state=live.mark(_state(facts)), **facts)


@routes.get("/live")
@needs(Permission.WEBHOOK_MANAGE)
def moved(webhook_id: int) -> Response:
    with looking() as desk:
        facts = _facts(desk, webhook_id)
    return live.part("admin/webhook_live.html", _state(facts), lambda: facts)


def _facts(desk: Desk, webhook_id: int) -> dict[str, Any]:
    wanted = request.args.get("state", "")
    below = request.args.get("below", "")
    state = SendState(wanted) if wanted in STATES else None
    before = int(below) if below.isdigit() and len(below) < 10 else None
    return {
        "summary": listing.one(desk.session, webhook_id, desk.now),
        "log": listing.page(desk.session, webhook_id, state, before),
        "wanted": state.value if state else "",
        "before": before,
        "states": [each.value for each in STATES],
        "told": shown_as,
        "now": desk.now,
        "keep_days": site().rules.webhooks.kept_for.days,
    }


def _state(facts: dict[str, Any]) -> tuple[object, ...]:
    """How each stands that is shown."""
    summary, hook = facts["summary"], facts["summary"].hook
    rows = tuple((row.id, row.state, row.tries) for row in facts["log"].rows)
    figures = (summary.waiting, summary.failed, summary.arrived)
    return (hook.paused_why, hook.failures, figures, rows)


# --- acts ----------------------------------------------------------------------------------------


@routes.post("/test")
@needs(Permission.WEBHOOK_MANAGE)
def tried(webhook_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        return f"{HOME}/{webhook_id}/deliveries/{managing.test(desk, webhook_id)}"

    return recorded("webhook_test", do)


@routes.post("/pause")
@needs(Permission.WEBHOOK_MANAGE)
def paused(webhook_id: int) -> Response:
    read_form()
    return _done("webhook_pause", webhook_id, lambda desk: managing.pause(desk, webhook_id))


@routes.post("/resume")
@needs(Permission.WEBHOOK_MANAGE)
def resumed(webhook_id: int) -> Response:
    filled = read_form(Field("skip", 1, choices=("0", "1")))
    is_skipping = filled["skip"] == "1"
    return _done(
        "webhook_resume",
        webhook_id,
        lambda desk: managing.resume(desk, webhook_id, is_skipping=is_skipping),
    )


@routes.post("/resend")
@needs(Permission.WEBHOOK_MANAGE)
def resent_failed(webhook_id: int) -> Response:
    read_form()
    return _done(
        "webhook_resend_failed", webhook_id, lambda desk: managing.resend_failed(desk, webhook_id)
    )


@routes.post("/remove")
@needs(Permission.WEBHOOK_MANAGE)
def removed(webhook_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        managing.remove(desk, webhook_id)
        return f"{HOME}?done=remove"

    return recorded("webhook_remove", do)


def _done(tapped: str, webhook_id: int, act: Any) -> Response:
    def do(desk: Desk) -> str:
        act(desk)
        return f"{HOME}/{webhook_id}?done=1"

    return recorded(tapped, do)


# --- one delivery --------------------------------------------------------------------------------


@routes.get("/deliveries/<int:delivery_id>")
@needs(Permission.WEBHOOK_MANAGE)
def delivery(webhook_id: int, delivery_id: int) -> Response:
    with looking() as desk:
        facts = _of_delivery(desk, webhook_id, delivery_id)
    state = live.mark(_state_of(facts))
    return admin_page("webhook_delivery.html", state=state, **facts)


@routes.get("/deliveries/<int:delivery_id>/live")
@needs(Permission.WEBHOOK_MANAGE)
def delivery_moved(webhook_id: int, delivery_id: int) -> Response:
    with looking() as desk:
        facts = _of_delivery(desk, webhook_id, delivery_id)
    return live.part("admin/webhook_delivery_live.html", _state_of(facts), lambda: facts)


@routes.post("/deliveries/<int:delivery_id>/resend")
@needs(Permission.WEBHOOK_MANAGE)
def resent(webhook_id: int, delivery_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        managing.resend(desk, webhook_id, delivery_id)
        return f"{HOME}/{webhook_id}/deliveries/{delivery_id}"

    return recorded("webhook_resend", do)


def _of_delivery(desk: Desk, webhook_id: int, delivery_id: int) -> dict[str, Any]:
    return {
        "summary": listing.one(desk.session, webhook_id, desk.now),
        "row": listing.delivery(desk.session, webhook_id, delivery_id),
        "told": shown_as,
        "is_open": (SendState.PENDING, SendState.CLAIMED),
    }


def _state_of(facts: dict[str, Any]) -> tuple[object, ...]:
    return (facts["row"].state, facts["row"].tries, facts["summary"].hook.paused_why)
