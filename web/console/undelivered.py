"""Notices that did not get through: to whom, what was tried, once more; and alarms (P3, P6)."""

from typing import Any

from flask import Response, request

from domain.permissions import Permission
from domain.sentence import Say
from services import alarm_log, undelivered
from services.desk import Desk
from services.shared_answers import shared
from services.undelivered import LISTED_ON_PAGE, NoticeSettled
from services.views import TryView, Undelivered
from web import live
from web.acts import Led, looking, once
from web.console.routes import PATH, pages
from web.forms import read_form
from web.page import needs, reader, said, show, words

routes = pages("undelivered")

_HERE = f"{PATH}/undelivered"


@routes.get("/undelivered")
@needs(Permission.NOTICE_READ)
def stuck() -> Response:
    with looking() as desk:
        facts = _facts(desk)
        state = live.mark(_state(desk, _before()))
    done = request.args.get("done", "")
    return show("console/undelivered.html", state=state, done=_done(done), **facts)


@routes.get("/undelivered/live")
@needs(Permission.NOTICE_READ)
def moved() -> Response:
    with looking() as desk:
        state = _state(desk, _before())
        return live.part("console/undelivered_live.html", state, lambda: _facts(desk))


@routes.post("/undelivered/<int:notice_id>/retry")
@needs(Permission.NOTICE_RETRY)
def again(notice_id: int) -> Response:
    """What was settled meanwhile is no failure: the list says so."""
    read_form()

    def do(desk: Desk) -> Led:
        try:
            desk.retry(notice_id)
        except NoticeSettled:
            return Led(f"{_HERE}?done=settled")
        return Led(f"{_HERE}?done=retried")

    return once("notice_retry", do)


def _before() -> int | None:
    value = request.args.get("before", "")
    return int(value) if value.isdigit() and len(value) < 10 else None


def _state(desk: Desk, before: int | None) -> tuple[object, ...]:
    """How each stands that is shown; asked once a second for all who look."""
    rows = shared(desk.session, ("stuck", before), lambda: undelivered.page(desk, before))
    return tuple((row.id, row.state, len(row.tries)) for row in rows)


def _facts(desk: Desk) -> dict[str, Any]:
    before = _before()
    rows = undelivered.page(desk, before)
    return {
        "rows": rows,
        "count": undelivered.count(desk.session, desk.now),
        "before": before,
        "older": rows[-1].id if len(rows) == LISTED_ON_PAGE else None,
        "alarms": alarm_log.listed(desk) if before is None else (),
        "tried": _tried,
        "fate": _fate,
        "may_retry": reader().could(Permission.NOTICE_RETRY),
        "may_send": _may_send,
    }


def _fate(row: Undelivered) -> str:
    return words(f"form.fates.{row.state}")


def _tried(each: TryView) -> str:
    channel = words(f"form.channels.{each.channel}")
    return words("stuck_page.try", channel=channel, why=said(Say(each.why.key)))


def _may_send(row: Undelivered) -> bool:
    """What is being sent already is not sent once more."""
    return row.state not in ("pending", "claimed")


def _done(name: str) -> str:
    return words(f"stuck_page.done.{name}") if name in ("retried", "settled") else ""
