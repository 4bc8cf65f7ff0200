"""A ticket with its history as JSON, for machines; instants with the desk's offset."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any

from cli.masks import masked_openid
from domain.calendar import CHINA
from services.dossier import Dossier, Told
from services.talks import Talk

_TICKET = (
    "number kind status cycle channel contact_name contact_department contact_office contact_phone"
    " symptom description device device_description place error_code category impact urgency"
    " priority reading opened_at assigned_at response_due_at responded_at resolution_due_at"
    " on_hold_since hold_until resolved_at closed_at"
).split()
_RESULT = "cycle cause action_taken minutes is_on_site parts reported_at".split()
_RATING = "cycle speed attitude result comment rated_at".split()
_ATTACHMENT = (
    "kind purpose state file content_type size thumbnail playable words latitude longitude label"
    " created_at"
).split()
_NOTICE = "text_key urgency state tries created_at valid_until settled_at".split()
_TRY = "channel outcome errcode error started_at ended_at".split()


def as_json(dossier: Dossier) -> dict[str, Any]:
    """Everything that the form shows, under the names of the tables."""
    ticket = dossier.ticket
    return {
        **_fields(ticket, _TICKET),
        "requester": {
            "name": dossier.name(ticket.requester_id),
            "openid": masked_openid(dossier.requester.openid) or None,
        },
        "engineer": dossier.name(ticket.assignee_id) or None,
        "supporter": dossier.name(ticket.supporter_id) or None,
        "receipt": dossier.receipt,
        "results": [
            {**_fields(each, _RESULT), "engineer": dossier.name(each.engineer_id)}
            for each in dossier.results
        ],
        "ratings": [_fields(each, _RATING) for each in dossier.ratings],
        "timeline": [_happened(dossier, each) for each in dossier.activities],
        "attachments": [_fields(each, _ATTACHMENT) for each in dossier.attachments],
        "talks": [_talked(each) for each in dossier.talks],
        "notices": [_told(dossier, each) for each in dossier.notices],
    }


def _happened(dossier: Dossier, activity: Any) -> dict[str, Any]:
    fields = _fields(activity, ("action", "status_before", "status_after", "happened_at", "detail"))
    return {**fields, "who": dossier.name(activity.actor_id) or None}


def _told(dossier: Dossier, told: Told) -> dict[str, Any]:
    fields = _fields(told.notice, _NOTICE)
    deliveries = [_fields(each, _TRY) for each in told.tries]
    to = dossier.name(told.notice.recipient_id)
    return {**fields, "to": to, "deliveries": deliveries}


def _talked(talk: Talk) -> dict[str, Any]:
    fields = _fields(talk, ("asked_at", "began_at", "ended_at", "clerk"))
    return {**fields, "lines": [_fields(each, ("at", "is_clerk", "text")) for each in talk.lines]}


def _fields(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value.value, int) else value.value
    return value
