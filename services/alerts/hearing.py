"""One delivery while it is heard, and the history of alarms that it writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.refusals import NotFound
from models import Alert, AlertEvent, AlertEventKind, AlertSource

if TYPE_CHECKING:
    from services.desk import Rules


@dataclass(frozen=True, slots=True)
class Hearing:
    """The source's row is locked: of two processes one groups its alarms at a time."""

    session: Session
    source: AlertSource
    rules: "Rules"
    now: datetime
    delivery_id: int | None = None
    actor_id: int | None = None  # who acts; None: the source

    def note(self, alert: Alert, kind: AlertEventKind, words: str = "") -> None:
        """A line of the alarm's history."""
        self.session.add(
            AlertEvent(
                alert_id=alert.id,
                kind=kind,
                happened_at=self.now,
                words=words[:200] or None,
                actor_id=self.actor_id,
                delivery_id=self.delivery_id,
            )
        )


def locked_source(session: Session, source_id: int) -> AlertSource:
    """The source under its lock; NotFound if there is none."""
    found = session.scalar(
        select(AlertSource)
        .where(AlertSource.id == source_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found
