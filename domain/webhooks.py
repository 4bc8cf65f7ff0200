"""Events that other systems are told of: which happening makes which, and when a try is repeated.

The names follow Standard Webhooks, so that its libraries can verify what arrives.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.complaints import ComplaintAction
from domain.lifecycle import Action

VERSION = 1  # of what is sent; a field may be added under the same number, never taken away
SECRET_PREFIX = "whsec_"


class Event(StrEnum):
    """What a receiver reads as `type`."""

    TICKET_OPENED = "ticket.opened"
    TICKET_DISPATCHED = "ticket.dispatched"
    TICKET_ACCEPTED = "ticket.accepted"
    TICKET_RETURNED = "ticket.returned"
    TICKET_HELD = "ticket.held"
    TICKET_RESUMED = "ticket.resumed"
    TICKET_ESCALATED = "ticket.escalated"
    TICKET_CORRECTED = "ticket.corrected"
    TICKET_RESOLVED = "ticket.resolved"
    TICKET_CLOSED = "ticket.closed"
    TICKET_REOPENED = "ticket.reopened"
    TICKET_CANCELLED = "ticket.cancelled"
    TICKET_MERGED = "ticket.merged"
    RATING_GIVEN = "rating.given"
    COMPLAINT_OPENED = "complaint.opened"
    COMPLAINT_DECIDED = "complaint.decided"
    WEBHOOK_TEST = "webhook.test"


CHOICES = tuple(each for each in Event if each is not Event.WEBHOOK_TEST)
"""What a webhook may ask for; the test comes when the admin presses its button."""

OF_ACTION: Mapping[Action, Event] = {
    Action.OPEN: Event.TICKET_OPENED,
    Action.ASSIGN: Event.TICKET_DISPATCHED,
    Action.REASSIGN: Event.TICKET_DISPATCHED,
    Action.ACCEPT: Event.TICKET_ACCEPTED,
    Action.DECLINE: Event.TICKET_RETURNED,
    Action.TRANSFER: Event.TICKET_RETURNED,
    Action.QUEUE: Event.TICKET_RETURNED,
    Action.HOLD: Event.TICKET_HELD,
    Action.RESUME: Event.TICKET_RESUMED,
    Action.ESCALATE: Event.TICKET_ESCALATED,
    Action.CORRECT: Event.TICKET_CORRECTED,
    Action.RECLASSIFY: Event.TICKET_CORRECTED,
    Action.RESOLVE: Event.TICKET_RESOLVED,
    Action.CONFIRM: Event.TICKET_CLOSED,
    Action.CLOSE: Event.TICKET_CLOSED,
    Action.REOPEN: Event.TICKET_REOPENED,
    Action.CANCEL: Event.TICKET_CANCELLED,
    Action.MERGE: Event.TICKET_MERGED,
    Action.RATE: Event.RATING_GIVEN,
}

OF_COMPLAINT_ACTION: Mapping[ComplaintAction, Event] = {
    ComplaintAction.SUBMIT: Event.COMPLAINT_OPENED,
    ComplaintAction.DECIDE: Event.COMPLAINT_DECIDED,
}


class SendState(StrEnum):
    """A delivery's fate; the first two are open."""

    PENDING = auto()
    CLAIMED = auto()
    DELIVERED = auto()
    FAILED = auto()  # not repeated any more by itself
    SKIPPED = auto()  # the admin went on without what had waited


class PausedWhy(StrEnum):
    BY_ADMIN = auto()
    FAILURES = auto()  # so many tries in a row came to nothing
    GONE = auto()  # the receiver said 410: nobody is there any more


class Trouble(StrEnum):
    """Why a try came to nothing; no more than that, so that nobody scans a network (S-027)."""

    ANSWER = auto()  # a status that is no success; redirects are not followed
    ADDRESS = auto()  # none to which we connect (H-35)
    UNREACHABLE = auto()
    CERTIFICATE = auto()
    TIMEOUT = auto()
    BROKEN = auto()  # what came was no answer
    SECRET = auto()  # it was sealed with a key that the server has no more


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """What an operator set (config.yaml, section webhooks)."""

    allowed_hosts: Sequence[str] = ()  # none: every host of the internet
    inside_hosts: Sequence[str] = ()  # of our own network: may be private, may speak http
    kept_for: timedelta = timedelta(days=30)
    pause_after: int = 20  # failures in a row


WAITS = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600))
"""Between the tries of one delivery: the last of eight comes after some seventeen hours."""

_REST_FROM, _REST_TO = timedelta(seconds=5), timedelta(minutes=5)


def next_try(tries: int, now: datetime) -> datetime | None:
    """After so many tries; None: it is given up."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None


def rest(failures: int) -> timedelta:
    """How long a receiver is left in peace that did not take so many in a row."""
    return min(_REST_TO, _REST_FROM * 2.0 ** min(failures - 1, 10))


def signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """`v1,…`: HMAC-SHA256 of id, seconds and body, as Standard Webhooks has it."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{at}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"
