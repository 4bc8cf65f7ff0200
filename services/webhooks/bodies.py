"""What a receiver reads: ids, numbers, states and times; words only where the admin wants them.

The fields of a ticket are those of the API (web/api/shapes.py), by the same names.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from domain.webhooks import VERSION, Event
from models.database import as_json
from nlp.blotting import blotted
from services.webhooks.lines import Line

PLAIN = (
    "number",
    "kind",
    "status",
    "cycle",
    "channel",
    "category",
    "priority",
    "urgency",
    "impact",
    "device_code",
    "opened_at",
    "updated_at",
    "response_due_at",
    "responded_at",
    "resolution_due_at",
    "wished_from",
    "wished_until",
    "hold_until",
    "resolved_at",
    "closed_at",
    "merged_into",
)
WORDS = ("symptom", "description", "place", "device", "error_code", "wished_words")


def message_id(webhook_id: int, line: Line) -> str:
    """One happening has one id for each webhook, whoever finds it however often."""
    named = f"{webhook_id}:{line.source}:{line.id}:{line.at.astimezone(UTC).isoformat()}"
    return f"msg_{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def body_of(message: str, line: Line, *, has_words: bool) -> str:
    """It never changes: each try of a delivery sends the same."""
    if line.source == "complaint":
        data: dict[str, Any] = {
            "complaint": {"number": line.subject, "status": line.status_after},
        }
    else:
        data = {
            "status_before": line.status_before,
            "status_after": line.status_after,
            "actor_id": line.actor_id,
            "ticket": _ticket(line.ticket, has_words=has_words),
        }
    if line.rating is not None:
        data["rating"] = _rating(line.rating, has_words=has_words)
    return _enveloped(message, line.event, line.at, data)


def test_body(message: str, at: datetime, name: str) -> str:
    return _enveloped(message, Event.WEBHOOK_TEST, at, {"webhook": name})


def _enveloped(message: str, event: Event, at: datetime, data: dict[str, Any]) -> str:
    return as_json(
        {
            "version": VERSION,
            "id": message,
            "type": event.value,
            "timestamp": _plain(at),
            "data": data,
        }
    )


def _ticket(row: Any, *, has_words: bool) -> dict[str, Any]:
    facts = {name: _plain(getattr(row, name)) for name in PLAIN}
    if has_words:
        facts |= {name: _said(getattr(row, name)) for name in WORDS}
    facts["requester"] = {"id": row.requester_id}
    facts["assignee"] = {"id": row.assignee_id} if row.assignee_id is not None else None
    facts["etag"] = f'"{row.id}.{row.version}"'
    return facts


def _rating(row: Any, *, has_words: bool) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in ("cycle", "speed", "attitude", "result")}
    return {**facts, "comment": _said(row.comment)} if has_words else facts


def _said(words: str | None) -> str | None:
    """Without the numbers by which people are called."""
    return blotted(words) if words else words


def _plain(value: Any) -> Any:
    """As the API writes it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return getattr(value, "value", value)
