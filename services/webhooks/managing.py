"""What the admin does with a webhook; each act is recorded, secrets and addresses' ends are not."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from domain.outgoing import target_of
from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from domain.webhooks import CHOICES, Event, PausedWhy, SendState, WebhookRules
from models import Webhook, WebhookDelivery, table_of
from services import audit
from services.webhooks import following, sealing
from services.webhooks.bodies import test_body

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

FORMER_FOR = timedelta(hours=24)
MOST = 20  # webhooks; each event is written once for each of them
_SWEPT_AT_ONCE = 500

_deliveries = table_of(WebhookDelivery)


class NoEvent(Refusal):
    """A webhook that is told of nothing is of no use."""

    text_key = "webhook_page.refusal.no_event"


class TooMany(Refusal):
    text_key = "webhook_page.refusal.too_many"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an admin fills in."""

    name: str
    url: str
    events: Sequence[str]
    categories: Sequence[str] = ()
    places: Sequence[str] = ()
    has_words: bool = False


def add(desk: "Desk", wish: Wish, key: bytes) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown once."""
    _check(desk, wish)
    live = select(func.count()).select_from(Webhook).where(Webhook.removed_at.is_(None))
    count = desk.session.scalar(live) or 0
    if count >= MOST:
        raise TooMany(most=MOST)
    secret = sealing.new_secret()
    hook = Webhook(
        **_facts_of(wish),
        secret_sealed=sealing.sealed(secret, key),
        ending=sealing.ending(secret),
        created_at=desk.now,
        created_by_id=desk.actor.id,
        failures=0,
    )
    desk.session.add(hook)
    if not count:
        following.begin_now(desk.session)
    desk.session.flush()
    _record(desk, hook, "webhook.add", None, _told(hook))
    return hook, secret


def change(desk: "Desk", webhook_id: int, wish: Wish) -> Webhook:
    hook = _locked(desk, webhook_id)
    _check(desk, wish)
    before = _told(hook)
    for name, value in _facts_of(wish).items():
        setattr(hook, name, value)
    _record(desk, hook, "webhook.change", before, _told(hook))
    return hook


def pause(desk: "Desk", webhook_id: int) -> Webhook:
    """Events are still written down; they wait."""
    hook = _locked(desk, webhook_id)
    if hook.paused_at is None:
        hook.paused_at, hook.paused_why = desk.now, PausedWhy.BY_ADMIN
        _record(desk, hook, "webhook.pause", {"is_running": True}, {"is_running": False})
    return hook


def resume(desk: "Desk", webhook_id: int, *, is_skipping: bool = False) -> Webhook:
    """What waited is sent in its order, or laid aside: it can be sent by hand later."""
    hook = _locked(desk, webhook_id)
    if is_skipping:
        desk.session.execute(
            update(_deliveries)
            .where(_deliveries.c.webhook_id == hook.id, _deliveries.c.state == SendState.PENDING)
            .values(state=SendState.SKIPPED)
        )
    if hook.paused_at is not None:
        hook.paused_at = hook.paused_why = None
        _record(desk, hook, "webhook.resume", {"is_running": False}, {"is_running": True})
    hook.failures, hook.rests_until = 0, None
    return hook


def rotate(desk: "Desk", webhook_id: int, key: bytes) -> tuple[Webhook, str]:
    """A new secret; for a day the former one signs beside it, so that nothing is refused."""
    hook = _locked(desk, webhook_id)
    secret = sealing.new_secret()
    before = {"ending": hook.ending}
    hook.former_sealed, hook.former_until = hook.secret_sealed, desk.now + FORMER_FOR
    hook.secret_sealed, hook.ending = sealing.sealed(secret, key), sealing.ending(secret)
    _record(desk, hook, "webhook.rotate", before, {"ending": hook.ending})
    return hook, secret


def remove(desk: "Desk", webhook_id: int) -> None:
    """Nothing is sent any more, and the secret is gone; the log stays its days."""
    hook = _locked(desk, webhook_id)
    hook.removed_at = desk.now
    hook.secret_sealed, hook.former_sealed, hook.former_until = "", None, None
    _record(desk, hook, "webhook.remove", _told(hook), None)


# --- deliveries ----------------------------------------------------------------------------------


def test(desk: "Desk", webhook_id: int) -> int:
    """A delivery that says nothing but that it arrived; it goes out while paused, too."""
    hook = _locked(desk, webhook_id)
    message = f"msg_{secrets.token_hex(16)}"
    body = test_body(message, desk.now, hook.name)
    event, hook.rests_until = Event.WEBHOOK_TEST, None
    row = following.row_of(hook.id, event, message, event.value, body, desk.now, desk.now)
    made = desk.session.execute(insert(_deliveries).values(row).returning(_deliveries.c.id))
    return int(made.scalar_one())


def resend(desk: "Desk", webhook_id: int, delivery_id: int) -> None:
    """Once more from the beginning, under its id: a receiver that has it knows it again."""
    hook = _locked(desk, webhook_id)
    found = desk.session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if found is None or found.webhook_id != webhook_id:
        raise NotFound()
    if found.state in (SendState.PENDING, SendState.CLAIMED):
        return
    found.state, found.tries, found.next_try_at = SendState.PENDING, 0, desk.now
    hook.rests_until = None


def resend_failed(desk: "Desk", webhook_id: int) -> int:
    """All that was given up, in its order; answers how many."""
    hook = _locked(desk, webhook_id)
    hook.rests_until = None
    done = desk.session.execute(
        update(_deliveries)
        .where(
            _deliveries.c.webhook_id == webhook_id,
            _deliveries.c.state == SendState.FAILED,
            _deliveries.c.event != Event.WEBHOOK_TEST,
        )
        .values(state=SendState.PENDING, tries=0, next_try_at=desk.now)
    )
    count: int = done.rowcount  # type: ignore[attr-defined]
    log.info("webhook_resent webhook=%s count=%s", webhook_id, count)
    return count


def has_old(session: Session, rules: WebhookRules, now: datetime) -> bool:
    old = select(_deliveries.c.id).where(_deliveries.c.created_at < now - rules.kept_for).limit(1)
    return session.scalar(old) is not None


def sweep(session: Session, rules: WebhookRules, now: datetime) -> int:
    """Some of what is older than it is kept, whatever became of it; answers how many."""
    old = (
        select(_deliveries.c.id)
        .where(_deliveries.c.created_at < now - rules.kept_for)
        .order_by(_deliveries.c.created_at)
        .limit(_SWEPT_AT_ONCE)
    )
    done = session.execute(delete(_deliveries).where(_deliveries.c.id.in_(old)))
    count: int = done.rowcount  # type: ignore[attr-defined]
    return count


# --- both ----------------------------------------------------------------------------------------


def _locked(desk: "Desk", webhook_id: int) -> Webhook:
    demand(desk.actor.roles, Permission.WEBHOOK_MANAGE)
    hook = desk.session.get(Webhook, webhook_id, with_for_update=True)
    if hook is None or hook.removed_at is not None:
        raise NotFound()
    return hook


def _check(desk: "Desk", wish: Wish) -> None:
    demand(desk.actor.roles, Permission.WEBHOOK_MANAGE)
    if not set(wish.events) & {each.value for each in CHOICES}:
        raise NoEvent()
    rules = desk.rules.webhooks
    target_of(wish.url, rules.allowed_hosts, rules.inside_hosts)


def _facts_of(wish: Wish) -> dict[str, Any]:
    known = {each.value for each in CHOICES}
    return {
        "name": wish.name,
        "url": wish.url,
        "events": [each for each in wish.events if each in known],
        "categories": list(wish.categories),
        "places": list(wish.places),
        "has_words": wish.has_words,
    }


def _told(hook: Webhook) -> dict[str, Any]:
    """As the record keeps it: what stands behind the `?` of an address may be a key."""
    return {
        "webhook_name": hook.name,
        "url": hook.url.partition("?")[0],
        "events": list(hook.events),
        "categories": list(hook.categories),
        "places": list(hook.places),
        "has_words": hook.has_words,
    }


def _record(
    desk: "Desk",
    hook: Webhook,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    audit.done_by(desk, action, f"webhook:{hook.id}", before, after)
    log.info("%s webhook=%s actor=%s", action.replace(".", "_"), hook.id, desk.actor.id)
