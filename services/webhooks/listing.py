"""Webhooks and their log, as the admin's pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.refusals import NotFound
from domain.webhooks import SendState
from models import Person, Webhook, WebhookDelivery, table_of

PAGE = 50
RECENT = timedelta(hours=24)

_hooks, _deliveries, _people = table_of(Webhook), table_of(WebhookDelivery), table_of(Person)
_OPEN = (SendState.PENDING, SendState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Summary:
    """One webhook with its figures: what waits, what was given up, what arrived lately."""

    hook: Any
    made_by: str
    waiting: int
    failed: int
    arrived: int

    @property
    def is_failing(self) -> bool:
        return self.hook.paused_at is None and self.hook.failures > 0


@dataclass(frozen=True, slots=True)
class Log:
    """A page of deliveries, the newest first; `below` leads on, if there is more."""

    rows: tuple[Any, ...]
    below: int | None


def listed(session: Session, now: datetime) -> tuple[Summary, ...]:
    """All that are there, by name."""
    hooks = session.execute(_with_maker().order_by(_hooks.c.name, _hooks.c.id)).all()
    return _summed_up(session, hooks, now)


def one(session: Session, webhook_id: int, now: datetime) -> Summary:
    hooks = session.execute(_with_maker().where(_hooks.c.id == webhook_id)).all()
    if not hooks:
        raise NotFound()
    return _summed_up(session, hooks, now)[0]


def _with_maker() -> Any:
    return (
        select(_hooks, _people.c.name.label("maker"))
        .join_from(_hooks, _people, _people.c.id == _hooks.c.created_by_id)
        .where(_hooks.c.removed_at.is_(None))
    )


def _summed_up(session: Session, hooks: Any, now: datetime) -> tuple[Summary, ...]:
    waiting = _counted(session, _deliveries.c.state.in_(_OPEN))
    failed = _counted(session, _deliveries.c.state == SendState.FAILED)
    arrived = _counted(
        session,
        _deliveries.c.state == SendState.DELIVERED,
        _deliveries.c.created_at >= now - RECENT,
    )
    return tuple(
        Summary(
            hook,
            hook.maker or "",
            waiting.get(hook.id, 0),
            failed.get(hook.id, 0),
            arrived.get(hook.id, 0),
        )
        for hook in hooks
    )


def _counted(session: Session, *conditions: Any) -> Mapping[int, int]:
    rows = session.execute(
        select(_deliveries.c.webhook_id, func.count())
        .where(*conditions)
        .group_by(_deliveries.c.webhook_id)
    )
    return {webhook_id: count for webhook_id, count in rows}


def page(
    session: Session, webhook_id: int, state: SendState | None = None, below: int | None = None
) -> Log:
    """By ix_webhook_deliveries_webhook_id_id, back from where the last page ended."""
    conditions = [_deliveries.c.webhook_id == webhook_id]
    if state is not None:
        conditions.append(_deliveries.c.state.in_(_OPEN if state in _OPEN else (state,)))
    if below is not None:
        conditions.append(_deliveries.c.id < below)
    rows = session.execute(
        select(_deliveries).where(*conditions).order_by(_deliveries.c.id.desc()).limit(PAGE + 1)
    ).all()
    shown = tuple(rows[:PAGE])
    return Log(shown, shown[-1].id if len(rows) > PAGE else None)


def delivery(session: Session, webhook_id: int, delivery_id: int) -> Any:
    row = session.execute(
        select(_deliveries).where(
            _deliveries.c.id == delivery_id, _deliveries.c.webhook_id == webhook_id
        )
    ).first()
    if row is None:
        raise NotFound()
    return row
