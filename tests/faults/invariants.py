"""What must hold after anything (reliability.md §2.1), over database, spool, files and platform.

Each rule yields what is wrong, in words; `check` fails with all of it and the run's seed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from domain.deadlines import DeadlineKind
from domain.dispatch import PRIORITY_WEIGHT
from domain.lifecycle import ENDED_STATUSES, LIFECYCLE, Action, Status
from domain.permissions import Role
from handlers import registry
from models import (
    Activity,
    Attachment,
    AttachmentState,
    Base,
    Conversation,
    Database,
    Deadline,
    Delivery,
    Engineer,
    Holder,
    InboxMessage,
    Notice,
    NoticeState,
    Outcome,
    Person,
    Rating,
    Ticket,
)

Key = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """A text that reached, or may have reached, a phone."""

    openid: str
    text: str


@dataclass(frozen=True)
class Known:
    """What is known from outside: the harness, the platform's log, the folders."""

    sent: frozenset[Key]
    answered: frozenset[Key]  # with 200
    reports: int  # that people confirmed
    replies: tuple[Message, ...] = ()
    told: tuple[Message, ...] = ()  # customer messages that the platform took, in its order
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)  # openid → name, phone
    spool: Path | None = None
    media: Path | None = None


class Rows:
    """All rows, read once."""

    def __init__(self, database: Database) -> None:
        with database.reading() as session:
            self._rows: dict[type[Base], list[Any]] = {
                model: list(session.scalars(select(model).order_by(*model.__table__.primary_key)))
                for model in (
                    Activity,
                    Attachment,
                    Conversation,
                    Deadline,
                    Delivery,
                    Engineer,
                    InboxMessage,
                    Notice,
                    Person,
                    Rating,
                    Ticket,
                )
            }
            session.expunge_all()

    def of(self, model: type[Base]) -> list[Any]:
        return self._rows[model]

    def grouped(self, model: type[Base], name: str) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in self._rows[model]:
            found[getattr(row, name)].append(row)
        return found


Rule = Callable[[Rows, Known], Iterator[str]]


def check(database: Database, known: Known, seed: object, *, without: Collection[str] = ()) -> None:
    """Fails with the run's seed and everything that does not hold."""
    wrong = broken(database, known, without)
    assert not wrong, f"seed {seed}:\n" + "\n".join(wrong)


def broken(database: Database, known: Known, without: Collection[str] = ()) -> list[str]:
    rows = Rows(database)
    return [
        f"{name}: {what}"
        for name, rule in RULES.items()
        if name not in without
        for what in rule(rows, known)
    ]


# --- I1, I2: what was answered for is there, and happened once ------------------------------------


def _inbox(rows: Rows, known: Known) -> Iterator[str]:
    kept = Counter((row.openid, row.key) for row in rows.of(InboxMessage))
    for key in known.answered - kept.keys():
        yield f"answered and lost: {key}"
    for key in kept.keys() - known.sent:
        yield f"never sent: {key}"
    for key in (key for key, times in kept.items() if times > 1):
        yield f"kept twice: {key}"


def _spool(rows: Rows, known: Known) -> Iterator[str]:
    for file in known.spool.glob("*/inbound.jsonl") if known.spool else ():
        yield f"{file.parent.name}/{file.name} was not handed on: {file.stat().st_size} bytes"


def _effects(rows: Rows, known: Known) -> Iterator[str]:
    tickets = rows.of(Ticket)
    if len(tickets) != known.reports:
        yield f"{known.reports} reports became {len(tickets)} tickets"
    inbox = {row.id: row for row in rows.of(InboxMessage)}
    for ticket in tickets:
        if ticket.opened_by_inbox_id not in inbox:
            yield f"{ticket.number} was opened by no message"
    opened = Counter((row.detail or {}).get("inbox_id") for row in _acts(rows, Action.OPEN))
    for inbox_id, times in opened.items():
        if times > 1:
            yield f"message {inbox_id} opened {times} tickets"


def _acts(rows: Rows, action: Action) -> list[Activity]:
    return [row for row in rows.of(Activity) if row.action is action]


# --- I3, I4, I5: a ticket is what its timeline adds up to -----------------------------------------


def _fold(rows: Rows, known: Known) -> Iterator[str]:
    lines = rows.grouped(Activity, "ticket_id")
    for ticket in rows.of(Ticket):
        try:
            folded = folded_of(lines[ticket.id])
        except (KeyError, ValueError) as error:
            yield f"{ticket.number}: its timeline is impossible: {error!r}"
            continue
        shown = (ticket.status, ticket.assignee_id, ticket.cycle)
        if shown != folded:
            yield f"{ticket.number} is {shown}, its timeline says {folded}"


def folded_of(lines: list[Activity]) -> tuple[Status | None, int | None, int]:
    """Status, engineer and cycle; KeyError for a step that the lifecycle does not know."""
    status, engineer_id, cycle = None, None, 1
    for line in lines:
        after = Status.NEW if status is None else LIFECYCLE[status, line.action]
        is_opening = line.action is Action.OPEN
        if (status is None) is not is_opening or (line.status_before, line.status_after) != (
            status,
            after,
        ):
            raise ValueError(f"{line.action} from {status} to {line.status_after}")
        status = after
        if line.action in (Action.ASSIGN, Action.REASSIGN):
            engineer_id = (line.detail or {})["engineer_id"]
        if status is Status.NEW:
            engineer_id = None
        cycle += line.action is Action.REOPEN
    return status, engineer_id, cycle


def _numbers(rows: Rows, known: Known) -> Iterator[str]:
    for number, times in Counter(ticket.number for ticket in rows.of(Ticket)).items():
        if times > 1:
            yield f"{times} tickets are called {number}"


_NEEDED = {
    Status.ASSIGNED: {DeadlineKind.ANSWER_DUE},
    Status.ON_HOLD: {DeadlineKind.HOLD_ENDS},
    Status.RESOLVED: {DeadlineKind.AUTO_CLOSE},
}
_ALLOWED = {
    Status.ASSIGNED: {DeadlineKind.ANSWER_REMINDER, DeadlineKind.ANSWER_DUE},
    Status.ON_HOLD: {DeadlineKind.HOLD_ENDS},
    Status.RESOLVED: {DeadlineKind.AUTO_CLOSE, DeadlineKind.CONFIRM_REMINDER},
    Status.CLOSED: {DeadlineKind.RATING_REMINDER},
}


def _clocks(rows: Rows, known: Known) -> Iterator[str]:
    """The one clock of an ended ticket reminds of a rating that is still missing."""
    running = rows.grouped(Deadline, "ticket_id")
    rated = {(row.ticket_id, row.cycle) for row in rows.of(Rating)}
    for ticket in rows.of(Ticket):
        kinds = [row.kind for row in running[ticket.id]]
        if len(kinds) != len(set(kinds)):
            yield f"{ticket.number} has a clock twice: {kinds}"
        if missing := _NEEDED.get(ticket.status, set()) - set(kinds):
            yield f"{ticket.number} is {ticket.status} without {missing}"
        if idle := set(kinds) - _ALLOWED.get(ticket.status, set()):
            yield f"{ticket.number} is {ticket.status} with {idle}"
        if ticket.status in ENDED_STATUSES and kinds and (ticket.id, ticket.cycle) in rated:
            yield f"{ticket.number} is ended and rated with {kinds}"


def _loads(rows: Rows, known: Known) -> Iterator[str]:
    held = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
    for engineer in rows.of(Engineer):
        own = [
            ticket
            for ticket in rows.of(Ticket)
            if ticket.assignee_id == engineer.person_id and ticket.status in held
        ]
        counted = len(own), sum(PRIORITY_WEIGHT[ticket.priority] for ticket in own)
        if (engineer.open_tickets, engineer.workload) != counted:
            shown = engineer.open_tickets, engineer.workload
            yield f"engineer {engineer.person_id} shows {shown}, counted {counted}"


# --- I6, I9: each notice has its fate, once and in order ------------------------------------------


def _fates(rows: Rows, known: Known) -> Iterator[str]:
    tries = rows.grouped(Delivery, "notice_id")
    for notice in rows.of(Notice):
        outcomes = Counter(row.outcome for row in tries[notice.id])
        name = f"notice {notice.id} {notice.text_key}"
        if notice.state in (NoticeState.PENDING, NoticeState.CLAIMED):
            yield f"{name} is {notice.state} after the drain"
        if notice.claim is not None or notice.claimed_until is not None:
            yield f"{name} is {notice.state} with a claim"
        if outcomes[Outcome.STARTED]:
            yield f"{name} has a try without an outcome"
        if outcomes[Outcome.ACCEPTED] > 1:
            yield f"{name} was delivered {outcomes[Outcome.ACCEPTED]} times"
        if (notice.state is NoticeState.DELIVERED) is not (outcomes[Outcome.ACCEPTED] == 1):
            yield f"{name} is {notice.state} with {dict(outcomes)}"
        if notice.state is NoticeState.UNKNOWN and not outcomes[Outcome.UNCLEAR]:
            yield f"{name} is unknown, and nobody tried"


def _order(rows: Rows, known: Known) -> Iterator[str]:
    """By the first accepted try of each: somebody reads what happened in the order it happened."""
    of = {row.id: row.recipient_id for row in rows.of(Notice)}
    heard: dict[int, list[int]] = defaultdict(list)
    for row in rows.of(Delivery):
        if row.outcome is Outcome.ACCEPTED:
            heard[of[row.notice_id]].append(row.notice_id)
    for recipient_id, ids in heard.items():
        if ids != sorted(ids):
            yield f"person {recipient_id} heard notices in the order {ids}"


def _seen(rows: Rows, known: Known) -> Iterator[str]:
    """The platform's own log: more often than counted is once too often."""
    openids = {person.id: person.openid for person in rows.of(Person)}
    of = {row.id: openids[row.recipient_id] for row in rows.of(Notice)}
    unclear = Counter(
        of[row.notice_id] for row in rows.of(Delivery) if row.outcome is Outcome.UNCLEAR
    )
    spare = Counter(unclear)
    for message, times in Counter(known.told).items():
        spare[message.openid] -= times - 1
        if spare[message.openid] < 0:
            counted = unclear[message.openid]
            yield f"{message.openid} saw {times} times, {counted} unclear: {message.text!r}"
    accepted = Counter(
        of[row.notice_id] for row in rows.of(Delivery) if row.outcome is Outcome.ACCEPTED
    )
    for openid, times in Counter(message.openid for message in known.told).items():
        least, most = accepted[openid], accepted[openid] + unclear[openid]
        if not least <= times <= most:
            yield f"{openid} was sent {times}, by the tries {least} to {most}"


# --- I7, I8, I10, I11, I14 ------------------------------------------------------------------------


def _talks(rows: Rows, known: Known) -> Iterator[str]:
    tickets = {ticket.id for ticket in rows.of(Ticket)}
    for talk in rows.of(Conversation):
        under_way = registry.conversation(talk.name)
        if talk.name and (under_way is None or talk.step not in under_way.steps):
            yield f"person {talk.person_id} waits at {talk.name}.{talk.step}, which is no step"
        if (talk.holder is Holder.BOT) is not (talk.held_since is None):
            yield f"person {talk.person_id} is held by {talk.holder} since {talk.held_since}"
        if talk.draft.get("ticket_id") not in {None, *tickets}:
            yield f"person {talk.person_id} speaks of a ticket that is not there"


def _ratings(rows: Rows, known: Known) -> Iterator[str]:
    rated = Counter((row.ticket_id, row.cycle) for row in rows.of(Rating))
    for (ticket_id, cycle), times in rated.items():
        if times > 1:
            yield f"ticket {ticket_id} has {times} ratings of cycle {cycle}"
    acts = Counter(row.ticket_id for row in _acts(rows, Action.RATE))
    for ticket_id in {ticket_id for ticket_id, _ in rated} | acts.keys():
        kept = sum(times for (of, _), times in rated.items() if of == ticket_id)
        if kept != acts[ticket_id]:
            yield f"ticket {ticket_id} has {kept} ratings, its timeline {acts[ticket_id]}"


def _media(rows: Rows, known: Known) -> Iterator[str]:
    for row in rows.of(Attachment):
        if row.state is AttachmentState.WAITING:
            yield f"attachment {row.id} still waits"
        if row.state is AttachmentState.SAVED and row.media_id is not None:
            file = known.media / row.file[:2] / row.file if known.media else None
            if file is None or not file.is_file():
                yield f"attachment {row.id} has no file"
            elif file.stat().st_size != row.size:
                yield f"attachment {row.id} has {row.size} bytes, its file {file.stat().st_size}"


def _private(rows: Rows, known: Known) -> Iterator[str]:
    """Nobody reads a name or number of somebody with whom no ticket brings them together."""
    may_read = _circles(rows)
    for message in (*known.replies, *known.told):
        for openid, marks in known.marks.items():
            if openid == message.openid or openid in may_read[message.openid]:
                continue
            for mark in marks:
                if mark in message.text:
                    yield f"{message.openid} read {mark!r} of {openid}: {message.text!r}"


def _circles(rows: Rows) -> dict[str, set[str]]:
    openids = {person.id: person.openid for person in rows.of(Person)}
    found: dict[str, set[str]] = defaultdict(set)
    for person in rows.of(Person):
        if Role.DESK in person.roles:
            found[person.openid] |= set(openids.values())
    lines = rows.grouped(Activity, "ticket_id")
    for ticket in rows.of(Ticket):
        people = {ticket.requester_id}
        for line in lines[ticket.id]:
            detail = line.detail or {}
            people |= {line.actor_id, detail.get("engineer_id"), detail.get("supporter_id")}
        circle = {openids[person_id] for person_id in people if person_id is not None}
        for openid in circle:
            found[openid] |= circle
    return found


UNSENT = ("I6 fates", "I6 seen", "I11 media")
"""What cannot hold where nobody sends and nobody fetches."""

RULES: dict[str, Rule] = {
    "I1 inbox": _inbox,
    "I1 spool": _spool,
    "I2 effects": _effects,
    "I3 fold": _fold,
    "I4 numbers": _numbers,
    "I5 clocks": _clocks,
    "I4 loads": _loads,
    "I6 fates": _fates,
    "I6 order": _order,
    "I6 seen": _seen,
    "I7 talks": _talks,
    "I8 ratings": _ratings,
    "I11 media": _media,
    "I14 private": _private,
}
