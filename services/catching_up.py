"""After a stop everybody gets one message, not one for each thing that fell due (R-073).

What acts late queues its notices marked and a little in the future (`notices.late`); when
nothing late is left, those of one person are made one. If the process dies in between they go
out by themselves: nobody is left untold, nobody is told twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.permissions import Role
from domain.sentence import Button, Facts, Say, Word, from_json, to_json
from models import Deadline, Notice, NoticeState, NoticeUrgency, Person, table_of
from services import notices
from services.clocks import LATE_FROM
from services.notices import button

FEW = 3
"""Up to so many are said one by one, each with its buttons: that is no flood yet."""

LISTED = 8  # tickets that the one message names

_notices, _people = table_of(Notice), table_of(Person)
_deadlines = table_of(Deadline)
_is_gathered = (
    # Written out, not bound: only then does a database see that ix_notices_open serves.
    _notices.c.state.in_([literal_column("'pending'"), literal_column("'claimed'")]),
    _notices.c.state == literal_column("'pending'"),
    _notices.c.late_since.is_not(None),
    _notices.c.tries == 0,
    _notices.c.next_try_at > bindparam("at"),
    ~notices.IS_OF_FEW,  # each in its own words: one message for many stands in the desk's lists
)
_LATE = (
    select(_deadlines.c.id)
    .where(_deadlines.c.due_at <= bindparam("since"))  # ix_deadlines_due_at
    .limit(bindparam("most"))
)
_IS_WAITING = select(_notices.c.id).where(*_is_gathered).limit(1)
_GATHERED = (
    select(_notices, _people.c.roles)
    .join_from(_notices, _people, _people.c.id == _notices.c.recipient_id)
    .where(*_is_gathered)
    .order_by(_notices.c.recipient_id, _notices.c.id)
    .with_for_update(of=_notices)
)
_SAY_NOW = (
    update(_notices)
    .where(_notices.c.id == bindparam("of_notice"))
    .values(next_try_at=bindparam("at"), say=bindparam("words"))
)
_NEWEST = select(_notices.c.id).where(_notices.c.recipient_id == bindparam("to_person"))
_GIVE_WAY = (
    update(_notices)
    .where(_notices.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=NoticeState.REPLACED,
        replaced_by_id=bindparam("by_notice"),
        settled_at=bindparam("at"),
    )
)

_WHAT: Mapping[str, Word] = {
    "notice.assigned": Word("caught_up.what.assigned"),
    "notice.answer_reminder": Word("caught_up.what.answer_reminder"),
    "notice.taken_away": Word("caught_up.what.taken_away"),
    "notice.engineer_changes": Word("caught_up.what.engineer_changes"),
    "notice.unanswered": Word("caught_up.what.unanswered"),
    "notice.unanswered_queued": Word("caught_up.what.unanswered_queued"),
    "notice.hold_ended": Word("caught_up.what.hold_ended"),
    "notice.resumed": Word("caught_up.what.hold_ended"),
    "notice.confirm_reminder": Word("caught_up.what.confirm_reminder"),
    "notice.auto_closed": Word("caught_up.what.auto_closed"),
    "notice.rating_reminder": Word("caught_up.what.rating_reminder"),
    "notice.maintenance_over": Word("caught_up.what.maintenance_over"),
    "notice.engineer_coming": Word("caught_up.what.engineer_coming"),
    "notice.arrived": Word("caught_up.what.arrived"),
    "notice.progress": Word("caught_up.what.progress"),
    "notice.on_hold": Word("caught_up.what.on_hold"),
    "notice.resolved": Word("caught_up.what.resolved"),
    "desk_told.noted": Word("caught_up.what.noted"),
    "desk_told.mentioned": Word("caught_up.what.mentioned"),
    "desk_told.moved": Word("caught_up.what.moved"),
    "desk_told.amend": Word("caught_up.what.amended"),
    "desk_told.urge": Word("caught_up.what.urged"),
    "notice.export_ready": Word("caught_up.what.export_ready"),
}
_ASKS = (
    "notice.assigned",
    "notice.answer_reminder",
    "notice.resolved",
    "notice.confirm_reminder",
)
_ANYTHING = Word("caught_up.what.anything")


def is_late(session: Session, now: datetime, but: Collection[int] = ()) -> bool:
    """Whether a clock should have rung minutes ago. `but`: those whose act breaks."""
    asked = {"since": now - LATE_FROM, "most": len(but) + 1}
    return any(each not in but for each in session.connection().execute(_LATE, asked).scalars())


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether late notices wait to be made one."""
    return session.connection().execute(_IS_WAITING, {"at": now}).first() is not None


def sum_up(session: Session, now: datetime) -> int:
    """One message for each person to whom more than a few are to go; how many people those are."""
    rows = session.connection().execute(_GATHERED, {"at": now}).all()
    summed = 0
    for _, group in groupby(rows, lambda row: row.recipient_id):
        told = list(group)
        if len(told) > FEW:
            since = min(row.late_since for row in told)
            say_at_once(session, told, now, "caught_up.summary", since)
            summed += 1
        else:
            _say_each(session, told, now)
    if rows:
        session.info["tells_somebody"] = True
    return summed


def _newest(told: Sequence[Any]) -> list[Any]:
    """Of each ticket what was said last, how things stand; before it, what asks for an act."""
    ordered = sorted(told, key=lambda row: (row.text_key in _ASKS, row.id))
    last = {row.ticket_id or -row.id: row for row in ordered}
    return sorted(last.values(), key=lambda row: int(row.id))


def _say_each(session: Session, rows: Iterable[Any], now: datetime) -> None:
    """In its own words, with its own buttons, and since when it is late."""
    for row in rows:
        own = from_json(row.say)
        facts = {"what": Say(own.key, own.facts), "since": row.late_since}
        words = to_json(Say("caught_up.told", facts, own.buttons, own.page))
        values = {"of_notice": row.id, "at": now, "words": words}
        session.connection().execute(_SAY_NOW, values)


def say_at_once(
    session: Session, told: Sequence[Any], now: datetime, key: str, since: datetime
) -> None:
    """One message for all that waits for one person; they give way to it."""
    newest = _newest(told)
    lines = tuple(_line(row) for row in newest[-LISTED:])
    more = len(newest) - len(lines)
    facts: Facts = {"since": since, "count": len(newest), "lines": lines, "more": more or None}
    say = Say(key, facts, _buttons(told[0].roles))
    is_urgent = any(row.urgency is NoticeUrgency.URGENT for row in told)
    person_id = told[0].recipient_id
    notices.queue(session, [notices.row(person_id, say, now, is_urgent=is_urgent)])
    newest_id = _NEWEST.order_by(_notices.c.id.desc()).limit(1)
    summary_id = session.connection().execute(newest_id, {"to_person": person_id}).scalar_one()
    _give_way(session, told, summary_id, now)


def _give_way(session: Session, rows: Iterable[Any], to: int, now: datetime) -> None:
    if ids := [row.id for row in rows]:
        values = {"ids": ids, "by_notice": to, "at": now}
        session.connection().execute(_GIVE_WAY, values)


def _line(row: Any) -> Say:
    facts = from_json(row.say).facts
    named = {name: facts[name] for name in ("number", "symptom") if name in facts}
    return Say("caught_up.line", {**named, "what": _WHAT.get(row.text_key, _ANYTHING)})


def _buttons(roles: frozenset[Role]) -> tuple[Button, ...]:
    """Where what is listed can be worked off."""
    if Role.ENGINEER in roles:
        return (button(Command.QUEUE), button(Command.MY_WORK))
    if Role.DESK in roles:
        return (button(Command.OVERVIEW),)
    return (button(Command.MY_TICKETS),)
