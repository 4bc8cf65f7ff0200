"""One scenario: two people report, an engineer comes, resolves, the requester confirms and rates.

Each act waits for its effect, however often the server dies meanwhile; what varies is in `Plot`.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from models import Activity, Attachment, Deadline, InboxMessage, Person, Rating, Session, Ticket
from tests.faults.people import LIN, WU, ZHAO, ZHOU, Somebody
from tests.faults.phones import Key
from tests.faults.stage import Stage

REPORTS = {
    LIN: ("三楼财务室那台惠普打印机一直卡纸,急用", f"财务部 林晓燕 {LIN.phone}", "是"),
    ZHAO: ("四楼会议室无线网连不上", f"行政部 赵敏 {ZHAO.phone}", "是"),
}
WORK = "完工 0001 搓纸轮老化,换了新的,测试正常,用了30分钟,现场"
PHOTO = "M3di4-of-the-paper-jam"
COPIES = 3
A_MOMENT = timedelta(seconds=1)

AWAY = ("report", "arrive", "confirm")
"""When the database is away for one message."""


@dataclass(frozen=True)
class Plot:
    """What happens this time."""

    is_reassigned: bool  # the first engineer does not answer; else they are only reminded
    away_at: str
    with_copies: frozenset[int]  # the messages that are delivered three times at once

    @classmethod
    def of(cls, dice: random.Random) -> "Plot":
        copies = frozenset(n for n in range(20) if dice.random() < 0.25)
        return cls(dice.random() < 0.5, dice.choice(AWAY), copies)


class Story:
    """The scenario, told on a stage."""

    def __init__(self, stage: Stage, plot: Plot) -> None:
        self._stage = stage
        self._plot = plot
        self._messages = 0

    def tell(self) -> None:
        both = threading.Thread(target=self._guarded, args=(self._other_report,))
        self._report(LIN)
        both.start()
        self._photo()
        both.join()
        self._stage.settle_failures()
        self._stage.drain(before=self._stage.control.now() + timedelta(minutes=4))
        engineer = self._answered()
        self._work(engineer)
        self._settle()

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            self._stage.failures.append(error)

    # --- acts ------------------------------------------------------------------------------------

    def _says(self, who: Somebody, text: str) -> None:
        self._once(self._stage.phones.says(who.openid, text, copies=self._copies()))

    def _taps(self, who: Somebody, act: str) -> None:
        self._once(self._stage.phones.taps(who.openid, act, copies=self._copies()))

    def _copies(self) -> int:
        self._messages += 1
        return COPIES if self._messages in self._plot.with_copies else 1

    def _once(self, key: Key) -> None:
        """Until the message was handled: one that was only spooled is replayed first."""
        self._until(
            lambda session: session.scalar(
                select(InboxMessage.id).where(
                    InboxMessage.openid == key[0], InboxMessage.key == key[1]
                )
            )
        )

    def _while_away(self, moment: str, act: Callable[[], Key]) -> None:
        is_now = self._plot.away_at == moment
        self._stage.control.is_database_away = is_now
        self._stage.outages += is_now
        try:
            key = act()
        finally:
            self._stage.control.is_database_away = False
        self._once(key)

    def _until(self, holds: Callable[[Session], Any]) -> Any:
        return self._stage.until(holds)

    # --- what happens ----------------------------------------------------------------------------

    def _report(self, who: Somebody) -> None:
        fault, contact, yes = REPORTS[who]
        self._says(who, fault)
        self._says(who, contact)
        copies = self._copies()
        self._while_away("report", lambda: self._stage.phones.says(who.openid, yes, copies=copies))
        self._until(lambda session: _ticket_of(session, who))

    def _other_report(self) -> None:
        fault, contact, yes = REPORTS[ZHAO]
        for text in (fault, contact, yes):
            self._once(self._stage.phones.says(ZHAO.openid, text))
        ticket = self._until(lambda session: _ticket_of(session, ZHAO))
        self._once(self._stage.phones.taps(WU.openid, f"accept:{ticket.number}"))
        self._until(lambda session: _is(session, ticket.id, Status.IN_PROGRESS))

    def _photo(self) -> None:
        self._once(self._stage.phones.photo(LIN.openid, PHOTO, copies=self._copies()))
        self._until(lambda session: session.scalar(select(func.count(Attachment.id))) == 1)

    def _answered(self) -> Somebody:
        """Reminded and accepted; or taken away, and both press at the same instant."""
        ticket = self._until(lambda session: _ticket_of(session, LIN))
        accept = f"accept:{ticket.number}"
        if not self._plot.is_reassigned:
            self._ring(ticket.id, DeadlineKind.ANSWER_REMINDER, Action.REMIND)
            self._taps(ZHOU, accept)
        else:
            self._ring(ticket.id, DeadlineKind.ANSWER_DUE, Action.REASSIGN)
            former = threading.Thread(
                target=self._guarded, args=(lambda: self._taps(ZHOU, accept),)
            )
            former.start()
            self._taps(WU, accept)
            former.join()
        self._until(lambda session: _is(session, ticket.id, Status.IN_PROGRESS))
        return WU if self._plot.is_reassigned else ZHOU

    def _ring(self, ticket_id: int, kind: DeadlineKind, action: Action) -> None:
        due_at = self._until(
            lambda session: (
                session.scalar(
                    select(Deadline.due_at).where(
                        Deadline.ticket_id == ticket_id, Deadline.kind == kind
                    )
                )
                or _has(session, ticket_id, action)
            )
        )
        if due_at is not True and due_at > self._stage.control.now():
            self._stage.control.turn_to(due_at + A_MOMENT)
        self._until(lambda session: _has(session, ticket_id, action))

    def _work(self, engineer: Somebody) -> None:
        ticket = self._until(lambda session: _ticket_of(session, LIN))
        arrive = f"arrive:{ticket.number}"
        copies = self._copies()
        self._while_away(
            "arrive", lambda: self._stage.phones.taps(engineer.openid, arrive, copies=copies)
        )
        self._until(lambda session: _has(session, ticket.id, Action.PROGRESS))
        self._says(engineer, WORK)
        self._says(engineer, "提交")
        self._until(lambda session: _is(session, ticket.id, Status.RESOLVED))

    def _settle(self) -> None:
        ticket = self._until(lambda session: _ticket_of(session, LIN))
        confirm = f"confirm:{ticket.number}"
        copies = self._copies()
        self._while_away(
            "confirm", lambda: self._stage.phones.taps(LIN.openid, confirm, copies=copies)
        )
        self._until(lambda session: _is(session, ticket.id, Status.CLOSED))
        self._says(LIN, "都5分")
        self._until(lambda session: session.scalar(select(func.count(Rating.id))) == 1)


def _ticket_of(session: Session, who: Somebody) -> Ticket | None:
    return session.scalar(
        select(Ticket)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Person.openid == who.openid)
    )


def _is(session: Session, ticket_id: int, status: Status) -> bool:
    return session.scalar(select(Ticket.status).where(Ticket.id == ticket_id)) is status


def _has(session: Session, ticket_id: int, action: Action) -> bool:
    statement = select(Activity.id).where(
        Activity.ticket_id == ticket_id, Activity.action == action
    )
    return session.scalar(statement.limit(1)) is not None
