"""What is sent next, under a claim that ends by itself, and what followed from a try.

Each ticket's events go in their order: one waits while an earlier one is still to be repeated.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from domain.webhooks import Event, PausedWhy, SendState, Trouble, WebhookRules, next_try, rest
from models import Webhook, WebhookDelivery, table_of
from services.alarms import raise_alarm

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than any try; after it somebody else may send, under the same id."""

ANSWER_KEPT = 500  # characters
_PAST_KEPT = 20  # tries
_QUIET_FOR = timedelta(hours=1)
_GONE = 410

_hooks, _deliveries = table_of(Webhook), table_of(WebhookDelivery)
_earlier = _deliveries.alias("earlier")

# Written out, not bound: only then does a database see that its index of what is open serves.
_PENDING: Any = literal_column("'pending'")
_CLAIMED: Any = literal_column("'claimed'")


def _is_open(deliveries: Any) -> Any:
    return deliveries.c.state.in_([_PENDING, _CLAIMED])


_is_first_of_its_ticket = ~exists().where(
    _earlier.c.webhook_id == _deliveries.c.webhook_id,
    _earlier.c.subject == _deliveries.c.subject,
    _earlier.c.id < _deliveries.c.id,
    _is_open(_earlier),
)
# In any order, so that a slow receiver does not keep the others waiting.
_HOOKS = (
    select(_hooks)
    .where(
        _hooks.c.removed_at.is_(None),
        or_(
            _hooks.c.paused_at.is_not(None),
            _hooks.c.rests_until.is_(None),
            _hooks.c.rests_until <= bindparam("at"),
        ),
    )
    .order_by(func.random())
)
_DUE: Select[Any] = (
    select(_deliveries)
    .where(
        _deliveries.c.webhook_id == bindparam("of_hook"),
        _is_open(_deliveries),
        _deliveries.c.next_try_at <= bindparam("at"),
        or_(_deliveries.c.state == _PENDING, _deliveries.c.claimed_until <= bindparam("at")),
        _is_first_of_its_ticket,
    )
    .order_by(_deliveries.c.next_try_at, _deliveries.c.id)
    .limit(1)
)
# While a webhook is paused, tests alone go out.
_DUE_TEST = _DUE.where(_deliveries.c.subject == Event.WEBHOOK_TEST.value)
_NEXT = _DUE.with_for_update(of=_deliveries, skip_locked=True)
_NEXT_TEST = _DUE_TEST.with_for_update(of=_deliveries, skip_locked=True)
_CLAIM = (
    update(_deliveries)
    .where(_deliveries.c.id == bindparam("of_delivery"))
    .values(
        state=SendState.CLAIMED,
        claim=bindparam("by"),
        claimed_until=bindparam("until"),
        tries=_deliveries.c.tries + 1,
        tried_at=bindparam("at"),
    )
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in one worker's hands; `claim` must match whatever is written of it."""

    id: int
    claim: str
    webhook_id: int
    message_id: str
    event: Event
    body: str
    url: str
    secrets_sealed: tuple[str, ...]  # the former one signs for a day beside the new one
    tries: int  # with the one to come


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: a status, or what kept it from having one."""

    status: int | None
    trouble: Trouble | None
    took_ms: int
    answer: str = ""

    @property
    def is_success(self) -> bool:
        return self.trouble is None


def is_due(session: Session, now: datetime) -> bool:
    """Whether there is something to send, asked without a lock."""
    connection = session.connection()
    return any(
        connection.execute(_due_of(hook), {"of_hook": hook.id, "at": now}).first()
        for hook in connection.execute(_HOOKS, {"at": now}).all()
    )


def _due_of(hook: Any) -> Select[Any]:
    return _DUE if hook.paused_at is None else _DUE_TEST


def claim(session: Session, now: datetime) -> Claimed | None:
    """The next delivery of any webhook; two workers never get the same at the same time."""
    connection = session.connection()
    for hook in connection.execute(_HOOKS, {"at": now}).all():
        statement = _NEXT if hook.paused_at is None else _NEXT_TEST
        row = connection.execute(statement, {"of_hook": hook.id, "at": now}).first()
        if row is not None:
            return _claimed(session, hook, row, now)
    return None


def _claimed(session: Session, hook: Any, row: Any, now: datetime) -> Claimed:
    by = secrets.token_hex(16)
    values = {"of_delivery": row.id, "by": by, "until": now + LEASE, "at": now}
    session.connection().execute(_CLAIM, values)
    is_former_good = hook.former_until is not None and now < hook.former_until
    former = (hook.former_sealed,) if is_former_good else ()
    return Claimed(
        id=row.id,
        claim=by,
        webhook_id=hook.id,
        message_id=row.message_id,
        event=row.event,
        body=row.body,
        url=hook.url,
        secrets_sealed=(hook.secret_sealed, *former),
        tries=row.tries + 1,
    )


# --- what followed -------------------------------------------------------------------------------


def settle(
    session: Session, claimed: Claimed, tried: Tried, rules: WebhookRules, now: datetime
) -> bool:
    """Writes down what came of it; False if the claim was over and somebody else has it."""
    hook = session.get_one(Webhook, claimed.webhook_id, with_for_update=True)
    found = session.get(WebhookDelivery, claimed.id, with_for_update=True)
    if found is None or found.claim != claimed.claim:
        return False
    _note(found, tried)
    if found.event is Event.WEBHOOK_TEST:
        found.state = SendState.DELIVERED if tried.is_success else SendState.FAILED
    elif tried.is_success:
        found.state = SendState.DELIVERED
        hook.failures, hook.rests_until, hook.delivered_at = 0, None, now
    else:
        _failed(session, hook, found, tried, rules, now)
    log.info(
        "webhook_tried delivery=%s webhook=%s status=%s trouble=%s tries=%s",
        found.id,
        hook.id,
        tried.status,
        tried.trouble,
        found.tries,
    )
    return True


def _note(found: WebhookDelivery, tried: Tried) -> None:
    found.claim = found.claimed_until = None
    found.status, found.trouble, found.took_ms = tried.status, tried.trouble, tried.took_ms
    found.answer = tried.answer.replace("\x00", " ")[:ANSWER_KEPT] or None  # no NUL in PostgreSQL
    entry = {
        "at": found.tried_at.isoformat() if found.tried_at else None,
        "status": tried.status,
        "trouble": tried.trouble.value if tried.trouble else None,
        "ms": tried.took_ms,
    }
    found.past = [*found.past, entry][-_PAST_KEPT:]


def _failed(
    session: Session,
    hook: Webhook,
    found: WebhookDelivery,
    tried: Tried,
    rules: WebhookRules,
    now: datetime,
) -> None:
    again = next_try(found.tries, now)
    found.state = SendState.FAILED if again is None else SendState.PENDING
    found.next_try_at = again or found.next_try_at
    hook.failures += 1
    hook.rests_until = now + rest(hook.failures)
    if hook.paused_at is not None:
        return
    if tried.status == _GONE:
        _pause(session, hook, PausedWhy.GONE, now)
    elif hook.failures >= rules.pause_after:
        _pause(session, hook, PausedWhy.FAILURES, now)


def _pause(session: Session, hook: Webhook, why: PausedWhy, now: datetime) -> None:
    """What happens from now on waits until an admin has looked."""
    hook.paused_at, hook.paused_why = now, why
    log.warning("webhook_paused webhook=%s why=%s", hook.id, why)
    raise_alarm(
        session,
        f"webhook:{hook.id}",
        now,
        quiet_for=_QUIET_FOR,
        text_key="notice.webhook_paused",
        name=hook.name,
        failures=hook.failures,
    )
