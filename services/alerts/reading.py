"""Reads what sources send: Alertmanager's webhook, Zabbix's, or plain JSON (F4, H-54)."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from domain.alerts import (
    LABEL_LENGTH,
    LABELS_AT_MOST,
    AlertKind,
    Heard,
    Severity,
    severity_of,
)

ALERTS_AT_MOST = 200  # of one delivery
_NAME, _SUMMARY, _KEY = 200, 500, 64  # characters
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_OVER = frozenset({"resolved", "ok", "recovery", "recovered", "0"})
_ON = frozenset({"firing", "problem", "alerting", "update", "1"})
_SAYING = ("summary", "description", "message")


class Unreadable(Exception):
    """What was sent is not what this kind of source sends; `field`: where."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field)
        self.field = field
        self.why = why  # missing, object, list, text, choice, too_many


def read(kind: AlertKind, sent: Any) -> tuple[Heard, ...]:
    """The alarms of one delivery, cut to their limits; Unreadable if there are none."""
    found = _object(sent, "")
    match kind:
        case AlertKind.ALERTMANAGER:
            return _each(found, "alerts", _of_alertmanager)
        case AlertKind.ZABBIX:
            return (_of_zabbix(found, ""),)
    if "alerts" in found:
        return _each(found, "alerts", _of_anybody)
    return (_of_anybody(found, ""),)


def _each(
    sent: Mapping[str, Any], name: str, one: Callable[[Mapping[str, Any], str], Heard]
) -> tuple[Heard, ...]:
    listed = sent.get(name)
    if listed is None:
        raise Unreadable(name, "missing")
    if not isinstance(listed, list):
        raise Unreadable(name, "list")
    if not listed:
        raise Unreadable(name, "missing")
    if len(listed) > ALERTS_AT_MOST:
        raise Unreadable(name, "too_many")
    places = [f"{name}.{number}" for number in range(len(listed))]
    return tuple(
        one(_object(each, place), f"{place}.") for each, place in zip(listed, places, strict=True)
    )


def _of_alertmanager(sent: Mapping[str, Any], place: str) -> Heard:
    labels = _labels(sent.get("labels"), f"{place}labels")
    notes = _labels(sent.get("annotations"), f"{place}annotations")
    name = labels.get("alertname")
    if not name:
        raise Unreadable(f"{place}labels.alertname", "missing")
    return Heard(
        name=name[:_NAME],
        is_firing=_is_firing(sent, place),
        severity=severity_of(labels.get("severity", "")),
        summary=_first(notes, _SAYING),
        labels=labels,
        started_at=_when(sent.get("startsAt")),
    )


def _of_zabbix(sent: Mapping[str, Any], place: str) -> Heard:
    name = _text(sent, "name", place)
    named = {
        key: _clean(sent[key], LABEL_LENGTH)
        for key in ("host", "trigger_id", "ip", "item")
        if _is_plain(sent.get(key)) and sent[key] != ""
    }
    return Heard(
        name=name,
        is_firing=_is_firing(sent, place),
        severity=_severity(sent, place),
        summary=_clean(sent.get("message") or "", _SUMMARY),
        labels={**_labels(sent.get("labels"), f"{place}labels"), **named},
        started_at=_when(sent.get("started_at")),
    )


def _of_anybody(sent: Mapping[str, Any], place: str) -> Heard:
    return Heard(
        name=_text(sent, "name", place),
        is_firing=_is_firing(sent, place),
        severity=_severity(sent, place),
        summary=_clean(sent.get("summary") or sent.get("message") or "", _SUMMARY),
        labels=_labels(sent.get("labels"), f"{place}labels"),
        started_at=_when(sent.get("started_at")),
    )


def _is_firing(sent: Mapping[str, Any], place: str) -> bool:
    """Without a word it fires."""
    said = sent.get("status", "firing")
    word = str(said).strip().lower() if _is_plain(said) else ""
    if word not in _ON | _OVER:
        raise Unreadable(f"{place}status", "choice")
    return word in _ON


def _severity(sent: Mapping[str, Any], place: str) -> Severity:
    said = sent.get("severity", "")
    if not _is_plain(said):
        raise Unreadable(f"{place}severity", "text")
    return severity_of(str(said))


def _text(sent: Mapping[str, Any], name: str, place: str) -> str:
    said = sent.get(name)
    if said is not None and not isinstance(said, str):
        raise Unreadable(f"{place}{name}", "text")
    if not (words := _clean(said or "", _NAME)):
        raise Unreadable(f"{place}{name}", "missing")
    return words


def _object(sent: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise Unreadable(place, "object")
    return sent


def _labels(sent: Any, place: str) -> dict[str, str]:
    """Cut rather than refused: no alarm is lost for a label that is too long."""
    if sent is None:
        return {}
    kept = sorted(_object(sent, place).items())[:LABELS_AT_MOST]
    return {
        _clean(name, _KEY): _clean(value, LABEL_LENGTH) for name, value in kept if _is_plain(value)
    }


def _first(notes: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((notes[name] for name in names if notes.get(name)), "")[:_SUMMARY]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _clean(value: Any, most: int) -> str:
    """Without control characters and halves of characters."""
    words = str(value)[: 4 * most]
    kept = (each for each in words if each == "\n" or unicodedata.category(each) not in _NO_TEXT)
    return "".join(kept).strip()[:most]


_NO_TEXT = ("Cc", "Cs", "Cf")


def _when(said: Any) -> datetime | None:
    """None for what is no time of ours: then it began as it was heard."""
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if _FIRST_YEAR <= at.year < _LAST_YEAR else None
