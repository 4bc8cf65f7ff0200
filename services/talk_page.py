"""One talk as a clerk reads it: who holds it, what may be sent, all that was said (W1, §E)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from domain.sentence import Say, Word, from_json
from models import (
    Attachment,
    Conversation,
    Delivery,
    Holder,
    InboxMessage,
    Notice,
    NoticeState,
    Outcome,
    Person,
    Purpose,
    Takeover,
    TalkLine,
    Ticket,
)
from services import clerks, takeover_rows
from services.complaints import reading as complaints
from services.console_talk import UNDO_FOR, line_of
from services.notices import SAID_BY_CLERK
from services.outbox import wallet_of
from services.queries import view
from services.reasons import reason_of
from services.talk_lists import KINDS
from services.timeline import view_of
from services.views import AttachmentView, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

SHOWN = 80  # of what the person said last
TALKS = 10
_WITH_FILES = ("image", "voice", "video", "shortvideo", "location")
_OPEN = (NoticeState.PENDING, NoticeState.CLAIMED)
_ONE_COMPLAINT = timedelta(minutes=30)
"""Words of one complaint are no longer apart; all of them have one line."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing said; `side` is person, bot or clerk."""

    key: str
    side: str
    at: datetime
    words: str = ""
    who: str | None = None
    say: Say | None = None  # what the bot told of its own accord
    attachment: AttachmentView | None = None
    notice_id: int | None = None
    fate: str | None = None  # of what was sent: a word of `console_talks.fate`
    why: Word | None = None
    errcode: int | None = None
    undo_left: int = 0  # seconds in which it can be taken back
    is_mine: bool = False

    @property
    def fate_key(self) -> str:
        return f"console_talks.fate.{self.fate}"


@dataclass(frozen=True, slots=True)
class WalletView:
    """What may still be sent, as far as is known."""

    left: int
    hours: int | None  # until the window of their words shuts, begun ones not counted
    is_known: bool
    is_shut: bool  # by time, not by number

    @property
    def is_open(self) -> bool:
        return self.left > 0 or not self.is_known


@dataclass(frozen=True, slots=True)
class TalkPage:
    """Everything that the page of one person's talk shows."""

    person: Person
    holder: Holder
    clerk: str | None
    is_mine: bool
    is_by_console: bool
    since: datetime | None
    until: datetime | None
    place: int
    wallet: WalletView
    spoken: tuple[Spoken, ...]
    tickets: tuple[TicketView, ...] = field(default=())

    @property
    def state(self) -> tuple[object, ...]:
        """What a live part is known by: another one whenever something else is to be seen."""
        lines = [(each.key, each.fate, each.undo_left > 0) for each in self.spoken]
        held = (self.holder, self.clerk, self.is_mine, self.place)
        files = [each.attachment.state for each in self.spoken if each.attachment]
        return (held, self.wallet, lines, files, [each.number for each in self.tickets])


def page(desk: "Desk", person_id: int) -> TalkPage:
    """NotFound for somebody who cannot be talked to."""
    demand(desk.actor.roles, Permission.CONVERSATION_TAKE)
    session = desk.session
    person = session.get(Person, person_id)
    held = session.get(Conversation, person_id)
    if person is None or held is None or person.openid is None:
        raise NotFound()
    talk = takeover_rows.open_of(session, person_id)
    is_waiting = held.holder is Holder.WAITING and talk is not None
    tickets = _tickets(session, person_id)
    spoken = tuple(_spoken(desk, person, [each.id for each in tickets]))
    is_console = held.holder is Holder.CLERK and held.clerk_id is not None
    return TalkPage(
        person=person,
        holder=held.holder,
        clerk=clerks.name_in(session, talk) if talk and held.holder is Holder.CLERK else None,
        is_mine=is_console and held.clerk_id == desk.actor.id,
        is_by_console=is_console,
        since=held.held_since,
        until=held.held_until,
        place=takeover_rows.ahead_of(session, talk) + 1 if talk and is_waiting else 0,
        wallet=_wallet(desk, held, spoken),
        spoken=spoken,
        tickets=tickets,
    )


def matter(desk: "Desk", person_id: int, most: int) -> str:
    """What the person said since they asked for the desk: the words of a ticket made of it."""
    demand(desk.actor.roles, Permission.CONVERSATION_TAKE)
    talk = takeover_rows.open_of(desk.session, person_id)
    person = desk.session.get(Person, person_id)
    if person is None:
        raise NotFound()
    since = talk.asked_at if talk else None
    said = [
        each.text
        for each in reversed(_heard(desk.session, person.openid))
        if each.text and each.event is None and (since is None or each.received_at >= since)
    ]
    first = talk.words if talk and talk.words and talk.words not in said else None
    lines = ([first] if first else []) + (said if since else said[-3:])
    return "\n".join(lines)[:most]


def _wallet(desk: "Desk", held: Conversation, spoken: Sequence[Spoken]) -> WalletView:
    """Less what has been typed and has not left yet."""
    limits = desk.rules.reach.limits
    wallet = wallet_of(held)
    on_the_way = sum(each.fate in ("undo", "sending") for each in spoken)
    left = max(0, wallet.left(desk.now, limits) - on_the_way)
    ends_at = wallet.ends_at(limits)
    is_shut = ends_at is None or ends_at <= desk.now
    hours = (
        None if ends_at is None or is_shut else int((ends_at - desk.now).total_seconds() // 3600)
    )
    return WalletView(left, hours, wallet.is_known(), is_shut)


def _tickets(session: Session, person_id: int) -> tuple[TicketView, ...]:
    """Open ones; served by ix_tickets_requester_id_opened_at."""
    rows = session.scalars(
        select(Ticket)
        .where(
            Ticket.requester_id == person_id,
            Ticket.status.in_((*OPEN_STATUSES, Status.RESOLVED)),
        )
        .order_by(Ticket.opened_at.desc())
        .limit(10)
    )
    return tuple(view(session, each) for each in rows.all())


# --- what was said -------------------------------------------------------------------------------


def _spoken(desk: "Desk", person: Person, tickets: Sequence[int]) -> Sequence[Spoken]:
    session = desk.session
    heard = _heard(session, person.openid)
    since = heard[-1].received_at if heard else desk.now
    lines = [
        *_in_chat(person, reversed(heard)),
        *_complained(desk, person, since),
        *_media(session, person, since),
        *_told(session, person.id, tickets, since),
        *_by_clerks(desk, person.id),
    ]
    return sorted(lines, key=lambda each: each.at)[-2 * SHOWN :]


def _heard(session: Session, openid: str | None) -> Sequence[InboxMessage]:
    """The newest first; served by the unique index that begins with the openid.

    As if words of a complaint had not been said: whom it concerns would see the gap (P8).
    """
    statement = select(InboxMessage).where(
        InboxMessage.openid == openid, InboxMessage.is_confidential.is_(False)
    )
    return session.scalars(statement.order_by(InboxMessage.id.desc()).limit(SHOWN)).all()


def _complained(desk: "Desk", person: Person, since: datetime) -> Iterator[Spoken]:
    """That there are words of a complaint, for a reader whom none of theirs concerns."""
    until = complaints.told_up_to(desk, person.id)
    if until is None:
        return
    said_at = desk.session.scalars(
        select(InboxMessage.received_at)
        .where(
            InboxMessage.openid == person.openid,
            InboxMessage.is_confidential,
            InboxMessage.received_at.between(since, until),
        )
        .order_by(InboxMessage.received_at)
        .limit(SHOWN)
    ).all()
    for former, at in zip((None, *said_at), said_at, strict=False):
        if former is None or at - former > _ONE_COMPLAINT:
            yield Spoken(f"c{at.timestamp():.0f}", "bot", at, say=Say("talk.of_complaint"))


def _in_chat(person: Person, heard: Iterator[InboxMessage]) -> Iterator[Spoken]:
    """Words of the person, and what answered them; pictures have lines of their own."""
    for each in heard:
        if each.kind not in (*KINDS, "event"):
            continue
        is_said = each.event is None and each.text and each.kind not in _WITH_FILES
        if is_said:
            yield Spoken(f"i{each.id}", "person", each.received_at, each.text, person.name)
        answer = (each.reply or {}).get("text")
        if answer:
            labels = " ".join(f"[{label}]" for _, label in (each.reply or {}).get("buttons", ()))
            words = f"{answer}\n{labels}" if labels else answer
            yield Spoken(f"r{each.id}", "bot", each.received_at, words)


def _media(session: Session, person: Person, since: datetime) -> Iterator[Spoken]:
    """Served by ix_attachments_person_id_created_at."""
    rows = session.scalars(
        select(Attachment)
        .where(
            Attachment.person_id == person.id,
            Attachment.created_at >= since,
            Attachment.complaint_id.is_(None),
            Attachment.purpose != Purpose.COMPLAINT,
        )
        .order_by(Attachment.created_at)
        .limit(SHOWN)
    )
    for row in rows:
        seen = view_of(row)
        yield Spoken(
            f"a{row.id}", "person", row.created_at, row.words or "", person.name, attachment=seen
        )


def _told(
    session: Session, person_id: int, tickets: Sequence[int], since: datetime
) -> Iterator[Spoken]:
    """What the bot told of the open tickets; served by ix_notices_ticket_id."""
    rows = session.scalars(
        select(Notice)
        .where(
            Notice.ticket_id.in_(tickets),
            Notice.recipient_id == person_id,
            Notice.text_key != SAID_BY_CLERK,
            Notice.state != NoticeState.REPLACED,
            Notice.created_at >= since,
        )
        .order_by(Notice.id)
        .limit(SHOWN)
    )
    for row in rows:
        fate, why, errcode = _fate(session, row)
        say = from_json(row.say)
        yield Spoken(
            f"n{row.id}", "bot", row.created_at, say=say, fate=fate, why=why, errcode=errcode
        )


def _by_clerks(desk: "Desk", person_id: int) -> Iterator[Spoken]:
    """Served by ix_takeovers_person_id_id and the unique index of the lines."""
    latest = (
        select(Takeover.id)
        .where(Takeover.person_id == person_id)
        .order_by(Takeover.id.desc())
        .limit(TALKS)
    )
    rows = desk.session.scalars(
        select(TalkLine).where(TalkLine.takeover_id.in_(latest)).order_by(TalkLine.id)
    ).all()
    sent = _notices_of(desk.session, rows)
    for row in rows:
        notice = sent.get(row.digest)
        yield _line(desk, row, notice)


def _notices_of(session: Session, lines: Sequence[TalkLine]) -> dict[str, Notice]:
    ids = [
        int(each.digest.partition(":")[2]) for each in lines if each.digest.startswith("notice:")
    ]
    rows = session.scalars(select(Notice).where(Notice.id.in_(ids)))
    return {line_of(each.id): each for each in rows}


def _line(desk: "Desk", row: TalkLine, notice: Notice | None) -> Spoken:
    fate, why, errcode, left, is_mine = None, None, None, 0, False
    if notice is not None:
        fate, why, errcode = _fate(desk.session, notice)
        is_mine = row.kf_account == clerks.console_account(desk.actor.id)
        if fate == "sending" and notice.tries == 0 and notice.next_try_at > desk.now:
            fate, left = "undo", _seconds(notice.next_try_at, desk.now)
    return Spoken(
        f"t{row.id}",
        "clerk" if row.is_clerk else "person",
        row.said_at,
        row.text,
        clerks.name_of(desk.session, row.kf_account) if row.is_clerk else None,
        notice_id=notice.id if notice else None,
        fate=fate,
        why=why,
        errcode=errcode,
        undo_left=left,
        is_mine=is_mine,
    )


def _seconds(until: datetime, now: datetime) -> int:
    return min(int(UNDO_FOR.total_seconds()), max(1, round((until - now).total_seconds())))


def _fate(session: Session, notice: Notice) -> tuple[str, Word | None, int | None]:
    """How it stands, and why it did not arrive if it did not; served by ix_deliveries_notice_id."""
    if notice.state in _OPEN:
        return "sending", None, None
    if notice.state is NoticeState.DELIVERED:
        return "delivered", None, None
    last: Any = session.scalar(
        select(Delivery)
        .where(Delivery.notice_id == notice.id, Delivery.outcome != Outcome.ACCEPTED)
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    why = reason_of(last) if last is not None else None
    return notice.state.value, why, last.errcode if last is not None else None
