"""Where monitoring reports alarms: each source with its own secret or signature (F4, H-53)."""

import json
import math
from datetime import datetime, timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, request
from pydantic import BaseModel
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from domain.alerts import AlertKind, Heard
from models import Session
from services.alerts import deliveries, intake, limiting, reading
from services.alerts.deliveries import Arrival
from services.alerts.intake import Proof, Sender
from services.alerts.reading import Unreadable
from web.api.caller import PATH
from web.api.problems import AlertsTooMany, AlertTooLarge, SourceUnknown, Wrong, words
from web.api.reading import DEEPEST, once_each, refuse_constant
from web.site import site

BODY_LIMIT = 1024 * 1024  # bytes
_KEY = 80
_SIGNED = "X-Alert-Signature"
_SIGNED_AT = "X-Alert-Timestamp"
_ONCE = "Idempotency-Key"

routes = APIBlueprint("alerts", "web.api", tag="alerts", url_prefix=PATH)


class AlertsTaken(BaseModel):
    """What became of the alarms: how many opened a ticket, joined one, were repeated …"""

    received: int
    became: dict[str, int]


@routes.post("/alerts/<source>")
@routes.output(AlertsTaken)
def take_alerts(source: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Report alarms of one source, as its kind writes them."""
    body, now = _body(), site().now()
    sender = _known(source, body, now)
    sent = _read_json(body)
    arrival = Arrival(request.remote_addr or "", _kept(sent, body), _key(sender, sent))
    heard = _heard(sender, sent, arrival, now)
    with site().database.transaction() as session:
        said, is_again = intake.receive(session, sender, heard, arrival, site().rules, now)
    if session.tells_somebody:
        site().nudge()
    return said, 200, {"Idempotency-Replayed": "true"} if is_again else {}


def _body() -> bytes:
    """As it came; neither packed nor too large (H-55)."""
    request.max_content_length = BODY_LIMIT
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType()
    if (request.content_length or 0) > BODY_LIMIT:
        raise AlertTooLarge()
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise AlertTooLarge() from None


def _known(source: str, body: bytes, now: datetime) -> Sender:
    """Whose turn it is; SourceUnknown whatever is wrong: address, secret, time, place (S-106)."""
    proof = Proof(_secret(), request.headers.get(_SIGNED_AT, ""), request.headers.get(_SIGNED, ""))
    with site().database.reading() as session:
        found = intake.sender(
            session, source, proof, body, request.remote_addr, site().secret_key, now
        )
        if found is None:
            raise SourceUnknown()
        _demand_turn(session, found.id, now)
    return found


def _demand_turn(session: Session, source_id: int, now: datetime) -> None:
    """AlertsTooMany for one too many; until its time is over, who comes again asks no database."""
    full: dict[int, datetime] = current_app.extensions.setdefault("alerts_full", {})
    until = full.get(source_id)
    if until is None or not now < until <= now + 2 * limiting.WITHIN:
        until = limiting.full_until(session, source_id, now)
    if until is None:
        full.pop(source_id, None)
        return
    full[source_id] = until
    raise AlertsTooMany(
        most=limiting.MOST,
        minutes=limiting.WITHIN // timedelta(minutes=1),
        seconds=max(1, math.ceil((until - now).total_seconds())),
    )


def _secret() -> str:
    """Of `Authorization: Bearer`, or the password of Basic."""
    said = request.authorization
    if said is None:
        return ""
    return (said.token if said.type == "bearer" else said.password) or ""


def _read_json(body: bytes) -> Any:
    """None for what is no JSON of ours: too deep, a key twice, no text."""
    try:
        sent = json.loads(
            body.decode("utf-8"), parse_constant=refuse_constant, object_pairs_hook=once_each
        )
    except (ValueError, RecursionError):
        return None
    return sent if _is_flat(sent) else None


def _heard(sender: Sender, sent: Any, arrival: Arrival, now: datetime) -> tuple[Heard, ...]:
    """What cannot be read is kept and answered, so that the admin sees what was sent."""
    try:
        return reading.read(sender.kind, sent)
    except Unreadable as why:
        wrong = Wrong(why.field, f"api.invalid.{why.why}", **_facts(why))
        said = {"field": why.field, "detail": words(wrong.key, **wrong.facts)}
        with site().database.transaction() as session:
            intake.refused(session, sender, arrival, 422, said, now)
        raise wrong from None


def _facts(why: Unreadable) -> dict[str, Any]:
    match why.why:
        case "too_many":
            return {"most": reading.ALERTS_AT_MOST}
        case "choice":
            return {"choices": "firing, resolved, problem, ok"}
    return {}


def _kept(sent: Any, body: bytes) -> str:
    if sent is None:
        return body[:400].decode("utf-8", "replace").replace("\x00", "")
    return deliveries.masked(sent)


def _key(sender: Sender, sent: Any) -> str | None:
    """By which the same delivery is known again: said, signed, or an event of Zabbix's."""
    said = request.headers.get(_ONCE, "")
    if said:
        return said[:_KEY]
    if sender.kind is AlertKind.GENERIC:
        return request.headers[_SIGNED][-_KEY:]
    event = sent.get("event_id") if isinstance(sent, dict) else None
    if sender.kind is AlertKind.ZABBIX and isinstance(event, str | int) and event != "":
        return f"zabbix:{str(event)[:40]}:{str(sent.get('status'))[:20]}"
    return None


def _is_flat(value: Any, depth: int = 1) -> bool:
    """Whether nothing is nested without end (H-55); letters that are none are taken out later."""
    if depth > DEEPEST:
        return False
    match value:
        case dict():
            return all(_is_flat(each, depth + 1) for each in value.values())
        case list():
            return all(_is_flat(each, depth + 1) for each in value)
    return True
