"""Acts of clocks that run out by the thousand: many tickets, few statements (F9, F13, F16, T8).

Each row is a clock with what its act needs of the ticket; the ticket is locked.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status, next_status
from domain.mould import Mould, blank
from domain.sentence import Fact, Facts, Say
from models import Activity, Deadline, Rating, Ticket, table_of
from models.pouring import among
from services import notices, notices_together
from services.clocks import late_since
from services.notices import button
from services.notices_together import Told

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
_STOP_OTHERS = delete(_deadlines).where(
    among(_deadlines.c.ticket_id, "tickets"), _deadlines.c.kind != DeadlineKind.AUTO_CLOSE
)
_REMIND_LATER = (
    update(_deadlines)
    .where(among(_deadlines.c.id, "ids"))
    .values(kind=DeadlineKind.RATING_REMINDER, step=0, due_at=bindparam("due"))
)
_RATED = (
    select(_tickets.c.id)
    .join_from(_tickets, _ratings, _ratings.c.ticket_id == _tickets.c.id)
    .where(among(_tickets.c.id, "tickets"), _ratings.c.cycle == _tickets.c.cycle)
)


def remind_of_answer(session: Session, rows: Sequence[Any], rules: "Rules", now: datetime) -> None:
    """Half of the time is gone and the engineer has not answered (F9)."""
    _record(session, rows, Action.REMIND, now)
    key, commands = "notice.answer_reminder", (Command.ACCEPT, Command.DECLINE)
    told = [
        _told(
            row,
            row.assignee_id,
            key,
            {**_of(row), "place": row.place, "due": row.response_due_at},
            commands,
            now,
        )
        for row in rows
    ]
    notices_together.queue_many(session, key, told, now, is_urgent=True)


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
    """As `settling.close` does it, for many: silence ends a ticket, a rating is asked for later.

    The tickets are changed last: until then each check of a foreign key finds one row of theirs.
    """
    connection, tickets = session.connection(), _ids(rows)
    _record(session, rows, Action.CLOSE, now)
    connection.execute(_STOP_OTHERS, {"tickets": tickets})
    due = now + rules.targets.remind_rating_within
    if turned := [row.id for row in rows if runs_on(row)]:
        connection.execute(_REMIND_LATER, {"ids": turned, "due": due})
    _tell_requesters(
        session,
        rows,
        now,
        "notice.auto_closed",
        _of,
        lambda row: (Command.RATE, Command.REOPEN) if _may_rate(row) else (Command.REOPEN,),
    )
    to = next_status(rows[0].status, Action.CLOSE)
    connection.execute(_CLOSE, {"tickets": tickets, "to": to, "at": now})


def runs_on(row: Any) -> bool:
    """Whether `close` makes the next clock of this one, which is therefore not taken away."""
    return row.kind is DeadlineKind.AUTO_CLOSE and row.status is Status.RESOLVED and _may_rate(row)


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


def _told(
    row: Any,
    recipient_id: int,
    key: str,
    facts: Facts,
    commands: tuple[Command, ...],
    now: datetime,
) -> Told:
    say = _mould(key, tuple(facts), commands).filled(facts)
    return Told(recipient_id, row.ticket_id, say, late_since(row.due_at, now))


@lru_cache
def _mould(key: str, facts: tuple[str, ...], commands: tuple[Command, ...]) -> Mould:
    number = blank("number")
    return Mould(
        Say(
            key,
            {name: blank(name) for name in facts},
            tuple(button(command, number) for command in commands),
            notices.page_of(number),
        )
    )


def _tell_requesters(
    session: Session,
    rows: Sequence[Any],
    now: datetime,
    key: str,
    facts: Callable[[Any], Facts],
    commands: Callable[[Any], tuple[Command, ...]],
) -> None:
    """Those who have ever been in chat, without urgency; the desk calls the others (F2)."""
    told = [
        _told(row, row.requester_id, key, facts(row), commands(row), now)
        for row in rows
        if row.requester_openid is not None
    ]
    notices_together.queue_many(session, key, told, now)
