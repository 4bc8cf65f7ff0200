"""What the admin's pages share: acts that are recorded, secrets that are shown once, pages."""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from domain.permissions import Permission
from services import audit
from services.desk import Desk
from web.acts import Led, once
from web.console.admin import shown
from web.page import reader, show, words

PATH = "/console/admin"

_PLACES = (
    ("start", f"{PATH}/", "list-check", Permission.SETTING_MANAGE),
    ("people", f"{PATH}/people", "users", Permission.PERSON_MANAGE),
    ("teams", f"{PATH}/teams", "building", Permission.PERSON_MANAGE),
    ("skills", f"{PATH}/skills", "tools", Permission.PERSON_MANAGE),
    ("calendar", f"{PATH}/calendar", "calendar", Permission.SETTING_MANAGE),
    ("hours", f"{PATH}/hours", "clock", Permission.SETTING_MANAGE),
    ("agreement", f"{PATH}/agreement", "clipboard-check", Permission.TARGET_READ),
    ("compensations", f"{PATH}/compensations", "wallet", Permission.TARGET_READ),
    ("texts", f"{PATH}/texts", "language", Permission.TEXT_MANAGE),
    ("tokens", f"{PATH}/tokens", "api", Permission.TOKEN_MANAGE),
    ("webhooks", f"{PATH}/webhooks", "webhook", Permission.WEBHOOK_MANAGE),
    ("alerts", f"{PATH}/alerts", "bolt", Permission.ALERT_MANAGE),
    ("imports", f"{PATH}/import", "file-import", Permission.DEVICE_MANAGE),
    ("devices", f"{PATH}/devices", "device-desktop", Permission.DEVICE_MANAGE),
    ("understanding", f"{PATH}/understanding", "robot", Permission.READING_READ),
    ("audit", f"{PATH}/audit", "history", Permission.AUDIT_READ),
    ("about", f"{PATH}/about", "info-circle", Permission.SETTING_MANAGE),
)


def recorded(tapped: str, do: Callable[[Desk], str]) -> Response:
    """Does it once and goes on to the page that `do` answers; the record gets the address."""

    def done(desk: Desk) -> Led:
        desk.session.info[audit.ADDRESS] = request.remote_addr
        return Led(do(desk))

    return once(tapped, done)


def shown_once(
    tapped: str, do: Callable[[Desk], str], otherwise: str, page: Callable[[str], Response]
) -> Response:
    """A secret that `do` makes, in the answer to this form alone; sent again it leads elsewhere."""
    made: list[str] = []

    def done(desk: Desk) -> str:
        made.append(do(desk))
        return otherwise

    answer = recorded(tapped, done)
    return page(made[0]) if made else answer


def admin_page(template: str, status: int = 200, **facts: Any) -> Response:
    """A page beside the list of the admin's places, as far as the reader may go there."""
    places = [
        (name, path, drawing, words(f"admin.places.{name}"))
        for name, path, drawing, permission in _PLACES
        if reader().could(permission)
    ]
    return show(f"admin/{template}", status, shown=shown, places=places, **facts)
