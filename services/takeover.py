"""A person asks for the desk, a clerk takes the talk and gives it back: who answers when (W1).

Instants of events and messages are the platform's (CreateTime), so that events which overtake each
other are put in order (R-063); how long something may last is measured by our own clock.
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.sentence import Facts
from domain.takeover import FIRST_PULL, RUNNING_PULL, SERVED_WITHIN, Pulls, TakeoverRules
from models import EndedBy, Holder, Person, Takeover
from nlp.commands import read_command
from services import clerks, holders, notices, takeover_rows, talks
from services.holders import Held
from services.views import HandOver

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

_WORDS_KEPT = 500  # characters of what the desk reads as the reason


# --- the person asks -----------------------------------------------------------------------------


def ask_for_person(desk: "Desk", words: str) -> HandOver:
    """From now on the person waits for the desk; off hours the wish is kept for the morning.

    Without words nobody is in the platform's queue yet: that takes a message, not a press (§6).
    """
    rules, now = desk.rules, desk.now
    talk = _wish(desk) or takeover_rows.begun(desk.session, desk.actor.id, now)
    talk.words = _matter(words, talk.words)
    if not rules.hours.is_open(now):
        desk.session.flush()
        return _told(desk, talk)
    if not rules.takeover.is_there:
        _tell_desk(desk, talk, "notice.person_to_call")
        talk.ended_at, talk.ended_by = now, EndedBy.NOBODY
        desk.session.flush()
        return _told(desk, talk)
    talk.asked_at = takeover_rows.said_at(desk.session, desk.inbox_id) or now
    talk.records_tries = Pulls().kept
    desk.session.flush()
    former = holders.held(desk.session, desk.actor.id)
    holders.to_queue(desk.session, former, talk.asked_at, now + rules.takeover.waits_for)
    if words.strip():
        _tell_desk(desk, talk, "notice.person_wanted")
    log.info("person_wanted takeover=%s", talk.id)
    return _told(desk, talk)


def _wish(desk: "Desk") -> Takeover | None:
    """What is under way already; a wish of the night is over once the desk is asked by day."""
    talk = takeover_rows.open_of(desk.session, desk.actor.id)
    is_waiting = holders.held(desk.session, desk.actor.id).holder is not Holder.BOT
    if talk is None or is_waiting or not desk.rules.hours.is_open(desk.now):
        return talk
    talk.ended_at, talk.ended_by = desk.now, EndedBy.HOURS
    desk.session.flush()
    return None


def say_what_about(desk: "Desk", words: str) -> HandOver | None:
    """The first message after a press: now they stand in the queue. None for any later one."""
    talk = takeover_rows.open_of(desk.session, desk.actor.id)
    if talk is None or talk.words is not None:
        return None
    talk.words = words.strip()[:_WORDS_KEPT]
    talk.asked_at = takeover_rows.said_at(desk.session, desk.inbox_id) or desk.now
    desk.session.flush()
    former = holders.held(desk.session, desk.actor.id)
    holders.renew(desk.session, former, desk.now + desk.rules.takeover.waits_for)
    _tell_desk(desk, talk, "notice.person_wanted")
    return _told(desk, talk)


def standing(desk: "Desk") -> HandOver:
    """How the wait stands, for who asks by pressing something."""
    talk = takeover_rows.open_of(desk.session, desk.actor.id)
    return _told(desk, talk) if talk else _told(desk, Takeover(words="", asked_at=desk.now))


def person_leaves(desk: "Desk") -> None:
    """They no longer wait, or have heard enough; the platform is told after the commit."""
    held = holders.held(desk.session, desk.actor.id)
    if bot_returns(desk.session, held, EndedBy.PERSON, desk.now, desk.now):
        desk.session.info["tells_somebody"] = True  # the switchboard closes the session


def account_to_name(desk: "Desk") -> str | None:
    """The clerk who served this person within the hour, if surely there and with room (§6)."""
    account = desk.session.scalar(
        select(Takeover.kf_account)
        .where(
            Takeover.person_id == desk.actor.id,
            Takeover.kf_account.is_not(None),
            Takeover.ended_at > desk.now - SERVED_WITHIN,
        )
        .order_by(Takeover.id.desc())
        .limit(1)
    )
    room = desk.rules.takeover.room
    return account if account and clerks.is_free(desk.session, account, room, desk.now) else None


# --- a clerk acts --------------------------------------------------------------------------------


def clerk_takes(
    session: Session,
    person_id: int,
    account: str,
    at: datetime,
    rules: TakeoverRules = TakeoverRules(),  # noqa: B008
) -> None:
    """A clerk opened the session, or got it from a colleague."""
    held, talk = holders.held(session, person_id), takeover_rows.open_of(session, person_id)
    if held.is_by_console:
        _give_way(session, held, account, at)
        return
    if talk is None or (talk.began_at is None and at < talk.asked_at):
        last = takeover_rows.last_of(session, person_id)
        if last is not None and _belongs_to(last, at):
            _complete(session, last, account, at)
            return
    talk = talk or takeover_rows.begun(session, person_id, at)
    talk.began_at = min(talk.began_at or at, at)
    if held.holder is Holder.CLERK and held.since is not None and at < held.since:
        session.flush()
        return  # overtaken by what happened after it
    talk.kf_account, talk.clerk_id = account, clerks.person_of(session, account)
    talk.records_due_at, talk.records_tries = at + RUNNING_PULL, Pulls().kept
    session.flush()
    if holders.to_clerk(session, held, account, at, at + rules.idle_for):
        takeover_rows.unsay(session, person_id, at)
        log.info("clerk_took takeover=%s", talk.id)


def clerk_leaves(
    session: Session, person_id: int, account: str, at: datetime, now: datetime
) -> None:
    """The session is closed: by the clerk, by us, or by the platform's half hour."""
    held, talk = holders.held(session, person_id), takeover_rows.open_of(session, person_id)
    if held.is_by_console:
        return  # the session that had to give way
    if talk is not None and held.holder is not Holder.BOT:
        since = held.since if held.holder is Holder.CLERK else talk.asked_at
        if since is not None and at < since:
            return  # the end of an earlier session
        talk.kf_account = talk.kf_account or account
        talk.clerk_id = talk.clerk_id or clerks.person_of(session, account)
        bot_returns(session, held, EndedBy.CLERK, at, now)
        return
    last = takeover_rows.last_of(session, person_id)
    if talk is None and (last is None or not _expects_close(last, at)):
        _keep_unseen(session, person_id, account, at)


def _belongs_to(last: Takeover, at: datetime) -> bool:
    """Whether a beginning is that of a talk whose end was heard before it (R-063)."""
    if last.ended_at is None:
        return False
    if last.ended_by is EndedBy.CLERK:
        return at < last.ended_at or (at == last.ended_at and last.began_at is None)
    return last.began_at is not None and at < last.ended_at


def _expects_close(last: Takeover, at: datetime) -> bool:
    """A talk that we ended, or began to end, hears of it once more from the platform."""
    if last.ended_by is EndedBy.CLERK:
        return last.ended_at is not None and at <= last.ended_at
    return True


def _complete(session: Session, last: Takeover, account: str, at: datetime) -> None:
    last.began_at = min(last.began_at or at, at)
    last.kf_account = last.kf_account or account
    last.clerk_id = last.clerk_id or clerks.person_of(session, account)
    session.flush()


def _give_way(session: Session, held: Held, account: str, at: datetime) -> None:
    """A colleague holds the talk by the console: the platform's session is closed (R-090)."""
    talk = Takeover(
        person_id=held.person_id,
        asked_at=at,
        began_at=at,
        kf_account=account,
        clerk_id=clerks.person_of(session, account),
        ended_at=at,
        ended_by=EndedBy.LOST,
        records_due_at=at,
        records_tries=Pulls(owes_close=True).kept,
    )
    session.add(talk)
    session.flush()
    session.info["tells_somebody"] = True  # the switchboard closes the session
    who = session.get_one(Person, held.person_id)
    holder = clerks.person_name(session, held.clerk_id)
    known: Facts = {"clerk": holder, "contact": who.name, "department": who.department}
    notices.tell(session, talk.clerk_id, "talk.has_clerk", at, is_urgent=True, known=known)
    log.info("session_gives_way takeover=%s", talk.id)


def _keep_unseen(session: Session, person_id: int, account: str, at: datetime) -> None:
    """A session of which only the end is known yet: its beginning shall not hold anybody."""
    talk = takeover_rows.begun(session, person_id, at)
    talk.kf_account, talk.clerk_id = account, clerks.person_of(session, account)
    talk.ended_at, talk.ended_by = at, EndedBy.CLERK
    talk.records_due_at = at + FIRST_PULL
    session.flush()
    talks.record(session, talk, at)


# --- the bot has it back -------------------------------------------------------------------------


def nobody_came(session: Session, held: Held, now: datetime, desk_phone: str = "") -> bool:
    """The wait is over without a clerk: the person is told, and the desk is alarmed."""
    talk = takeover_rows.open_of(session, held.person_id)
    was_asked = talk is not None and talk.words is not None
    by = EndedBy.NOBODY if was_asked else EndedBy.IDLE  # who pressed and never said what for
    if not bot_returns(session, held, by, now, now):
        return False
    if talk is not None and was_asked:
        phone = desk_phone or None
        notices.tell(session, held.person_id, "notice.nobody_took", now, phone=phone)
        takeover_rows.tell_desk(session, talk, "notice.nobody_took_desk", now)
    return True


def closing_time(session: Session, held: Held, opens: datetime, now: datetime) -> bool:
    """The desk closes: who waits is told when it opens, and the wish is kept until then."""
    if not holders.to_bot(session, held):
        return False
    notices.tell(session, held.person_id, "notice.waited_till_close", now, opens=opens)
    return True


def bot_returns(session: Session, held: Held, by: EndedBy, at: datetime, now: datetime) -> bool:
    """The desk holds the talk no more; False if somebody else changed the holder first (R-090)."""
    if not holders.to_bot(session, held):
        return False
    talk = takeover_rows.open_of(session, held.person_id)
    if talk is None:
        return True
    talk.ended_at, talk.ended_by = max(at, talk.began_at or talk.asked_at), by
    if held.is_by_console:
        _written_to(session, talk, by, now)
    elif talk.kf_account is not None:
        _served(session, talk, by, now)
    log.info("takeover_ended takeover=%s by=%s", talk.id, by.value)
    return True


def _served(session: Session, talk: Takeover, by: EndedBy, now: datetime) -> None:
    """A clerk had it: what was said is fetched, and the ticket shows it."""
    is_close_owed = by is not EndedBy.CLERK
    talk.records_tries = Pulls(owes_close=is_close_owed).kept
    talk.records_due_at = now if is_close_owed else now + FIRST_PULL
    session.flush()
    talks.record(session, talk, now)
    _tell_left(session, talk, by, now)


def _written_to(session: Session, talk: Takeover, by: EndedBy, now: datetime) -> None:
    """A clerk wrote by the console: all is here already, and what waits to leave leaves first."""
    session.flush()
    takeover_rows.send_now(session, talk.person_id, now)
    talks.record(session, talk, now)
    _tell_left(session, talk, by, now)


def _tell_left(session: Session, talk: Takeover, by: EndedBy, now: datetime) -> None:
    if by is not EndedBy.PERSON:
        clerk = clerks.name_in(session, talk)
        notices.tell(session, talk.person_id, "notice.desk_left", now, clerk=clerk)


def _matter(words: str, known: str | None) -> str | None:
    """What it is about; empty where only a person was asked for, None where nothing was said."""
    said = words.strip()[:_WORDS_KEPT]
    ordered = read_command(said)
    if ordered is not None and ordered.command is Command.HUMAN:
        said = ""
    return said or known or ("" if words.strip() else None)


# --- rows ----------------------------------------------------------------------------------------


def _told(desk: "Desk", talk: Takeover) -> HandOver:
    rules, now = desk.rules, desk.now
    return HandOver(
        ahead=takeover_rows.ahead_of(desk.session, talk),
        is_desk_open=rules.hours.is_open(now),
        opens_at=rules.hours.next_opening(now),
        is_backend_there=rules.takeover.is_there,
        is_matter_known=talk.words is not None,
        desk_phone=rules.desk_phone,
    )


def _tell_desk(desk: "Desk", talk: Takeover, key: str) -> None:
    takeover_rows.tell_desk(desk.session, talk, key, desk.now)
