"""Two engineers, one ticket, one instant: through inbox, router, services and both databases."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from bot.inbound import Inbound, parse
from bot.turns import Turns
from domain.calendar import ServiceHours
from domain.deadlines import DeadlineKind, Targets
from domain.lifecycle import Action, Status
from jobs.timetable import Timetable
from models import Activity, Database, Deadline, Notice, Person, Ticket
from services.desk import Rules
from tests.bot.pushes import callback_xml
from tests.faults import people
from tests.faults.invariants import UNSENT, Known, check
from tests.faults.people import LIN, WU, ZHOU, Somebody
from tests.faults.stage import OPENS_AT
from tests.services.making import at_once
from wiring import day_kind, texts_of

ACCEPTED = "接单成功"
TOLD = "notice.engineer_coming"
POLITE = ("您不用去了", "没有派给您", "没有找到这张单", "您已经接了")
"""Taken, not for you, never seen by you, and yours already."""

TAPS = 8  # deliveries of one tap


@dataclass(frozen=True)
class Race:
    """What everybody was answered, and what was left."""

    seed: int
    answers: dict[str, list[str]]  # whom → what
    status: Status
    holder: str | None
    accepted_by: list[str | None]
    told: int  # notices that somebody is coming


class Track:
    """One database on which races are run, each over a ticket of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = OPENS_AT
        self._ids = count(24567890123456789)
        self._sent: set[tuple[str, str]] = set()
        self._reports = 0
        hours = ServiceHours.daily(time(8), time(18), day_kind)
        rules = Rules(Targets(), hours, max_open_tickets=10**6)
        self._turns = Turns(database, texts_of(), rules, self._clock, _nobody)
        self._timetable = Timetable(database, rules, self._clock, _nobody)
        people.seed(database, OPENS_AT)
        self.says(LIN, "三楼财务室那台惠普打印机一直卡纸,急用")
        self.says(LIN, f"财务部 林晓燕 {LIN.phone}")
        self.says(LIN, "是")
        self._reports += 1

    def _clock(self) -> datetime:
        return self.now

    # --- people ----------------------------------------------------------------------------------

    def says(self, who: Somebody, text: str) -> str:
        return self._answer(self._message(who, f"<Content>{text}</Content>"))

    def tap(self, who: Somebody, number: str) -> Inbound:
        return self._message(
            who, f"<Content>接单</Content><bizmsgmenuid>accept:{number}</bizmsgmenuid>"
        )

    def _message(self, who: Somebody, inner: str) -> Inbound:
        msg_id = next(self._ids)
        inner = f"<MsgType>text</MsgType>{inner}<MsgId>{msg_id}</MsgId>"
        self._sent.add((who.openid, f"m:{msg_id}"))
        return parse(callback_xml(inner, openid=who.openid, at=int(self.now.timestamp())))

    def _answer(self, message: Inbound) -> str:
        reply = self._turns.answer(message, self.now, lambda: False)
        return reply.text if reply else ""

    # --- races -----------------------------------------------------------------------------------

    def just_reassigned(self, seed: int) -> Race:
        """The one who had it and the one who has it now press together."""
        number, holder, other = self._assigned()
        self._let_answer_pass()
        assert self._timetable.tick() >= 1
        return self._run(seed, number, self._taps(number, holder, other))

    def while_it_rings(self, seed: int) -> Race:
        """Both press in the moment in which it is taken from one and given to the other."""
        number, holder, other = self._assigned()
        self._let_answer_pass()
        return self._run(seed, number, self._taps(number, holder, other), self._timetable.tick)

    def while_it_is_given_back(self, seed: int) -> Race:
        """One declines, and the next presses in the moment in which it becomes theirs."""
        number, holder, other = self._assigned()
        declined = self._message(holder, f"<Content>退单 {number} 走不开</Content>")
        return self._run(seed, number, self._taps(number, other), lambda: self._answer(declined))

    def two_taps(self, seed: int) -> Race:
        """One engineer taps twice: two messages."""
        number, holder, _ = self._assigned()
        return self._run(seed, number, self._taps(number, holder, holder))

    def one_tap_delivered_often(self, seed: int) -> Race:
        """One message, eight deliveries at once."""
        number, holder, _ = self._assigned()
        tap = self.tap(holder, number)
        return self._run(seed, number, [(holder, tap)] * TAPS)

    def known(self) -> Known:
        return Known(frozenset(self._sent), frozenset(self._sent), self._reports)

    def check(self, seed: object) -> None:
        check(self.database, self.known(), seed, without=UNSENT)

    def _assigned(self) -> tuple[str, Somebody, Somebody]:
        """A fresh ticket, the engineer who has it, and the other one."""
        self.now += timedelta(seconds=1)
        self.says(LIN, "打印机又卡纸了")
        self.says(LIN, "是")
        self._reports += 1
        with self.database.reading() as session:
            ticket = session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
            holder = session.get_one(Person, ticket.assignee_id) if ticket else None
            assert ticket is not None and holder is not None
            pair = (ZHOU, WU) if holder.openid == ZHOU.openid else (WU, ZHOU)
            return ticket.number, *pair

    def _let_answer_pass(self) -> None:
        with self.database.reading() as session:
            due_at = session.scalar(
                select(Deadline.due_at)
                .where(Deadline.kind == DeadlineKind.ANSWER_DUE)
                .order_by(Deadline.id.desc())
            )
        assert due_at is not None
        self.now = due_at + timedelta(seconds=1)

    def _taps(self, number: str, *pressing: Somebody) -> list[tuple[Somebody, Inbound]]:
        return [(who, self.tap(who, number)) for who in pressing]

    def _run(
        self,
        seed: int,
        number: str,
        taps: list[tuple[Somebody, Inbound]],
        *others: Callable[[], Any],
    ) -> Race:
        random.Random(seed).shuffle(taps)
        acts = [lambda tap=tap: self._answer(tap) for _, tap in taps]
        answers = at_once(*acts, *others)[: len(taps)]
        by: dict[str, list[str]] = {}
        for (who, _), answer in zip(taps, answers, strict=True):
            by.setdefault(who.openid, []).append(answer)
        race = self._seen(seed, number, by)
        if race.status is Status.ASSIGNED:  # who got it last was too early: no clock stays behind
            (last,) = {who for who in (ZHOU, WU) if who.openid == race.holder}
            self._answer(self.tap(last, number))
        return race

    def _seen(self, seed: int, number: str, answers: dict[str, list[str]]) -> Race:
        with self.database.reading() as session:
            ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
            accepted_by = session.scalars(
                select(Person.openid)
                .join(Activity, Activity.actor_id == Person.id)
                .where(Activity.ticket_id == ticket.id, Activity.action == Action.ACCEPT)
            ).all()
            told = session.scalars(
                select(Notice.text_key).where(
                    Notice.ticket_id == ticket.id, Notice.text_key == TOLD
                )
            ).all()
            holder = session.get_one(Person, ticket.assignee_id).openid
            return Race(seed, answers, ticket.status, holder, list(accepted_by), len(told))


def _nobody() -> None:
    """There is nobody to nudge."""
