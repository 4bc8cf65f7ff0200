"""I7, I10, I11, I14: where talks stand, what people sent, and who may read of whom."""

from collections import defaultdict
from collections.abc import Iterator

from domain.permissions import Role
from handlers import registry
from models import (
    Activity,
    Attachment,
    AttachmentState,
    Conversation,
    Holder,
    Person,
    Takeover,
    Ticket,
)
from tests.faults.rows import Known, Rows


def talks(rows: Rows, known: Known) -> Iterator[str]:
    tickets = {ticket.id for ticket in rows.of(Ticket)}
    with_desk = {each.person_id for each in rows.of(Takeover) if each.ended_at is None}
    for talk in rows.of(Conversation):
        under_way = registry.conversation(talk.name)
        if talk.name and (under_way is None or talk.step not in under_way.steps):
            yield f"person {talk.person_id} waits at {talk.name}.{talk.step}, which is no step"
        if (talk.holder is Holder.BOT) is not (talk.held_since is None):
            yield f"person {talk.person_id} is held by {talk.holder} since {talk.held_since}"
        if talk.holder is not Holder.BOT and talk.person_id not in with_desk:
            yield f"person {talk.person_id} is held by {talk.holder}, but no takeover is open"
        if talk.draft.get("ticket_id") not in {None, *tickets}:
            yield f"person {talk.person_id} speaks of a ticket that is not there"


def media(rows: Rows, known: Known) -> Iterator[str]:
    for row in rows.of(Attachment):
        if row.state is AttachmentState.WAITING:
            yield f"attachment {row.id} still waits"
        if row.state is AttachmentState.SAVED and row.media_id is not None:
            file = known.media / row.file[:2] / row.file if known.media else None
            if file is None or not file.is_file():
                yield f"attachment {row.id} has no file"
            elif file.stat().st_size != row.size:
                yield f"attachment {row.id} has {row.size} bytes, its file {file.stat().st_size}"


def private(rows: Rows, known: Known) -> Iterator[str]:
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
