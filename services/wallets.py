"""What customer messages take out of a person's windows, and what errcodes put right (R-057)."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, update
from sqlalchemy.orm import Session

from domain.delivery import WindowLimits
from models import Conversation, table_of

_talks = table_of(Conversation)

_of_tap = and_(_talks.c.tapped_left > 0, _talks.c.tapped_at > bindparam("tap_since"))
# The window that ends first pays (wechat-platform §14.3).
_SPEND = (
    update(_talks)
    .where(_talks.c.person_id == bindparam("of_person"))
    .values(
        tapped_left=case((_of_tap, _talks.c.tapped_left - 1), else_=_talks.c.tapped_left),
        heard_left=case(
            (_of_tap, _talks.c.heard_left),
            (_talks.c.heard_left > 0, _talks.c.heard_left - 1),
            else_=_talks.c.heard_left,
        ),
    )
)


def _not_since(column: Any) -> Any:
    return or_(column.is_(None), column <= bindparam("began"))


_CORRECT = (
    update(_talks)
    .where(
        _talks.c.person_id == bindparam("of_person"),
        # What they did after the message left has opened a window anew.
        _not_since(_talks.c.heard_at),
        _not_since(_talks.c.tapped_at),
    )
    .values(
        heard_at=func.coalesce(
            _talks.c.heard_at, bindparam("long_ago", type_=_talks.c.heard_at.type)
        ),
        heard_left=0,
        tapped_left=0,
    )
)


def spend(
    session: Session, person_id: int, messages: int, limits: WindowLimits, now: datetime
) -> None:
    """So many customer messages went to this person."""
    row = {"of_person": person_id, "tap_since": now - limits.tap_for}
    if messages:
        session.connection().execute(_SPEND, [row] * messages)


def correct(
    session: Session, person_id: int, began: datetime, limits: WindowLimits, now: datetime
) -> None:
    """The platform said that no window is open, or that it is used up."""
    row = {"of_person": person_id, "began": began, "long_ago": now - limits.message_for}
    session.connection().execute(_CORRECT, row)
