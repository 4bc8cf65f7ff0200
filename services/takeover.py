"""Who answers a person: the bot, or somebody of the desk (W1's first form: waiting and return)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Conversation, Holder
from services import notices
from services.views import HandOver

if TYPE_CHECKING:
    from services.desk import Desk


def ask_for_person(desk: "Desk", words: str) -> HandOver:
    """The person waits for the desk from now on; clerks are told who and why."""
    ahead = _waiting(desk.session, desk.actor.id)
    _hold(desk.session, desk.actor.id, Holder.WAITING, desk.now, None)
    notices.tell_desk(
        desk.session,
        "notice.person_wanted",
        desk.now,
        contact=desk.actor.name,
        department=desk.actor.department,
        words=words or None,
    )
    return HandOver(
        ahead,
        is_desk_open=desk.rules.hours.is_open(desk.now),
        opens_at=desk.rules.hours.next_opening(desk.now),
    )


def _waiting(session: Session, person_id: int) -> int:
    """How many others do."""
    statement = (
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.holder == Holder.WAITING, Conversation.person_id != person_id)
    )
    return session.scalar(statement) or 0


def clerk_takes(session: Session, person_id: int, kf_account: str, now: datetime) -> None:
    """A clerk opened the session in the WeChat backend."""
    _hold(session, person_id, Holder.CLERK, now, kf_account)


def bot_returns(session: Session, person_id: int) -> None:
    """The clerk is done, or the person no longer waits."""
    _hold(session, person_id, Holder.BOT, None, None)


def _hold(
    session: Session,
    person_id: int,
    holder: Holder,
    since: datetime | None,
    kf_account: str | None,
) -> None:
    session.execute(
        update(Conversation)
        .where(Conversation.person_id == person_id)
        .values(holder=holder, held_since=since, kf_account=kf_account),
        execution_options={"synchronize_session": False},
    )
