"""Who is not reached, and who must hear of it: within a minute, with what was tried (F9, R-060)."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, or_, select, union_all, update
from sqlalchemy.orm import Session

from domain.delivery import ReachRules
from domain.permissions import Role
from domain.sentence import Facts, Say, from_json
from models import Complaint, Delivery, Notice, NoticeUrgency, Person, Ticket, table_of
from services import notices, quiet_hours
from services.complaints import records
from services.notices import UNDELIVERED
from services.reasons import tried

log = logging.getLogger(__name__)

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""When a notice is tried again that waits for the person."""

TOLD_ONCE_IN = timedelta(hours=4)
"""So long the desk hears no more of ordinary notices to the same person."""

LISTED = 5  # notices that one message names
BATCH = 50
_SAID_AFTER_REST = timedelta(minutes=5)

_notices, _tries, _people = table_of(Notice), table_of(Delivery), table_of(Person)
# Written out, not bound: only then does a database see that its indexes of open notices serve.
# One by one: for both together SQLite walks through all that was ever said.
_WAITING: tuple[Any, ...] = (
    _notices.c.state.in_([literal_column("'pending'"), literal_column("'claimed'")]),
    _notices.c.state == literal_column("'held'"),
)


def _waiting_where(*which: Any) -> Any:
    """The ids of open notices, the oldest first."""
    each = union_all(*(select(_notices.c.id).where(state, *which) for state in _WAITING)).subquery()
    return select(each.c.id).order_by(each.c.id + 0).limit(BATCH)  # or SQLite walks by the id


_quiet = (_notices.c.alarmed_at.is_(None), _notices.c.created_at <= bindparam("since"))
_urgent = _notices.c.urgency == NoticeUrgency.URGENT
_UNREACHED = _waiting_where(_urgent, *_quiet)
# A template message that was accepted and of which nothing is reported has not arrived yet.
_UNREPORTED = (
    select(_notices.c.id)
    .join_from(_tries, _notices, _notices.c.id == _tries.c.notice_id)
    .where(
        _tries.c.message_id.is_not(None),
        _tries.c.fate.is_(None),
        _notices.c.opened_at.is_(None),
        _urgent,
        *_quiet,
    )
    .limit(BATCH)
)
_AGED = _waiting_where(
    ~_urgent, *_quiet, _notices.c.recipient_id.not_in(bindparam("resting", expanding=True))
)
_ALARMED = (
    update(_notices)
    .where(_notices.c.id == bindparam("of_notice"), _notices.c.alarmed_at.is_(None))
    .values(alarmed_at=bindparam("at"))
)
_LOST = (
    update(_people)
    .where(_people.c.id == bindparam("of_person"), _people.c.unreached_since.is_(None))
    .values(unreached_since=bindparam("at"))
)
_SEEN = (
    update(_people)
    .where(_people.c.id == bindparam("of_person"), _people.c.unreached_since.is_not(None))
    .values(unreached_since=None)
)
_OPENED = (
    update(_notices)
    .where(
        _notices.c.id == bindparam("of_notice"),
        _notices.c.recipient_id == bindparam("of_person"),
        _notices.c.opened_at.is_(None),
    )
    .values(opened_at=bindparam("at"))
)


# --- signs of life -------------------------------------------------------------------------------


def seen(session: Session, person_id: int) -> None:
    """The person did something: they can be reached."""
    session.connection().execute(_SEEN, {"of_person": person_id})


def arrived(session: Session, notice_id: int) -> None:
    """A template message of this notice is on its recipient's phone."""
    recipient_id = session.scalar(select(Notice.recipient_id).where(Notice.id == notice_id))
    if recipient_id is not None:
        seen(session, recipient_id)


def opened(session: Session, person_id: int, notice_id: int, now: datetime) -> str | None:
    """The person followed a notice's link: where it leads; None if the notice is not theirs."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.recipient_id != person_id:
        return None
    row = {"of_notice": notice_id, "of_person": person_id, "at": now}
    session.connection().execute(_OPENED, row)
    seen(session, person_id)
    page = from_json(notice.say).page
    return page.path if page else "/h5/"


# --- alarms --------------------------------------------------------------------------------------


def is_due(session: Session, rules: ReachRules, now: datetime) -> bool:
    """Whether somebody is not reached, asked without a lock."""
    connection, since = session.connection(), {"since": now - rules.unreached_within}
    if any(connection.execute(each, since).first() for each in (_UNREACHED, _UNREPORTED)):
        return True
    return connection.execute(_AGED, _aged(session, rules, now)).first() is not None


def watch(session: Session, rules: ReachRules, now: datetime) -> int:
    """Alarm the desk of what did not get through in its time; answers how many notices."""
    connection, since = session.connection(), {"since": now - rules.unreached_within}
    late = {
        row.id
        for statement in (_UNREACHED, _UNREPORTED)
        for row in connection.execute(statement, since)
    }
    alarm(session, sorted(late), now)
    aged = connection.execute(_AGED, _aged(session, rules, now)).scalars().all()
    _digest(session, aged, now)
    return len(late) + len(aged)


def _aged(session: Session, rules: ReachRules, now: datetime) -> dict[str, Any]:
    """Who wants none now, or did until a moment ago, is not somebody out of reach (C §24)."""
    resting = quiet_hours.people_quiet(session, now) | quiet_hours.people_quiet(
        session, now - _SAID_AFTER_REST
    )
    return {"since": now - rules.alarm_after, "resting": list(resting)}


def alarm(session: Session, notice_ids: Collection[int], now: datetime) -> None:
    """Say whom a notice did not reach, what was tried, and why it failed; each once.

    Of ordinary notices to one person the desk hears once in a while.
    """
    for notice in _taken(session, notice_ids, now):
        person = session.get_one(Person, notice.recipient_id)
        log.warning("notice_unreached notice=%s person=%s", notice.id, person.id)
        if notice.urgency is NoticeUrgency.URGENT:
            session.connection().execute(_LOST, {"of_person": person.id, "at": now})
        elif _was_told_of(session, notice, now):
            continue
        readers = _readers(session, person.id, _kept_from(session, notice))
        if notice.text_key == UNDELIVERED:
            _pass_on(session, notice, readers, now)
        else:
            _tell(session, notice, person, readers, now)


def _was_told_of(session: Session, notice: Notice, now: datetime) -> bool:
    is_of_few = notices.is_of_few(notice)
    lately = select(Notice.id).where(
        Notice.recipient_id == notice.recipient_id,
        Notice.id != notice.id,
        Notice.alarmed_at > now - TOLD_ONCE_IN,
        # Who hears of the one kind does not hear of the other.
        notices.IS_OF_FEW if is_of_few else ~notices.IS_OF_FEW,
    )
    return session.scalar(lately.limit(1)) is not None


def _kept_from(session: Session, notice: Notice) -> frozenset[int]:
    """Who must not hear even that a notice of this complaint was sent (P8)."""
    complaint = session.get(Complaint, notice.complaint_id) if notice.complaint_id else None
    if complaint is None:
        return frozenset()
    return records.concerned_in(session, complaint.id) | {complaint.requester_id}


def _tell(
    session: Session, notice: Notice, person: Person, readers: Iterable[int], now: datetime
) -> None:
    ticket = session.get(Ticket, notice.ticket_id) if notice.ticket_id else None
    known: Facts = {
        "name": person.name,
        "phone": person.reached_by,
        "tried": tried(_tries_of(session, notice.id)) or (Say("notice.not_tried"),),
    }
    if notices.is_of_few(notice):
        _tell_few(session, notice, readers, known, now)
        return
    for reader_id in readers:
        notices.tell(
            session, reader_id, UNDELIVERED, now, ticket=ticket, is_urgent=True, known=known
        )


def _tell_few(
    session: Session, notice: Notice, readers: Iterable[int], known: Facts, now: datetime
) -> None:
    """Not what it said; the alarm itself is of the complaint, and in no list of the desk."""
    say, complaint_id = Say(UNDELIVERED, known), notice.complaint_id
    notices.queue(
        session,
        [
            notices.row(each, say, now, complaint_id=complaint_id, is_urgent=True)
            for each in readers
        ],
    )


def _pass_on(session: Session, notice: Notice, readers: Sequence[int], now: datetime) -> None:
    """An alarm that did not get through goes to whoever has not heard it."""
    told = select(Notice.recipient_id).where(
        Notice.text_key == UNDELIVERED,
        Notice.ticket_id == notice.ticket_id,
        Notice.complaint_id == notice.complaint_id,
        Notice.created_at >= notice.created_at,
    )
    missing = set(readers) - set(session.scalars(told))
    rows = [
        notices.row(
            each,
            from_json(notice.say),
            now,
            ticket_id=notice.ticket_id,
            complaint_id=notice.complaint_id,
            is_urgent=True,
        )
        for each in sorted(missing)
    ]
    notices.queue(session, rows)


def _digest(session: Session, notice_ids: Collection[int], now: datetime) -> None:
    """Ordinary notices that have waited too long, in one message."""
    waiting: dict[int, int] = defaultdict(int)
    for notice in _taken(session, notice_ids, now):
        if notices.is_of_few(notice):
            person = session.get_one(Person, notice.recipient_id)
            readers = _readers(session, person.id, _kept_from(session, notice))
            _tell(session, notice, person, readers, now)
        else:
            waiting[notice.recipient_id] += 1
    if not waiting:
        return
    people = [session.get_one(Person, person_id) for person_id in list(waiting)[:LISTED]]
    lines = tuple(
        Say(
            "notice.waiting_line",
            {"name": each.name, "phone": each.reached_by, "count": waiting[each.id]},
        )
        for each in people
    )
    notices.tell_desk(
        session,
        "notice.waiting_long",
        now,
        count=sum(waiting.values()),
        people=len(waiting),
        lines=lines,
    )


def _taken(session: Session, notice_ids: Iterable[int], now: datetime) -> list[Notice]:
    """Those that nobody has alarmed of yet; two watchers do not both get one."""
    connection = session.connection()
    mine = [
        each
        for each in notice_ids
        if connection.execute(_ALARMED, {"of_notice": each, "at": now}).rowcount
    ]
    if not mine:
        return []
    statement = select(Notice).where(Notice.id.in_(mine)).order_by(Notice.id)
    return list(session.scalars(statement, execution_options={"populate_existing": True}))


def _readers(session: Session, unreached_id: int, but: Collection[int] = ()) -> list[int]:
    """Who can hear an alarm: the desk, else the head, of those who are reached themselves."""
    for role in (Role.DESK, Role.HEAD, Role.ADMIN):
        holding = [each for each in notices.holding(session, role) if each not in but]
        lost = select(Person.id).where(
            Person.id.in_(holding),
            or_(Person.unreached_since.is_not(None), Person.id == unreached_id),
        )
        reached = set(holding) - set(session.scalars(lost)) if holding else set()
        if reached:
            return sorted(reached)
    return []


def _tries_of(session: Session, notice_id: int) -> Sequence[Delivery]:
    statement = select(Delivery).where(Delivery.notice_id == notice_id).order_by(Delivery.id)
    return session.scalars(statement).all()
