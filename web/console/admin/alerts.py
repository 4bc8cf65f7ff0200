"""Sources of alarms: made, changed, tried with a sample, given another secret, muted (F4, H-53)."""

import json
from typing import Any

from flask import Response, request

from domain.alerts import AlertKind
from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from models import AlertSource
from services import audit, people_listing
from services.alerts import deliveries, sources
from services.alerts.reading import Unreadable
from services.desk import Desk
from web.acts import looking
from web.console.admin import alert_form
from web.console.admin.acts import PATH, admin_page, recorded, shown_once
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, words
from web.site import site

routes = pages("admin_alerts", "/admin/alerts")

HOME = f"{PATH}/alerts"
SAMPLES = {
    AlertKind.ALERTMANAGER: {
        "version": "4",
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": {
                    "alertname": "DiskAlmostFull",
                    "instance": "db01:9100",
                    "severity": "critical",
                },
                "annotations": {"summary": "/data 95%"},
                "startsAt": "2026-11-24T10:20:00+08:00",
            }
        ],
    },
    AlertKind.ZABBIX: {
        "event_id": "4711",
        "trigger_id": "13926",
        "status": "PROBLEM",
        "host": "core-sw-1",
        "name": "Interface Gi0/1 is down",
        "severity": "High",
        "message": "Operational status: down",
    },
    AlertKind.GENERIC: {
        "name": "BackupFailed",
        "status": "firing",
        "severity": "warning",
        "summary": "nas01: exit code 2",
        "labels": {"host": "nas01", "job": "nightly"},
    },
}
_SAMPLE = 20_000  # characters


@routes.get("")
@needs(Permission.ALERT_MANAGE)
def listed() -> Response:
    with looking() as desk:
        found = sources.listed(desk)
        people = dict(people_listing.staff(desk.session))
        now = desk.now
    return admin_page("alerts.html", sources=found, people=people, now=now, home=HOME)


@routes.get("/new")
@needs(Permission.ALERT_MANAGE)
def new() -> Response:
    kind = request.args.get("kind", "")
    known = next((each for each in AlertKind if each.value == kind), AlertKind.ALERTMANAGER)
    return _new(alert_form.usual(known))


@routes.post("/new")
@needs(Permission.ALERT_MANAGE)
def made() -> Response:
    filled = alert_form.of_new(_staff())
    if filled.problems:
        return _new(filled, 400)
    kind = AlertKind(filled["kind"])

    def do(desk: Desk) -> str:
        said = alert_form.settings(filled)
        _, secret = sources.make(desk, filled["slug"], kind, said, site().secret_key)
        return secret

    try:
        return shown_once(
            "alert_source_make",
            do,
            HOME,
            lambda secret: _secret(filled["name"], filled["slug"], kind, secret),
        )
    except Refusal as no:
        _refuse(filled, no)
        return _new(filled, 409)


@routes.get("/<int:source_id>")
@needs(Permission.ALERT_MANAGE)
def one(source_id: int) -> Response:
    return _page(source_id)


@routes.post("/<int:source_id>")
@needs(Permission.ALERT_MANAGE)
def changed(source_id: int) -> Response:
    filled = alert_form.of_known(_staff())
    if filled.problems:
        return _page(source_id, filled, 400)

    def do(desk: Desk) -> str:
        sources.change(desk, source_id, alert_form.settings(filled))
        return f"{HOME}/{source_id}?done=change"

    try:
        return recorded("alert_source_change", do)
    except Refusal as no:
        _refuse(filled, no)
        return _page(source_id, filled, 409)


@routes.post("/<int:source_id>/renew")
@needs(Permission.ALERT_MANAGE)
def renewed(source_id: int) -> Response:
    read_form()
    with looking() as desk:
        source = sources.one(desk, source_id)
        name, slug, kind = source.name, source.slug, source.kind
    return shown_once(
        "alert_source_renew",
        lambda desk: sources.renew(desk, source_id, site().secret_key),
        f"{HOME}/{source_id}",
        lambda secret: _secret(name, slug, kind, secret),
    )


@routes.post("/<int:source_id>/try")
@needs(Permission.ALERT_MANAGE)
def tried(source_id: int) -> Response:
    """How a body would be taken; nothing is kept, and nobody is told."""
    filled = read_form(Field("sample", _SAMPLE, is_required=True))
    found: tuple[sources.Tried, ...] = ()
    with looking() as desk:
        source = sources.one(desk, source_id)
        if not filled.problems:
            try:
                found = sources.tried(source, json.loads(filled["sample"]))
            except Unreadable as why:
                wrong = Say("alert_source.refusal.sample_field", {"field": why.field or "{}"})
                filled.problems["sample"] = wrong
            except (ValueError, RecursionError):
                filled.refuse("sample", "alert_source.refusal.sample")
    return _page(source_id, status=400 if filled.problems else 200, sample=filled, found=found)


def _staff() -> list[tuple[int, str]]:
    with looking() as desk:
        return list(people_listing.staff(desk.session))


def _refuse(filled: Filled, no: Refusal) -> None:
    name = "slug" if isinstance(no, sources.SlugTaken) else "responsible_id"
    filled.problems[name] = Say(no.text_key, no.facts)


def _new(filled: Filled, status: int = 200) -> Response:
    choices = alert_form.choices(_staff())
    return admin_page("alert_new.html", status, filled=filled, choices=choices, home=HOME)


def _secret(name: str, slug: str, kind: AlertKind, secret: str) -> Response:
    return admin_page(
        "alert_secret.html", name=name, address=_address(slug), kind=kind, secret=secret, home=HOME
    )


def _address(slug: str) -> str:
    return f"{site().public_url or request.host_url.rstrip('/')}/api/v1/alerts/{slug}"


def _page(
    source_id: int,
    filled: Filled | None = None,
    status: int = 200,
    *,
    sample: Filled | None = None,
    found: tuple[sources.Tried, ...] = (),
) -> Response:
    with looking() as desk:
        source = sources.one(desk, source_id)
        facts = _facts(desk, source)
        filled = filled or alert_form.filled_of(source)
        sample = sample or Filled({"sample": json.dumps(SAMPLES[source.kind], indent=2)})
    return admin_page("alert_one.html", status, filled=filled, sample=sample, found=found, **facts)


def _facts(desk: Desk, source: AlertSource) -> dict[str, Any]:
    return {
        "source": source,
        "address": _address(source.slug),
        "kind_word": words(f"alert.kind.{source.kind.value}"),
        "deliveries": deliveries.listed(desk.session, source.id),
        "choices": alert_form.choices(list(people_listing.staff(desk.session))),
        "history": audit.history(desk.session, f"alert_source:{source.id}", 5),
        "home": HOME,
        "now": desk.now,
    }
