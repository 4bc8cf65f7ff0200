"""While a person of the desk answers: what becomes of messages and events (W1, §6)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.reply import Reply
from domain.commands import Command
from domain.heard import Heard, Medium
from domain.sentence import Say
from domain.takeover import ON_THE_WAY
from handlers.talk_to_person import waiting
from models import EndedBy, Holder
from nlp.commands import read_command
from services import holders, notices, takeover, takeover_rows
from services.conversations import Talk
from services.desk import Desk
from services.holders import Held

WAIT_IS_SAID_FOR = timedelta(minutes=5)
"""After this a place in the queue says what is no longer so."""

_ATTACHED = frozenset({Medium.IMAGE, Medium.VOICE, Medium.VIDEO, Medium.LOCATION})
_NO_LONGER = frozenset({"不等了", "不用等了", "不等啦", "不排了", "不排队了"})
_EDGES = " ,，。.!！~"

Worded = Callable[[tuple[Say, ...]], Reply | None]


def held(desk: Desk, talk: Talk, heard: Heard, worded: Worded, sent_at: datetime) -> Reply | None:
    """The message goes on to the desk; None when the bot answers again."""
    now_held = holders.held(desk.session, talk.speaker.id)
    if _ends_hand_over(heard, now_held):
        takeover.person_leaves(desk)
        return worded((Say("human.back_to_bot"),))
    if now_held.is_by_console:
        return _with_console(desk, now_held, heard)
    if not heard.is_message:
        return _pressed(desk, now_held, heard, worded)
    if now_held.holder is Holder.CLERK:
        return _in_session(desk, now_held, sent_at)
    return _in_queue(desk, now_held, heard)


def handed_over(desk: Desk, heard: Heard, says: tuple[Say, ...], worded: Worded) -> Reply | None:
    """A message goes on to the desk, and the words follow it; a press is answered in words.

    So are words of a complaint: whoever takes the talk may be whom it concerns (P8).
    """
    if not heard.is_message or desk.is_confidential:
        return worded(says)
    _say_later(desk, says)
    return _transferred(desk)


def desk_event(desk: Desk, event: str, heard: Heard, sent_at: datetime) -> None:
    """A clerk took the person, passed them on, or closed the talk; in the order of CreateTime."""
    account = heard.kf_account or ""
    if event == "kf_close_session":
        takeover.clerk_leaves(desk.session, desk.actor.id, account, sent_at, desk.now)
    else:
        rules = desk.rules.takeover
        takeover.clerk_takes(desk.session, desk.actor.id, account, sent_at, rules)


# --- who waits -----------------------------------------------------------------------------------


def _in_queue(desk: Desk, now_held: Held, heard: Heard) -> Reply | None:
    """Each message is transferred anew, or else the desk never sees it (§6)."""
    if now_held.until is not None and now_held.until <= desk.now:
        takeover.nobody_came(desk.session, now_held, desk.now, desk.rules.desk_phone)
        return None
    wait = takeover.say_what_about(desk, heard.text)
    if wait is not None:
        _say_later(desk, (waiting(wait),))
    if heard.medium in _ATTACHED:
        desk.attach(heard)
    return _transferred(desk)


def _transferred(desk: Desk) -> Reply:
    return Reply(is_transfer=True, kf_account=takeover.account_to_name(desk))


def _say_later(desk: Desk, says: tuple[Say, ...]) -> None:
    """The answer is the transfer alone, so the words leave as a customer message."""
    buttons = tuple(button for say in says for button in say.buttons)
    row = notices.row(desk.actor.id, Say("human.said", {"lines": says}, buttons), desk.now)
    notices.queue(desk.session, [{**row, "valid_until": desk.now + WAIT_IS_SAID_FOR}])


def _pressed(desk: Desk, now_held: Held, heard: Heard, worded: Worded) -> Reply | None:
    """Events are never transferred. Who waits learns how it stands; in session all is silent."""
    if now_held.holder is Holder.WAITING and heard.event == "click":
        return worded((waiting(takeover.standing(desk), "human.still_waiting"),))
    return Reply()


# --- who is in session ---------------------------------------------------------------------------


def _in_session(desk: Desk, now_held: Held, sent_at: datetime) -> Reply | None:
    """In a session no message reaches us: one that does says that the session is over."""
    if now_held.since is None or sent_at <= now_held.since + ON_THE_WAY:
        return _transferred(desk)
    takeover.bot_returns(desk.session, now_held, EndedBy.LOST, sent_at, desk.now)
    return None


def _with_console(desk: Desk, now_held: Held, heard: Heard) -> Reply | None:
    """The inbox keeps the words, once; the clerk reads them there. None once they are idle."""
    if now_held.until is not None and now_held.until <= desk.now:
        takeover.bot_returns(desk.session, now_held, EndedBy.IDLE, desk.now, desk.now)
        return None
    if heard.is_message:
        idle_at = desk.now + desk.rules.takeover.idle_for
        holders.renew(desk.session, now_held, idle_at)
    if heard.medium in _ATTACHED:
        desk.attach(heard)
    talk = takeover_rows.open_of(desk.session, desk.actor.id)
    return Reply(held_by=talk.id if talk else None)


def _ends_hand_over(heard: Heard, now_held: Held) -> bool:
    """Who waits may leave the queue by word as well; in session the words are the clerk's."""
    if heard.tap is not None:
        ends = {Command.BACK_TO_BOT.value, Command.STOP.value}
        return heard.tap.lower() in ends
    if heard.text.strip(_EDGES) in _NO_LONGER:
        return now_held.holder is Holder.WAITING
    ordered = read_command(heard.text)
    if ordered is None:
        return False
    is_stop = ordered.command is Command.STOP and now_held.holder is Holder.WAITING
    return is_stop or ordered.command is Command.BACK_TO_BOT
