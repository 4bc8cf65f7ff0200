"""While a person of the desk answers: what becomes of messages and events (W1)."""

from collections.abc import Callable
from datetime import timedelta

from bot.reply import Reply
from domain.commands import Command
from domain.heard import Heard
from domain.sentence import Say
from models import Holder
from nlp.commands import read_command
from services import notices, takeover
from services.conversations import Talk
from services.desk import Desk

WAITS_FOR_CLERK = timedelta(minutes=10)
"""After this the bot answers again: nobody shall talk into a void."""

CLERK_BEGINS_WITHIN = timedelta(minutes=1)
"""In a session no message reaches us, so one that does later says that the session is over."""

Worded = Callable[[tuple[Say, ...]], Reply | None]


def held(desk: Desk, talk: Talk, heard: Heard, worded: Worded) -> Reply | None:
    """The message goes on to the desk; None when the bot answers again."""
    if _ends_hand_over(heard):
        takeover.bot_returns(desk.session, talk.speaker.id)
        return worded((Say("human.back_to_bot"),))
    if not heard.is_message:
        return Reply()  # an event is never transferred; the bot stays silent
    waited = desk.now - (talk.held_since or desk.now)
    most = WAITS_FOR_CLERK if talk.holder is Holder.WAITING else CLERK_BEGINS_WITHIN
    if waited > most:
        takeover.bot_returns(desk.session, talk.speaker.id)
        return None
    return Reply(is_transfer=True, kf_account=talk.kf_account)


def handed_over(desk: Desk, heard: Heard, says: tuple[Say, ...], worded: Worded) -> Reply | None:
    """The answer to the message with which the wait for the desk begins."""
    return worded(says)


def desk_event(desk: Desk, event: str, heard: Heard) -> None:
    """A clerk took the person, passed them on, or closed the talk."""
    if event == "kf_close_session":
        takeover.bot_returns(desk.session, desk.actor.id)
        notices.tell(desk.session, desk.actor.id, "notice.desk_left", desk.now)
    else:
        takeover.clerk_takes(desk.session, desk.actor.id, heard.kf_account or "", desk.now)


def _ends_hand_over(heard: Heard) -> bool:
    """取消 is heard here as well: who waits in a queue may leave it."""
    if heard.tap is not None:
        return heard.tap.lower() == Command.BACK_TO_BOT.value
    ordered = read_command(heard.text)
    return ordered is not None and ordered.command in (Command.BACK_TO_BOT, Command.STOP)
