"""Acts of clocks that run out by the thousand: many tickets, few statements (F9, F13, F16, T8).

Each row is a clock with what its act needs of the ticket; the ticket is locked.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, literal, select, update
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, next_status
from domain.sentence import Button, Fact, Facts, Say
from models import Activity, Deadline, Rating, Ticket, table_of
from models.pouring import among
from services import notices
from services.clocks import late_since
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Rules

_deadlines, _tickets, _ratings = table_of(Deadline), table_of(Ticket), table_of(Rating)
_activities = table_of(Activity)
_RECORD = insert(_activities).from_select(
    ("ticket_id", "action", "status_before", "status_after", "happened_at"),
    select(
        _tickets.c.id,
        bindparam("action", type_=_activities.c.action.type),
        bindparam("before", type_=_activities.c.status_before.type),
        bindparam("after", type_=_activities.c.status_after.type),
        bindparam("at", type_=_activities.c.happened_at.type),
    ).where(among(_tickets.c.id, "tickets")),
)
_CLOSES = select(_deadlines.c.ticket_id, _deadlines.c.due_at).where(
    among(_deadlines.c.ticket_id, "tickets"), _deadlines.c.kind == DeadlineKind.AUTO_CLOSE
)
_CLOSE = (
    update(_tickets)
    .where(among(_tickets.c.id, "tickets"))
    .values(status=bindparam("to"), closed_at=bindparam("at"))
)
_STOP = delete(_deadlines).where(among(_deadlines.c.ticket_id, "tickets"))
_REMIND_LATER = insert(_deadlines).from_select(
    ("ticket_id", "kind", "step", "due_at"),
    select(
        _tickets.c.id,
        bindparam("kind", type_=_deadlines.c.kind.type),
        literal(0),
        bindparam("due", type_=_deadlines.c.due_at.type),
    ).where(
        among(_tickets.c.id, "tickets"),
        _tickets.c.requester_id.is_distinct_from(_tickets.c.assignee_id),
    ),
)
_RATED = (
    select(_tickets.c.id)
    .join_from(_tickets, _ratings, _ratings.c.ticket_id == _tickets.c.id)
    .where(among(_tickets.c.id, "tickets"), _ratings.c.cycle == _tickets.c.cycle)
)


def remind_of_answer(session: Session, rows: Sequence[Any], rules: "Rules", now: datetime) -> None:
    """Half of the time is gone and the engineer has not answered (F9)."""
    _record(session, rows, Action.REMIND, now)
    told = [
        _notice(
            row,
            Say(
                "notice.answer_reminder",
                {**_of(row), "place": row.place, "due": row.response_due_at},
                _buttons(row, Command.ACCEPT, Command.DECLINE),
                notices.page_of(row.number),
            ),
            now,
            to_engineer=True,
        )
        for row in rows
    ]
    notices.queue_many(session, told, now)


def remind_of_confirming(
    session: Session, rows: Sequence[Any], rules: "Rules", now: datetime
) -> None:
    """The requester has not said whether it is solved (F16)."""
    closing = session.connection().execute(_CLOSES, {"tickets": _ids(rows)}).all()
    closes = {each.ticket_id: each.due_at for each in closing}
    _record(session, rows, Action.REMIND, now)
    _tell_requesters(
        session,
        rows,
        now,
        "notice.confirm_reminder",
        lambda row: {**_of(row), "closes": closes.get(row.ticket_id)},
        lambda row: (Command.CONFIRM, Command.REOPEN),
    )


def close(session: Session, rows: Sequence[Any], rules: "Rules", now: datetime) -> None:
    """As `settling.close` does it, for many: silence ends a ticket, a rating is asked for later."""
    connection = session.connection()
    _record(session, rows, Action.CLOSE, now)
    to = next_status(rows[0].status, Action.CLOSE)
    connection.execute(_CLOSE, {"tickets": _ids(rows), "to": to, "at": now})
    connection.execute(_STOP, {"tickets": _ids(rows)})
    due = now + rules.targets.remind_rating_within
    reminder = {"tickets": _ids(rows), "kind": DeadlineKind.RATING_REMINDER, "due": due}
    connection.execute(_REMIND_LATER, reminder)
    _tell_requesters(
        session,
        rows,
        now,
        "notice.auto_closed",
        _of,
        lambda row: (Command.RATE, Command.REOPEN) if _may_rate(row) else (Command.REOPEN,),
    )


def remind_of_rating(session: Session, rows: Sequence[Any], rules: "Rules", now: datetime) -> None:
    """Asked once more, and never again (F13)."""
    rated = set(session.connection().execute(_RATED, {"tickets": _ids(rows)}).scalars())
    unrated = [row for row in rows if row.ticket_id not in rated]
    if not unrated:
        return
    _record(session, unrated, Action.REMIND, now)
    _tell_requesters(
        session,
        unrated,
        now,
        "notice.rating_reminder",
        lambda row: {**_of(row), "engineer": row.engineer},
        lambda row: (Command.RATE,),
    )


# --- what they share -----------------------------------------------------------------------------


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row.ticket_id for row in rows]


def _of(row: Any) -> dict[str, Fact]:
    return {"number": row.number, "symptom": row.symptom}


def _may_rate(row: Any) -> bool:
    return bool(row.requester_id != row.assignee_id)


def _buttons(row: Any, *commands: Command) -> tuple[Button, ...]:
    return tuple(button(command, row.number) for command in commands)


def _record(session: Session, rows: Sequence[Any], action: Action, now: datetime) -> None:
    """A line of each timeline, as `records.act` writes it."""
    before = rows[0].status
    asked = {
        "tickets": _ids(rows),
        "action": action,
        "before": before,
        "after": next_status(before, action),
        "at": now,
    }
    session.connection().execute(_RECORD, asked)


def _notice(row: Any, say: Say, now: datetime, *, to_engineer: bool = False) -> dict[str, Any]:
    """What the engineer is told is urgent, what the requester is told is not."""
    to = row.assignee_id if to_engineer else row.requester_id
    told = notices.row(to, say, now, ticket_id=row.ticket_id, is_urgent=to_engineer)
    return notices.told_late(told, late_since(row.due_at, now))


def _tell_requesters(
    session: Session,
    rows: Sequence[Any],
    now: datetime,
    key: str,
    facts: Callable[[Any], Facts],
    commands: Callable[[Any], tuple[Command, ...]],
) -> None:
    """Those who have ever been in chat; the desk calls the others (F2)."""
    told = [
        _notice(
            row,
            Say(key, facts(row), _buttons(row, *commands(row)), notices.page_of(row.number)),
            now,
        )
        for row in rows
        if row.requester_openid is not None
    ]
    notices.queue_many(session, told, now)
