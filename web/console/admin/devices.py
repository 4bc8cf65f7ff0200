"""Devices with a code on their case: looked up, added, changed, retired (A1)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission
from domain.sentence import Say
from services import audit, device_listing, devices, people_listing
from services.desk import Desk
from services.device_listing import Wanted
from services.devices import CodeTaken, NewDevice
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.admin.codes import drawn
from web.console.admin.people_form import FLAG
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs

routes = pages("admin_devices", "/admin/devices")

HOME = f"{PATH}/devices"
_CATEGORIES = [kind.value for kind in Category]
_FIELDS = (
    Field("name", 60, is_required=True),
    Field("description", 200),
    Field("category", 24, is_required=True, choices=_CATEGORIES),
    Field("place", 80, is_required=True),
    Field("owner", 40),
)


@routes.get("")
@needs(Permission.DEVICE_MANAGE)
def listed() -> Response:
    asked = {name: request.args.get(name, "")[:80] for name in ("q", "category", "after")}
    is_retired = request.args.get("retired") == FLAG
    kind = Category(asked["category"]) if asked["category"] in _CATEGORIES else None
    with looking() as desk:
        page = device_listing.page(desk, Wanted(asked["q"], kind, is_retired, asked["after"]))
    facts: dict[str, Any] = {"asked": asked, "is_retired": is_retired, "categories": list(Category)}
    return admin_page("devices.html", page=page, most=device_listing.COUNTED_TO, **facts)


@routes.get("/new")
@needs(Permission.DEVICE_MANAGE)
def new() -> Response:
    return _form(Filled({"category": Category.COMPUTER.value}))


@routes.post("")
@needs(Permission.DEVICE_MANAGE)
def added() -> Response:
    filled = read_form(Field("code", 40, is_required=True), *_FIELDS)
    code = devices.code_of(filled["code"])
    if filled["code"] and code is None:
        filled.problems["code"] = Say("import.bad_code", {"word": filled["code"]})
    facts = _facts(filled)
    if filled.problems or code is None:
        return _form(filled, status=400)

    def do(desk: Desk) -> str:
        return f"{HOME}/{device_listing.add(desk, NewDevice(code=code, **facts))}"

    try:
        return recorded("device_add", do)
    except CodeTaken:
        filled.refuse("code", "admin.devices.code_taken")
        return _form(filled, status=409)


@routes.get("/<code>")
@needs(Permission.DEVICE_MANAGE)
def one(code: str) -> Response:
    with looking() as desk:
        device, owner = device_listing.one(desk, code)
        tickets = devices.last_tickets(desk.session, device.id)
        history = audit.history(desk.session, f"device:{device.code}")
    drawing = drawn(device.qr_url) if device.qr_url else None
    facts: dict[str, Any] = {
        "device": device,
        "owner": owner,
        "tickets": tickets,
        "history": history,
    }
    return admin_page("device_one.html", drawing=drawing, **facts)


@routes.get("/<code>/edit")
@needs(Permission.DEVICE_MANAGE)
def edited(code: str) -> Response:
    with looking() as desk:
        device, owner = device_listing.one(desk, code)
        values = {name: str(getattr(device, name) or "") for name in device_listing.FACTS}
        values["owner"] = owner
    return _form(Filled(values), code=device.code)


@routes.post("/<code>")
@needs(Permission.DEVICE_MANAGE)
def changed(code: str) -> Response:
    filled = read_form(*_FIELDS)
    facts = _facts(filled)
    if filled.problems:
        return _form(filled, code=code, status=400)

    def do(desk: Desk) -> str:
        device_listing.change(desk, code, facts)
        return f"{HOME}/{code}?done=change"

    return recorded("device_change", do)


@routes.post("/<code>/retire")
@needs(Permission.DEVICE_MANAGE)
def retired(code: str) -> Response:
    filled = read_form(Field("active", 1, choices=("0", FLAG)))

    def do(desk: Desk) -> str:
        device_listing.change(desk, code, {"is_active": filled["active"] == FLAG})
        return f"{HOME}/{code}"

    return recorded("device_retire", do)


def _facts(filled: Filled) -> Mapping[str, Any]:
    return {
        "name": filled["name"],
        "description": filled["description"] or None,
        "category": Category(filled["category"] or Category.OTHER),
        "place": filled["place"],
        "owner_id": _owner(filled),
    }


def _owner(filled: Filled) -> int | None:
    """Whose it is: the only person of this name, or of this staff number."""
    if not filled["owner"]:
        return None
    with looking() as desk:
        found = people_listing.called(desk.session, filled["owner"])
    if len(found) == 1:
        return found[0]
    key = "admin.devices.several_owners" if found else "import.unknown_owner"
    filled.problems["owner"] = Say(key, {"word": filled["owner"]})
    return None


def _form(filled: Filled, *, code: str | None = None, status: int = 200) -> Response:
    facts = {"filled": filled, "code": code, "categories": list(Category)}
    return admin_page("device_form.html", status, **facts)
