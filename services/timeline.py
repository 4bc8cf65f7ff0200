"""What a reader may see of a ticket, in order: acts, photos and voices, talks, ratings (F11)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.heard import Medium
from domain.lifecycle import Action
from domain.permissions import Permission, Stand, may
from domain.priority import Priority
from domain.refusals import NotFound
from domain.sentence import Fact, Say, Word
from domain.speaker import Speaker
from models import (
    Activity,
    Attachment,
    Notice,
    NoticeState,
    Person,
    Purpose,
    Rating,
    Resolution,
    Takeover,
    Ticket,
)
from nlp.result import CAUSES
from services import clerks, talks
from services.records import stand_of
from services.views import AttachmentView

_UNDELIVERED = (NoticeState.EXPIRED, NoticeState.FAILED, NoticeState.UNKNOWN)
_OF_THE_DESK_ALONE = frozenset(
    {Action.REMIND, Action.NOTE, Action.LINK, Action.CORRECT, Action.ESCALATE}
)
"""What a requester has no use for (they got the reminder itself), or must never see (C §11)."""


class EntryKind(StrEnum):
    """What a line of the timeline is, for whoever draws it."""

    DONE = auto()
    MEDIA = auto()
    TALK = auto()
    RATING = auto()
    UNDELIVERED = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, what in words, and what was sent if it is about that."""

    at: datetime
    kind: EntryKind
    say: Say
    action: Action | None = None
    attachment: AttachmentView | None = None
    details: tuple[Say, ...] = ()  # why this engineer, for those who may know
    line_id: int | None = None  # of its `Activity`


@dataclass(slots=True)
class _Reader:
    """Whose eyes these are, and how they stand to the ticket."""

    session: Session
    actor: Speaker
    ticket: Ticket
    stand: Stand
    names: dict[int, str] = field(default_factory=dict)

    def may(self, permission: Permission) -> bool:
        return may(self.actor.roles, permission, self.stand)

    @property
    def is_inside(self) -> bool:
        """Reads it as somebody who works here, not just as who reported it."""
        return may(self.actor.roles, Permission.TICKET_READ, replace(self.stand, is_own=False))

    def name(self, person_id: object) -> str | None:
        return self.names.get(person_id) if isinstance(person_id, int) else None


def timeline(session: Session, actor: Speaker, ticket_id: int) -> tuple[Entry, ...]:
    """Oldest first; NotFound where the actor may not read the ticket (H-20)."""
    reader = _reader(session, actor, ticket_id)
    entries = [*_acts(reader), *_ratings(reader), *_talks(reader), *_undelivered(reader)]
    if reader.may(Permission.TICKET_READ_MEDIA):
        entries += _media(reader)
    return tuple(sorted(entries, key=lambda each: each.at))


def attachments_of(session: Session, actor: Speaker, ticket_id: int) -> tuple[AttachmentView, ...]:
    """What was sent with a ticket, oldest first; empty for those who may not see media."""
    reader = _reader(session, actor, ticket_id)
    if not reader.may(Permission.TICKET_READ_MEDIA):
        return ()
    return tuple(view_of(row) for row in _rows(reader, Attachment) if _is_for(reader, row))


def _is_for(reader: _Reader, attachment: Attachment) -> bool:
    """What the desk put beside a ticket is for those who work here."""
    return reader.is_inside or attachment.purpose is not Purpose.NOTE


def view_of(attachment: Attachment) -> AttachmentView:
    return AttachmentView(
        id=attachment.id,
        kind=attachment.kind,
        state=attachment.state,
        has_thumb=attachment.thumbnail is not None,
        is_playable=attachment.playable is not None,
        has_file=attachment.file is not None,
        words=attachment.words,
        purpose=attachment.purpose,
        at=attachment.created_at,
        label=attachment.label,
        latitude=attachment.latitude,
        longitude=attachment.longitude,
        content_type=attachment.content_type,
        size=attachment.size,
    )


def _reader(session: Session, actor: Speaker, ticket_id: int) -> _Reader:
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound()
    reader = _Reader(session, actor, ticket, stand_of(session, actor, ticket))
    if not reader.may(Permission.TICKET_READ):
        raise NotFound()
    return reader


def _rows(reader: _Reader, model: Any) -> list[Any]:
    statement = select(model).where(model.ticket_id == reader.ticket.id).order_by(model.id)
    return list(reader.session.scalars(statement))


def _learn_names(reader: _Reader, ids: Collection[object]) -> None:
    wanted = {each for each in ids if isinstance(each, int)} - reader.names.keys()
    rows = reader.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    reader.names.update({row.id: row.name or "" for row in rows})


# --- what was done -------------------------------------------------------------------------------


def _acts(reader: _Reader) -> Iterator[Entry]:
    lines = _rows(reader, Activity)
    details = [line.detail or {} for line in lines]
    _learn_names(reader, [line.actor_id for line in lines])
    _learn_names(reader, [each for detail in details for each in _people_of(detail)])
    results = iter(_rows(reader, Resolution) if reader.is_inside else ())
    for line in lines:
        if _is_shown(reader, line.action):
            yield _act(reader, line, next(results, None) if _resolves(line) else None)


def _resolves(line: Activity) -> bool:
    return line.action is Action.RESOLVE


def _is_shown(reader: _Reader, action: Action) -> bool:
    """Ratings and media have lines of their own, if the reader may see them."""
    if action is Action.RATE:
        return False
    if action is Action.ATTACH:
        return not reader.may(Permission.TICKET_READ_MEDIA)
    return reader.is_inside or action not in _OF_THE_DESK_ALONE


def _act(reader: _Reader, line: Activity, result: Resolution | None) -> Entry:
    detail = line.detail or {}
    name = _name(line.action, detail)
    facts = _facts(reader, line, detail, result)
    key = f"timeline.done.{name}" if reader.is_inside else f"timeline.told.{name}"
    details = _receipt(reader, detail)
    say = Say(key, facts, is_kept=True)
    return Entry(line.happened_at, EntryKind.DONE, say, line.action, None, details, line.id)


_NAMED_BY = (
    "undone",
    "undo",
    "reply",
    "unlinked",
    "is_complex",
    "on_call",
    "emergency",
    "taken",
    "by_hand",
    "quiet",
    "handed_over",
    "maintenance",
    "restored",
)
"""What makes another sentence of an act; the sentence is called like the detail."""


def _name(action: Action, detail: Mapping[str, Any]) -> str:
    """The end of the key of a line's sentence."""
    if detail.get("is_on_site") is True:
        return "arrive"
    special = next((each for each in _NAMED_BY if detail.get(each)), None)
    return f"{action.value}_{special}" if special else action.value


def _facts(
    reader: _Reader, line: Activity, detail: Mapping[str, Any], result: Resolution | None
) -> dict[str, Fact]:
    until, kind, due = detail.get("until"), detail.get("kind"), detail.get("due")
    waits_for = detail.get("waits_for")
    return {
        "who": reader.name(line.actor_id) or Word("timeline.itself"),
        "to": _named(reader, detail) or _the_desk(line),
        "words": detail.get("words") or detail.get("reason") or detail.get("reply"),
        "other": detail.get("other"),
        "why": Word(f"escalation.{detail['ladder']}") if detail.get("ladder") else None,
        "changes": _changes(detail) or None,
        "until": datetime.fromisoformat(until) if until else None,
        "due": datetime.fromisoformat(due) if due else None,
        "waits": Word(f"targets.waits_for.{waits_for}") if waits_for else None,
        "what": Word(f"medium.{_medium(kind)}") if kind else None,
        **(_result(result) if result else {}),
    }


def _named(reader: _Reader, detail: Mapping[str, Any]) -> str | None:
    """Whom a line is about, beside who did it."""
    names = map(reader.name, _people_of(detail))
    return next(filter(None, names), None)


def _the_desk(line: Activity) -> Word | None:
    """Where nobody is named the desk heard of it as one."""
    is_told = line.action is Action.ESCALATE and line.actor_id is None
    return Word("timeline.the_desk") if is_told else None


def _people_of(detail: Mapping[str, Any]) -> tuple[object, ...]:
    undone = detail.get("undone") or {}
    return (
        detail.get("engineer_id"),
        detail.get("supporter_id"),
        undone.get("to"),
        detail.get("to"),
    )


def _changes(detail: Mapping[str, Any]) -> tuple[Say, ...]:
    return changes_of(detail.get("before") or {}, detail.get("after") or {})


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Say, ...]:
    """What was corrected, from what to what."""
    return tuple(
        Say(
            "corrected.line",
            {
                "what": Word(f"corrected.{name}"),
                "before": _worded(name, before.get(name)),
                "after": _worded(name, after[name]),
            },
        )
        for name in after
        if not name.endswith("_id")
    )


def _worded(name: str, value: Any) -> Fact:
    if name == "priority" and isinstance(value, int):
        return Word(f"priority.{Priority(value).name.lower()}")
    if name == "impact" and value:
        return Word(f"corrected.impacts.{value}")
    if name in ("category", "urgency") and value:
        return Word(f"{name}.{value}")
    return str(value) if value else Word("corrected.nothing")


def _result(result: Resolution) -> dict[str, Fact]:
    return {
        "cause": Word(f"cause.{result.cause if result.cause in CAUSES else 'other'}"),
        "minutes": result.minutes,
        "where": Word("button.on_site" if result.is_on_site else "button.remote"),
        "parts": ", ".join(result.parts) or None,
    }


def _receipt(reader: _Reader, detail: Mapping[str, Any]) -> tuple[Say, ...]:
    """Why this engineer, part by part (F8)."""
    scores = (detail.get("receipt") or {}).get("scores", ())
    if not scores or not reader.may(Permission.TICKET_READ_RECEIPT):
        return ()
    named = ({k: v for k, v in score.items() if k != "engineer_id"} for score in scores[:3])
    return tuple(Say("receipt.line", facts) for facts in named)


# --- what was sent, said and judged --------------------------------------------------------------


def _media(reader: _Reader) -> Iterator[Entry]:
    rows = [row for row in _rows(reader, Attachment) if _is_for(reader, row)]
    _learn_names(reader, [row.person_id for row in rows])
    for row in rows:
        view = view_of(row)
        facts: dict[str, Fact] = {
            "who": reader.name(row.person_id) or Word("timeline.itself"),
            "what": Word(f"medium.{view.medium}"),
            "words": row.words,
            "name": row.label if row.kind == Medium.FILE.value else None,
        }
        say = Say(f"timeline.sent.{row.purpose.value}", facts, is_kept=True)
        yield Entry(row.created_at, EntryKind.MEDIA, say, attachment=view)


def _medium(kind: str) -> str:
    return "video" if kind == "shortvideo" else kind


def _talks(reader: _Reader) -> Iterator[Entry]:
    """For who talked, and for the desk: a complaint is not for whom it is about (Y1)."""
    statement = select(Takeover).where(Takeover.ticket_id == reader.ticket.id)
    if not reader.may(Permission.CONVERSATION_TAKE):
        statement = statement.where(Takeover.person_id == reader.actor.id)
    held = reader.session.scalars(statement.order_by(Takeover.id)).all()
    _learn_names(reader, [talk.person_id for talk in held])
    for talk in held:
        clerk = clerks.name_in(reader.session, talk)
        for line in talks.lines_of(reader.session, talk):
            own = clerks.name_of(reader.session, line.account) if line.is_clerk else None
            who = (own or clerk) if line.is_clerk else reader.name(talk.person_id)
            key = "timeline.talk.clerk" if line.is_clerk else "timeline.talk.person"
            yield Entry(line.at, EntryKind.TALK, Say(key, {"who": who, "words": line.text}))


def _ratings(reader: _Reader) -> Iterator[Entry]:
    if not reader.may(Permission.RATING_READ):
        return
    for rating in _rows(reader, Rating):
        facts: dict[str, Fact] = {
            "speed": rating.speed,
            "attitude": rating.attitude,
            "result": rating.result,
            "comment": rating.comment or None,
        }
        say = Say("timeline.rated", facts)
        yield Entry(rating.rated_at, EntryKind.RATING, say, Action.RATE)


def _undelivered(reader: _Reader) -> Iterator[Entry]:
    """Whom the desk did not get through to (P6)."""
    if not reader.may(Permission.NOTICE_READ):
        return
    rows = [each for each in _rows(reader, Notice) if each.state in _UNDELIVERED]
    _learn_names(reader, [row.recipient_id for row in rows])
    for row in rows:
        facts: dict[str, Fact] = {
            "who": reader.name(row.recipient_id),
            "fate": Word(f"form.fates.{row.state.value}"),
        }
        say = Say("timeline.undelivered", facts)
        yield Entry(row.settled_at or row.created_at, EntryKind.UNDELIVERED, say)
