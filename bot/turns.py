"""Handles one message from inbox to reply, in one transaction (DESIGN, the life of a message)."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot import holding
from bot.hearing import REPORT, cause_of
from bot.hearing import heard as hear
from bot.inbound import Inbound
from bot.reply import Reply, reply_of
from domain.commands import Command
from domain.delivery import Cause, Wallet
from domain.heard import Heard
from domain.sentence import Button, Say
from failpoints import hit
from handlers import router
from handlers.dialog import think
from logs import failure
from models import Database, DatabaseConflict, DatabaseUnavailable, Holder, Session
from services import conversations, held, inbox, notices, people, reaching, reports
from services.binding import BECAME
from services.conversations import Talk
from services.desk import Desk, Rules
from services.inbox import Arrival
from services.readings import storing
from texts import Texts

log = logging.getLogger(__name__)


ANSWER_ARRIVES_WITHIN = timedelta(seconds=2)

_LINK = re.compile(r"\s*<a [^>]*>[^<]*</a>")


@dataclass(frozen=True, slots=True)
class Work:
    """One message, with all that its answer needs."""

    message: Inbound
    heard: Heard
    received_at: datetime
    is_late: Callable[[], bool]  # too late for a passive reply: it goes as a notice


class Turns:
    """Answers messages, each once however often it arrives."""

    def __init__(
        self,
        database: Database,
        texts: Texts,
        rules: Rules,
        clock: Callable[[], datetime],
        nudge: Callable[[], None],
    ) -> None:
        self._database = database
        self._texts = texts
        self._rules = rules
        self._clock = clock
        self._nudge = nudge

    def answer(
        self, message: Inbound, received_at: datetime, is_late: Callable[[], bool]
    ) -> Reply | None:
        """The reply, the same for each delivery; DatabaseUnavailable if nothing could be kept."""
        work = Work(message, hear(message), received_at, is_late)
        think(work.heard)
        try:
            return self._handled_undisturbed(work)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            failure(log, "turn_failed", error, kind=message.kind.value)
        # The message is kept, and its sender gets a way to a person.
        return self._in_transaction(work, self._apologised)

    def _handled_undisturbed(self, work: Work) -> Reply | None:
        """Tried again if it was undone because it and another turn waited for each other."""
        try:
            return self._in_transaction(work, self._handled)
        except DatabaseConflict as error:
            log.warning("turn_repeated why=%s", error)
            return self._in_transaction(work, self._handled)

    def _in_transaction(
        self,
        work: Work,
        handle: "Callable[[Session, Work, int], Reply | None]",
    ) -> Reply | None:
        hit("inbox.before_insert")
        with self._database.transaction() as session:
            inbox_id = inbox.take(session, _arrival(work))
            if inbox_id is None:
                message = work.message
                return Reply.of_row(inbox.answered(session, message.openid, message.key))
            hit("inbox.inserted")
            reply = handle(session, work, inbox_id)
            hit("turn.before_commit")
        hit("turn.after_commit")
        if session.tells_somebody:
            self._nudge()
        return reply

    # --- one message under the lock of its person -----------------------------------------------

    def _handled(self, session: Session, work: Work, inbox_id: int) -> Reply | None:
        now = self._clock()
        if work.heard.event == REPORT:
            _note_report(session, work.message, now)
            return None
        talk = conversations.load(session, work.message.openid, now)
        is_confidential = router.is_confidential(talk.standing)
        desk = Desk(session, now, self._rules, talk.speaker, inbox_id, is_confidential)
        reply, standing, is_confidential = self._reply(desk, talk, work)
        cause = cause_of(work.message, self._rules.reach.limits)
        wallet = self._wallet_after(talk, work, cause, now)
        person_id = session.info.get(BECAME, talk.speaker.id)
        conversations.save(session, person_id, standing, wallet)
        reply = self._passive_or_notice(desk, work, reply, is_confidential)
        if cause is not None:
            reply = self._told_at_last(session, talk, person_id, reply, now)
        inbox.keep_answer(session, inbox_id, reply.kept() if reply else None, standing.ticket_id)
        if is_confidential:
            inbox.hide(session, inbox_id)
        return reply

    def _reply(
        self, desk: Desk, talk: Talk, work: Work
    ) -> tuple[Reply | None, conversations.Standing, bool]:
        """The answer, where the talk stands then, and whether it is of a complaint."""
        standing, event = talk.standing, work.heard.event
        if event.startswith("kf_"):
            holding.desk_event(desk, event, work.heard, work.message.created_at)
            return None, standing, False
        if event == "unsubscribe":
            people.followed(desk.session, talk.speaker.openid, is_following=False)
            return None, standing, False
        if event == "subscribe":
            people.followed(desk.session, talk.speaker.openid, is_following=True)
        worded = partial(self._worded, now=desk.now)
        if talk.holder is not Holder.BOT:
            sent_at = work.message.created_at
            kept_by_desk = holding.held(desk, talk, work.heard, worded, sent_at)
            if kept_by_desk is not None:
                return kept_by_desk, standing, False
        answer = router.answer(work.heard, talk.speaker, standing, desk, desk.now)
        if not (answer.is_confidential or desk.is_confidential):
            _note_reading(desk, work, answer)
        if answer.hands_over:
            reply = holding.handed_over(desk, work.heard, answer.says, worded)
            return reply, answer.standing, desk.is_confidential
        is_hidden = answer.is_confidential or desk.is_confidential
        return worded(answer.says), answer.standing, is_hidden

    def _wallet_after(self, talk: Talk, work: Work, cause: Cause | None, now: datetime) -> Wallet:
        """Leaving shuts every window; of all else the platform's table says what opens which."""
        if work.heard.event == "unsubscribe":
            return Wallet()
        limits = self._rules.reach.limits
        return talk.wallet if cause is None else talk.wallet.opened(cause, now, limits)

    def _told_at_last(
        self, session: Session, talk: Talk, person_id: int, reply: Reply | None, now: datetime
    ) -> Reply | None:
        """Whoever comes back reads what did not get through, and counts as reached again."""
        if talk.is_unreached:
            reaching.seen(session, person_id)
        if not talk.has_held:
            return reply
        longer = reply
        if reply is not None and not reply.is_transfer and talk.holder is Holder.BOT:
            longer = self._with_held(session, person_id, reply, now)
        # What follows may not overtake the answer, which has still to leave.
        follows_at = now if longer is reply else now + ANSWER_ARRIVES_WITHIN
        held.release(session, person_id, follows_at)
        return longer

    def _with_held(self, session: Session, person_id: int, reply: Reply, now: datetime) -> Reply:
        told: list[held.Held] = []
        for each in held.waiting(session, person_id, now):
            lead = "" if told else self._texts.words("held.lead", {}, now)
            longer = reply.with_more(self._texts.render(each.say, now), lead)
            if longer is None or each.say.facts.get("media_id"):
                break
            reply, told = longer, [*told, each]
        held.said(session, told, now)
        return reply

    def _worded(self, says: tuple[Say, ...], now: datetime) -> Reply | None:
        return reply_of(self._texts.render(say, now) for say in says)

    def _passive_or_notice(
        self, desk: Desk, work: Work, reply: Reply | None, is_confidential: bool
    ) -> Reply | None:
        """Past the budget the reply leaves as a customer message: once, never both (R-068)."""
        if reply is None or reply.is_transfer or reply.is_silent or not work.is_late():
            return reply
        buttons = tuple(Button(act, "late.line", {"label": label}) for act, label in reply.buttons)
        key = notices.LATE_OF_COMPLAINT if is_confidential else "late.reply"
        say = Say(key, {"text": _LINK.sub("", reply.text)}, buttons)
        recipient_id = desk.session.info.get(BECAME, desk.actor.id)
        row = notices.row(recipient_id, say, desk.now, is_urgent=True)
        notices.queue(desk.session, [row])
        return None

    # --- when something broke --------------------------------------------------------------------

    def _apologised(self, session: Session, work: Work, inbox_id: int) -> Reply | None:
        # Whatever it was that broke, the next message begins anew.
        if router.is_confidential(conversations.under_way(session, work.message.openid)):
            inbox.hide(session, inbox_id)
        conversations.forget(session, work.message.openid)
        if not work.heard.is_message and work.heard.event != "click":
            return None
        say = Say("conversation.failed", {}, (notices.button(Command.HUMAN),))
        reply = self._worded((say,), self._clock())
        inbox.keep_answer(session, inbox_id, reply.kept() if reply else None, None)
        return reply


def _note_reading(desk: Desk, work: Work, answer: router.Answer) -> None:
    """What was understood, and what was done with it, is what the desk learns from (F6)."""
    if answer.handling is not None and answer.reading is not None:
        storing.note(desk, answer.reading, text=work.heard.text, handling=answer.handling)


def _note_report(session: Session, message: Inbound, now: datetime) -> None:
    """The platform tells what became of a template message."""
    number, status = message.raw.get("MsgID"), message.raw.get("Status")
    message_id = int(number) if isinstance(number, str) and number.isdecimal() else 0
    reports.reported(session, message.openid, message_id, reports.fate_of(str(status)), now)


def _arrival(work: Work) -> Arrival:
    message, heard = work.message, work.heard
    return Arrival(
        openid=message.openid,
        key=message.key,
        kind=message.kind.value,
        text=heard.text,
        event=message.event or None,
        tapped=(heard.tap or "")[:128] or None,
        sent_at=message.created_at,
        received_at=work.received_at,
    )
