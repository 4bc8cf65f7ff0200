"""Maintenance windows at the desk: list, plan with a preview, end, extend, cancel, tell (C §24)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, request

from domain.maintenance import NotNow, Phase
from domain.permissions import Permission
from services import maintenance, maintenance_planning, maintenance_tickets
from services.desk import Desk
from services.maintenance import Banner, Window
from services.maintenance_planning import Plan
from web import live, maintenance_bar
from web.acts import Led, looking, once
from web.console import maintenance_form
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.maintenance_bar import MOST
from web.maintenance_words import bulletin_of
from web.page import needs, show
from web.ways import local_path

routes = pages("maintenance", "/maintenance")

HOME = f"{PATH}/maintenance"
ONE = f"/<int(max={MOST}):window_id>"
_MINUTES = ("30", "60", "120")
_PARTS = (
    ("now", (Phase.RUNNING,)),
    ("coming", (Phase.COMING, Phase.PLANNED)),
    ("past", (Phase.OVER, Phase.CANCELLED)),
)


@routes.get("")
@needs(Permission.MAINTENANCE_PLAN)
def listed() -> Response:
    with looking() as desk:
        windows = maintenance_planning.listed(desk)
        waiting = maintenance_tickets.waiting(desk)
    parts = [(name, [each for each in windows if each.phase in phases]) for name, phases in _PARTS]
    return show("console/maintenance/list.html", parts=parts, waiting=waiting, is_any=bool(windows))


@routes.get("/new")
@needs(Permission.MAINTENANCE_PLAN)
def blank() -> Response:
    return _editor(Filled({"ahead": "24"}), None)


@routes.post("/new")
@needs(Permission.MAINTENANCE_PLAN)
def sent() -> Response:
    """Kept, or only looked at."""
    return _written(None, lambda desk, plan: maintenance_planning.plan(desk, plan, bulletin_of))


@routes.get(ONE)
@needs(Permission.MAINTENANCE_PLAN)
def one(window_id: int) -> Response:
    with looking() as desk:
        window = maintenance_planning.one(desk, window_id)
        return show(
            "console/maintenance/one.html",
            window=window,
            minutes=_MINUTES,
            linked=maintenance_tickets.linked(desk, window_id),
            overlaps=_overlaps(desk, window),
            changes=maintenance_planning.changes(desk, window_id),
            change_in_words=maintenance_form.change_in_words,
            shown_names=maintenance_form.RECORDED,
        )


def _overlaps(desk: Desk, window: Window) -> tuple[Window, ...]:
    is_past = window.phase in (Phase.OVER, Phase.CANCELLED)
    return () if is_past else maintenance_planning.overlaps(desk, window, window.id)


@routes.get(f"{ONE}/edit")
@needs(Permission.MAINTENANCE_PLAN)
def edit(window_id: int) -> Response:
    with looking() as desk:
        window = maintenance_planning.one(desk, window_id)
    if window.phase in (Phase.OVER, Phase.CANCELLED):
        raise NotNow()
    return _editor(maintenance_form.filled_with(window), window)


@routes.post(f"{ONE}/edit")
@needs(Permission.MAINTENANCE_PLAN)
def changed(window_id: int) -> Response:
    with looking() as desk:
        window = maintenance_planning.one(desk, window_id)
    return _written(
        window, lambda desk, plan: maintenance_planning.change(desk, window_id, plan, bulletin_of)
    )


@routes.post(f"{ONE}/end")
@needs(Permission.MAINTENANCE_PLAN)
def end(window_id: int) -> Response:
    read_form()
    return _act(
        "end", window_id, lambda desk: maintenance_planning.end(desk, window_id, bulletin_of)
    )


@routes.post(f"{ONE}/extend")
@needs(Permission.MAINTENANCE_PLAN)
def extend(window_id: int) -> Response:
    by = read_form(Field("minutes", 3, True, _MINUTES))["minutes"]
    longer = timedelta(minutes=int(by or _MINUTES[0]))
    return _act(
        "extend",
        window_id,
        lambda desk: maintenance_planning.extend(desk, window_id, longer, bulletin_of),
    )


@routes.post(f"{ONE}/cancel")
@needs(Permission.MAINTENANCE_PLAN)
def cancel(window_id: int) -> Response:
    read_form()
    return _act(
        "cancel", window_id, lambda desk: maintenance_planning.cancel(desk, window_id, bulletin_of)
    )


@routes.post(f"{ONE}/restored")
@needs(Permission.MAINTENANCE_PLAN)
def restored(window_id: int) -> Response:
    """One notice to each person who still waits (C §24)."""
    read_form()
    return _act(
        "restored", window_id, lambda desk: maintenance_tickets.tell_restored(desk, window_id)
    )


@routes.post(f"{ONE}/dismiss")
@needs(Permission.BULLETIN_READ)
def dismiss(window_id: int) -> Response:
    return maintenance_bar.dismissed(window_id)


@routes.get("/bar")
@needs(Permission.BULLETIN_READ)
def bar() -> Response:
    """The line on top of a tab that stays open all day."""
    back, found = local_path(request.args.get("back", ""), PATH), maintenance_bar.maintenance_bar()
    return live.part(
        "console/maintenance/bar.html",
        maintenance_bar_state(found),
        lambda: {"back": back, "bar": found},
    )


@routes.app_template_global("maintenance_bar_state")
def maintenance_bar_state(bar: Banner | None) -> tuple[object, ...]:
    if bar is None:
        return ()
    window = bar.window
    return (window.id, window.title, window.phase.value, str(window.ends_at), bar.others)


def standing(desk: Desk) -> dict[str, object]:
    """How the line stands, for a part that is asked for anyway (T12)."""
    found = maintenance.banner(desk.session, desk.actor.id, desk.now)
    return {f"{HOME}/bar": maintenance_bar_state(found)}


def _act(name: str, window_id: int, do: Callable[[Desk], Any]) -> Response:
    def act(desk: Desk) -> Led:
        do(desk)
        return Led(f"{HOME}/{window_id}")

    return once(f"maintenance_{name}", act)


# --- writing -------------------------------------------------------------------------------------


def _written(window: Window | None, write: Callable[[Desk, Plan], Window]) -> Response:
    filled = read_form(*maintenance_form.FIELDS)
    plan = maintenance_form.plan_of(filled, window)
    if plan is None:
        return _editor(filled, window, 400)
    if filled["act"] == "preview":
        return _editor(filled, window, plan=plan)
    return once("maintenance", lambda desk: Led(f"{HOME}/{write(desk, plan).id}"))


def _editor(
    filled: Filled, window: Window | None, status: int = 200, *, plan: Plan | None = None
) -> Response:
    with looking() as desk:
        known = maintenance_planning.known_areas(desk.session)
        preview = maintenance_planning.as_planned(plan, desk.now) if plan else None
        met = (
            maintenance_planning.overlaps(desk, plan, window.id if window else None) if plan else ()
        )
    return show(
        "console/maintenance/edit.html",
        status,
        filled=filled,
        window=window,
        known=known,
        preview=bulletin_of(preview) if preview else None,
        overlaps=met,
        path=f"{HOME}/{window.id}/edit" if window else f"{HOME}/new",
        of_form=maintenance_form,
    )
