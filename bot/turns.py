"""Handles one message from inbox to reply, in one transaction (DESIGN, the life of a message)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.hearing import heard as hear
from bot.hearing import opens_window
from bot.inbound import Inbound
from bot.reply import Reply, reply_of
from domain.commands import Command
from domain.heard import Heard
from domain.sentence import Button, Say
from failpoints import hit
from handlers import router
from handlers.dialog import think
from logs import failure
from models import Database, DatabaseUnavailable, Holder, Session
from nlp.commands import read_command
from services import conversations, inbox, notices, people, takeover
from services.binding import BECAME
from services.conversations import Talk
from services.desk import Desk, Rules
from services.inbox import Arrival
from texts import Texts

log = logging.getLogger(__name__)

WAITS_FOR_CLERK = timedelta(minutes=10)
"""After this the bot answers again: nobody shall talk into a void."""

CLERK_BEGINS_WITHIN = timedelta(minutes=1)
"""In a session no message reaches us, so one that does later says that the session is over."""


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
            return self._in_transaction(work, self._handled)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            failure(log, "turn_failed", error, kind=message.kind.value)
        # The message is kept, and its sender gets a way to a person.
        return self._in_transaction(work, self._apologised)

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
        talk = conversations.load(session, work.message.openid, now)
        desk = Desk(session, now, self._rules, talk.speaker, inbox_id)
        reply, standing = self._reply(desk, talk, work)
        conversations.save(
            session,
            session.info.get(BECAME, talk.speaker.id),
            standing,
            now if opens_window(work.message) else talk.heard_at,
            now if not opens_window(work.message) else talk.tapped_at,
        )
        reply = self._passive_or_notice(desk, work, reply)
        inbox.keep_answer(session, inbox_id, reply.kept() if reply else None, standing.ticket_id)
        return reply

    def _reply(
        self, desk: Desk, talk: Talk, work: Work
    ) -> tuple[Reply | None, conversations.Standing]:
        standing, event = talk.standing, work.heard.event
        if event.startswith("kf_"):
            return self._desk_event(desk, event, work.heard), standing
        if event == "unsubscribe":
            people.followed(desk.session, talk.speaker.openid, is_following=False)
            return None, standing
        if event == "subscribe":
            people.followed(desk.session, talk.speaker.openid, is_following=True)
        if talk.holder is not Holder.BOT:
            held = self._held(desk, talk, work)
            if held is not None:
                return held, standing
        answer = router.answer(work.heard, talk.speaker, standing, desk, desk.now)
        reply = self._worded(answer.says, desk.now)
        return reply, answer.standing

    def _worded(self, says: tuple[Say, ...], now: datetime) -> Reply | None:
        return reply_of(self._texts.render(say, now) for say in says)

    def _passive_or_notice(self, desk: Desk, work: Work, reply: Reply | None) -> Reply | None:
        """Past the budget the reply leaves as a customer message: once, never both (R-068)."""
        if reply is None or reply.is_transfer or not work.is_late():
            return reply
        buttons = tuple(Button(act, "late.line", {"label": label}) for act, label in reply.buttons)
        say = Say("late.reply", {"text": reply.text}, buttons)
        recipient_id = desk.session.info.get(BECAME, desk.actor.id)
        row = notices.row(recipient_id, say, desk.now, is_urgent=True)
        notices.queue(desk.session, [row])
        return None

    # --- while a person of the desk answers ------------------------------------------------------

    def _held(self, desk: Desk, talk: Talk, work: Work) -> Reply | None:
        """The message goes on to the desk; None when the bot answers again."""
        if _ends_hand_over(work.heard):
            takeover.bot_returns(desk.session, talk.speaker.id)
            return self._worded((Say("human.back_to_bot"),), desk.now)
        if not work.heard.is_message:
            return Reply()  # an event is never transferred; the bot stays silent
        waited = desk.now - (talk.held_since or desk.now)
        most = WAITS_FOR_CLERK if talk.holder is Holder.WAITING else CLERK_BEGINS_WITHIN
        if waited > most:
            takeover.bot_returns(desk.session, talk.speaker.id)
            return None
        return Reply(is_transfer=True, kf_account=talk.kf_account)

    def _desk_event(self, desk: Desk, event: str, heard: Heard) -> Reply | None:
        if event == "kf_close_session":
            takeover.bot_returns(desk.session, desk.actor.id)
            notices.tell(desk.session, desk.actor.id, "notice.desk_left", desk.now)
        else:
            takeover.clerk_takes(desk.session, desk.actor.id, heard.kf_account or "", desk.now)
        return None

    # --- when something broke --------------------------------------------------------------------

    def _apologised(self, session: Session, work: Work, inbox_id: int) -> Reply | None:
        # Whatever it was that broke, the next message begins anew.
        conversations.forget(session, work.message.openid)
        if not work.heard.is_message and work.heard.event != "click":
            return None
        say = Say("conversation.failed", {}, (notices.button(Command.HUMAN),))
        reply = self._worded((say,), self._clock())
        inbox.keep_answer(session, inbox_id, reply.kept() if reply else None, None)
        return reply


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


def _ends_hand_over(heard: Heard) -> bool:
    """取消 is heard here as well: who waits in a queue may leave it."""
    if heard.tap is not None:
        return heard.tap.lower() == Command.BACK_TO_BOT.value
    ordered = read_command(heard.text)
    return ordered is not None and ordered.command in (Command.BACK_TO_BOT, Command.STOP)
