"""The service calendar: the next sixty days, the week, own days, and when something is due."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, request

from domain.calendar import CHINA, CalendarRunsOut, Runs, ServiceHours
from domain.permissions import Permission
from domain.sentence import Say
from services import audit, service_calendar
from web.acts import looking
from web.console.admin import hours_words
from web.console.admin.acts import PATH, admin_page
from web.console.admin.hours_forms import Asked, day_shown, week_shown, years_of
from web.console.routes import pages
from web.forms import Filled
from web.page import needs
from web.site import site

routes = pages("admin_calendar", "/admin/calendar")

HOME = f"{PATH}/calendar"
_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_MOST = timedelta(days=90)  # that is tried


def asked() -> Asked:
    """The calendar as it stands in the database."""
    with looking() as desk:
        rows = service_calendar.own(desk.session)
    return Asked(rows, site().office.hours_with(rows), today())


def today() -> date:
    return site().now().astimezone(CHINA).date()


@routes.get("")
@needs(Permission.SETTING_MANAGE)
def calendar() -> Response:
    known, now = asked(), site().now()
    with looking() as desk:
        history = audit.page(desk.session, audit.Wanted(kind="calendar")).entries[:8]
    own_days = sorted((day, own) for day, own in known.rows.days.items() if day >= known.today)
    facts: dict[str, Any] = {
        "cells": hours_words.cells(known.hours, known.rows, now),
        "week": known.hours.week_of(known.today),
        "is_own_week": any(week.since <= known.today for week in known.rows.weeks),
        "planned": [week for week in known.rows.weeks if week.since > known.today],
        "own_days": own_days,
        "missing": known.hours.missing_year(now),
        "history": history,
        **_tried(known.hours, now),
    }
    return admin_page("calendar.html", face=hours_words, today=known.today, **facts)


@routes.get("/week")
@needs(Permission.SETTING_MANAGE)
def week() -> Response:
    known = asked()
    tomorrow = known.today + timedelta(days=1)
    return form("week", week_shown(known.hours.week_of(tomorrow), tomorrow), known)


@routes.get("/day")
@needs(Permission.SETTING_MANAGE)
def day() -> Response:
    known = asked()
    return form("day", day_shown(_day(request.args.get("day", "")), known), known)


@routes.get("/year")
@needs(Permission.SETTING_MANAGE)
def year() -> Response:
    known = asked()
    wanted = known.hours.missing_year(site().now()) or known.today.year + 1
    return form("year", Filled({"year": str(wanted)}), known)


def form(name: str, filled: Filled, known: Asked, status: int = 200) -> Response:
    """A form of the calendar, with what was typed."""
    facts: dict[str, Any] = {"years": [(each, each) for each in years_of(known.today)]}
    return admin_page(
        f"calendar_{name}.html",
        status,
        filled=filled,
        face=hours_words,
        is_editing=_day(filled["day"]) in known.rows.days,
        **facts,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


# --- trying it -----------------------------------------------------------------------------------


def _tried(hours: ServiceHours, now: datetime) -> dict[str, Any]:
    """When a promise of so long, made then, is due; with its derivation."""
    local = now.astimezone(CHINA)
    typed = {name: request.args.get(name, "")[:10] for name in ("on", "at", "long", "unit", "runs")}
    values = {
        "on": typed["on"] or local.date().isoformat(),
        "at": typed["at"] or local.strftime("%H:%M"),
        "long": typed["long"] or "2",
        "unit": typed["unit"] if typed["unit"] in _UNITS else "hours",
        "runs": typed["runs"] if typed["runs"] in list(Runs) else Runs.SERVICE_HOURS.value,
    }
    filled = Filled(values)
    found = _derived(hours, filled)
    facts: dict[str, Any] = {"runs": list(Runs), "units": list(_UNITS), "found": None}
    if found is not None:
        start, stretches = found
        due = stretches[-1].ends if stretches else start
        facts["found"] = hours_words.stretches(stretches)
        facts["due"] = due
        facts["is_sure"] = hours.is_sure(start, due, Runs(values["runs"]))
    return {"tried": filled, "is_tried": bool(typed["long"]), **facts}


def _derived(hours: ServiceHours, filled: Filled) -> tuple[datetime, list[Any]] | None:
    try:
        start = datetime.combine(
            date.fromisoformat(filled["on"]), time.fromisoformat(filled["at"].zfill(5)), CHINA
        )
        amount = int(filled["long"]) * _UNITS[filled["unit"]]
        if not timedelta(0) < amount <= _MOST:
            raise OverflowError
        return start, hours.derivation(start, amount, Runs(filled["runs"]))
    except (ValueError, OverflowError) as error:
        is_out = isinstance(error, CalendarRunsOut)
        key = "service_calendar.problem.never_open" if is_out else "service_calendar.problem.try"
        filled.problems["long"] = Say(key)
        return None
