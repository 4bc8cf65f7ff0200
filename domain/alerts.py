"""Alarms of monitoring: which are the same, which belong together, how grave they are (F4)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.lifecycle import ENDED_STATUSES, Status
from domain.priority import Impact, Priority, Urgency

LABELS_AT_MOST = 64  # of one alarm (H-54)
LABEL_LENGTH = 256  # characters
TOLD_EVERY = timedelta(minutes=5)
"""A group says so much and no more, however many alarms it gathers (R-080)."""

TAKEN_WITHIN = timedelta(minutes=5)
"""A signed delivery older than this, or from further ahead, is refused (H-53)."""

NAME = "name"
"""Among the fields of a fingerprint: what the alarm is called."""


class AlertKind(StrEnum):
    """How a source writes its alarms, and how it proves who it is."""

    ALERTMANAGER = auto()
    ZABBIX = auto()
    GENERIC = auto()


class Severity(StrEnum):
    CRITICAL = auto()
    WARNING = auto()
    INFO = auto()


class AlertState(StrEnum):
    FIRING = auto()
    RECOVERED = auto()
    IGNORED = auto()  # a person said that it is nothing


class OnRecovery(StrEnum):
    """What becomes of the ticket once every alarm of the group has recovered."""

    RESOLVE = auto()
    COMMENT = auto()


SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(
        ("critical", "crit", "page", "fatal", "emergency", "disaster", "high", "error", "5", "4"),
        Severity.CRITICAL,
    ),
    **dict.fromkeys(("warning", "warn", "average", "medium", "3", "2"), Severity.WARNING),
    **dict.fromkeys(
        ("info", "information", "informational", "notice", "none", "low", "not classified", "1"),
        Severity.INFO,
    ),
}
"""The words of Alertmanager's usual rules and of Zabbix; any other word is a warning."""

_GRAVITY = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)
_PRIORITY = {
    Severity.CRITICAL: Priority.URGENT,
    Severity.WARNING: Priority.HIGH,
    Severity.INFO: Priority.NORMAL,
}
_MADE_OF = {
    Priority.URGENT: (Impact.TEAM, Urgency.HIGH),
    Priority.HIGH: (Impact.TEAM, Urgency.NORMAL),
    Priority.NORMAL: (Impact.PERSON, Urgency.NORMAL),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One alarm as it was sent, within its limits."""

    name: str
    is_firing: bool
    severity: Severity
    summary: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None  # None: the source does not say


def severity_of(word: str) -> Severity:
    return SEVERITIES.get(word.strip().lower(), Severity.WARNING)


def fingerprint(heard: Heard, fields: Sequence[str]) -> str:
    """The same for two alarms about the same thing; without fields all labels count."""
    return _digest(_chosen(heard, fields))


def group_key(heard: Heard, fields: Sequence[str]) -> str:
    """The same for alarms that belong together; without fields each stands for itself."""
    return _digest(_chosen(heard, fields))


def group_title(heard: Heard, fields: Sequence[str]) -> str:
    """The group in words that people know it by."""
    named = [value for name in fields if name != NAME and (value := heard.labels.get(name))]
    return " ".join(dict.fromkeys((heard.name, *named)))


def opens_ticket(severity: Severity, opens_from: Severity | None) -> bool:
    """Whether it opens one by itself; None: none does, the desk confirms each."""
    return opens_from is not None and _GRAVITY.index(severity) <= _GRAVITY.index(opens_from)


def priority_of_alarm(severity: Severity, highest: Priority) -> Priority:
    """As grave as it says, but never above what the source was granted (H-56)."""
    return Priority(max(_PRIORITY[severity], highest))


def made_of(priority: Priority) -> tuple[Impact, Urgency]:
    """Impact and urgency that give this priority."""
    return _MADE_OF[priority]


def is_joined(
    status: Status, idle_for: timedelta, ended_for: timedelta, window: timedelta, again: timedelta
) -> bool:
    """Whether another alarm of the group joins its ticket, as it stands, or opens a new one."""
    if status in (Status.CANCELLED, Status.MERGED):
        return False
    if status is Status.RESOLVED or status in ENDED_STATUSES:
        return ended_for <= again
    return idle_for <= max(window, again)


def _chosen(heard: Heard, fields: Sequence[str]) -> dict[str, str]:
    facts = {**heard.labels, NAME: heard.name}
    found = {name: facts[name] for name in fields if name in facts}
    return found or facts


def _digest(facts: Mapping[str, str]) -> str:
    written = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()
