"""Targets, endings and limits, above config.yaml: tried, previewed, in force in seconds.

When the desk is there is the calendar's (hours_calendar.py).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response

from domain.calendar import ServiceHours
from domain.permissions import Permission
from domain.priority import Priority
from domain.sentence import Say
from services import audit, clocks, office, skills
from services.audit import Change
from services.desk import Desk, Rules
from services.office import SettingsRefused
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs
from web.site import site

routes = pages("admin_hours", "/admin/hours")

HOME = f"{PATH}/hours"
GROUPS = {
    "targets": ("respond_within_minutes", "resolve_within_minutes"),
    "endings": (
        "remind_confirm_within_hours",
        "auto_close_within_hours",
        "remind_rating_within_hours",
        "reopen_within_days",
    ),
    "limits": ("max_open_tickets", "unreached_within_seconds", "undelivered_alarm_hours"),
    "phone": ("desk_phone",),
}
_WORDS = GROUPS["phone"]
_NAMES = tuple(name for names in GROUPS.values() for name in names)
_FIELDS = tuple(Field(name, 40, is_required=name not in _WORDS) for name in _NAMES)


@routes.get("")
@needs(Permission.SETTING_MANAGE)
def form() -> Response:
    with looking() as desk:
        values = {**site().office.given, **office.own(desk.session).service}
    return _form(Filled({name: str(values[name]) for name in _NAMES}))


@routes.post("")
@needs(Permission.SETTING_MANAGE)
def again() -> Response:
    """Back from the preview, with what was typed."""
    return _form(read_form(*_FIELDS))


@routes.post("/preview")
@needs(Permission.SETTING_MANAGE)
def previewed() -> Response:
    filled = read_form(*_FIELDS)
    wanted = _wanted(filled)
    if wanted is None:
        return _form(filled, 400)
    with looking() as desk:
        now_set = {**site().office.given, **office.own(desk.session).service}
        open_tickets = sum(kind.open_tickets for kind in skills.kinds(desk.session))
    changes = [
        Change(name, now_set[name], wanted[name])
        for name in _NAMES
        if now_set[name] != wanted[name]
    ]
    effects = _effects(site().office.rules_with({**now_set, **wanted}), site().now(), open_tickets)
    return admin_page("hours_preview.html", changes=changes, effects=effects, values=wanted)


@routes.post("/change")
@needs(Permission.SETTING_MANAGE)
def changed() -> Response:
    filled = read_form(*_FIELDS)
    wanted = _wanted(filled)
    if wanted is None:
        return _form(filled, 400)

    def do(desk: Desk) -> str:
        office.set_service(desk, site().office.given, wanted)
        return f"{HOME}?done=change"

    answer = recorded("hours_change", do)
    site().office.refresh()
    return answer


def _wanted(filled: Filled) -> Mapping[str, Any] | None:
    """The values as they are kept; None, and the problems beside the fields, if they cannot be."""
    if filled.problems:
        return None
    try:
        values = site().office.values_with({name: filled[name] for name in _NAMES})
    except SettingsRefused as refused:
        filled.problems.update(refused.problems)
        return None
    return {name: values[name] for name in _NAMES}


def _effects(rules: Rules, now: datetime, open_tickets: int) -> list[Say]:
    """What it means: for a report that came in this minute, for those that are open."""
    targets, hours = rules.targets, rules.hours
    is_open = hours.is_open(now)
    return [
        Say(
            "admin.hours.example",
            {
                "now": now,
                "respond": clocks.answer_times(rules, Priority.NORMAL, now)[1],
                "resolve": hours.add(now, targets.resolve_within),
            },
        ),
        Say("admin.hours.open_now" if is_open else "admin.hours.closed_now", _opening(hours, now)),
        Say("admin.hours.keep_theirs", {"count": open_tickets}),
    ]


def _opening(hours: ServiceHours, now: datetime) -> dict[str, datetime]:
    return {"at": hours.next_opening(now)}


def _form(filled: Filled, status: int = 200) -> Response:
    given = {name: site().office.given[name] for name in _NAMES}
    with looking() as desk:
        history = audit.page(desk.session, audit.Wanted(kind="setting")).entries[:10]
    groups = [(f"admin.hours.group.{name}", names) for name, names in GROUPS.items()]
    facts: dict[str, Any] = {"groups": groups, "texts": _WORDS, "given": given}
    return admin_page("hours.html", status, filled=filled, history=history, **facts)
